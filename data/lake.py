"""The lake's single writer: everything of one delivery in one transaction, or nothing of it.

Two writers at once fail about half their commits (tried), so whoever writes holds the lock of the
home's lake; command line, sample and regions all come through here.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from types import TracebackType
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from data.connection import writer_connection
from data.disk import lake_not_written
from data.errors import FileRefused, HomeError
from data.home import Home
from data.labels import Label
from data.lake_countable import COUNTABLE
from data.lake_growth import create_tables, grow_tables
from data.lake_purge import compact, empty_files, erase
from data.lake_questions import LakeQuestions, known_table
from data.lake_tables import (
    FILES_TAKEN,
    QUARANTINE,
    SOURCES,
    SUPERSEDED,
    row_from_label,
)
from data.schema import DEPLOYMENTS, FEEDS, LABEL, REFERENCE, REGIONS

WAIT_FOR_LOCK_SECONDS = 60.0
MOST_LABELS_OF_ONE = 2_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SourceState:
    """A source's row: one delivering partner's one recipe. Times UTC."""

    source: str
    originator: str
    feed: str
    recipe: str
    title: str
    last_delivery_at: datetime
    newest_at: datetime | None = None


@dataclass(frozen=True)
class Delivery:
    """One file taken: SHA-256 of its bytes, when it came, and what it held (counts of records)."""

    content_hash: str
    file_name: str
    recipe: str
    source: str
    originator: str
    received_at: datetime
    read: int
    new: int
    revised: int
    duplicate: int
    quarantined: int


@dataclass(frozen=True)
class Publication:
    """Everything of one ingest of one feed. `rows.label_id` counts in `labels` from 0.

    Without `source` and `delivery`: revisions by the system, no file came.
    """

    feed: str
    rows: pa.Table
    labels: tuple[Label, ...]
    superseded: pa.Table
    source: SourceState | None
    quarantined: pa.Table
    delivery: Delivery | None


class _TakenBack(Exception):
    """What was tried is to leave nothing."""


class LakeWriter(LakeQuestions):
    """The one writer: `with LakeWriter(home) as lake: …`. Waits for the lock, then raises HomeError.

    One that `stays_open` is entered again and again: it keeps its connection, but not the lock, in between.
    """

    def __init__(self, home: Home, *, stays_open: bool = False) -> None:
        self.home = home
        self._stays_open = stays_open
        super().__init__()
        self._lock: IO[str] | None = None
        self._together = False

    def __enter__(self) -> LakeWriter:
        try:
            self.home.lake.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(self.home)
            self._labels = None  # others may have written meanwhile
            if self._connection is None:
                self._connection = writer_connection(self.home)
                create_tables(self._connection)
                grow_tables(self._connection)
        except BaseException as error:
            self.__exit__(type(error), error, error.__traceback__)
            if isinstance(error, OSError):
                raise lake_not_written(error) from error
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None or not self._stays_open:
            self.close()
        if self._lock is not None:
            self._lock.close()

    def close(self) -> None:
        """End the connection of one that stays open."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is published inside is one transaction: all of it, or nothing."""
        with self._transaction():
            self._together = True
            try:
                yield
            finally:
                self._together = False

    def publish(self, *publications: Publication) -> None:
        """Commit everything of the publications in one transaction, or nothing."""
        with self._transaction():
            for publication in publications:
                self._publish(publication)

    def try_to_write(self) -> None:
        """Write and take it back. Raises StoreUnavailable where the lake cannot be written at all."""
        with suppress(_TakenBack), self._transaction():
            self._lake.run("INSERT INTO lake.quarantine SELECT * FROM incoming", incoming=_a_row())
            raise _TakenBack

    def countable(self, feed: str, category: str, counted: pa.Table, params: Sequence[object]) -> pa.Table:
        """Of the records that may add to the published cube, by cell and kind: marks. For `data.cube`
        alone."""
        presence = "coalesce(t.presence_kind, '')" if feed == DEPLOYMENTS else "''"
        names = {
            "feed": known_table(feed),
            "category": FEEDS[feed].by_name[category].name,
            "presence": presence,
        }
        return self._lake.table(COUNTABLE.format(**names), params, counted=counted)

    def publish_regions(self, table: pa.Table) -> None:
        """Add regions; the same code of the same version is replaced."""
        with self._transaction():
            self._lake.run(
                "DELETE FROM lake.regions AS r USING incoming AS i"
                " WHERE r.code = i.code AND r.version = i.version",
                incoming=table.select(["code", "version"]),
            )
            self._insert("regions", table.cast(REGIONS))

    def publish_reference(self, table: pa.Table, labels: Sequence[Label]) -> None:
        """Instead of all that there is of the same kinds and sources; `label_id` counts in `labels` from 0.

        All of them: a feature that stayed because its name or place has changed would keep its old label.
        """
        with self._transaction():
            self._lake.run(
                "DELETE FROM lake.reference AS r USING incoming AS i"
                " WHERE r.reference_id = i.reference_id OR (r.kind = i.kind AND r.source_org = i.source_org)",
                incoming=table.select(["reference_id", "kind", "source_org"]),
            )
            self._insert("reference", self._with_lake_labels(table, labels).cast(REFERENCE))

    def erase(self, record_ids: Mapping[str, Sequence[str]]) -> None:
        """Take records, by feed, out of tables, files, snapshots and statistics; the lake is closed then."""
        with self._transaction():
            for feed, ids in record_ids.items():
                erase(self._lake, known_table(feed), ids)
        empty_files(self._lake, [*FEEDS, "quarantine"])
        self.close()
        compact(self.home.catalog)

    def _publish(self, publication: Publication) -> None:
        rows = publication.rows
        if rows.num_rows:  # first: what is refused must not leave half of it behind
            rows = self._with_lake_labels(rows, publication.labels)
        if publication.superseded.num_rows:
            self._lake.run(
                f"UPDATE lake.{known_table(publication.feed)} AS r SET superseded_at = s.superseded_at,"  # noqa: S608
                " superseded_received_at = s.superseded_received_at FROM incoming AS s"
                " WHERE r.record_id = s.record_id AND r.revision = s.revision",
                incoming=publication.superseded.cast(SUPERSEDED),
            )
        if rows.num_rows:
            self._insert(publication.feed, rows.select(FEEDS[publication.feed].arrow.names))
        if publication.quarantined.num_rows:
            self._insert("quarantine", publication.quarantined)
        if publication.delivery is not None:
            self._insert("files_taken", _one_row(publication.delivery, FILES_TAKEN))
        state = publication.source
        if state is None:
            return
        self._lake.run(
            "DELETE FROM lake.sources WHERE source = ? AND originator = ?", (state.source, state.originator)
        )
        self._insert("sources", _one_row(state, SOURCES))

    def _with_lake_labels(self, table: pa.Table, labels: Sequence[Label]) -> pa.Table:
        known = {label: label_id for label_id, label in self.labels().items()}
        fresh = [label for label in dict.fromkeys(labels) if label not in known]
        _refuse_too_many(fresh, known)
        first = max(known.values(), default=0) + 1
        known.update({label: first + n for n, label in enumerate(fresh)})
        if fresh:
            rows = [row_from_label(label, known[label]) for label in fresh]
            self._insert("labels", pa.Table.from_pylist(rows, schema=LABEL))
            self._labels = None
        ids = pa.array([known[label] for label in labels], pa.int16())
        column = pc.take(ids, table.column("label_id"))
        return table.set_column(table.schema.get_field_index("label_id"), "label_id", column)

    def _insert(self, name: str, table: pa.Table) -> None:
        names = ", ".join(f'"{column}"' for column in table.schema.names)
        self._lake.run(
            f"INSERT INTO lake.{known_table(name)} ({names}) SELECT {names} FROM incoming",  # noqa: S608
            incoming=table,
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._together:
            yield
            return
        try:
            with self._lake.transaction():
                yield
        except BaseException:
            self._labels = None  # those that were added are not there
            raise


def _a_row() -> pa.Table:
    nothing = {field.name: "" for field in QUARANTINE}
    return pa.Table.from_pylist([nothing | {"row_number": 0, "at": EPOCH}], schema=QUARANTINE)


def _refuse_too_many(fresh: Sequence[Label], known: Mapping[Label, int]) -> None:
    """Raises FileRefused: labels are numbered in 16 bits and never go, so nobody may use them all up."""
    for originator in {label.originator for label in fresh}:
        count = sum(label.originator == originator for label in (*known, *fresh))
        if count > MOST_LABELS_OF_ONE:
            raise FileRefused(
                f"{originator} would have {count} labels; at most {MOST_LABELS_OF_ONE} are kept.",
                "Say the same of records alike: caveats are no place for words about one record.",
            )


def _one_row(value: object, schema: pa.Schema) -> pa.Table:
    row = {item.name: getattr(value, item.name) for item in fields(value)}  # type: ignore[arg-type]
    return pa.Table.from_pylist([row], schema=schema)


def _locked(home: Home) -> IO[str]:
    handle = (home.lake / "writer.lock").open("w")
    deadline = time.monotonic() + WAIT_FOR_LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                handle.close()
                raise HomeError(
                    f"Another process has been writing to this home for over {WAIT_FOR_LOCK_SECONDS:.0f} s.",
                    "Wait until it is done, or end it, and try again.",
                ) from None
            time.sleep(0.1)
        else:
            return handle
