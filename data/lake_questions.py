"""What whoever writes the lake asks of it before: of the state that it has while the writer holds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from data.connection import Connection
from data.errors import HomeError
from data.labels import Label
from data.lake_tables import KNOWLEDGE_END, LAKE_TABLES, label_from_row
from data.schema import FEEDS


class LakeQuestions:
    """The questions of a writer; `_connection` is its own while it is entered."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._labels: dict[int, Label] | None = None

    @property
    def _lake(self) -> Connection:
        if self._connection is None:
            raise HomeError("The lake is not open for writing.", "Use LakeWriter in a with statement.")
        return self._connection

    def newest_rows(
        self, feed: str, originator: str = "", source: str = "", ids: Sequence[str] | None = None
    ) -> pa.Table:
        """The newest revisions with all columns; of every source when none is named, of these ids alone."""
        where = " AND originator = ? AND source = ?" if source else ""
        only, among = _among(ids)
        names = ", ".join(FEEDS[feed].by_name)
        return self._lake.table(
            f"SELECT {names} FROM lake.{known_table(feed)} WHERE superseded_at IS NULL{where}{only}",  # noqa: S608
            (originator, source) if source else (),
            **among,
        )

    def revisions(
        self, feed: str, originator: str, source: str, ids: Sequence[str] | None = None
    ) -> pa.Table:
        """record_id, content_hash, label_id and ingested_at of every revision of one source, or of these."""
        only, among = _among(ids)
        return self._lake.table(
            f"SELECT record_id, content_hash, label_id, ingested_at FROM lake.{known_table(feed)}"  # noqa: S608
            f" WHERE originator = ? AND source = ?{only} ORDER BY record_id, revision",
            (originator, source),
            **among,
        )

    def reached(self, feed: str, originator: str, source: str) -> tuple[datetime | None, datetime | None]:
        """Of the newest revisions of a source the latest `start_at` and the latest `received_at`."""
        found = self._lake.table(
            f"SELECT max(start_at) AS start_at, max(received_at) AS received_at FROM lake.{known_table(feed)}"  # noqa: S608
            " WHERE superseded_at IS NULL AND originator = ? AND source = ?",
            (originator, source),
        ).to_pylist()[0]
        return found["start_at"], found["received_at"]

    def label(self, label_id: int) -> Label:
        """The label of a stored row."""
        return self.labels()[label_id]

    def labels(self) -> dict[int, Label]:
        """Every distinct label, by the number that rows have."""
        if self._labels is None:
            rows = self._lake.table("SELECT * FROM lake.labels").to_pylist()
            self._labels = {row["label_id"]: label_from_row(row) for row in rows}
        return dict(self._labels)

    def deliveries(self, source: str, originator: str = "") -> list[str]:
        """Content hashes of the files already taken from a source, or of one originator of it."""
        sql = "SELECT content_hash FROM lake.files_taken WHERE source = $1 AND $2 IN ('', originator)"
        rows = self._lake.rows(sql, (source, originator))
        return [str(row[0]) for row in rows]

    def was_taken(self, content_hash: str, source: str, originator: str = "") -> bool:
        """Whether this very file was taken before from a source, or of one originator of it."""
        sql = (
            "SELECT count(*) FROM lake.files_taken"
            " WHERE content_hash = $1 AND source = $2 AND $3 IN ('', originator)"
        )
        return bool(self._lake.rows(sql, (content_hash, source, originator))[0][0])

    def regions(self) -> pa.Table:
        """All regions loaded, of every version."""
        return self._lake.table("SELECT * FROM lake.regions ORDER BY level, code, version")

    def knowledge_ends_at(self) -> datetime | None:
        """The last `ingested_at` of all feeds: where a replay's clock stands. None in an empty lake."""
        value = self._lake.rows(KNOWLEDGE_END)[0][0]
        return value if isinstance(value, datetime) else None


def _among(ids: Sequence[str] | None) -> tuple[str, dict[str, pa.Table]]:
    """What a question says of ids, and the table that it names then."""
    if ids is None:
        return "", {}
    wanted = pa.table({"record_id": pa.array(ids, pa.string())})
    return " AND record_id IN (SELECT record_id FROM incoming)", {"incoming": wanted}


def known_table(table: str) -> str:
    """Only names of ours become SQL."""
    if table not in LAKE_TABLES:
        raise HomeError(f"There is no table {table!r} in the lake.")
    return table
