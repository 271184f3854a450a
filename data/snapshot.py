"""Making a Released: decide, transform, and only then keep rows that questions may be asked of.

The decision is `data.release.decide_record`, one pure function. It hangs on few things of a row (its
label, its release times against now, its region where somebody is bound to regions, its kind of
presence), so rows are put into classes by these, the function decides each pair of classes (the
revision shown, the newest revision), and the rows follow by an equality join. SQL decides nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import pyarrow as pa

from data.labels import GEO_LEVELS, Label, cut_for
from data.policy import Policy
from data.reference import shown_table
from data.regions_shown import RegionIndex
from data.release import Decision, RecordFacts, decide_record
from data.released import Asks, Released, SnapshotKey
from data.schema import DEPLOYMENTS, FEEDS, INCIDENTS, TIME, column_names
from data.snapshot_sql import CLASSES, DIGEST, FIGURES, KEEP, NEXT_CHANGE, PAIRS, REFERENCE_DIGEST
from data.transform import released_columns, released_value
from data.viewer import Viewer

HOT_CORE = column_names(
    "record_id msg_type title start_at end_at time_precision day valid_until country_iso3 adm1_pcode"
    " adm2_pcode pcode_valid_from location_name latitude longitude mx my geo_precision source source_org"
    " source_grade originator"
)
HOT_OWN: Mapping[str, tuple[str, ...]] = {
    "incidents": column_names(
        "incident_type report_kind verification severity deaths_best injured displaced affected actor1_code"
        " actor2_code metric metric_value metric_unit metric_period metric_adds_over_time"
        " metric_adds_over_area further_figures"
    ),
    "deployments": column_names(
        "presence_kind capability contributor org_code org_name role sector_code deployment_status"
        " activity_type personnel capacity capacity_unit"
    ),
    "deliveries": column_names(
        "donor donor_name channel_code channel_org implementing_code implementing_org recipient_code"
        " recipient flow_status aid_type sector_code item_category item quantity unit weight_kg value_usd"
        " eta_at arrived_at"
    ),
}
HOT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {feed: (*HOT_CORE, *own) for feed, own in HOT_OWN.items()}
)
"""The columns that questions of the page need; the rest of a record is read from the lake one record at a
time, through the same transformation."""

UNSEEN = frozenset(column_names("record_id revision msg_type received_at day label_created_at label_hash"))
LIVE = "CASE WHEN t.msg_type IN ('new', 'update') THEN 'live' ELSE t.msg_type END"
"""By these alone two revisions are not two for whoever sees nothing else change: `day` follows from the
start, and a correction is told by what it corrects."""

GRANT = pa.schema(
    [
        ("own_class", pa.string()),
        ("newest_class", pa.string()),
        ("g_geo", pa.int8()),
        ("g_operational", pa.bool_()),
        ("g_protection", pa.bool_()),
        ("g_personal", pa.bool_()),
        ("g_received_before", TIME),
        ("g_agreements", pa.list_(pa.string())),
        ("g_label", pa.string()),
    ]
)


@dataclass(frozen=True)
class Asking:
    """Who asks, when, and by which policy; the labels, regions and secret of the home."""

    viewer: Viewer
    policy: Policy
    labels: Mapping[int, Label]
    regions: RegionIndex
    secret: bytes
    now: datetime


@dataclass(frozen=True)
class _Making:
    """What the steps of one snapshot share."""

    connection: Asks
    name: str
    purpose: str
    asking: Asking

    def sql(self, template: str, feed: str = "", **parts: str) -> str:
        return template.format(name=self.name, feed=feed, **parts)


def build_snapshot(connection: Asks, name: str, key: SnapshotKey, asking: Asking) -> Released:
    """Decide and transform every feed for one viewer into tables in memory; give the door to them."""
    making = _Making(connection, name, key.purpose, asking)
    now, policy = asking.now, asking.policy
    connection.run(f"CREATE SCHEMA {name}")
    changes = [policy.next_change_after(now)]
    digests = [key.policy_set.digest]
    for feed in FEEDS:
        grants = _grants(making, feed)
        _keep(making, feed, grants)
        changes.append(_next_change(making, feed, grants))
        connection.run(f"DROP TABLE {name}.classes_{feed}")
        digests.append(repr(connection.table(making.sql(DIGEST, feed)).to_pylist()[0]))
    connection.run(making.sql(FIGURES))
    changes.append(_reference(making))
    _region_points(making)
    digests.append(repr(connection.table(making.sql(REFERENCE_DIGEST)).to_pylist()))
    ahead = [change for change in changes if change is not None]
    return Released(
        key=key,
        name=name,
        version=hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16],
        viewer=asking.viewer,
        policy=policy,
        labels=asking.labels,
        regions=asking.regions,
        now=now,
        built_at=now,
        holds_until=min(ahead, default=None),
        _connection=connection,
    )


def _grants(making: _Making, feed: str) -> pa.Table:
    presence = "coalesce(presence_kind, '')" if feed == DEPLOYMENTS else "''"
    codes = sorted(binding_regions(making.asking.policy, making.asking.viewer))
    making.connection.run(
        making.sql(CLASSES, feed, presence=presence), (making.asking.now, making.asking.now.date(), codes)
    )
    pairs = making.connection.table(making.sql(PAIRS, feed)).to_pylist()
    facts = {row["own_class"]: _facts(row, feed, making.asking.now) for row in pairs}
    granted = [_grant(making, row, facts, pairs_label(pairs)) for row in pairs]
    return pa.Table.from_pylist([row for row in granted if row], schema=GRANT)


def pairs_label(pairs: Sequence[Mapping[str, object]]) -> dict[str, int]:
    """The label of each class. Every revision is in the table, so a newest class is an own class too."""
    return {str(row["own_class"]): int(str(row["label_id"])) for row in pairs}


def _grant(
    making: _Making, row: Mapping[str, object], facts: Mapping[str, RecordFacts], label_of: Mapping[str, int]
) -> dict[str, object] | None:
    own, newest = str(row["own_class"]), str(row["newest_class"])
    if newest not in facts:
        return None
    decision = decide_record(
        making.asking.policy,
        making.asking.viewer,
        (making.asking.labels[label_of[own]], facts[own]),
        (making.asking.labels[label_of[newest]], facts[newest]),
        making.asking.now,
        making.purpose,
    )
    if not decision.permit:
        return None
    duty = decision.obligations
    return {
        "own_class": own,
        "newest_class": newest,
        "g_geo": GEO_LEVELS.index(duty.geo_level),
        "g_operational": "operational" in duty.hide,
        "g_protection": "protection" in duty.hide,
        "g_personal": "personal" in duty.hide,
        "g_received_before": making.asking.now - duty.delay,
        "g_agreements": list(decision.agreements),
        "g_label": repr(
            cut_for(
                making.asking.labels[label_of[own]],
                making.asking.policy,
                making.asking.viewer,
                making.asking.now,
            )
        ),
    }


def _facts(row: Mapping[str, object], feed: str, now: datetime) -> RecordFacts:
    """Stands for every record of a class: its times say only before or after now, as the class does."""
    places = str(row["places"])
    return RecordFacts(
        feed=feed,
        regions=frozenset(places.split(",")) if places else frozenset(),
        release_from=now + timedelta(seconds=1) if row["not_yet"] else None,
        release_until=now if row["over"] else None,
        label_review_on=now.date() - timedelta(days=1) if row["past_review"] else None,
        received_at=now,
        presence_kind=str(row["presence_kind"]) or None,
    )


def binding_regions(policy: Policy, viewer: Viewer) -> frozenset[str]:
    """The region codes that a decision for this viewer can hang on."""
    codes: set[str] = set()
    for identity in viewer.identities:
        codes.update(identity.regions or ())
    for each in policy.whole:
        for agreement in each.agreements:
            codes.update(agreement.regions or ())
    return frozenset(codes)


def _keep(making: _Making, feed: str, grants: pa.Table) -> None:
    by_name = FEEDS[feed].by_name
    columns = ", ".join(f"{released_value(by_name[c])} AS {c}" for c in HOT[feed])
    seen = ", ".join([LIVE, *(released_value(c) for c in released_columns(feed) if c.name not in UNSEEN)])
    own = sorted(making.asking.viewer.partners) if len(making.asking.viewer.partners) == 1 else []
    labels = sorted({int(str(c).split("|", 1)[0]) for c in grants.column("own_class").to_pylist()})
    salt, now = hashlib.sha256(making.asking.secret).hexdigest(), making.asking.now
    making.connection.run(
        making.sql(KEEP, feed, columns=columns, seen=seen),
        (now, own, labels, now, salt, now),
        incoming=grants,
    )


def _next_change(making: _Making, feed: str, grants: pa.Table) -> datetime | None:
    times = (making.asking.now,) * 6
    answer = making.connection.table(making.sql(NEXT_CHANGE, feed), times, incoming=grants)
    change: datetime | None = answer.column(0).to_pylist()[0]
    return change


def _region_points(making: _Making) -> None:
    """Where the symbol of each region stands, for questions about places."""
    regions = making.asking.regions.by_code.values()
    points = pa.table(
        {
            "code": pa.array([region.code for region in regions], pa.string()),
            "longitude": pa.array([region.label_longitude for region in regions], pa.float64()),
            "latitude": pa.array([region.label_latitude for region in regions], pa.float64()),
        }
    )
    making.connection.run(
        making.sql("CREATE TABLE {name}.region_points AS SELECT * FROM incoming"), incoming=points
    )


def _reference(making: _Making) -> datetime | None:
    """Keep the reference layers released to the viewer; give the next time at which a delay runs out."""
    rows = making.connection.table("SELECT * FROM lake.reference ORDER BY reference_id").to_pylist()
    decided = [(row, _decided(making, row)) for row in rows]
    exact = [(row, d) for row, d in decided if d.permit and d.obligations.geo_level == "exact"]
    now = making.asking.now
    shown = [(row, d) for row, d in exact if row["received_at"] <= now - d.obligations.delay]
    table = shown_table([{**row, **_whose(making, row, decision)} for row, decision in shown])
    making.connection.run(
        making.sql("CREATE TABLE {name}.reference AS SELECT * FROM incoming"), incoming=table
    )
    return min(
        (row["received_at"] + d.obligations.delay for row, d in exact if (row, d) not in shown), default=None
    )


def _whose(making: _Making, row: Mapping[str, object], decision: Decision) -> dict[str, object]:
    label = making.asking.labels[int(str(row["label_id"]))]
    return {"originator": label.originator, "agreements": list(decision.agreements)}


def _decided(making: _Making, row: Mapping[str, object]) -> Decision:
    """A reference layer has a label and nothing else to decide by; an agreement covers it as an incident."""
    whole = (
        making.asking.labels[int(str(row["label_id"]))],
        RecordFacts(INCIDENTS, received_at=making.asking.now),
    )
    return decide_record(
        making.asking.policy, making.asking.viewer, whole, whole, making.asking.now, making.purpose
    )
