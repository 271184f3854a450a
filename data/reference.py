"""Reference layers beside the feeds (hazard, ports, airfields, areas of responsibility): drawn, never
counted, through the same gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import pyarrow as pa

from data.errors import NotReleased
from data.filters import Filter
from data.released import Released
from data.schema import STRING, TIME

LAYER_OF_KIND: Mapping[str, str] = MappingProxyType(
    {
        "port": "ports",
        "airfield": "airfields",
        "responsibility": "responsibility",
        "track": "hazard",
        "track_point": "hazard",
        "wind_swath": "hazard",
        "cone": "hazard",
    }
)
"""The kinds of features that can be loaded, and the layer that draws each."""

LAYERS = tuple(dict.fromkeys(LAYER_OF_KIND.values()))

SHOWN = pa.schema(
    [
        ("reference_id", STRING),
        ("layer", STRING),
        ("kind", STRING),
        ("name", STRING),
        ("valid_at", TIME),
        ("valid_from", TIME),
        ("valid_until", TIME),
        ("geometry", pa.binary()),
        ("attributes", STRING),
        ("source_org", STRING),
        ("originator", STRING),
        ("label_id", pa.int16()),
        ("agreements", pa.list_(STRING)),
        ("known_from", TIME),
    ]
)


def shown_table(rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Released rows of the lake's reference table, each with its originator and the agreements that release
    it, as a snapshot keeps them."""
    kept = [
        {name: row[name] for name in SHOWN.names if name != "known_from"}
        | {"known_from": max(row["ingested_at"], row["received_at"])}  # type: ignore[call-overload]
        for row in rows
    ]
    return pa.Table.from_pylist(kept, schema=SHOWN)


def reference(released: Released, asked: Filter, layer: str) -> tuple[Mapping[str, object], ...]:
    """The features of one reference layer (columns of SHOWN) known at the filter's time and of its period.

    A feature that states no time holds at every time.
    """
    found = released.ask(
        "SELECT * EXCLUDE (label_id) FROM released.reference WHERE layer = ? AND known_from <= ?"
        " ORDER BY reference_id",
        (layer, released.content_at(asked)),
    )
    return tuple(row for row in found.to_pylist() if _in_period(row, asked))


def reference_details(released: Released, reference_id: str, asked: Filter) -> Mapping[str, object]:
    """Everything released of one feature, as known at the filter's time. Raises NotReleased."""
    found = released.ask(
        "SELECT * FROM released.reference WHERE reference_id = ? AND known_from <= ?",
        (reference_id, released.content_at(asked)),
    ).to_pylist()
    if not found:
        raise NotReleased
    row: Mapping[str, object] = found[0]
    return row


def _in_period(row: Mapping[str, datetime | None], asked: Filter) -> bool:
    at, begins, ends = row["valid_at"], row["valid_from"], row["valid_until"]
    if at is not None and not (
        (asked.start is None or at >= asked.start) and (asked.end is None or at < asked.end)
    ):
        return False
    if begins is not None and asked.end is not None and begins >= asked.end:
        return False
    return ends is None or asked.start is None or ends > asked.start
