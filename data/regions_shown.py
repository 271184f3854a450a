"""The regions a screen shows: the countries of the basemap, of each the newest version loaded, as a tree.

Regions are public; how many records lie in one is not, and is asked of `Released` (see `data.facets`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data.basemap.world import countries, world
from data.drawn_area import DrawnArea
from data.geography import WHOLE_TURN, Bounds
from data.kept import Kept
from data.regions import shapes_of
from data.shapes import box_of

AREAS_KEPT = 32
"""Drawn areas whose regions are kept."""


@dataclass(frozen=True)
class ShownRegion:
    """One region in its newest version. Area in km², label point in degrees inside the region."""

    code: str
    version: date | None
    level: int
    name: str
    parent: str | None
    country_iso3: str
    label_latitude: float
    label_longitude: float
    area_km2: float
    bounds: Bounds


@dataclass(frozen=True)
class RegionIndex:
    """All regions shown, by code. `table` holds the same with geometries (WKB)."""

    by_code: Mapping[str, ShownRegion]
    table: pa.Table
    _within: Kept[frozenset[str]] = field(default_factory=lambda: Kept(AREAS_KEPT), repr=False, compare=False)

    @classmethod
    def of(cls, table: pa.Table) -> RegionIndex:
        """Of the rows of data.schema.REGIONS: the newest version of each country and level.

        A region of a lower level never takes a country's place.
        """
        light = table.select([name for name in table.schema.names if name != "geometry"]).to_pylist()
        newest: dict[tuple[str, int], date] = {}
        for row in light:
            key = (row["country_iso3"], row["level"])
            newest[key] = max(newest.get(key, row["version"]), row["version"])
        of_countries = {row["code"] for row in light if row["level"] == 0} | country_regions().keys()
        kept = [
            n
            for n, row in enumerate(light)
            if newest[row["country_iso3"], row["level"]] == row["version"]
            and not (row["level"] and row["code"] in of_countries)
        ]
        found = dict(country_regions()) | {r.code: r for r in (_shown(light[n], table, n) for n in kept)}
        whole = {code: _under_a_known_parent(region, found) for code, region in found.items()}
        return cls(whole, table.take(pa.array(kept, pa.int64())))

    @cached_property
    def version(self) -> str:
        """Changes when the regions shown change."""
        stated = sorted(f"{r.code}@{r.version}" for r in self.by_code.values() if r.version)
        return hashlib.sha256("\n".join(stated).encode()).hexdigest()[:12]

    @cached_property
    def children(self) -> Mapping[str | None, tuple[ShownRegion, ...]]:
        """The regions one level down, by name; under None the countries."""
        grouped: dict[str | None, list[ShownRegion]] = {}
        for region in self.by_code.values():
            grouped.setdefault(region.parent, []).append(region)
        return {code: tuple(sorted(items, key=lambda r: r.name)) for code, items in grouped.items()}

    def within(self, area: DrawnArea) -> frozenset[str]:
        """The codes of the regions that lie whole in a drawn area."""
        return self._within.get(area, lambda: self._found_within(area))

    def _found_within(self, area: DrawnArea) -> frozenset[str]:
        codes, shapes = self._shapes
        return frozenset(np.array(codes, dtype=object)[area.holds_whole(shapes)].tolist())

    @cached_property
    def _shapes(self) -> tuple[list[str], NDArray[np.object_]]:
        """The shape of every region shown; a country that was not loaded has that of the basemap."""
        loaded = dict(zip(self.table["code"].to_pylist(), shapes_of(self.table), strict=True))
        drawn = world("50m").areas
        found = {code: loaded[code] if code in loaded else drawn.get(code) for code in self.by_code}
        codes = [code for code, shape in found.items() if shape is not None]
        shapes = np.empty(len(codes), dtype=object)
        shapes[:] = [found[code] for code in codes]
        return codes, shapes

    def path(self, code: str) -> tuple[str, ...]:
        """Names from the country down to the region itself."""
        names: list[str] = []
        step: str | None = code
        while step is not None and step in self.by_code:
            names.append(self.by_code[step].name)
            step = self.by_code[step].parent
        return tuple(reversed(names))

    def bounds_of(self, codes: tuple[str, ...]) -> Bounds | None:
        """The box around some regions; None when none of them is loaded."""
        boxes = [self.by_code[c].bounds for c in codes if c in self.by_code]
        if not boxes:
            return None
        return Bounds.holding(boxes)


def _shown(row: dict[str, Any], table: pa.Table, number: int) -> ShownRegion:
    """The region of a row of the table; `row` is the same without its geometry."""
    box = row.pop("bbox")
    bounds = Bounds(box["xmin"], box["ymin"], box["xmax"], box["ymax"])
    # Only what reaches round half of the world can be narrower the other way, and shapes are slow to read.
    if bounds.width > WHOLE_TURN / 2:
        bounds = box_of(shapes_of(table.slice(number, 1))[0])
    return ShownRegion(**row, bounds=bounds)


def _under_a_known_parent(region: ShownRegion, known: Mapping[str, ShownRegion]) -> ShownRegion:
    """A region whose first level was not loaded hangs on its country. A parent is always of a level above."""
    for code in (region.parent, region.country_iso3):
        if code and code in known and known[code].level < region.level:
            return region if code == region.parent else replace(region, parent=code)
    return region if region.parent is None else replace(region, parent=None)


@cache
def country_regions() -> Mapping[str, ShownRegion]:
    """The basemap's countries as regions of level 0; without one the few that the basemap does not draw."""
    areas = world("50m").areas
    found = {}
    for code, country in countries().items():
        if code not in areas or country.label is None:
            continue
        lon, lat = country.label.lonlat
        box = box_of(areas[code])
        found[code] = ShownRegion(code, None, 0, country.en, None, code, lat, lon, country.area_km2, box)
    return found
