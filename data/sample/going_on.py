"""What the exercise's partners tell after the scenario's end, and when: the same for the same seed.

The scenario's stories go on where its end cut them off, by the same dice; each day begins new ones. Nothing
depends on when somebody plays, or how fast: whoever begins in the middle tells what would have been told.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from random import Random

from data.sample.consignments import consignment_stories
from data.sample.deployments import deployment_stories
from data.sample.epidemic import weekly_reports
from data.sample.funding import funding_stories
from data.sample.new_days import DAY, day_stories
from data.sample.reporting import REPORTING, Reporting
from data.sample.revisions import with_ending
from data.sample.rows import Story, Telling
from data.sample.scenario import dice
from data.sample.storm import END
from data.sample.world import World
from data.schema import DELIVERIES, DEPLOYMENTS

WITHDRAWN = ("cancel", "recall")
AMOUNT = {DELIVERIES: "quantity", DEPLOYMENTS: "personnel"}
"""What may be corrected after the last word."""

PLANNED_AHEAD = DAY


@dataclass(frozen=True, order=True)
class Said:
    """A telling of a record and when it is posted. `first`: nothing was told of the record before."""

    at: datetime
    source: str
    record_id: str
    story: Story = field(compare=False)
    telling: Telling = field(compare=False)
    first: bool = field(compare=False)


@dataclass(frozen=True)
class Post:
    """What a source posts at a time: one word of each of these records."""

    source: Reporting
    at: datetime
    said: tuple[Said, ...]


class GoingOn:
    """What is to be posted after a time, in order. Making one takes some two seconds."""

    def __init__(self, world: World, seed: int, since: datetime) -> None:
        self._world, self._seed, self._since = world, seed, since
        self._waiting: list[Said] = []
        self._days = 0
        for story in _cut_off(world, seed):
            self._add(story)

    def due(self, until: datetime) -> list[Post]:
        """The posts until a time, each once."""
        while END + self._days * DAY <= until + PLANNED_AHEAD:
            for story in day_stories(self._world, self._seed, self._days):
                self._add(story)
            self._days += 1
        due: list[Said] = []
        while self._waiting and self._waiting[0].at <= until:
            due.append(heapq.heappop(self._waiting))
        return [
            Post(REPORTING[source], at, tuple(said))
            for (at, source), said in groupby(due, key=lambda said: (said.at, said.source))
        ]

    def _add(self, story: Story) -> None:
        for said in _said(story, self._seed):
            if said.at > self._since:
                heapq.heappush(self._waiting, said)


def _cut_off(world: World, seed: int) -> Iterable[Story]:
    """The scenario's stories that its end cuts off."""
    parts: tuple[tuple[str, Callable[[World, Random], list[Story]]], ...] = (
        (DEPLOYMENTS, deployment_stories),
        (DELIVERIES, consignment_stories),
        ("funding", funding_stories),
        ("epidemic", weekly_reports),
    )
    for name, stories in parts:
        yield from (story for story in stories(world, dice(seed, name)) if story.ahead)


def _said(story: Story, seed: int) -> list[Said]:
    """The tellings of a story after the scenario's end, each later than the one before."""
    source = REPORTING[story.source.name]
    goes_on = Story(source, story.native_id, _ahead(story, source) if story.ahead else story.tellings)
    if story.ahead:
        with_ending(Random(f"{seed}:{story.record_id}"), goes_on, AMOUNT.get(source.feed, ""))
    is_known = bool(story.ahead and story.tellings)
    return [
        Said(telling.known_at, source.name, story.record_id, goes_on, telling, not (number or is_known))
        for number, telling in enumerate(goes_on.tellings)
    ]


def _ahead(story: Story, source: Reporting) -> list[Telling]:
    """What is ahead of it, posted. Nothing once it was withdrawn; an amount that was corrected stays so."""
    last = story.tellings[-1] if story.tellings else None
    if last is not None and last.msg_type in WITHDRAWN:
        return []
    corrected = last.says if last is not None and "quantity" in last.says and "notes" in last.says else {}
    kept = {name: corrected[name] for name in ("quantity", "notes") if name in corrected}
    told: list[Telling] = []
    for telling in story.ahead:
        known_at = source.known(telling.known_at)
        if known_at is None:
            return []
        if told and known_at <= told[-1].known_at:
            known_at = told[-1].known_at + source.step
        told.append(replace(telling, known_at=known_at, says=telling.says | kept))
    return told
