"""What a partner said of a record, as one hash: two deliveries with the same hash say the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from data.feeds.revision import WITHDRAWN
from data.schema import RECORD_LABEL

WINDOW = frozenset(("release_from", "release_until", "label_review_on"))
NOT_CONTENT = frozenset(
    [
        "record_id",
        "revision",
        "msg_type",
        "operation",
        "ingested_at",
        "received_at",
        "superseded_at",
        "superseded_received_at",
        "day",
        "country_iso3",
        "adm1_pcode",
        "adm2_pcode",
        "adm1_name",
        "adm2_name",
        "pcode_match",
        "pcode_valid_from",
        "geo_precision",
        "geometry",
        "bbox",
        "mx",
        "my",
        "source",
        "content_hash",
    ]
) | ({column.name for column in RECORD_LABEL} - WINDOW)
"""Clocks, the revision, the label, and what we found out ourselves: which region a place is (loading regions
makes revisions, but the partner's word is the same) and what is computed from the rest. The record's own
release window is content, so that another window is another revision."""


def content_hashes(
    values: Mapping[str, Sequence[object]], rows: int, leave_out: Collection[str]
) -> list[str]:
    """SHA-256 of canonical JSON (sorted names, nulls left out) of each row's content.

    Of a record that is taken back by its own words, another than that of the same content that stands.
    """
    names = sorted(set(values) - NOT_CONTENT - set(leave_out))
    dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
    columns = zip(*(values[name] for name in names), strict=True) if names else iter([()] * rows)
    taken_back = [word if word in WITHDRAWN else None for word in values.get("msg_type", [None] * rows)]
    return [
        _digest(
            {
                name: value
                for name, value in zip((*names, "msg_type"), (*row, back), strict=True)
                if value is not None
            },
            dumps,
        )
        for row, back in zip(columns, taken_back, strict=True)
    ]


def _digest(content: dict[str, object], dumps: Callable[[object], str]) -> str:
    return hashlib.sha256(dumps(content).encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(type(value).__name__)
