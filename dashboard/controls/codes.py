"""Columns, codes and metrics in words, and the list of these words for the catalogue.

Most of them are made of the schema's own names, so no source text mentions them: `declared` lists them, and
`dashboard.catalogue` puts them into the template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from dashboard.controls.columns import COLUMN_WORDS
from dashboard.words import _
from data.area_marks import CATEGORY
from data.feeds.recipe_file import recipes
from data.labels import SENSITIVITIES
from data.schema import FEEDS, MSG_TYPES
from data.transform import released_columns
from layers.base import LAYERS
from layers.metrics import metric_title
from layers.msgid import msgid, plain_name

MATCHES: Mapping[str, str] = MappingProxyType(
    {
        "exact": msgid("matched by code"),
        "alias": msgid("matched by another name"),
        "name": msgid("matched by name"),
        "spatial": msgid("matched by position"),
        "none": msgid("not matched"),
    }
)
"""How the provider's place became a region, by `pcode_match`."""


SECTOR_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "SHL": msgid("Shelter"),
        "CCM": msgid("Camp coordination"),
        "FSC": msgid("Food security"),
        "WSH": msgid("Water and sanitation"),
        "LOG": msgid("Logistics"),
        "PRO": msgid("Protection"),
        "PRO-CPN": msgid("Child protection"),
        "PRO-GBV": msgid("Gender-based violence"),
        "PRO-MIN": msgid("Mine action"),
        "PRO-HLP": msgid("Housing, land, property"),
        "EDU": msgid("Education"),
        "NUT": msgid("Nutrition"),
        "HEA": msgid("Health"),
        "ERY": msgid("Early recovery"),
        "TEL": msgid("Emergency telecoms"),
        "Hum": msgid("Humanitarian, general"),
        "Multi": msgid("Several sectors"),
    }
)
"""The global coordination groups by their codes (standards 4)."""

UNIT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "C62": msgid("pieces"),
        "KGM": msgid("kg"),
        "TNE": msgid("t"),
        "LTR": msgid("litres"),
        "MTQ": msgid("m³"),
        "BX": msgid("boxes"),
        "SA": msgid("sacks"),
        "PK": msgid("packages"),
    }
)
"""The units of UN/ECE Recommendation 20 that deliveries are counted in, by their codes."""

FIGURE_UNITS: Mapping[str, str] = MappingProxyType({"percent": "%"})
"""Units of a report's figures that have a sign, which is the same in all languages."""


@cache
def vocabulary() -> Mapping[str, frozenset[str]]:
    """The words that a column may hold, for the released columns that have such a list."""
    columns = (column for feed in FEEDS for column in released_columns(feed))
    return MappingProxyType({column.name: column.allowed for column in columns if column.allowed})


@cache
def _categories() -> Mapping[str, Mapping[str, str]]:
    """What map, legend and timeline call the values of the column that sorts each layer's records."""
    named: dict[str, dict[str, str]] = {}
    for layer in LAYERS:
        if layer.feed:
            named.setdefault(CATEGORY[layer.feed], {}).update(layer.categories)
    return MappingProxyType(named)


def column_words(name: str) -> str:
    """A column's name for people."""
    return _(_column_key(name))


def code_words(name: str, value: str) -> str:
    """A column's text: a word of a vocabulary in the reader's language, anything else as it was given."""
    if name == "metric":
        return metric_words(value)
    if name == "sector_code":
        return _(SECTOR_NAMES.get(value, value))
    if name == "unit":
        return _(UNIT_NAMES.get(value, value))
    if name == "metric_unit":
        return FIGURE_UNITS.get(value) or _(value)
    if value in _categories().get(name, {}):
        return _(_categories()[name][value])
    if value in vocabulary().get(name, ()):
        return _(plain_name(value))
    return value


def metric_words(metric: str) -> str:
    """A metric's name for people."""
    return _(metric_title(metric))


def match_words(match: str) -> str:
    """How the place was found; empty when it was the originator's own word."""
    return _(MATCHES[match]) if match in MATCHES else ""


def declared() -> Iterator[tuple[str, str]]:
    """(text, the file it comes of) of every word that is shown and stands in no source text."""
    for feed in FEEDS:
        for column in released_columns(feed):
            yield _column_key(column.name), "data/schema.py"
    codes = {code for words in vocabulary().values() for code in words} | set(MSG_TYPES.split())
    codes -= set(UNIT_NAMES)
    for code in codes:
        yield plain_name(code), "data/schema.py"
    for level in SENSITIVITIES:
        yield level, "data/labels.py"
    for figure in (figure for recipe in recipes() for figure in recipe.figures):
        yield metric_title(figure.metric), "data/feeds/recipes"
        if figure.unit not in FIGURE_UNITS:
            yield figure.unit, "data/feeds/recipes"


def _column_key(name: str) -> str:
    return COLUMN_WORDS.get(name, plain_name(name).capitalize())
