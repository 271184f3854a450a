"""Where an incident near a town lies: points on land in a sector, roads, areas, and how exact it is."""

from __future__ import annotations

import math
from random import Random

import shapely

from data.sample.geometry import between, km_between, moved
from data.sample.land import Sector, Town
from data.sample.roads import Road
from data.sample.rows import Spot
from data.sample.world import World

PRECISIONS = ((1, 0.715), (2, 0.135), (3, 0.085), (4, 0.035), (6, 0.022), (0, 0.008))
"""How exactly incidents are placed: precision and share."""

COASTAL = {"surge", "boats", "port", "quay", "boat"}
NEAR_COAST_KM = 7.0
TRIES = 14


def precision(rng: Random) -> int:
    """One of PRECISIONS by its share."""
    values, shares = zip(*PRECISIONS, strict=True)
    return int(rng.choices(values, shares)[0])


def area_spot(town: Town, exactness: int) -> Spot:
    """The town's second- or first-level sector, its country, or nowhere at all."""
    if exactness in (3, 4):
        return Spot(exactness, town.country, town.sector)
    return Spot(exactness, town.country if exactness == 6 else None)


def town_spot(town: Town) -> Spot:
    """Within 25 km of the town: drawn at its middle."""
    return Spot(2, town.country, town.sector, town.name, town.at)


def near_town(rng: Random, world: World, town: Town, subtype: str) -> Spot:
    """An exact point in or around the town; shore matters lie at the shore."""
    reach = 0.5 + 0.55 * math.log10(town.population) ** 1.3
    points = [_dry(rng, world, town, town.at, reach) for _ in range(5 if subtype in COASTAL else 1)]
    found = [point for point in points if point is not None]
    if not found:
        return town_spot(town)
    coast = world.ground.countries[town.country].boundary
    at, sector = min(found, key=lambda f: coast.distance(shapely.Point(f[0]))) if len(found) > 1 else found[0]
    return Spot(1, town.country, sector, town.name, at)


def on_road(rng: Random, world: World, town: Town, road: Road) -> Spot:
    """An exact point on the road, nearer to the town than to its other end."""
    share = min(0.85, abs(rng.gauss(0.0, 0.32)) + 0.04)
    ends = (road.start.at, road.end.at) if road.start == town else (road.end.at, road.start.at)
    found = _dry(rng, world, town, between(*ends, share), 0.3)
    return Spot(1, town.country, found[1], town.name, found[0]) if found else town_spot(town)


def road_line(world: World, town: Town, road: Road) -> Spot:
    """The whole road as a line, in the sector of the town."""
    return Spot(
        5, town.country, town.sector, f"{road.start.name} to {road.end.name}", line=tuple(road.line.coords)
    )


def _dry(
    rng: Random, world: World, town: Town, middle: tuple[float, float], reach: float
) -> tuple[tuple[float, float], Sector] | None:
    """A point within some kilometres that lies on land, with its sector; None when there is only sea."""
    for attempt in range(TRIES):
        km = min(3.0 * reach, abs(rng.gauss(0, reach))) / (1 + attempt / 5)
        lon, lat = moved(middle, rng.uniform(0, 2 * math.pi), km)
        at = (round(lon, 5), round(lat, 5))
        if shapely.contains_xy(town.sector.shape, *at):
            return at, town.sector
        sector = world.ground.sector_at(at, town.country)
        if sector is not None:
            return at, sector
    return None


def at_sea(rng: Random, world: World, town: Town, km: float) -> Spot | None:
    """A point about so far off the coast near the town, outside every country of the exercise."""
    for _ in range(40):
        at = moved(town.at, rng.uniform(0, 2 * math.pi), km * rng.uniform(0.8, 1.3))
        clear = all(shape.distance(shapely.Point(at)) > 0.06 for shape in world.ground.countries.values())
        if clear and km_between(at, town.at) < 3 * km:
            return Spot(7, name=f"off {town.name}", at=(round(at[0], 5), round(at[1], 5)))
    return None
