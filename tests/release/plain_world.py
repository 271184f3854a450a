"""Random rows under random labels, who may have them by the second implementation, and what is then left of
each row: plain Python from the text of the release policy, sharing no rule with the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import duckdb
import pyarrow as pa
import shapely

from data.connection import NOT_OPTIMIZED, Connection
from data.decision import RecordFacts
from data.labels import Label
from data.lake_tables import LAKE_TABLES
from data.partners import Policy
from data.policy_set import policy_set
from data.reference import LAYER_OF_KIND
from data.regions_shown import RegionIndex
from data.released import Released, SnapshotKey
from data.schema import FEEDS
from data.snapshot import build_snapshot
from data.snapshot_making import Asking
from data.viewer import Viewer
from tests.data import release_cases as cases
from tests.data.release_oracle import COARSENESS, Duty, oracle
from tests.factories import a_row

NOW = cases.NOW
RECORDS = 14
"""Of each feed; a third of them have more than one revision."""

LABELS = 12

Row = dict[str, object]


@dataclass(frozen=True)
class Data:
    """What a lake holds."""

    labels: tuple[Label, ...]
    rows: Mapping[str, list[Row]]
    reference: list[Row]

    def table(self, name: str) -> pa.Table:
        rows = {**self.rows, "reference": self.reference}.get(name, [])
        return pa.Table.from_pylist(rows, schema=LAKE_TABLES[name])


def random_data(random: Random) -> Data:
    labels = tuple(_label(random) for _ in range(LABELS))
    rows = {
        feed: [row for n in range(RECORDS) for row in _record(random, feed, labels, base * 100 + n)]
        for base, feed in enumerate(FEEDS)
    }
    kinds = list(LAYER_OF_KIND)
    return Data(labels, rows, [_feature(random, n, random.choice(kinds)) for n in range(8)])


def _label(random: Random) -> Label:
    """Every second one to everybody, so that enough is released to be counted."""
    label = cases.random_label(random)
    return replace(label, releasable_to=("PUBLIC",)) if random.random() < 0.5 else label


def random_policy(random: Random) -> Policy:
    """Most often with an agreement of all about everything."""
    policy = cases.random_policy(random)
    broad = cases.an_agreement("BROAD", geo_level=random.choice(("exact", "exact", "adm2")))
    return replace(policy, agreements=(*policy.agreements, broad)) if random.random() < 0.8 else policy


def _record(random: Random, feed: str, labels: tuple[Label, ...], number: int) -> Iterator[Row]:
    first = random.randrange(len(labels))
    same = [n for n, label in enumerate(labels) if label.originator == labels[first].originator]
    count = random.choice((1, 1, 1, 1, 2, 3))
    times = [NOW - timedelta(hours=random.randrange(1, 200)) for _ in range(count)]
    times.sort()
    place = random.choice((("XQ01", "XQ0101", 1), ("XQ01", "XQ0101", 3), ("XQ02", None, 4), (None, None, 6)))
    for n in range(count):
        label = random.choice(same) if random.random() < 0.9 else random.randrange(len(labels))
        last = random.choice(("update", "update", "cancel", "recall")) if n == count - 1 else "update"
        superseded = times[n + 1] if n + 1 < count else None
        yield a_row(
            feed,
            number,
            record_id=f"{labels[first].originator}:plain:{number}",
            revision=n + 1,
            msg_type="new" if n == 0 else last,
            originator=labels[first].originator,
            label_id=label,
            title=f"{random.choice(['Bridge', 'École', 'Camp'])} {number}/{n}",
            location_name=f"Village {number}",
            source="plain",
            start_at=NOW - timedelta(hours=random.randrange(1, 600)),
            received_at=times[n],
            ingested_at=times[n],
            superseded_at=superseded,
            superseded_received_at=superseded,
            country_iso3="XQA",
            adm1_pcode=place[0],
            adm2_pcode=place[1],
            geo_precision=place[2],
            longitude=-70 + random.random(),
            latitude=19 + random.random(),
            release_from=random.choice((None, None, None, *cases.TIMES)),
            release_until=random.choice((None, None, None, *cases.TIMES)),
            label_review_on=random.choice((None, None, None, *cases.DAYS)),
            **_own(random, feed),
        )


def _own(random: Random, feed: str) -> Row:
    sector = {"sector_code": random.choice((None, "HEA", "WSH"))}
    if feed == "incidents":
        return {
            "report_kind": random.choice(("event", "event", "report")),
            "deaths_best": random.choice((None, 0, 3, 11)),
            "verification": random.choice(("unverified", "verified")),
            "metric": "cumulative_cases",
            "metric_value": float(random.randrange(50)),
            "metric_unit": "persons",
            "metric_adds_over_time": "last",
            "metric_adds_over_area": "sum",
            "actor1_code": random.choice((None, "XAA", "XAB")),
        }
    if feed == "deployments":
        kind = random.choice(("humanitarian", "military", "civil", "police", "private"))
        return {"presence_kind": kind, "personnel": random.randrange(90), **sector}
    return {
        "aid_type": random.choice(("in_kind", "funding")),
        "flow_status": random.choice(("delivered", "committed", "pledged", "in_transit")),
        "value_usd": random.choice((None, Decimal(random.randrange(10**6)) / 100)),
        "item": "Tents for the camp",
        "eta_at": NOW,
        **sector,
    }


def _feature(random: Random, number: int, kind: str) -> Row:
    return {
        "reference_id": f"REF:{number}",
        "layer": LAYER_OF_KIND[kind],
        "kind": kind,
        "name": f"Feature {number}",
        "geometry": shapely.to_wkb(shapely.Point(-70, 19)),
        "attributes": "{}",
        "source_org": "Office",
        "ingested_at": NOW - timedelta(hours=random.randrange(1, 90)),
        "received_at": NOW - timedelta(hours=random.randrange(1, 90)),
        "label_id": random.randrange(LABELS),
    }


# --- who may have it, and what is left of it ----------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Somebody's question at NOW, and how the second implementation answers it row by row."""

    policy: Policy
    viewer: Viewer
    purpose: str
    data: Data = field(repr=False)

    def duty(self, feed: str, own: Row, newest: Row) -> Duty | None:
        """What is owed for a revision: its own label and the newest one must both permit."""
        if self._label(own).originator != self._label(newest).originator:
            return None
        both = [self._one(feed, row) for row in (own, newest)]
        if None in both:
            return None
        one, other = (duty for duty in both if duty is not None)
        coarsest = max(one[0], other[0], key=COARSENESS.__getitem__)
        return coarsest, max(one[1], other[1]), one[2] | other[2], one[3] or other[3]

    def reference(self, row: Row) -> Duty | None:
        facts = RecordFacts("incidents", received_at=NOW)
        return oracle(self.policy, self.viewer, self._label(row), facts, NOW, self.purpose)

    def _one(self, feed: str, row: Row) -> Duty | None:
        places = (row["country_iso3"], row["adm1_pcode"], row["adm2_pcode"])
        facts = RecordFacts(
            feed=feed,
            regions=frozenset(str(place) for place in places if place),
            release_from=row["release_from"],  # type: ignore[arg-type]
            release_until=row["release_until"],  # type: ignore[arg-type]
            label_review_on=row["label_review_on"],  # type: ignore[arg-type]
            received_at=row["received_at"],  # type: ignore[arg-type]
            presence_kind=str(row["presence_kind"]) if row.get("presence_kind") else None,
        )
        return oracle(self.policy, self.viewer, self._label(row), facts, NOW, self.purpose)

    def _label(self, row: Row) -> Label:
        return self.data.labels[int(str(row["label_id"]))]

    def permitted(self) -> Data:
        """The same world in which there never was anything that this viewer may not have."""
        rows = {feed: [row for row, _duty in self._kept(feed)] for feed in FEEDS}
        exact = [row for row in self.data.reference if (self.reference(row) or ("none",))[0] == "exact"]
        return Data(self.data.labels, rows, exact)

    def _kept(self, feed: str) -> Iterator[tuple[Row, Duty]]:
        """Revisions that are released: neither recalled, nor denied, nor before one that is denied."""
        records: dict[object, list[Row]] = {}
        for row in self.data.rows[feed]:
            records.setdefault(row["record_id"], []).append(row)
        for revisions in records.values():
            recalled = max((n for n, row in enumerate(revisions) if row["msg_type"] == "recall"), default=-1)
            owed = [(row, self.duty(feed, row, revisions[-1])) for row in revisions[recalled + 1 :]]
            denied = max((n for n, (_row, duty) in enumerate(owed) if duty is None), default=-1)
            yield from ((row, duty) for row, duty in owed[denied + 1 :] if duty is not None)

    def shown(self, feed: str) -> list[Row]:
        """What is known now, as far as it may be seen; cancelled records are not there."""
        current: dict[object, tuple[Row, Duty]] = {}
        for row, duty in self._kept(feed):
            received = row["received_at"]
            assert isinstance(received, datetime)
            if received <= NOW - timedelta(seconds=duty[1]):
                current[row["record_id"]] = row, duty
        return [left_of(feed, row, duty) for row, duty in current.values() if row["msg_type"] != "cancel"]


PLACES = {"country_iso3": 3, "adm1_pcode": 2, "adm2_pcode": 1}
POSITION = ("latitude", "longitude", "mx", "my", "location_name")
FREE_TEXT = ("title", "item", "channel_org", "implementing_org", "recipient", "metric_case_definition")
COMPARED = (
    *("originator", "msg_type", "start_at", "end_at", "source", "source_org", "geo_precision"),
    *PLACES,
    *POSITION,
    "title",
)
OWN_COMPARED: Mapping[str, tuple[str, ...]] = {
    "incidents": ("report_kind", "verification", "deaths_best", "metric_value", "actor1_code"),
    "deployments": ("presence_kind", "capability", "personnel", "sector_code"),
    "deliveries": ("aid_type", "flow_status", "item", "eta_at", "sector_code", "value_usd"),
}
CLASSES = {"operational": ("personnel", "eta_at"), "protection": ("actor1_code",)}
"""Of the columns compared, those of a field class."""


def left_of(feed: str, row: Row, duty: Duty) -> Row:
    """The columns compared, after what is owed; `id` is the store's own."""
    coarse = COARSENESS[duty[0]]
    left = {name: row.get(name) for name in (*COMPARED, *OWN_COMPARED[feed])}
    left |= {name: None for name, finest in PLACES.items() if coarse > finest}
    if coarse:
        left |= dict.fromkeys({*POSITION, *FREE_TEXT} & left.keys())
        left["geo_precision"] = _precision(int(str(row["geo_precision"])), left)
    for hidden in duty[2]:
        left |= dict.fromkeys(set(CLASSES.get(hidden, ())) & left.keys())
    return left | {"id": row["record_id"]}


def _precision(before: int, left: Row) -> int:
    """The area that is left: a district, a province, the country, or nothing."""
    if left["adm2_pcode"] and before in (1, 2, 3, 5):
        return 3
    if left["adm1_pcode"] and before in (1, 2, 3, 4, 5):
        return 4
    return 6 if left["country_iso3"] and before else 0


# --- the product before the same rows ---------------------------------------------------------------------


def _regions() -> RegionIndex:
    def area(code: str, level: int, parent: str | None, west: float) -> Row:
        box = shapely.box(west, 18, west + 1, 20)
        edges = dict(zip(("xmin", "ymin", "xmax", "ymax"), box.bounds, strict=True))
        return {
            "code": code,
            "version": datetime(2026, 1, 1, tzinfo=UTC).date(),
            "level": level,
            "name": f"Region {code}",
            "parent": parent,
            "country_iso3": "XQA",
            "geometry": shapely.to_wkb(box),
            "label_latitude": 19.0,
            "label_longitude": west + 0.5,
            "area_km2": 500.0,
            "bbox": edges,
        }

    rows = [area("XQA", 0, None, -71), area("XQ01", 1, "XQA", -71), area("XQ0101", 2, "XQ01", -71)]
    rows.append(area("XQ02", 1, "XQA", -70))
    return RegionIndex.of(pa.Table.from_pylist(rows, schema=LAKE_TABLES["regions"]))


REGIONS = _regions()


class PlainLake:
    """The tables of a lake in memory, and snapshots of them as the store makes them."""

    def __init__(self, data: Data) -> None:
        self._labels = dict(enumerate(data.labels))
        self._connection = Connection(duckdb.connect())
        self._connection.run("SET TimeZone='UTC'")
        self._connection.run("SET threads=1")
        self._connection.run(f"SET disabled_optimizers='{NOT_OPTIMIZED}'")
        self._connection.run("CREATE SCHEMA lake")
        for name in (*FEEDS, "reference"):
            self._connection.run(
                f"CREATE TABLE lake.{name} AS SELECT * FROM incoming",  # noqa: S608 - names of ours
                incoming=data.table(name),
            )
        self._count = 0

    def released_to(self, policy: Policy, viewer: Viewer, purpose: str) -> Released:
        self._count += 1
        key = SnapshotKey(policy_set(policy, viewer, (), NOW, purpose), policy.digest, 1, purpose)
        asking = Asking(viewer, policy, self._labels, REGIONS, b"the same secret", NOW)
        return build_snapshot(self._connection, f"released_{self._count}", key, asking)

    def close(self) -> None:
        self._connection.close()
