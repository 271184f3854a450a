"""A snapshot made from an earlier one is the one that is made anew: every table, row for row, in its order.

Random worlds go on: records come, are revised, relabelled, cancelled and recalled; time passes. One store is
asked after every step and makes its snapshots from those before; another is opened cold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pytest

from data import store as stores
from data.labels import Label
from data.lake import LakeWriter
from data.lake_changes import records_changed
from data.lake_tables import SUPERSEDED
from data.regions import region_rows
from data.released import Released
from data.released_tables import RELATIONS
from data.schema import FEEDS
from data.snapshot import build_snapshot
from data.store import Store
from data.viewer import Viewer
from tests.data.test_antimeridian import ISLANDS
from tests.factories import NOW, a_home, a_publication, a_row, publish
from tests.sizes import figure, size

LABELS = (
    Label("XAA", "TEST", "OPEN", releasable_to=("PUBLIC",)),
    Label("XAA", "TEST", "SENSITIVE", releasable_to=("XAB",), release_geo_level="adm1"),
    Label("XAB", "TEST", "OPEN", releasable_to=("XGR",)),
    Label("XAC", "TEST", "OPEN"),
    Label("XAA", "TEST", "OPEN", releasable_to=("XAB",), display_only_to=("XAC",)),
)
VIEWERS = ("aldara", "borland", "dunmark")
STEPS = 8


class World:
    """A home that goes on: what its records are now, by id."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random, self.home = Random(seed), a_home(folder / "home")
        self.home.secret_file.write_bytes(b"the same secret every time")
        self.now = NOW
        self.heads: dict[str, dict[str, Any]] = {}
        self.number = 0
        for feed in FEEDS:
            self.publish(feed, [self.fresh(feed) for _ in range(30)], [])

    def fresh(self, feed: str) -> dict[str, Any]:
        self.number += 1
        label = self.random.randrange(len(LABELS))
        owner = LABELS[label].originator
        at = self.now - timedelta(hours=self.random.randrange(200))
        row = a_row(feed, self.number, record_id=f"{owner}:test:{self.number}", originator=owner)
        row |= {"label_id": label, "ingested_at": at, "received_at": at, "feed": feed}
        if self.random.random() < 0.3:
            row["release_until"] = self.now + timedelta(hours=self.random.randrange(1, 60))
        if self.random.random() < 0.2:
            row["release_from"] = self.now + timedelta(hours=self.random.randrange(1, 60))
        return row

    def revised(self, row: dict[str, Any]) -> dict[str, Any]:
        mine = [n for n, label in enumerate(LABELS) if label.originator == row["originator"]]
        at = max(row["ingested_at"], self.now - timedelta(minutes=self.random.randrange(1, 60)))
        new = row | {"revision": row["revision"] + 1, "ingested_at": at, "received_at": at}
        new["msg_type"] = self.random.choices(("update", "cancel", "recall"), (80, 10, 10))[0]
        new["label_id"] = self.random.choice(mine)
        if self.random.random() < 0.5:
            new["title"] = f"{row['title']} again"
        return new

    def publish(self, feed: str, new: list[dict[str, Any]], revised: list[dict[str, Any]]) -> None:
        gone = [
            {
                "record_id": row["record_id"],
                "revision": row["revision"] - 1,
                "superseded_at": row["ingested_at"],
                "superseded_received_at": row["received_at"],
            }
            for row in revised
        ]
        rows = [*new, *revised]
        self.heads |= {row["record_id"]: row for row in rows}
        told = [{name: value for name, value in row.items() if name in FEEDS[feed].by_name} for row in rows]
        publication = a_publication(feed, told, LABELS)
        superseded = pa.Table.from_pylist(gone, schema=SUPERSEDED)
        publish(self.home, replace(publication, superseded=superseded))

    def step(self) -> None:
        """Something comes of some feeds; now and then an hour or a day passes."""
        for feed in self.random.sample(list(FEEDS), self.random.randrange(1, 3)):
            heads = [
                row for row in self.heads.values() if row["feed"] == feed and row["msg_type"] != "recall"
            ]
            some = self.random.sample(heads, min(len(heads), self.random.randrange(4)))
            fresh = [self.fresh(feed) for _ in range(self.random.randrange(3))]
            if some or fresh:
                self.publish(feed, fresh, [self.revised(row) for row in some])
        self.now += timedelta(hours=self.random.choice((0, 0, 0, 1, 24)))


def content(released: Released) -> dict[str, list[dict[str, Any]]]:
    """Every table, in its order, with the number that its rows are asked by."""
    found = {}
    for name in RELATIONS:
        sql = f"SELECT rowid AS row_number, * FROM released.{name} ORDER BY rowid"  # noqa: S608 - names of ours
        rows = released.ask(sql)
        found[name] = rows.to_pylist()
    found["reference"] = sorted(found["reference"], key=repr)
    return found


@pytest.fixture
def made() -> Iterator[list[bool]]:
    """Of every snapshot that is made, whether it was made from an earlier one."""
    told: list[bool] = []

    def noted(*given: Any, **more: Any) -> Released:  # noqa: ANN401
        told.append(given[4] is not None)
        return build_snapshot(*given, **more)

    with patch.object(stores, "build_snapshot", noted):
        yield told


@pytest.mark.full_size
def test_from_an_earlier_snapshot_or_anew_it_is_the_same(
    tmp_path: Path,
    made: list[bool],
    record_property: Any,  # noqa: ANN401
) -> None:
    compared = 0
    for seed in range(size("growing_worlds")):
        world = World(tmp_path / str(seed), seed)
        warm = Store(world.home, lambda world=world: world.now)  # type: ignore[misc]
        for _ in range(STEPS):
            world.step()
            cold = Store(world.home, lambda world=world: world.now)  # type: ignore[misc]
            for name in VIEWERS:
                for purpose in ("screen", "file"):
                    both = [each.released_to(viewer_of(each, name), purpose) for each in (warm, cold)]
                    one, other = both
                    assert one.version == other.version, (seed, name, purpose)
                    assert content(one) == content(other), (seed, name, purpose)
                    compared += 1
            cold.close()
        warm.close()
    figure(record_property, "Snapshots from earlier ones against those made anew", compared, "0 differ")
    assert sum(made) > compared / 3, "most are made from earlier ones"


def viewer_of(store: Store, name: str) -> Viewer:
    return store.policy().viewer(name)


def test_what_nobody_asks_of_any_more_is_freed(tmp_path: Path) -> None:
    world = World(tmp_path, 1)
    store = Store(world.home, lambda: world.now)
    held = store.released_to(viewer_of(store, "borland"))
    before = content(held)
    for _ in range(6):
        world.publish("incidents", [world.fresh("incidents")], [])
        newest = store.released_to(viewer_of(store, "borland"))
    assert content(held) == before, "a question that goes on is answered as it began"
    assert newest.version != held.version
    del held, newest
    world.publish("incidents", [world.fresh("incidents")], [])
    newest = store.released_to(viewer_of(store, "borland"))
    named = "SELECT schema_name FROM duckdb_schemas() WHERE schema_name LIKE 'released\\_%' ESCAPE '\\'"
    schemas = newest.ask(named).column(0).to_pylist()
    used = {table.partition(".")[0] for table in newest.tables.names.values()}
    assert set(schemas) == used, "its own, and those whose tables it shares"


@pytest.mark.parametrize("what", ["regions", "purge", "many"])
def test_where_it_is_not_known_what_changed_all_is_made_anew(tmp_path: Path, what: str) -> None:
    world = World(tmp_path, 2)
    store = Store(world.home, lambda: world.now)
    store.released_to(viewer_of(store, "borland"))
    before = store._version()
    reader = store._reading()
    assert records_changed(reader, before, before) == {}
    with LakeWriter(world.home) as lake:
        if what == "regions":
            lake.publish_regions(region_rows(ISLANDS, date(2026, 1, 1)))
        elif what == "purge":
            lake.erase({"incidents": [next(iter(world.heads))]})
    if what == "many":
        with patch("data.lake_changes.MOST_CHANGED", 2):
            world.publish("incidents", [world.fresh("incidents") for _ in range(3)], [])
            assert records_changed(reader, before, store._version()) is None
    assert what == "many" or records_changed(reader, before, store._version()) is None
