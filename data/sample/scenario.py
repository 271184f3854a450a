"""Exercise Northern Passage as one value, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.compute as pc

from data.labels import Label
from data.sample.consignments import consignment_stories
from data.sample.deployments import deployment_stories
from data.sample.epidemic import weekly_reports
from data.sample.funding import funding_stories
from data.sample.hazard import hazard_table
from data.sample.incidents import incident_stories
from data.sample.labels import LABELS
from data.sample.reference import reference_table
from data.sample.regions import regions_table
from data.sample.rows import Story, to_table
from data.sample.sources import SOURCES, Source
from data.sample.world import World, world
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS

Progress = Callable[[int, int, str], None]
"""Told as (done, total, words)."""

POLICY_FILE = Path(__file__).parent / "policy.toml"
STEPS = 7


@dataclass(frozen=True)
class SampleSource:
    """A source as it stands at the end: when its last delivery came, when its newest record began."""

    source: Source
    last_delivery_at: datetime
    newest_at: datetime


@dataclass(frozen=True)
class Scenario:
    """The whole exercise. `feeds` holds all revisions by feed; `label_id` counts in `labels` from 0."""

    seed: int
    policy: str
    regions: pa.Table
    feeds: Mapping[str, pa.Table]
    labels: tuple[Label, ...]
    reference: pa.Table
    sources: tuple[SampleSource, ...]


def silent(done: int, total: int, words: str) -> None:
    """Progress that nobody follows."""


def generate(seed: int, progress: Progress = silent) -> Scenario:
    """Make the exercise. Pure: the same seed gives the same bytes; takes some ten seconds."""
    progress(0, STEPS, "Coasts, towns and roads")
    place = world()
    progress(1, STEPS, "Planning sectors")
    regions = regions_table(place.ground)
    feeds = {}
    told: tuple[tuple[str, str, Callable[[], list[Story]]], ...] = (
        (INCIDENTS, "Incidents along the track", lambda: _incidents(place, seed)),
        (
            DEPLOYMENTS,
            "Deployments and presences",
            lambda: _told(deployment_stories(place, dice(seed, DEPLOYMENTS))),
        ),
        (DELIVERIES, "Deliveries by port and airfield", lambda: _deliveries(place, seed)),
    )
    for step, (feed, words, stories) in enumerate(told, 2):
        progress(step, STEPS, words)
        feeds[feed] = to_table(feed, stories())
    progress(5, STEPS, "Track and forecast cone")
    reference = pa.concat_tables([hazard_table(), reference_table(place)])
    progress(6, STEPS, "Sources")
    sources = tuple(_state(source, feeds[source.feed]) for source in SOURCES.values())
    progress(STEPS, STEPS, "Exercise made")
    return Scenario(
        seed,
        POLICY_FILE.read_text(encoding="utf-8"),
        regions,
        feeds,
        tuple(LABELS.values()),
        reference,
        sources,
    )


def dice(seed: int, name: str) -> Random:
    """Chance of its own for each part, so that a change in one part leaves the others as they were."""
    return Random(f"{seed}:{name}")


def _incidents(place: World, seed: int) -> list[Story]:
    reports = _told(weekly_reports(place, dice(seed, "epidemic")))
    return incident_stories(place, dice(seed, INCIDENTS)) + reports


def _deliveries(place: World, seed: int) -> list[Story]:
    lines = consignment_stories(place, dice(seed, DELIVERIES))
    return _told(lines + funding_stories(place, dice(seed, "funding")))


def _told(stories: list[Story]) -> list[Story]:
    """Those of which something is told before the scenario's end."""
    return [story for story in stories if story.tellings]


def _state(source: Source, table: pa.Table) -> SampleSource:
    mine = table.filter(pc.equal(table["source"].cast(pa.string()), source.name))
    last_at = pc.max(mine["received_at"])
    begun = mine.filter(pc.less_equal(mine["start_at"], last_at))["start_at"]
    return SampleSource(source, last_at.as_py(), pc.max(begun).as_py())
