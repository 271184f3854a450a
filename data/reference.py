"""Reference layers beside the feeds (hazard track and cone): drawn, never counted, through the same gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from data.filters import Filter
from data.released import Released
from data.schema import STRING, TIME

SHOWN = pa.schema(
    [
        ("reference_id", STRING),
        ("layer", STRING),
        ("kind", STRING),
        ("name", STRING),
        ("valid_at", TIME),
        ("geometry", pa.binary()),
        ("attributes", STRING),
        ("source_org", STRING),
        ("label_id", pa.int16()),
        ("known_from", TIME),
    ]
)


def shown_table(rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Released rows of the lake's reference table, as a snapshot keeps them."""
    kept = [
        {name: row[name] for name in SHOWN.names if name != "known_from"}
        | {"known_from": max(row["ingested_at"], row["received_at"])}  # type: ignore[call-overload]
        for row in rows
    ]
    return pa.Table.from_pylist(kept, schema=SHOWN)


def reference(released: Released, asked: Filter, layer: str) -> tuple[Mapping[str, object], ...]:
    """The features of one reference layer (columns of SHOWN) known at the filter's time and of its period.

    A feature that holds at no time of its own holds at every time.
    """
    found = released.ask(
        "SELECT * EXCLUDE (label_id) FROM released.reference WHERE layer = ? AND known_from <= ?"
        " ORDER BY reference_id",
        (layer, released.content_at(asked)),
    )
    return tuple(row for row in found.to_pylist() if _in_period(row["valid_at"], asked))


def _in_period(at: datetime | None, asked: Filter) -> bool:
    if at is None:
        return True
    return (asked.start is None or at >= asked.start) and (asked.end is None or at < asked.end)
