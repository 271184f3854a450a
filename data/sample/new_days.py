"""What begins on each day after the scenario's end: incidents, consignments, grants and elements."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from data.sample.consignments import line_story, new_lines
from data.sample.deployments import element_story
from data.sample.elements import KINDS
from data.sample.funding import new_grant
from data.sample.incident_reports import reported_story
from data.sample.incidents import event_at
from data.sample.placing import arriving, element_at, towns_of
from data.sample.reporting import REPORTING
from data.sample.rows import Story
from data.sample.storm import END
from data.sample.timing import LATEST
from data.sample.weights import town_weights
from data.sample.world import World

DAY = timedelta(days=1)
INCIDENTS_A_DAY = {
    "epidemic": 62.0,
    "displacement": 6.0,
    "access_restriction": 5.0,
    "accident": 4.0,
    "infrastructure": 3.0,
    "crime": 2.5,
    "landslide": 0.3,
    "flood": 0.2,
}
"""As in the scenario's last week: the weather is over, what follows from it is not."""

FIRST_NUMBER, MOST_INCIDENTS = 100_000, 1000
"""Ids that the scenario's own incidents never reach, and so many of them for each day."""

MOST_LINES, MORE_LINES = 36, 6
"""Consignment lines a day, as in that week; on the first days fewer, since the scenario's own still come."""

GRANTS_A_DAY, ELEMENTS_A_DAY = 1, 6
"""As many elements as leave, on the whole."""

EARLIEST_PLAN = timedelta(days=4)
"""An element is spoken of so long before it arrives."""


def day_stories(world: World, seed: int, day: int) -> list[Story]:
    """The records that begin on a day, counted from the scenario's end; the same for the same seed and day.

    Incidents have their tellings, the others what is ahead of them. Incidents happen from where the
    scenario's own leave off, some hours before its end; else nothing is said before that day.
    """

    def dice(of: str) -> Random:
        return Random(f"{seed}:{of}:{day}")

    at = END + day * DAY
    return [
        *_incidents(world, dice("incidents on"), day, LATEST + day * DAY),
        *_lines(world, dice("deliveries on"), day, at),
        *_grants(world, dice("funding on"), day, at),
        *_elements(world, dice("deployments on"), day, at),
    ]


def _incidents(world: World, rng: Random, day: int, at: datetime) -> list[Story]:
    events = [
        event_at(world, rng, kind, town, _within(rng, at))
        for kind, rate in INCIDENTS_A_DAY.items()
        for town in rng.choices(world.ground.towns, town_weights(world, kind), k=_number(rng, rate))
    ]
    events.sort(key=lambda event: (event.at, event.kind, event.town.name))
    numbers = dict.fromkeys(REPORTING, FIRST_NUMBER + MOST_INCIDENTS * day)
    return [reported_story(world, rng, event, numbers, REPORTING) for event in events]


def _lines(world: World, rng: Random, day: int, at: datetime) -> list[Story]:
    count = min(MOST_LINES, MORE_LINES * (day + 1))
    return [line_story(rng, line) for line in new_lines(world, rng, 10_000 + 100 * day, at, count)]


def _grants(world: World, rng: Random, day: int, at: datetime) -> list[Story]:
    first = 5000 + GRANTS_A_DAY * day
    return [new_grant(world, rng, first + n, _within(rng, at)) for n in range(GRANTS_A_DAY)]


def _elements(world: World, rng: Random, day: int, at: datetime) -> list[Story]:
    kinds = rng.choices(KINDS, [kind.count for kind in KINDS], k=ELEMENTS_A_DAY)
    stories = []
    for number, kind in enumerate(kinds, 200 + ELEMENTS_A_DAY * day):
        element = element_at(world, rng, kind, number, rng.choice(towns_of(world, rng, kind)))
        stories.append(element_story(rng, arriving(element, _within(rng, at + EARLIEST_PLAN))))
    return stories


def _within(rng: Random, at: datetime) -> datetime:
    """A whole minute of the day that begins then."""
    return at + timedelta(minutes=rng.randrange(24 * 60))


def _number(rng: Random, rate: float) -> int:
    return int(rate) + (rng.random() < rate % 1)
