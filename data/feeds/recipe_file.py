"""Reads recipes/NAME.toml. What a recipe may not say is refused in one sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from data.errors import RecipeError
from data.feeds.file_form import FileForm
from data.feeds.recipe import KNOWN, Field, Figure, PlaceColumns, Recipe
from data.gazetteer import Alias
from data.schema import FEEDS, GEO_PRECISIONS, LABEL, Feed

FOLDER = Path(__file__).parent / "recipes"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FORMATS = ("csv", "parquet", "geojson", "rss")
TOP = _set(
    "feed source title publisher licence url_words key identical version complete file columns constants"
    " figures place values aliases dates label"
)
MUST = ("feed", "source", "title", "publisher", "licence", "key", "identical", "complete", "columns", "label")
FIELD_KEYS = _set("from values unlisted blank otherwise offset dates text_to_notes country keep_first")
FIGURE_KEYS = _set("metric from unit period adds_over_time adds_over_area case_definition")
PLACE_KEYS = _set("country code adm1 adm2 latitude longitude position_precision precision blank")
ALIAS_KEYS = frozenset(item.name for item in fields(Alias))
LABEL_KEYS = frozenset(LABEL.names) - {"label_id", "policy_version"}
OURS = _set(
    "record_id revision msg_type operation ingested_at received_at superseded_at superseded_received_at day"
    " geometry bbox mx my content_hash label_id originator label_hash label_created_at further_figures"
    " pcode_match pcode_valid_from country_iso3 adm1_pcode adm2_pcode adm1_name adm2_name source"
)
"""Columns that ingest fills itself: a recipe may not."""

DURATION = re.compile(r"^P(?:(\d+)W)?(?:(\d+)D)?(?:T(\d+)H)?$")
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def recipes() -> tuple[Recipe, ...]:
    """All recipes shipped, by name."""
    return tuple(recipe(name) for name in sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def recipe(name: str) -> Recipe:
    """The recipe of this name. Raises RecipeError when there is none."""
    names = sorted(path.stem for path in FOLDER.glob("*.toml"))
    if name not in names:
        raise RecipeError(f"There is no recipe {name!r}.", f"There are: {', '.join(names)}.")
    return read_recipe(FOLDER / f"{name}.toml")


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file; it is called like the file. Raises RecipeError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"The recipe {path.name} is not TOML: {error}.") from error
    return parse_recipe(document, path.stem)


def parse_recipe(document: Mapping[str, Any], name: str) -> Recipe:
    """A recipe from its TOML document. Raises RecipeError naming the key and what was expected."""
    _known(document, TOP, f"The recipe {name}")
    missing = [key for key in MUST if key not in document]
    if missing:
        raise RecipeError(f"The recipe {name} does not say {missing[0]!r}.")
    feed = _feed(document, name)
    version = _table(document, "version", name, frozenset(("column", "offset")))
    label = _table(document, "label", name, LABEL_KEYS)
    return Recipe(
        name=name,
        feed=feed.name,
        source=_word(document, "source", name),
        title=_word(document, "title", name),
        publisher=_word(document, "publisher", name),
        licence=_word(document, "licence", name),
        url_words=str(document.get("url_words", "")),
        key=_words(document["key"], "key", name),
        identical=_one_of(document, "identical", ("one", "several"), name),
        version_column=version.get("column"),
        version_offset=_duration(version.get("offset", "P0D"), "version.offset", name),
        complete=_one_of(document, "complete", (True, False), name),
        file=_file(document, name),
        columns=_columns(document, feed, name),
        constants=MappingProxyType(_constants(document, feed, name)),
        figures=_figures(document, name),
        place=_place(document, name),
        dates=_words(document.get("dates", ["%Y-%m-%d"]), "dates", name),
        label=MappingProxyType(label),
    )


def columns_named(recipe: Recipe) -> tuple[str, ...]:
    """Every column of the file that the recipe speaks of, once, in the order it does."""
    place = recipe.place
    named: list[str] = [*recipe.key]
    if recipe.version_column:
        named.append(recipe.version_column)
    for item in recipe.columns:
        for source in item.sources:
            named += PLACEHOLDER.findall(source) if "{" in source else [source]
    named += [figure.source for figure in recipe.figures]
    named += [
        place.country,
        place.code,
        place.adm1,
        place.adm2,
        place.latitude,
        place.longitude,
        place.precision,
    ]
    return tuple(dict.fromkeys(column for column in named if column and column != KNOWN))


def _feed(document: Mapping[str, Any], name: str) -> Feed:
    return FEEDS[_one_of(document, "feed", tuple(FEEDS), name)]


def _known(table: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    unknown = sorted(set(table) - set(allowed))
    if unknown:
        raise RecipeError(f"{where} says {unknown[0]!r}, which is not one of {', '.join(sorted(allowed))}.")


def _table(
    document: Mapping[str, Any], key: str, name: str, allowed: Iterable[str] | None = None
) -> dict[str, Any]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise RecipeError(f"In the recipe {name}, {key!r} must be a table.")
    if allowed is not None:
        _known(table, allowed, f"[{key}] of the recipe {name}")
    return table


def _word(document: Mapping[str, Any], key: str, name: str) -> str:
    value = document[key]
    if not isinstance(value, str) or not value.strip():
        raise RecipeError(f"In the recipe {name}, {key!r} must be words, not {value!r}.")
    return value


def _words(value: object, key: str, name: str) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not items or not all(isinstance(item, str) and item for item in items):
        raise RecipeError(f"In the recipe {name}, {key!r} must be a list of words, not {value!r}.")
    return tuple(items)


def _one_of(document: Mapping[str, Any], key: str, allowed: tuple[Any, ...], name: str) -> Any:  # noqa: ANN401
    value = document[key]
    if not any(value is item or (value == item and type(value) is type(item)) for item in allowed):
        choices = ", ".join(str(item).lower() if isinstance(item, bool) else item for item in allowed)
        raise RecipeError(f"In the recipe {name}, {key!r} is {value!r}; it must be one of {choices}.")
    return value


def _duration(value: object, key: str, name: str) -> timedelta:
    found = DURATION.match(value) if isinstance(value, str) and value != "P" else None
    if found is None:
        raise RecipeError(f"In the recipe {name}, {key!r} is {value!r}; expected a duration such as 'P7D'.")
    weeks, days, hours = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours)


def _file(document: Mapping[str, Any], name: str) -> FileForm:
    keys = frozenset(("format", "delimiter", "preamble", "hxl_row", "optional", "blank", "empty"))
    table = _table(document, "file", name, keys)
    if table.get("format", "csv") not in FORMATS:
        formats = ", ".join(FORMATS)
        raise RecipeError(
            f"In the recipe {name}, file.format is {table['format']!r}; it is one of {formats}."
        )
    said = {key: value for key, value in table.items() if key not in ("optional", "blank", "empty")}
    optional, blank = (frozenset(table.get(key, ())) for key in ("optional", "blank"))
    empty = MappingProxyType(dict(table.get("empty", {})))
    return FileForm(**said, optional=optional, blank=blank, empty=empty)


def _columns(document: Mapping[str, Any], feed: Feed, name: str) -> tuple[Field, ...]:
    maps = _table(document, "values", name)
    return tuple(
        _field(target, said, maps, feed, name) for target, said in _table(document, "columns", name).items()
    )


def _field(target: str, said: object, maps: Mapping[str, Any], feed: Feed, name: str) -> Field:
    _may_fill(target, feed, name)
    table: dict[str, Any] = said if isinstance(said, dict) else {"from": said}
    where = f"columns.{target}"
    _known(table, FIELD_KEYS, f"[{where}] of the recipe {name}")
    values = table.get("values")
    if values is not None and values not in maps:
        raise RecipeError(
            f"In the recipe {name}, {where} uses the values {values!r}; there is no such table."
        )
    return Field(
        target=target,
        sources=_words(table.get("from"), f"{where}.from", name),
        values=MappingProxyType(dict(maps[values])) if values is not None else None,
        unlisted=table.get("unlisted"),
        blank=frozenset(table.get("blank", ())),
        otherwise=table.get("otherwise"),
        offset=_duration(table.get("offset", "P0D"), f"{where}.offset", name),
        dates=_words(table["dates"], f"{where}.dates", name) if "dates" in table else (),
        text_to_notes=bool(table.get("text_to_notes", False)),
        country=bool(table.get("country", False)),
        keep_first=bool(table.get("keep_first", False)),
    )


def _may_fill(target: str, feed: Feed, name: str) -> None:
    if target not in feed.by_name:
        raise RecipeError(f"The recipe {name} fills {target!r}, which is no column of {feed.name}.")
    if target in OURS:
        raise RecipeError(f"The recipe {name} fills {target!r}, which ingest fills itself.")


def _constants(document: Mapping[str, Any], feed: Feed, name: str) -> dict[str, object]:
    table = _table(document, "constants", name)
    for target, value in table.items():
        _may_fill(target, feed, name)
        allowed = feed.by_name[target].allowed
        if allowed is not None and value not in allowed:
            words = ", ".join(sorted(allowed))
            raise RecipeError(f"In the recipe {name}, constants.{target} is {value!r}, not one of {words}.")
    return table


def _figures(document: Mapping[str, Any], name: str) -> tuple[Figure, ...]:
    figures = []
    for table in document.get("figures", ()):
        _known(table, FIGURE_KEYS, f"[[figures]] of the recipe {name}")
        missing = sorted(FIGURE_KEYS - {"period", "case_definition"} - set(table))
        if missing:
            raise RecipeError(f"A [[figures]] of the recipe {name} does not say {missing[0]!r}.")
        rest = {key: value for key, value in table.items() if key not in ("from", "period")}
        figures.append(Figure(source=table["from"], period=table.get("period"), **rest))
    return tuple(figures)


def _place(document: Mapping[str, Any], name: str) -> PlaceColumns:
    table = _table(document, "place", name, PLACE_KEYS)
    table = table | {"blank": frozenset(table.get("blank", ()))}
    aliases = _table(document, "aliases", name, ("country", "place"))
    countries = MappingProxyType(dict(aliases.get("country", {})))
    places = tuple(_alias(said, name) for said in aliases.get("place", ()))
    precisions = _precisions(document, name) if table.get("precision") else MappingProxyType({})
    return PlaceColumns(**table, country_aliases=countries, aliases=places, precisions=precisions)


def _precisions(document: Mapping[str, Any], name: str) -> Mapping[str, int]:
    """The table [values.precision]: the partner's words, in small letters, to geo_precision."""
    table = _table(_table(document, "values", name), "precision", name)
    wrong = [word for word, value in table.items() if value not in GEO_PRECISIONS]
    if wrong or not table:
        what = f"{wrong[0]!r} is {table[wrong[0]]!r}" if wrong else "it is missing"
        raise RecipeError(
            f"In the recipe {name}, [values.precision] gives each word a geo_precision; {what}."
        )
    return MappingProxyType({word.casefold(): value for word, value in table.items()})


def _alias(said: Mapping[str, Any], name: str) -> Alias:
    _known(said, ALIAS_KEYS, f"[[aliases.place]] of the recipe {name}")
    if "name" not in said or "to_name" not in said:
        raise RecipeError(f"An [[aliases.place]] of the recipe {name} must say 'name' and 'to_name'.")
    return Alias(**said)
