"""Values of places: a region to match with, a recipe's alias of one, and the place that was found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from data.geography import LonLat

Match = Literal["exact", "alias", "name", "spatial", "none"]


@dataclass(frozen=True)
class Region:
    """A region places can be matched to: one row of data.schema.REGIONS without its shape."""

    code: str
    version: date
    level: int
    name: str
    parent: str | None
    country_iso3: str
    label: LonLat


@dataclass(frozen=True)
class Alias:
    """A provider's own spelling of a region: `name` (with `code`, when given) means `to_name` (`to_code`).

    A `to_code` counts only when the region of that code is loaded and bears `to_name`.
    """

    name: str
    to_name: str
    code: str | None = None
    to_code: str | None = None
    country_iso3: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a record is, as far as it is known for sure.

    `level` is that of the finest region matched: 2, 1, 0 (country only) or None (not even that).
    `valid_from` is the version of that region. `note` says in words what did not fit together.
    """

    country_iso3: str | None
    adm1_pcode: str | None = None
    adm2_pcode: str | None = None
    adm1_name: str | None = None
    adm2_name: str | None = None
    match: Match = "none"
    valid_from: date | None = None
    level: int | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """What the finest region is called, or the code of the country."""
        return self.adm2_name or self.adm1_name or self.country_iso3 or ""

    def noted(self, *notes: str) -> Place:
        """The same place with more to say of it; empty notes say nothing."""
        words = [note for note in (self.note, *notes) if note]
        return replace(self, note="; ".join(words)) if words else self
