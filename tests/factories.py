"""Small rows for tests: an incident, a deployment, a delivery, with what a test wants to be different."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from data.geography import day_number, mercator
from data.home import Home
from data.labels import Label
from data.lake import Delivery, LakeWriter, Publication, SourceState
from data.lake_tables import QUARANTINE, SUPERSEDED
from data.schema import DELIVERIES, DEPLOYMENTS, FEEDS, INCIDENTS

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
T0 = datetime(2026, 9, 1, tzinfo=UTC)

POLICY = """
[operation]
id = "EX-TEST"
title = "Exercise Test"
kind = "exercise"
from = 2026-08-01T00:00:00Z
until = 2026-09-30T12:00:00Z
marking = "humanitarian"

[policy]
id = "TEST"
version = "1"
levels = ["OPEN", "SENSITIVE"]
categories = ["protection", "personal", "medical"]

[[partner]]
code = "XAA"
name = "Aldara"
kind = "state"
service = "civil"

[[partner]]
code = "XAB"
name = "Borland"
kind = "state"
service = "military"

[[partner]]
code = "XAC"
name = "Cordia Relief"
kind = "ngo"
service = "relief"

[[partner]]
code = "XAD"
name = "Dunmark"
kind = "state"
service = "civil"

[[group]]
code = "XGR"
members = [{ partner = "XAA", from = 2026-01-01T00:00:00Z }, { partner = "XAC", from = 2026-01-01T00:00:00Z }]

[[agreement]]
id = "MULTI"
kind = "multilateral"
parties = ["XAA", "XAB", "XAC"]
feeds = ["incidents", "deployments", "deliveries"]
level = "SENSITIVE"
regions = "all"
from = 2026-01-01T00:00:00Z
until = 2027-01-01T00:00:00Z
geo_level = "exact"
delay = "PT0S"
hide = []
allows = ["screen", "file"]
use = "coordination"
retention = "P1Y"
at_end = "delete"
humanitarian_sites = "adm2"
legal_basis = "test"

[[agreement]]
id = "AD-COARSE"
kind = "bilateral"
parties = ["XAA", "XAD"]
feeds = ["incidents"]
level = "OPEN"
regions = "all"
from = 2026-01-01T00:00:00Z
until = 2027-01-01T00:00:00Z
geo_level = "adm1"
delay = "P2D"
hide = ["operational"]
allows = ["screen"]
use = "coordination"
retention = "P1Y"
at_end = "delete"
humanitarian_sites = "adm2"
legal_basis = "test"

[[persona]]
id = "aldara"
name = "Aldara analyst"
partner = "XAA"
roles = ["analyst"]
clearance = "SENSITIVE"
categories = ["protection"]
regions = "all"

[[persona]]
id = "borland"
name = "Borland commander"
partner = "XAB"
roles = ["viewer"]
clearance = "SENSITIVE"
categories = []
regions = "all"

[[persona]]
id = "cordia"
name = "Cordia viewer"
partner = "XAC"
roles = ["viewer"]
clearance = "OPEN"
categories = []
regions = ["XQ01"]

[[persona]]
id = "dunmark"
name = "Dunmark viewer"
partner = "XAD"
roles = ["viewer"]
clearance = "OPEN"
categories = []
regions = "all"
"""

OPEN_TO_ALL = Label("XAA", "TEST", "OPEN", ("PUBLIC",))

FEED_DEFAULTS: Mapping[str, dict[str, object]] = {
    INCIDENTS: {
        "incident_type": "flood",
        "report_kind": "event",
        "cap_category": "Met",
        "further_figures": [],
        "verification": "unverified",
        "related_ids": [],
    },
    DEPLOYMENTS: {
        "contributor": "XAA",
        "org_name": "Aldara Engineers",
        "role": "implementing",
        "presence_kind": "military",
        "activity_type": "engineering",
        "capability": "engineer",
        "deployment_status": "active",
        "equipment": [],
        "reference_period_start": T0.date(),
    },
    DELIVERIES: {
        "line_no": 1,
        "donor_name": "Aldara",
        "donor": "XAA",
        "flow_status": "delivered",
        "aid_type": "in_kind",
    },
}


def a_row(feed: str, number: int = 1, **changes: object) -> dict[str, object]:
    """One revision as a full row of `feed`; `label` (index) and times may be changed like any column."""
    lon = float(str(changes.get("longitude") or -70.0))
    lat = float(str(changes.get("latitude") or 19.0))
    mx, my = mercator(lon, lat)
    start = changes.get("start_at", T0 + timedelta(days=number % 20))
    row: dict[str, object] = dict.fromkeys(FEEDS[feed].by_name)
    row |= {
        "label_created_at": changes.get("received_at", start),
        "record_id": f"XAA:test:{number}",
        "revision": 1,
        "msg_type": "new",
        "status": "exercise",
        "title": f"Record {number}",
        "start_at": start,
        "time_precision": 1,
        "day": day_number(start),  # type: ignore[arg-type]
        "country_iso3": "XQQ",
        "adm1_pcode": "XQ01",
        "adm2_pcode": "XQ0101",
        "geo_precision": 1,
        "latitude": lat,
        "longitude": lon,
        "mx": mx,
        "my": my,
        "source_org": "Aldara",
        "source": "test",
        "originator": "XAA",
        "ingested_at": start,
        "received_at": start,
        "label_id": 0,
        "content_hash": f"hash-{number}",
    }
    return row | FEED_DEFAULTS[feed] | changes


def a_table(feed: str, rows: Iterable[Mapping[str, object]]) -> pa.Table:
    """Rows as an Arrow table of the feed."""
    return pa.Table.from_pylist(list(rows), schema=FEEDS[feed].arrow)


def a_home(path: Path, policy: str = POLICY) -> Home:
    """A home with a policy in a folder of the test."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "policy.toml").write_text(policy, encoding="utf-8")
    return Home(path)


def a_publication(
    feed: str, rows: Iterable[Mapping[str, object]], labels: tuple[Label, ...] = (OPEN_TO_ALL,)
) -> Publication:
    """Everything of one delivery of these rows; all of one source, nothing superseded beyond the rows."""
    table = a_table(feed, rows)
    return Publication(
        feed=feed,
        rows=table,
        labels=labels,
        superseded=SUPERSEDED.empty_table(),
        source=SourceState("test", "XAA", feed, "test", "Test feed", NOW),
        quarantined=QUARANTINE.empty_table(),
        delivery=Delivery(
            "0" * 64, "test.csv", "test", "test", "XAA", NOW, table.num_rows, table.num_rows, 0, 0, 0
        ),
    )


def publish(home: Home, *publications: Publication) -> None:
    """Commit to the home's lake."""
    with LakeWriter(home) as lake:
        lake.publish(*publications)
