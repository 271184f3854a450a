"""The exercise into a home: its policy.toml, its regions, its track and all feeds.

All feeds are one transaction of the lake: a load that is broken off leaves no record, and the next one
begins anew. Loading the same exercise again changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from data.errors import HomeError
from data.home import Home
from data.lake import Delivery, LakeWriter, Publication, SourceState
from data.lake_tables import SUPERSEDED
from data.sample.quarantine import quarantined
from data.sample.rows import OPERATION
from data.sample.scenario import POLICY_FILE, STEPS, Progress, SampleSource, Scenario, generate, silent
from data.sample.sources import SOURCES

DEFAULT_SEED = 2026
LOAD_STEPS = 4
RECIPE = "sample"


@dataclass(frozen=True)
class Loaded:
    """What was loaded: records and revisions by feed. `already` tells that it was there before."""

    records: dict[str, int]
    revisions: dict[str, int]
    already: bool = False


def load_sample(
    home: Home | Path | str,
    writer: LakeWriter | None = None,
    seed: int = DEFAULT_SEED,
    progress: Progress = silent,
) -> Loaded:
    """Make the exercise and publish it into the home, which it claims when it is empty.

    Without a `writer` it opens one itself. Raises HomeError when the home holds another operation, or
    this exercise with another seed. `progress` is told (done, total, words).
    """
    path = home.path if isinstance(home, Home) else home
    claimed = Home.claim(path, POLICY_FILE.read_text(encoding="utf-8"), OPERATION)
    if writer is not None:
        return _load(writer, seed, progress)
    with LakeWriter(claimed) as own:
        return _load(own, seed, progress)


def _load(writer: LakeWriter, seed: int, progress: Progress) -> Loaded:
    total = STEPS + LOAD_STEPS
    taken = {digest for name in SOURCES for digest in writer.deliveries(name)}
    if taken:
        _same_seed(taken, seed)
        progress(total, total, "The exercise is already there")
        return Loaded({}, {}, already=True)
    scenario = generate(seed, lambda done, _, words: progress(done, total, words))
    progress(STEPS, total, "Storing the sectors")
    writer.publish_regions(scenario.regions)
    progress(STEPS + 1, total, "Storing the track")
    writer.publish_reference(scenario.reference, scenario.labels)
    progress(STEPS + 2, total, "Storing incidents, deployments and deliveries")
    writer.publish(*(_publication(scenario, state) for state in scenario.sources))
    progress(total, total, "Exercise loaded")
    return Loaded(
        {feed: pc.count_distinct(table["record_id"]).as_py() for feed, table in scenario.feeds.items()},
        {feed: table.num_rows for feed, table in scenario.feeds.items()},
    )


def seed_of(lake: LakeWriter, most: int = 100_000) -> int:
    """The seed that the exercise in this lake was made with. Raises HomeError: of no such seed."""
    name = next(iter(SOURCES))
    taken = set(lake.deliveries(name))
    found = next((seed for seed in (DEFAULT_SEED, *range(most)) if _digest(seed, name) in taken), None)
    if found is not None:
        return int(found)
    raise HomeError(
        f"The exercise in this home was made with a seed that is not one of 0 to {most - 1:,}.",
        "Make it with one of them, in another folder.",
    )


def _digest(seed: int, source: str) -> str:
    """Stands for the file of a source: the exercise's files are never written."""
    return hashlib.sha256(f"{OPERATION}:{seed}:{source}".encode()).hexdigest()


def _same_seed(taken: set[str], seed: int) -> None:
    if not taken & {_digest(seed, name) for name in SOURCES}:
        raise HomeError(
            f"This home holds the exercise made with another seed than {seed}.",
            "Ask for that seed again, or set WATCHFLOOR_HOME to another, empty folder.",
        )


def _publication(scenario: Scenario, state: SampleSource) -> Publication:
    source = state.source
    table = scenario.feeds[source.feed]
    rows = table.filter(pc.equal(table["source"].cast(pa.string()), source.name))
    held_back = quarantined(source, state.last_delivery_at)
    records = pc.count_distinct(rows["record_id"]).as_py()
    delivery = Delivery(
        content_hash=_digest(scenario.seed, source.name),
        file_name=f"{source.name}.csv",
        recipe=RECIPE,
        source=source.name,
        originator=source.originator,
        received_at=state.last_delivery_at,
        read=rows.num_rows + held_back.num_rows,
        new=records,
        revised=rows.num_rows - records,
        duplicate=0,
        quarantined=held_back.num_rows,
    )
    shown = SourceState(
        source.name,
        source.originator,
        source.feed,
        RECIPE,
        source.title,
        state.last_delivery_at,
        state.newest_at,
    )
    return Publication(
        source.feed, rows, scenario.labels, SUPERSEDED.empty_table(), shown, held_back, delivery
    )
