"""Two homes that differ only in what is hidden from a viewer: every field of the difference is a canary.

What is hidden comes first in the lake, so that rows, labels and sources stand at other places in the two.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import pyarrow as pa
import shapely

from data.audit.keys import signing_key
from data.clock import fixed_clock
from data.cube.publish import publish
from data.feeds.row_labels import LabelOptions
from data.home import Home
from data.labels import Label
from data.lake import Delivery, LakeWriter, Publication, SourceState
from data.lake_tables import QUARANTINE, SUPERSEDED
from data.reference_load import ReferenceOptions, load_reference
from data.schema import FEEDS
from data.store import Store
from data.viewer import Identity
from tests.factories import NOW, POLICY, T0, a_home, a_row, a_table
from tests.recording import unrecorded

CANARY = "CNRY"
SECRET = b"the same secret in both of the homes"

VISIBLE = (
    Label("XAA", "TEST", "OPEN", releasable_to=("PUBLIC",), agg_release="cube_k"),
    Label("XAA", "TEST", "OPEN", releasable_to=("XAB", "XAC"), tlp="GREEN", agg_release="cube_k"),
    Label("XAB", "TEST", "SENSITIVE", releasable_to=("XAA",), agg_release="cube_k"),
    Label(
        "XAC", "TEST", "OPEN", releasable_to=("XGR", "XAB"), release_geo_level="adm1", agg_release="cube_k"
    ),
)
VIEWERS = ("aldara", "borland", "cordia", "dunmark")
MORE_VIEWERS = MappingProxyType(
    {
        "aldara-releaser": ("XAA", "releaser", "OPEN", "all"),
        "aldara-overseer": ("XAA", "overseer", "SENSITIVE", "all"),
        "borland-analyst": ("XAB", "analyst", "OPEN", ["XQ01"]),
        "borland-administrator": ("XAB", "administrator", "SENSITIVE", "all"),
        "cordia-analyst": ("XAC", "analyst", "SENSITIVE", "all"),
        "cordia-operator": ("XAC", "operator", "OPEN", ["XQ02"]),
        "dunmark-releaser": ("XAD", "releaser", "SENSITIVE", "all"),
        "dunmark-analyst": ("XAD", "analyst", "OPEN", ["XQ01"]),
    }
)
"""Of every partner people of other roles, clearances and regions: partner, role, clearance, regions."""

EVERY_VIEWER = (*VIEWERS, *MORE_VIEWERS)


def hidden_owner(viewer: str) -> str:
    """Whose own records are hidden from a viewer, whatever else their labels say."""
    return "XAA" if viewer.startswith("cordia") else "XAC"


def _personas() -> str:
    return "".join(
        f'''
[[persona]]
id = "{name}"
name = "{name.title()}"
partner = "{partner}"
roles = ["{role}"]
clearance = "{clearance}"
categories = []
regions = {json.dumps(regions)}
'''
        for name, (partner, role, clearance, regions) in MORE_VIEWERS.items()
    )


EACH = 12


@dataclass(frozen=True)
class World:
    """A home and its store."""

    home: Home
    store: Store


@cache
def _made(seed: int, owner: str) -> TemporaryDirectory[str]:
    """A home that is copied wherever it is wanted: those of all viewers differ by whose rows are hidden."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    home = a_home(Path(folder.name) / "home", POLICY + _personas())
    home.secret_file.write_bytes(SECRET)
    if owner:
        _publish_hidden(home, owner)
    _publish_visible(home, seed)
    publish(home, Identity("operator", "operator", "", ""), NOW, record=unrecorded)
    return folder


@contextmanager
def worlds(folder: Path, viewer: str, seed: int) -> Iterator[tuple[World, World]]:
    """The home without, and the one with what is hidden from the viewer."""
    plain = _world(folder / "without", seed, "")
    more = _world(folder / "with", seed, hidden_owner(viewer))
    signing_key(plain.home)  # of one home: what it signs is the same when what was recorded is
    shutil.copy(plain.home.audit_key_file, more.home.audit_key_file)
    try:
        yield plain, more
    finally:
        plain.store.close()
        more.store.close()


def _world(folder: Path, seed: int, owner: str) -> World:
    shutil.copytree(Path(_made(seed, owner).name) / "home", folder)
    home = Home(folder)
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
        Label(owner, "TEST", "OPEN", agg_release="cube_k"),
        Label(
            owner,
            "TEST",
            "SENSITIVE",
            caveats=(f"{CANARY}-CAVEAT",),
            tlp="RED",
            sensitivity="severe",
            agg_release="cube_k",
        ),
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
