"""How a partner's file is written: all of a recipe that reading needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class FileForm:
    """How the file is written. `preamble`: lines above the header; `hxl_row`: hashtags below it."""

    format: Literal["csv", "parquet", "geojson", "rss", "records", "arrow"] = "csv"
    delimiter: str = ","
    preamble: int = 0
    hxl_row: bool = False
    optional: frozenset[str] = frozenset()
    """Columns that may be absent."""
    blank: frozenset[str] = frozenset()
    """Texts that say nothing, in whatever column."""
    empty: Mapping[str, str] = field(default_factory=lambda: NOTHING, hash=False)
    """By column, what an empty cell of it means."""
    columns: tuple[str, ...] = ()
    """Of records in our own columns: these there are, said or not. Empty: those of the file."""
    besides: frozenset[str] = frozenset()
    """Likewise: these there are where a record says one of them. All others hold their record back."""
