"""Everything the stories are told from: ground, roads, storm, hubs and what each town got."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from data.sample.geometry import km_between
from data.sample.land import Ground, Town, ground
from data.sample.places import HUB_SITES, HubSite
from data.sample.roads import RoadNet, road_net
from data.sample.storm import Fix, Hit, hit_at, track

Key = tuple[str, str]
"""A town by country and name."""


@dataclass(frozen=True)
class Hub:
    """A port or airfield of entry, where it lies and when it opens again."""

    site: HubSite
    town: Town
    at: tuple[float, float]
    opens_at: datetime


@dataclass(frozen=True)
class World:
    """The exercise before anybody reports anything."""

    ground: Ground
    net: RoadNet
    fixes: tuple[Fix, ...]
    hits: dict[Key, Hit]
    hubs: tuple[Hub, ...]
    ways: dict[Key, tuple[float, Town]]
    """Road kilometres to each town from the nearest town with a hub."""

    def hit(self, town: Town) -> Hit:
        """What the storm did at a town."""
        return self.hits[town.country, town.name]

    def need(self, town: Town) -> float:
        """How much help a town needs: damage and rain, weighed by its people."""
        hit = self.hit(town)
        return (hit.damage + 0.45 * hit.rain) * math.pow(town.population, 0.36)


@lru_cache(maxsize=1)
def world() -> World:
    """The same every time: no chance in it."""
    area, net, fixes = ground(), road_net(), track()
    hits = {(town.country, town.name): hit_at(town.at, fixes) for town in area.towns}
    hubs = tuple(_hub(site, area, hits) for site in HUB_SITES)
    towns = list(dict.fromkeys(hub.town for hub in hubs))
    return World(area, net, fixes, hits, hubs, net.ways_from(towns))


def _hub(site: HubSite, area: Ground, hits: dict[Key, Hit]) -> Hub:
    """The airfield lies a little inland of its town's middle, the port in it."""
    town = area.town(site.country, site.town)
    opens = hits[town.country, town.name].at + timedelta(days=site.closed_days)
    if site.kind == "sea":
        return Hub(site, town, town.at, opens)
    inland = min(
        (other for other in area.towns if other.country == town.country and other.coast_km > town.coast_km),
        key=lambda other: km_between(other.at, town.at),
        default=town,
    )
    share = min(0.5, 4.0 / max(1.0, km_between(town.at, inland.at)))
    at = (town.lon + (inland.lon - town.lon) * share, town.lat + (inland.lat - town.lat) * share)
    inside = area.sector_at(at, town.country)
    return Hub(site, town, (round(at[0], 5), round(at[1], 5)) if inside == town.sector else town.at, opens)
