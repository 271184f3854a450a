"""Where elements work, by which hub they come, and from when to when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from data.sample.elements import Kind
from data.sample.geometry import km_between
from data.sample.land import Town
from data.sample.rows import Spot
from data.sample.spots import at_sea, near_town, town_spot
from data.sample.storm import BEGIN
from data.sample.world import Hub, World

OFF_SHORE_KM = 24.0


@dataclass(frozen=True)
class Element:
    """One element: what it is, who sends it, where it works and by which hub it comes; its days."""

    kind: Kind
    contributor: str
    number: int
    town: Town
    hub: Hub
    spot: Spot
    arrives_at: datetime
    leaves_at: datetime
    personnel: int
    capacity: int | None


def towns_of(world: World, rng: Random, kind: Kind) -> list[Town]:
    """Where they are needed most, seldom two of a kind in one town before the next is served."""
    if kind.place == "hub":
        hubs = [hub for hub in world.hubs if hub.site.kind == "air" or kind.capability == "logistics"]
        return [hub.town for hub in rng.choices(hubs, [hub.site.weight for hub in hubs], k=kind.count)]
    towns = [town for town in world.ground.towns if kind.place != "sea" or town.coast_km < 4]
    left = {town: world.need(town) ** 1.25 for town in towns}
    chosen = []
    for _ in range(kind.count):
        town = rng.choices(towns, [left[town] for town in towns])[0]
        left[town] *= 0.45
        chosen.append(town)
    return chosen


def element_at(world: World, rng: Random, kind: Kind, number: int, town: Town) -> Element:
    """An element of the kind for a town: its hub, its spot and its days."""
    hub = min(
        (hub for hub in world.hubs if hub.town.country == town.country or town.country == "TCA"),
        key=lambda hub: km_between(hub.at, town.at),
    )
    ready = world.hit(town).at + timedelta(hours=8)
    if kind.place == "hub" or kind.presence == "military":
        ready = max(ready, hub.opens_at - timedelta(hours=12)) if kind.place != "sea" else ready
    arrives = ready + timedelta(days=min(36.0, rng.gammavariate(1.7, kind.after / 1.5)))
    if kind.title == "Public shelter":
        arrives = world.hit(town).at - timedelta(hours=rng.uniform(10, 40))
    arrives = max(BEGIN + timedelta(hours=6), arrives).replace(minute=0, second=0, microsecond=0)
    leaves = arrives + timedelta(days=rng.randint(*kind.stays), hours=rng.randint(0, 23))
    return Element(
        kind,
        rng.choice(kind.contributors.split()),
        number,
        town,
        hub,
        _spot(world, rng, kind, town, hub),
        arrives,
        leaves,
        rng.randint(*kind.people),
        rng.randint(*kind.capacity[1:]) if kind.capacity else None,
    )


def _spot(world: World, rng: Random, kind: Kind, town: Town, hub: Hub) -> Spot:
    if kind.place == "hub":
        return hub_spot(hub)
    if kind.place == "sea":
        return at_sea(rng, world, town, OFF_SHORE_KM) or town_spot(town)
    draw = rng.random()
    if draw < 0.10 and kind.presence == "humanitarian":
        return Spot(3, town.country, town.sector)
    return town_spot(town) if draw < 0.22 else near_town(rng, world, town, "")


def arriving(element: Element, arrives_at: datetime) -> Element:
    """The same at another time, for as long."""
    return replace(
        element, arrives_at=arrives_at, leaves_at=arrives_at + (element.leaves_at - element.arrives_at)
    )


def hub_spot(hub: Hub) -> Spot:
    """The hub itself, exactly."""
    return Spot(1, hub.town.country, hub.town.sector, hub.site.name, hub.at)
