"""The tables of the lake and their Arrow schemas, and a label as a row of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa

from data.labels import Label
from data.schema import FEEDS, LABEL, REFERENCE, REGIONS, STRING, TIME

SOURCES = pa.schema(
    [
        pa.field("source", STRING, False),
        pa.field("originator", STRING, False),
        pa.field("feed", STRING, False),
        pa.field("recipe", STRING, False),
        pa.field("title", STRING, False),
        pa.field("last_delivery_at", TIME, False),
        pa.field("newest_at", TIME, True),
    ]
)
"""A source: one delivering partner's one recipe. `newest_at`: start of its newest record."""

QUARANTINE = pa.schema(
    [
        pa.field("source", STRING, False),
        pa.field("originator", STRING, False),
        pa.field("file_name", STRING, False),
        pa.field("row_number", pa.int32(), False),
        pa.field("reason", STRING, False),
        pa.field("values", STRING, False),
        pa.field("at", TIME, False),
    ]
)
"""Records held back, with the reason and the row as it came (JSON). For the delivering partner alone."""

FILES_TAKEN = pa.schema(
    [
        pa.field("content_hash", STRING, False),
        pa.field("file_name", STRING, False),
        pa.field("recipe", STRING, False),
        pa.field("source", STRING, False),
        pa.field("originator", STRING, False),
        pa.field("received_at", TIME, False),
        pa.field("read", pa.int32(), False),
        pa.field("new", pa.int32(), False),
        pa.field("revised", pa.int32(), False),
        pa.field("duplicate", pa.int32(), False),
        pa.field("quarantined", pa.int32(), False),
    ]
)
"""One row per file taken: what it held and when it came."""

SUPERSEDED = pa.schema(
    [
        pa.field("record_id", STRING, False),
        pa.field("revision", pa.int32(), False),
        pa.field("superseded_at", TIME, False),
        pa.field("superseded_received_at", TIME, False),
    ]
)

LAKE_TABLES: Mapping[str, pa.Schema] = MappingProxyType(
    {
        **{name: feed.arrow for name, feed in FEEDS.items()},
        "labels": LABEL,
        "regions": REGIONS,
        "reference": REFERENCE,
        "sources": SOURCES,
        "quarantine": QUARANTINE,
        "files_taken": FILES_TAKEN,
    }
)

KNOWLEDGE_END = """
SELECT max(known) FROM (
    SELECT max(ingested_at) AS known FROM lake.incidents
    UNION ALL SELECT max(ingested_at) FROM lake.deployments
    UNION ALL SELECT max(ingested_at) FROM lake.deliveries
)
"""
"""The last `ingested_at` of all feeds."""

LAKE_VERSION = "SELECT coalesce(max(snapshot_id), 0) FROM __ducklake_metadata_lake.ducklake_snapshot"
ALL_LABELS = "SELECT * FROM lake.labels ORDER BY label_id"
ALL_REGIONS = "SELECT * FROM lake.regions ORDER BY level, code, version"

PARTITIONED_BY_LABEL = (*FEEDS, "reference")


def label_from_row(row: Mapping[str, object]) -> Label:
    """A Label from a row of the label table."""
    values = {name: row[name] for name in LABEL.names if name != "label_id"}
    return Label(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})  # type: ignore[arg-type]


def row_from_label(label: Label, label_id: int) -> dict[str, object]:
    """A row of the label table from a Label."""
    row: dict[str, object] = {"label_id": label_id}
    for name in LABEL.names[1:]:
        value = getattr(label, name)
        row[name] = list(value) if isinstance(value, tuple) else value
    return row
