"""The ground of the exercise: coasts from the project's basemap, towns from GeoNames, sectors.

The basemap's coast is coarse, so that a harbour town may lie
just off it: such a town is moved to the nearest dry point, and everything around it stays on land.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import shapely
from shapely.geometry import LineString, MultiPoint, Point, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from data.sample.coast import country_shapes
from data.sample.geometry import KM_PER_DEGREE, km_between
from data.sample.places import COUNTRIES, RIDGES, SECTORS, WEST_END
from data.sample.towns import Listed, listed_towns

INLAND_DEGREES = 0.008
"""A town that the coarse coast leaves in the sea is set this far (about 0.9 km) inside the shore."""

OFF_COAST_KM = 9.0
"""A town farther off the coarse coast than this stands on an island that the basemap has not: left out."""


@dataclass(frozen=True)
class Sector:
    """A planning sector of the second level with its place in the tree; `shape` in degrees."""

    code: str
    name: str
    parent: str
    parent_name: str
    country: str
    shape: BaseGeometry = field(compare=False)


@dataclass(frozen=True)
class Town:
    """A town on dry land: degrees, people, and what decides the damage there."""

    name: str
    country: str
    lon: float
    lat: float
    population: int
    sector: Sector
    coast_km: float
    ridge_km: float

    @property
    def at(self) -> tuple[float, float]:
        """(lon, lat)."""
        return (self.lon, self.lat)


@dataclass(frozen=True)
class Ground:
    """The countries of the exercise whole, their sectors and towns, all in a fixed order."""

    countries: dict[str, BaseGeometry]
    sectors: tuple[Sector, ...]
    towns: tuple[Town, ...]

    def town(self, country: str, name: str) -> Town:
        """The town of that name."""
        return next(t for t in self.towns if t.country == country and t.name == name)

    def sector_at(self, place: tuple[float, float], country: str) -> Sector | None:
        """The country's second-level sector that holds the point, if any."""
        mine = (s for s in self.sectors if s.country == country)
        return next((s for s in mine if shapely.contains_xy(s.shape, *place)), None)


@lru_cache(maxsize=1)
def ground() -> Ground:
    """The exercise area; made once, the same every time."""
    countries = country_shapes(tuple(COUNTRIES))
    sectors: list[Sector] = []
    towns: list[Town] = []
    for iso3 in COUNTRIES:
        land = countries[iso3].intersection(box(WEST_END, 15.0, -60.0, 30.0))
        rows = _on_land(iso3, land)
        mine = _sectors(iso3, land, {row.name: row.at for row in rows})
        sectors += mine
        towns += _towns(iso3, rows, mine, land)
    return Ground(countries, tuple(sectors), tuple(towns))


def _on_land(iso3: str, land: BaseGeometry) -> list[Listed]:
    """The country's largest towns, largest first, and all towns that a sector is named after."""
    wanted = COUNTRIES[iso3][2]
    needed = {name for _, names in SECTORS[iso3] for name in names}
    inside = land.buffer(-INLAND_DEGREES)
    found: dict[str, Listed] = {}
    for town in listed_towns(iso3):
        if town.name in found or (len(found) >= wanted and town.name not in needed):
            continue
        at = _dry_point(town.at, inside)
        if at and (town.name in needed or all(km_between(at, other.at) > 2.0 for other in found.values())):
            found[town.name] = Listed(town.name, at, max(600, town.population))
    return list(found.values())


def _dry_point(place: tuple[float, float], inside: BaseGeometry) -> tuple[float, float] | None:
    if shapely.contains_xy(inside, *place):
        return place
    nearest = nearest_points(inside, Point(place))[0]
    at = (round(nearest.x, 5), round(nearest.y, 5))
    return at if km_between(place, at) <= OFF_COAST_KM else None


def _sectors(iso3: str, land: BaseGeometry, towns: dict[str, tuple[float, float]]) -> list[Sector]:
    """Around each centre what is nearer to it than to the others, clipped to the coast."""
    centres = [towns[name] for _, names in SECTORS[iso3] for name in names]
    cells = _cells(centres, land)
    sectors = []
    for first, (parent_name, names) in enumerate(SECTORS[iso3], 1):
        for second, name in enumerate(names, 1):
            shape = next(cell for cell in cells if shapely.contains_xy(cell, *towns[name])).intersection(land)
            shapely.prepare(shape)
            parent = f"{iso3}-S{first:02d}"
            sectors.append(Sector(f"{parent}{second:02d}", name, parent, parent_name, iso3, shape))
    return sectors


def _cells(centres: list[tuple[float, float]], land: BaseGeometry) -> list[BaseGeometry]:
    if len(centres) == 1:
        return [land.envelope.buffer(0.1)]
    return list(shapely.voronoi_polygons(MultiPoint(centres), extend_to=land.envelope.buffer(0.5)).geoms)


def _towns(iso3: str, rows: list[Listed], sectors: list[Sector], land: BaseGeometry) -> list[Town]:
    coast = land.boundary
    ridges = [LineString(ridge) for ridge in RIDGES]
    towns = []
    for row in rows:
        sector = next((s for s in sectors if shapely.contains_xy(s.shape, *row.at)), None)
        if sector is None:
            continue
        point = Point(row.at)
        to_ridge = min(ridge.distance(point) for ridge in ridges) * KM_PER_DEGREE
        to_coast = coast.distance(point) * KM_PER_DEGREE
        towns.append(Town(row.name, iso3, *row.at, row.population, sector, to_coast, to_ridge))
    return towns
