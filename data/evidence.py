"""What a decision about one record is made from: for `explain` on the command line, by the operator.

This reads the lake itself and is no door for a screen: no route and no panel imports it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.errors import NotReleased
from data.home import Home
from data.labels import Label
from data.lake_tables import label_from_row
from data.release import RecordFacts
from data.schema import DEPLOYMENTS, FEEDS
from data.store import reader_connection

EVIDENCE = """
SELECT revision, msg_type, label_id, country_iso3, adm1_pcode, adm2_pcode, release_from, release_until,
    label_review_on, received_at, {presence} AS presence_kind
FROM lake.{feed} WHERE record_id = ? ORDER BY revision
"""


@dataclass(frozen=True)
class Evidence:
    """One revision: its number, what it is, its label and the facts that decide beside it."""

    revision: int
    msg_type: str
    label: Label
    facts: RecordFacts


def evidence(home: Home, record_id: str) -> tuple[Evidence, ...]:
    """All revisions of a record, oldest first. Raises NotReleased when the lake has no such record."""
    lake = reader_connection(home)
    try:
        labels = {
            row["label_id"]: label_from_row(row)
            for row in lake.table("SELECT * FROM lake.labels").to_pylist()
        }
        for feed in FEEDS:
            presence = "presence_kind" if feed == DEPLOYMENTS else "NULL"
            rows = lake.table(EVIDENCE.format(feed=feed, presence=presence), (record_id,)).to_pylist()
            if rows:
                return tuple(_evidence(row, feed, labels) for row in rows)
    finally:
        lake.close()
    raise NotReleased


def _evidence(row: dict[str, object], feed: str, labels: dict[int, Label]) -> Evidence:
    places = (row["country_iso3"], row["adm1_pcode"], row["adm2_pcode"])
    received = row["received_at"]
    facts = RecordFacts(
        feed=feed,
        regions=frozenset(str(place) for place in places if place),
        release_from=row["release_from"],  # type: ignore[arg-type]
        release_until=row["release_until"],  # type: ignore[arg-type]
        label_review_on=row["label_review_on"],  # type: ignore[arg-type]
        received_at=received if isinstance(received, datetime) else None,
        presence_kind=str(row["presence_kind"]) if row["presence_kind"] else None,
    )
    return Evidence(int(str(row["revision"])), str(row["msg_type"]), labels[int(str(row["label_id"]))], facts)
