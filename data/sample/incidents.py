"""The incidents: damage where the storm passed, then what follows from it, day after day."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from data.sample.incident_reports import Event, reported_story
from data.sample.incident_words import ALONG_ROADS, AT_SEA, BEFORE, WORDS
from data.sample.land import Town
from data.sample.roads import Road
from data.sample.rows import Spot, Story
from data.sample.spots import (
    COASTAL,
    NEAR_COAST_KM,
    area_spot,
    at_sea,
    near_town,
    on_road,
    precision,
    road_line,
    town_spot,
)
from data.sample.storm import BEGIN
from data.sample.timing import after_passage
from data.sample.weights import town_weights
from data.sample.world import World

COUNTS = {
    "storm": 2050,
    "flood": 2250,
    "landslide": 1000,
    "infrastructure": 2000,
    "displacement": 1500,
    "access_restriction": 880,
    "accident": 500,
    "crime": 380,
    "epidemic": 1090,
}
"""How many incidents of each type; with the reports of `data.sample.epidemic` about 12,000."""

BEFORE_STORM, ON_SEA = 150, 16


def incident_stories(world: World, rng: Random) -> list[Story]:
    """All incidents that are events, in the order of their happening."""
    events = [event for kind, count in COUNTS.items() for event in _events(world, rng, kind, count)]
    events += _before(world, rng) + _on_sea(world, rng)
    events.sort(key=lambda event: (event.at, event.kind, event.town.name))
    counters: dict[str, int] = {}
    stories = [reported_story(world, rng, event, counters) for event in events]
    return [story for story in stories if story.tellings]


def _events(world: World, rng: Random, kind: str, count: int) -> list[Event]:
    towns = rng.choices(world.ground.towns, town_weights(world, kind), k=count)
    return [_event(world, rng, kind, town) for town in towns]


def _event(world: World, rng: Random, kind: str, town: Town) -> Event:
    return event_at(world, rng, kind, town, after_passage(rng, kind, town, world.hit(town)))


def event_at(world: World, rng: Random, kind: str, town: Town, at: datetime) -> Event:
    """An incident of this kind at a town, at this time."""
    exactness = precision(rng)
    roads = world.net.at_town.get((town.country, town.name), ())
    words = rng.choice(_fitting(kind, town, at - world.hit(town).at, bool(roads) and exactness == 1))
    if exactness in (0, 3, 4, 6):
        return Event(kind, words, town, area_spot(town, exactness), "", at)
    if words[0] not in ALONG_ROADS:
        spot = town_spot(town) if exactness == 2 else near_town(rng, world, town, words[0])
        return Event(kind, words, town, spot, "", at)
    road = rng.choice(roads)
    spot = _road_spot(rng, world, town, road, words[0])
    return Event(kind, words, town, spot, _other_end(road, town), at)


def _road_spot(rng: Random, world: World, town: Town, road: Road, subtype: str) -> Spot:
    if subtype in ("night", "road", "weight") and rng.random() < 0.3:
        return road_line(world, town, road)
    return on_road(rng, world, town, road)


def _other_end(road: Road, town: Town) -> str:
    return road.end.name if road.start == town else road.start.name


def _fitting(kind: str, town: Town, since: timedelta, roads: bool) -> list[tuple[str, str, str]]:
    """The words that fit: shore words at the shore, road words on roads, going home not on the first day."""
    fitting = []
    for words in WORDS[kind]:
        subtype, title, _ = words
        late = since > timedelta(days=9)
        if subtype in COASTAL and town.coast_km > NEAR_COAST_KM:
            continue
        if (subtype in ALONG_ROADS or "{other}" in title) and not roads:
            continue
        if kind == "displacement" and late != (subtype in ("return", "host", "crowded")):
            continue
        fitting.append(words)
    return fitting


def _before(world: World, rng: Random) -> list[Event]:
    """The days before: the coasts ahead of the storm make ready."""
    towns = rng.choices(world.ground.towns, town_weights(world, "storm"), k=BEFORE_STORM)
    events = []
    for town in towns:
        kind, title, description = rng.choice(BEFORE)
        subtype = "port" if title.startswith(("Port", "Coastal")) else "before"
        if subtype == "port" and town.coast_km > NEAR_COAST_KM:
            continue
        at = world.hit(town).at - timedelta(hours=14 + rng.expovariate(1 / 30))
        spot = near_town(rng, world, town, subtype)
        events.append(Event(kind, (subtype, title, description), town, spot, "", max(at, BEGIN)))
    return events


def _on_sea(world: World, rng: Random) -> list[Event]:
    shores = [town for town in world.ground.towns if town.coast_km < 4]
    events = []
    for town in rng.choices(shores, [world.need(town) for town in shores], k=ON_SEA):
        spot = at_sea(rng, world, town, 32)
        if spot is not None:
            at = world.hit(town).at + timedelta(hours=rng.uniform(-30, 240))
            events.append(Event("accident", ("sea", *rng.choice(AT_SEA)), town, spot, "", at))
    return events
