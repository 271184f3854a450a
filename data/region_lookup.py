"""Regions by code, by name and by position: what a gazetteer looks up.

Screens show of each country and level the newest version loaded, and places are matched to those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from data.geography import LonLat
from data.names import plain
from data.places import Region
from data.schema import REGIONS
from data.shapes import AreaIndex

NameKey = tuple[str, int, str]
"""Country, level, plain name."""


@dataclass(frozen=True, eq=False)
class RegionLookup:
    """The regions loaded, ready to be asked; it never changes."""

    current: Mapping[str, Region]
    """The newest version of each country and level, by code."""
    earlier: Mapping[str, Region] = field(repr=False)
    """Codes that only an earlier version had."""
    _named: Mapping[NameKey, tuple[Region, ...]] = field(repr=False)
    _areas: AreaIndex = field(repr=False)
    _placed: tuple[Region, ...] = field(repr=False)
    _places: Mapping[str, int] = field(repr=False)
    """Where a code stands in `_placed`."""

    @classmethod
    def of(cls, table: pa.Table) -> RegionLookup:
        """Of all regions loaded, in every version (data.schema.REGIONS)."""
        rows = table.cast(REGIONS).drop_columns(["geometry", "area_km2", "bbox"]).to_pylist()
        regions = [_region(row) for row in rows]
        newest = _newest(regions)
        shown = [n for n, r in enumerate(regions) if newest[r.country_iso3, r.level] == r.version]
        current = {regions[n].code: regions[n] for n in shown}
        by_age = sorted(regions, key=lambda region: region.version)
        earlier = {region.code: region for region in by_age if region.code not in current}
        areas = [n for n in shown if regions[n].level > 0]
        wkb = table["geometry"].take(pa.array(areas, pa.int64())).to_pylist()
        index = AreaIndex.of(shapely.from_wkb(np.array(wkb, dtype=object)))
        placed = tuple(regions[n] for n in areas)
        places = MappingProxyType({region.code: n for n, region in enumerate(placed)})
        named = MappingProxyType(_by_name(current.values()))
        return cls(MappingProxyType(current), MappingProxyType(earlier), named, index, placed, places)

    def any_version(self, code: str | None) -> Region | None:
        """The region of a code, in its newest version."""
        return self.current.get(code or "") or self.earlier.get(code or "")

    def named(self, country: str, level: int, name: str) -> tuple[Region, ...]:
        """The regions of a plain name."""
        return self._named.get((country, level, name), ()) if name else ()

    def one(self, country: str, level: int, name: str) -> Region | None:
        """The region of a plain name when only one bears it."""
        found = self.named(country, level, name)
        return found[0] if len(found) == 1 else None

    def at(self, position: LonLat, country: str | None = None) -> Region | None:
        """The finest region, of that country when one is stated, that alone holds the position."""
        hits = self._areas.holding(position)
        regions = [self._placed[n] for n in hits if country in (None, self._placed[n].country_iso3)]
        if len({region.country_iso3 for region in regions}) != 1:
            return None
        for level in (2, 1):
            alone = [region for region in regions if region.level == level]
            if len(alone) == 1:
                return alone[0]
        return None

    def area(self, code: str) -> BaseGeometry | None:
        """The area of a region in its newest version; None when it is not loaded, or has none here."""
        place = self._places.get(code)
        return None if place is None else self._areas.shape(place)

    def parent_name(self, region: Region) -> str | None:
        """The name of the first-level region above."""
        parent = self.any_version(region.parent)
        return parent.name if parent and parent.level == 1 else None


def _region(row: dict[str, Any]) -> Region:
    label = LonLat(row.pop("label_longitude"), row.pop("label_latitude"))
    return Region(**row, label=label)


def _newest(regions: Sequence[Region]) -> dict[tuple[str, int], date]:
    newest: dict[tuple[str, int], date] = {}
    for region in regions:
        key = (region.country_iso3, region.level)
        newest[key] = max(newest.get(key, region.version), region.version)
    return newest


def _by_name(regions: Iterable[Region]) -> dict[NameKey, tuple[Region, ...]]:
    named: dict[NameKey, tuple[Region, ...]] = {}
    for region in regions:
        key = (region.country_iso3, region.level, plain(region.name))
        named[key] = (*named.get(key, ()), region)
    return named
