"""Two homes that differ only in what is hidden from a viewer: every field of the difference is a canary.

What is hidden comes first in the lake, so that rows, labels and sources stand at other places in the two.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import shapely

from data.clock import fixed_clock
from data.feeds.row_labels import LabelOptions
from data.home import Home
from data.labels import Label
from data.lake import Delivery, LakeWriter, Publication, SourceState
from data.lake_tables import QUARANTINE, SUPERSEDED
from data.reference_load import ReferenceOptions, load_reference
from data.schema import FEEDS
from data.store import Store
from tests.factories import NOW, T0, a_home, a_row, a_table

CANARY = "CNRY"
SECRET = b"the same secret in both of the homes"

VISIBLE = (
    Label("XAA", "TEST", "OPEN", releasable_to=("PUBLIC",)),
    Label("XAA", "TEST", "OPEN", releasable_to=("XAB", "XAC"), tlp="GREEN"),
    Label("XAB", "TEST", "SENSITIVE", releasable_to=("XAA",)),
    Label("XAC", "TEST", "OPEN", releasable_to=("XGR", "XAB"), release_geo_level="adm1"),
)
VIEWERS = ("aldara", "borland", "cordia", "dunmark")
HIDDEN_OWNER = {"aldara": "XAC", "borland": "XAC", "cordia": "XAA", "dunmark": "XAC"}
"""Whose own records are hidden from each viewer, whatever else their labels say."""

EACH = 12


@dataclass(frozen=True)
class World:
    """A home and its store."""

    home: Home
    store: Store


@contextmanager
def worlds(folder: Path, viewer: str, seed: int) -> Iterator[tuple[World, World]]:
    """The home without, and the one with what is hidden from the viewer."""
    plain = _world(folder / "without", seed, "")
    more = _world(folder / "with", seed, HIDDEN_OWNER[viewer])
    try:
        yield plain, more
    finally:
        plain.store.close()
        more.store.close()


def _world(folder: Path, seed: int, owner: str) -> World:
    home = a_home(folder)
    home.secret_file.write_bytes(SECRET)
    if owner:
        _publish_hidden(home, owner)
    _publish_visible(home, seed)
    return World(home, Store(home, fixed_clock(NOW)))


def _publish_visible(home: Home, seed: int) -> None:
    choose = random.Random(seed)
    with LakeWriter(home) as lake:
        for base, feed in enumerate(FEEDS):
            rows = [
                _visible(choose, feed, place, base * 1_000 + place * 100 + n)
                for place in range(len(VISIBLE))
                for n in range(EACH)
            ]
            lake.publish(_publication(feed, rows, VISIBLE, "visible"))
    _reference(home, "Harbour", LabelOptions("XAA", ("PUBLIC",), "OPEN"), "Port office")


def _visible(choose: random.Random, feed: str, place: int, number: int) -> dict[str, object]:
    label = VISIBLE[place]
    return a_row(
        feed,
        number,
        record_id=f"{label.originator}:visible:{number}",
        originator=label.originator,
        label_id=place,
        title=choose.choice(["A bridge", "École", "Port", None]),
        start_at=T0 + timedelta(hours=choose.randrange(400)),
        longitude=-72 + choose.random(),
        latitude=18 + choose.random(),
    )


def _publish_hidden(home: Home, owner: str) -> None:
    labels = (
        Label(owner, "TEST", "OPEN"),
        Label(owner, "TEST", "SENSITIVE", caveats=(f"{CANARY}-CAVEAT",), tlp="RED", sensitivity="severe"),
    )
    with LakeWriter(home) as lake:
        for base, feed in enumerate(FEEDS):
            rows = [
                _full(feed, owner, place, 50_000 + base * 1_000 + place * 100 + n)
                for place in range(len(labels))
                for n in range(EACH)
            ]
            lake.publish(_publication(feed, [*rows, *_revised(rows[0])], labels, f"{CANARY}-source"))
    _reference(home, f"{CANARY}-port", LabelOptions(owner, (), "OPEN"), f"{CANARY}-office")


def _full(feed: str, owner: str, place: int, number: int) -> dict[str, object]:
    """A row whose every text that is free is a canary, at the edge of time and far out in space."""
    row = a_row(
        feed,
        number,
        record_id=f"{owner}:{CANARY.lower()}:{number}",
        originator=owner,
        label_id=place,
        start_at=T0 + timedelta(hours=number % 700),
        received_at=T0,
        ingested_at=T0,
        longitude=-60.0 - number % 40,
        latitude=5.0 + number % 60,
    )
    for column in FEEDS[feed].columns:
        if row[column.name] is None and column.allowed is None and pa.types.is_string(column.type):
            row[column.name] = f"{CANARY}-{column.name}"
    return row | {"title": f"{CANARY}-title-{number}", "superseded_at": None, "superseded_received_at": None}


def _revised(row: dict[str, object]) -> list[dict[str, object]]:
    """A second revision of a hidden record: a step of the second clock that nobody may see."""
    at = NOW - timedelta(days=3)
    row |= {"superseded_at": at, "superseded_received_at": at}
    return [
        row
        | {
            "revision": 2,
            "msg_type": "update",
            "ingested_at": at,
            "received_at": at,
            "superseded_at": None,
            "superseded_received_at": None,
        }
    ]


def _publication(
    feed: str, rows: list[dict[str, object]], labels: tuple[Label, ...], source: str
) -> Publication:
    table = a_table(feed, [row | {"source": source} for row in rows])
    count = table.num_rows
    return Publication(
        feed=feed,
        rows=table,
        labels=labels,
        superseded=SUPERSEDED.empty_table(),
        source=SourceState(f"{source}-{feed}", labels[0].originator, feed, "test", f"Feed {source}", NOW),
        quarantined=QUARANTINE.empty_table(),
        delivery=Delivery(
            content_hash=hashlib.sha256(f"{source} {feed}".encode()).hexdigest(),
            file_name=f"{source}.csv",
            recipe=source,
            source="test",
            originator=labels[0].originator,
            received_at=NOW,
            read=count,
            new=count,
            revised=0,
            duplicate=0,
            quarantined=0,
        ),
    )


def _reference(home: Home, name: str, label: LabelOptions, office: str) -> None:
    point = json.loads(shapely.to_geojson(shapely.Point(-72, 19)))
    feature = {"type": "Feature", "properties": {"name": name}, "geometry": point}
    file = home.path.parent / f"{home.path.name}-{name}.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    load_reference(home, [file], ReferenceOptions("port", label, office, NOW - timedelta(hours=1)))
