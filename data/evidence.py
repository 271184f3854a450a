"""What a decision about one record is made from: for `explain` on the command line, by the operator.

This reads the lake itself and is no door for a screen: no route and no panel imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data.connection import reader_connection
from data.errors import NotReleased
from data.home import Home
from data.labels import Label
from data.lake_tables import label_from_row
from data.release import RecordFacts
from data.reports import withheld_records
from data.schema import DEPLOYMENTS, FEEDS

EVIDENCE = """
SELECT revision, msg_type, label_id, country_iso3, adm1_pcode, adm2_pcode, release_from, release_until,
    label_review_on, received_at, {presence} AS presence_kind,
    greatest(ingested_at, received_at) AS known_from,
    greatest(superseded_at, superseded_received_at) AS known_until
FROM lake.{feed} WHERE record_id = ? ORDER BY revision
"""


@dataclass(frozen=True)
class Evidence:
    """One revision: its number, what it is, its label and the facts that decide beside it.

    It is known from `known_from` until before `known_until` (None: still), in UTC.
    """

    revision: int
    msg_type: str
    label: Label
    facts: RecordFacts
    known_from: datetime
    known_until: datetime | None

    def known_at(self, at: datetime) -> bool:
        """Whether this is what was known at that time."""
        return self.known_from <= at and (self.known_until is None or self.known_until > at)


def known_at(found: Sequence[Evidence], at: datetime) -> Evidence | None:
    """The revision that was known at that time; None when nothing of the record was."""
    return next((one for one in reversed(found) if one.known_at(at)), None)


def is_recalled(found: Sequence[Evidence], shown: Evidence) -> bool:
    """Whether a recall covers this revision: it is then released to nobody, at any knowledge time."""
    return any(one.msg_type == "recall" and one.revision >= shown.revision for one in found)


def evidence(home: Home, record_id: str) -> tuple[Evidence, ...]:
    """All revisions of a record, oldest first. Raises NotReleased when the lake has no such record."""
    if not home.catalog.exists():
        raise NotReleased
    withheld = any(one.record_id == record_id for one in withheld_records(home))
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
                return tuple(_evidence(row | {"withheld": withheld}, feed, labels) for row in rows)
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
        withheld=bool(row["withheld"]),
    )
    return Evidence(
        revision=int(str(row["revision"])),
        msg_type=str(row["msg_type"]),
        label=labels[int(str(row["label_id"]))],
        facts=facts,
        known_from=row["known_from"],  # type: ignore[arg-type]
        known_until=row["known_until"],  # type: ignore[arg-type]
    )
