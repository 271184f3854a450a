"""New labels as revisions of their records: content, dates and kind stay, only the label is another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.feeds.publication import Lake
from data.feeds.revision import WITHDRAWN
from data.labels import Label, label_hash
from data.lake import Publication
from data.lake_tables import QUARANTINE, SUPERSEDED
from data.schema import FEED_NAMES, FEEDS


def relabel_into(lake: Lake, labels: Mapping[str, Label], now: datetime | None) -> int:
    """Give records (by id) other labels, all in one transaction; the number of revisions written.

    `now`: when the label was received. None in a replay, whose clock may stand before any delay is over: a
    revision is dated there like the one that it follows.
    """
    publications = []
    for feed in FEED_NAMES if labels else ():
        rows = lake.newest_rows(feed)
        rows = rows.filter(pc.is_in(rows.column("record_id"), pa.array(list(labels), pa.string())))
        if rows.num_rows:
            publications.append(_publication(rows.cast(FEEDS[feed].arrow), feed, labels, now))
    if publications:
        lake.publish(*publications)
    return sum(publication.rows.num_rows for publication in publications)


def _publication(rows: pa.Table, feed: str, labels: Mapping[str, Label], now: datetime | None) -> Publication:
    said = rows.select(
        ["record_id", "revision", "msg_type", "ingested_at", "received_at", "content_hash"]
    ).to_pydict()
    received = [max(now, at) if now else at for at in said["received_at"]]
    distinct = tuple(dict.fromkeys(labels[record] for record in said["record_id"]))
    numbers = {label: number for number, label in enumerate(distinct)}
    bound = zip(said["record_id"], said["content_hash"], strict=True)
    own: dict[str, list[Any]] = {
        "revision": [number + 1 for number in said["revision"]],
        "msg_type": [kind if kind in WITHDRAWN else "update" for kind in said["msg_type"]],
        "received_at": received,
        "label_created_at": received,
        "label_id": [numbers[labels[record]] for record in said["record_id"]],
        "label_hash": [label_hash(labels[record], content, record) for record, content in bound],
    }
    table = rows
    for name, values in own.items():
        field = table.schema.field(name)
        table = table.set_column(table.schema.get_field_index(name), field, pa.array(values, field.type))
    past = [said["record_id"], said["revision"], said["ingested_at"], received]
    return Publication(
        feed=feed,
        rows=table.combine_chunks(),
        labels=distinct,
        superseded=pa.table(past, schema=SUPERSEDED),
        source=None,
        quarantined=QUARANTINE.empty_table(),
        delivery=None,
    )
