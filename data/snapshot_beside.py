"""What stands beside the feeds in a snapshot: reference layers, decided one by one, and points of regions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa

from data.reference import shown_table
from data.release import Decision, RecordFacts, decide_record
from data.schema import INCIDENTS
from data.snapshot_making import Making


def keep_region_points(making: Making) -> None:
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


def keep_reference(making: Making) -> datetime | None:
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


def _whose(making: Making, row: Mapping[str, object], decision: Decision) -> dict[str, object]:
    label = making.asking.labels[int(str(row["label_id"]))]
    return {"originator": label.originator, "agreements": list(decision.agreements)}


def _decided(making: Making, row: Mapping[str, object]) -> Decision:
    """A reference layer has a label and nothing else to decide by; an agreement covers it as an incident."""
    whole = (
        making.asking.labels[int(str(row["label_id"]))],
        RecordFacts(INCIDENTS, received_at=making.asking.now),
    )
    return decide_record(
        making.asking.policy, making.asking.viewer, whole, whole, making.asking.now, making.purpose
    )
