"""Making a Released: decide, transform, and only then keep rows that questions may be asked of.

Where an earlier snapshot under the same rules is there, the records that changed since are decided, and the
rest is as it was: a record's rows alone decide what becomes of it.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import pyarrow as pa

from data.released import Released, SnapshotKey
from data.released_tables import RELATIONS, Asks, Tables
from data.schema import FEEDS, INCIDENTS, column_names
from data.snapshot_beside import keep_reference, keep_region_points
from data.snapshot_grants import grants_of
from data.snapshot_making import Asking, Making
from data.snapshot_sql import (
    DIGEST,
    FIGURES,
    KEEP,
    MERGE,
    NEXT_CHANGE,
    REFERENCE_DIGEST,
    ROWS,
)
from data.transform import released_columns, released_value

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

REFERENCE = "reference"
UNSEEN = frozenset(column_names("record_id revision msg_type received_at day label_created_at label_hash"))
LIVE = "CASE WHEN t.msg_type IN ('new', 'update') THEN 'live' ELSE t.msg_type END"
"""By these alone two revisions are not two for whoever sees nothing else change: `day` follows from the
start, and a correction is told by what it corrects."""


@dataclass(frozen=True)
class Since:
    """An earlier snapshot under the same rules that holds now, and by feed the records that changed since.

    Regions and reference layers are the same as then.
    """

    before: Released
    changed: Mapping[str, pa.Table]


def build_snapshot(
    connection: Asks,
    name: str,
    key: SnapshotKey,
    asking: Asking,
    since: Since | None = None,
    freed: deque[str] | None = None,
) -> Released:
    """Decide and transform every feed for one viewer into tables in memory; give the door to them.

    With `since` the few records that changed alone are decided, and the rest is as it was. `freed`: where
    the name of the snapshot's schema goes when nobody can ask of it any more.
    """
    making = Making(connection, name, key.purpose, asking, since.changed if since else {})
    connection.run(f"CREATE SCHEMA {name}")
    if since is None:
        digests, changes = _whole(making)
        same: list[str] = []
    else:
        same, digests, changes = _changed(making, since)
    changes.append(asking.policy.next_change_after(asking.now))
    tables = Tables.of(connection, name, deque() if freed is None else freed)
    said = [key.policy_set.digest, *(digests[feed] for feed in (*FEEDS, REFERENCE))]
    return Released(
        key=key,
        name=name,
        version=hashlib.sha256("\n".join(said).encode()).hexdigest()[:16],
        viewer=asking.viewer,
        policy=asking.policy,
        labels=asking.labels,
        regions=asking.regions,
        now=asking.now,
        built_at=asking.now,
        holds_until=min((change for change in changes if change is not None), default=None),
        tables=tables.sharing(since.before.tables, same) if since else tables,
        digests=digests,
    )


Changes = list[datetime | None]
"""When something would be decided otherwise."""


def _whole(making: Making) -> tuple[dict[str, str], Changes]:
    """Every record of every feed: digests by what they are of."""
    digests: dict[str, str] = {}
    changes: Changes = []
    for feed in FEEDS:
        changes.append(_decided_feed(making, feed, feed))
        digests[feed] = _digest(making, feed)
    making.connection.run(making.sql(FIGURES))
    changes.append(keep_reference(making))
    keep_region_points(making)
    digests[REFERENCE] = repr(making.connection.table(making.sql(REFERENCE_DIGEST)).to_pylist())
    return digests, changes


def _changed(making: Making, since: Since) -> tuple[list[str], dict[str, str], Changes]:
    """The records that changed, beside those that did not; and which relations are as they were."""
    connection, before = making.connection, since.before
    digests, changes = dict(before.digests), [before.holds_until]
    for feed, records in since.changed.items():
        connection.run(making.sql(ROWS, feed), incoming=records)
        changes.append(_decided_feed(making, feed, f"fresh_{feed}"))
        connection.run(making.sql(MERGE, feed, before=before.tables.names[feed]), incoming=records)
        connection.run(f"DROP TABLE {making.name}.fresh_{feed}")
        connection.run(f"DROP TABLE {making.name}.rows_{feed}")
        digests[feed] = _digest(making, feed)
    other = {*since.changed, *(["figures"] if INCIDENTS in since.changed else [])}
    if INCIDENTS in since.changed:
        connection.run(making.sql(FIGURES))
    return [name for name in RELATIONS if name not in other], digests, changes


def _decided_feed(making: Making, feed: str, table: str) -> datetime | None:
    """Decide a feed's records into a table; when one of them would be decided otherwise."""
    grants = grants_of(making, feed)
    _keep(making, feed, grants, table)
    change = _next_change(making, feed, grants)
    making.connection.run(f"DROP TABLE {making.name}.classes_{feed}")
    return change


def _digest(making: Making, feed: str) -> str:
    return repr(making.connection.table(making.sql(DIGEST, feed)).to_pylist()[0])


def _keep(making: Making, feed: str, grants: pa.Table, table: str) -> None:
    by_name = FEEDS[feed].by_name
    columns = ", ".join(f"{released_value(by_name[c])} AS {c}" for c in HOT[feed])
    seen = ", ".join([LIVE, *(released_value(c) for c in released_columns(feed) if c.name not in UNSEEN)])
    own = sorted(making.asking.viewer.partners) if len(making.asking.viewer.partners) == 1 else []
    labels = sorted({int(str(c).split("|", 1)[0]) for c in grants.column("own_class").to_pylist()})
    salt, now = hashlib.sha256(making.asking.secret).hexdigest(), making.asking.now
    making.connection.run(
        making.sql(KEEP, feed, columns=columns, seen=seen, table=table),
        (now, own, labels, now, salt, now),
        incoming=grants,
    )


def _next_change(making: Making, feed: str, grants: pa.Table) -> datetime | None:
    times = (making.asking.now,) * 6
    answer = making.connection.table(making.sql(NEXT_CHANGE, feed), times, incoming=grants)
    change: datetime | None = answer.column(0).to_pylist()[0]
    return change
