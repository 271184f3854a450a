"""Recipes: what the columns of a partner's file mean. Declared in TOML, never code.

A recipe is `recipes/NAME.toml` (formats.md, "Recipes"). Here are its values; `recipe_file` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from data.feeds.file_form import NOTHING, FileForm
from data.places import Alias

ONE, SEVERAL = "one", "several"
OWN_COLUMNS = "own-columns"
"""The recipe for records that say our own columns (`data.feeds.own_columns`)."""
KNOWN = "@known"
"""As the source of a time: when the file was known, for files that say no time at all."""

HOME_POLICY = "home"
"""As `policy_id` in a recipe: the id of whatever policy the home has."""


@dataclass(frozen=True)
class Field:
    """One column of the schema and where its value comes from.

    `sources` are tried in order until one says something: the name of a column of the file, or words
    with `{Column}` in them (which say nothing when that column does not). `blank` lists texts that say
    nothing; `otherwise` holds when nothing is said. `values` maps the partner's words to ours; a word it
    does not list becomes `unlisted`, and without one the record is held back.
    """

    target: str
    sources: tuple[str, ...]
    values: Mapping[str, str] | None = None
    unlisted: str | None = None
    blank: frozenset[str] = frozenset()
    otherwise: str | None = None
    offset: timedelta = timedelta()
    """Added to a time."""
    dates: tuple[str, ...] = ()
    """Formats of this column's dates; empty: the recipe's."""
    text_to_notes: bool = False
    """Text in a number is kept as a note and the number is null; otherwise the record is held back."""
    country: bool = False
    """The text names a country (mended by the recipe's aliases) and becomes its ISO3 code."""
    keep_first: bool = False
    """The value of the record's first revision stays (for example: since when it is known)."""


@dataclass(frozen=True)
class Figure:
    """One figure of a report, and how it may be added (standards 18a)."""

    metric: str
    source: str
    unit: str
    period: str | None
    adds_over_time: str
    adds_over_area: str
    case_definition: str | None = None


@dataclass(frozen=True)
class PlaceColumns:
    """Which columns say the place.

    `country_aliases` mends the partner's spellings of countries, `aliases` its names of regions.
    """

    country: str = ""
    code: str = ""
    adm1: str = ""
    adm2: str = ""
    latitude: str = ""
    longitude: str = ""
    position_precision: int = 1
    blank: frozenset[str] = frozenset()
    """Texts that name no place, in whatever column of these."""
    precision: str = ""
    """The column that says how exact the position is, in words or numbers that `precisions` lists."""
    precisions: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    country_aliases: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    aliases: tuple[Alias, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """A whole recipe. `key` identifies a record in one version of the file.

    `identical`: whether rows with the same key and content are one fact or several. `version_column`
    dates the version a row belongs to (plus `version_offset`: when that was known). `complete`: each
    version is the whole list, so that a record absent from the next one has ended.
    """

    name: str
    feed: str
    source: str
    title: str
    publisher: str
    licence: str
    url_words: str
    key: tuple[str, ...]
    identical: Literal["one", "several"]
    version_column: str | None
    version_offset: timedelta
    complete: bool
    file: FileForm
    columns: tuple[Field, ...]
    constants: Mapping[str, object]
    figures: tuple[Figure, ...]
    place: PlaceColumns
    dates: tuple[str, ...]
    label: Mapping[str, object]

    @property
    def kept_first(self) -> tuple[str, ...]:
        """Columns whose first value stays through all revisions of a record."""
        return tuple(item.target for item in self.columns if item.keep_first)
