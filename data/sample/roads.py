"""A road net between the towns of a country: made up, but along the land and through the towns.

The tree of shortest links plus the short links beside it; none crosses open water. Damage to roads and
the way of aid inland run along it.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import lru_cache

from shapely.geometry import LineString

from data.sample.geometry import KM_PER_DEGREE, km_between
from data.sample.land import Ground, Town, ground

LONGEST_KM = 75.0
DETOUR = 1.35
"""A link beside the tree is kept when the way round is longer than this many times the link."""


@dataclass(frozen=True)
class Road:
    """A link between two towns."""

    start: Town
    end: Town
    km: float

    @property
    def line(self) -> LineString:
        """The link as a line, degrees."""
        return LineString([self.start.at, self.end.at])


@dataclass(frozen=True)
class RoadNet:
    """All links, and those at each town by (country, name)."""

    roads: tuple[Road, ...]
    at_town: dict[tuple[str, str], tuple[Road, ...]]

    def ways_from(self, hubs: list[Town]) -> dict[tuple[str, str], tuple[float, Town]]:
        """Road kilometres to each town that can be reached, and the hub it is reached from."""
        best: dict[tuple[str, str], tuple[float, Town]] = {}
        queue = [(0.0, n, hub.country, hub.name) for n, hub in enumerate(hubs)]
        heapq.heapify(queue)
        while queue:
            km, hub_number, country, name = heapq.heappop(queue)
            if (country, name) in best:
                continue
            best[country, name] = (km, hubs[hub_number])
            for road in self.at_town.get((country, name), ()):
                other = road.end if road.start.name == name else road.start
                heapq.heappush(queue, (km + road.km, hub_number, country, other.name))
        return best


@lru_cache(maxsize=1)
def road_net() -> RoadNet:
    """The net over the whole exercise area; made once, the same every time."""
    area = ground()
    roads: list[Road] = []
    for country in area.countries:
        towns = [town for town in area.towns if town.country == country]
        roads += _links(area, country, towns)
    at_town: dict[tuple[str, str], list[Road]] = {}
    for road in roads:
        for town in (road.start, road.end):
            at_town.setdefault((country_of(road), town.name), []).append(road)
    return RoadNet(tuple(roads), {key: tuple(links) for key, links in at_town.items()})


def country_of(road: Road) -> str:
    """ISO3 of the country that a road lies in; no road crosses a border."""
    return road.start.country


def _links(area: Ground, country: str, towns: list[Town]) -> list[Road]:
    """Shortest first: a link is taken when it joins two parts or saves a long way round."""
    pairs = sorted(
        (km_between(a.at, b.at), n, m)
        for n, a in enumerate(towns)
        for m, b in enumerate(towns[:n])
        if km_between(a.at, b.at) <= LONGEST_KM
    )
    land = area.countries[country]
    taken: list[Road] = []
    near: dict[int, list[tuple[int, float]]] = {n: [] for n in range(len(towns))}
    for km, n, m in pairs:
        if _way(near, n, m, km * DETOUR) is not None:
            continue
        line = LineString([towns[n].at, towns[m].at])
        if line.difference(land).length * KM_PER_DEGREE > 1.5:
            continue
        taken.append(Road(towns[n], towns[m], km))
        near[n].append((m, km))
        near[m].append((n, km))
    return taken


def _way(near: dict[int, list[tuple[int, float]]], start: int, end: int, limit: float) -> float | None:
    """The shortest way along the links taken so far, if it is not longer than `limit` km."""
    done: set[int] = set()
    queue = [(0.0, start)]
    while queue:
        km, town = heapq.heappop(queue)
        if town == end:
            return km
        if town in done:
            continue
        done.add(town)
        for other, length in near[town]:
            if km + length <= limit:
                heapq.heappush(queue, (km + length, other))
    return None
