"""Prepared rows and what the store knows become tables to be written, for one originator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from data.feeds.prepare import Prepared
from data.feeds.recipe import SEVERAL, Recipe
from data.feeds.revision import Incoming, Known, Outcome, Past, Source
from data.feeds.revision_rows import RevisionRows, unfinished
from data.feeds.revisions import record_id, revise
from data.labels import Label
from data.lake import Publication
from data.lake_tables import SUPERSEDED
from data.schema import FEEDS


class Lake(Protocol):
    """What ingest needs of the lake's writer."""

    def newest_rows(
        self, feed: str, originator: str = "", source: str = "", ids: Sequence[str] | None = None
    ) -> pa.Table:
        """The newest revisions of a source, or of these ids of it; all columns of the feed."""

    def revisions(
        self, feed: str, originator: str, source: str, ids: Sequence[str] | None = None
    ) -> pa.Table:
        """record_id, content_hash, label_id, ingested_at of every revision of a source, or of these."""

    def reached(self, feed: str, originator: str, source: str) -> tuple[datetime | None, datetime | None]:
        """Of a source's newest revisions the latest `start_at` and `received_at`."""

    def label(self, label_id: int) -> Label:
        """The label of a stored row."""

    def was_taken(self, content_hash: str, source: str, originator: str = "") -> bool:
        """Whether this very file was taken before from a source, or of one originator of it."""

    def publish(self, *publications: Publication) -> None:
        """Write all of it in one transaction, or nothing."""

    def regions(self) -> pa.Table:
        """All regions, of every version."""

    def knowledge_ends_at(self) -> datetime | None:
        """The last `ingested_at` of all feeds."""


@dataclass(frozen=True)
class Times:
    """When a row was known and received, by the kind of home (formats.md, "A home").

    `now`: the home's clock. In a replay a record was received when it was known; elsewhere it is received
    now, and nothing can have been known later than that.
    """

    now: datetime
    as_of: datetime | None
    is_replay: bool

    def of(self, version: datetime | None) -> tuple[datetime, datetime]:
        """(ingested_at, received_at) of a row of this version."""
        known = version or self.as_of or self.now
        return (known, known) if self.is_replay else (min(known, self.now), self.now)


@dataclass(frozen=True)
class Plan:
    """What is to be written for one originator: `rows` and `superseded` of a Publication, and the counts.

    `newest_at`: start of the source's newest record; `received_at`: when it was last heard of. Both over
    what was known before too; None when there is nothing.
    """

    originator: str
    outcome: Outcome
    rows: pa.Table
    labels: tuple[Label, ...]
    superseded: pa.Table
    newest_at: datetime | None
    received_at: datetime | None


def plan(prepared: Prepared, originator: str, lake: Lake, operation: str, times: Times) -> Plan:
    """Lay the prepared rows of one originator on what the lake knows of this source."""
    recipe = prepared.draft.recipe
    schema = unfinished(FEEDS[recipe.feed])
    source = _source(prepared, originator, times)
    incoming = _incoming(prepared, originator, times)
    ids = _ids(source, incoming)
    rows = lake.newest_rows(recipe.feed, originator, recipe.source, ids)
    newest = rows.select(schema.names).cast(schema)
    known = _known(newest, source, lake)
    past = _past(lake, recipe, originator, ids) if _says_old_things(incoming, known) else []
    outcome = revise(known, past, incoming, source)
    labels = tuple(dict.fromkeys(revision.label for revision in outcome.revisions))
    builder = RevisionRows(prepared, newest, outcome.revisions, labels, operation)
    rows = builder.table()
    started, received = lake.reached(recipe.feed, originator, recipe.source)
    superseded = [vars(item) for item in outcome.superseded]
    return Plan(
        originator,
        outcome,
        rows,
        labels,
        pa.Table.from_pylist(superseded, schema=SUPERSEDED),
        _latest(started, rows, "start_at"),
        _latest(received, rows, "received_at"),
    )


def _ids(source: Source, incoming: Sequence[Incoming]) -> list[str] | None:
    """The records that can be meant; None: all, for what is not said may end, and ids may be numbered."""
    if source.complete or source.several:
        return None
    return [record_id(source, item.native, 1) for item in incoming]


def _latest(before: datetime | None, rows: pa.Table, name: str) -> datetime | None:
    found = (before, pc.max(rows.column(name)).as_py())
    return max((at for at in found if at is not None), default=None)


def originators(prepared: Prepared) -> tuple[str, ...]:
    """Whose records the file holds: the file's own originator first."""
    labelled = prepared.labelled
    of_rows = {labelled.labels[labelled.of_row[row]].originator for row in prepared.taken}
    first = labelled.default_originator
    return (*([first] if first else []), *sorted(of_rows - {first}))


def _owner(prepared: Prepared, row: int) -> str:
    number = prepared.labelled.of_row[row]
    return (
        prepared.labelled.labels[number].originator if number >= 0 else prepared.labelled.default_originator
    )


def _source(prepared: Prepared, originator: str, times: Times) -> Source:
    draft = prepared.draft
    held_back = frozenset(
        (times.of(draft.versions[row])[0], draft.natives[row])
        for row in prepared.held
        if draft.versions[row] or draft.recipe.version_column is None
    )
    prefix = f"{originator}:{draft.recipe.source}:"
    return Source(prefix, draft.recipe.identical == SEVERAL, draft.recipe.complete, held_back)


def _incoming(prepared: Prepared, originator: str, times: Times) -> list[Incoming]:
    draft, labelled = prepared.draft, prepared.labelled
    rows = [row for row in prepared.taken if _owner(prepared, row) == originator]
    return [
        Incoming(
            draft.natives[row], prepared.hashes[row], labelled.labels[labelled.of_row[row]],
            *times.of(draft.versions[row]), row,
        )
        for row in rows
    ]  # fmt: skip


def _known(newest: pa.Table, source: Source, lake: Lake) -> list[Known]:
    names = ["record_id", "revision", "content_hash", "label_id", "ingested_at", "received_at", "msg_type"]
    ends = "deployment_status" if "deployment_status" in newest.schema.names else None
    labels: dict[int, Label] = {}
    known = []
    for place, row in enumerate(newest.select([*names, *([ends] if ends else [])]).to_pylist()):
        number = row.pop("label_id")
        labels[number] = labels.get(number) or lake.label(number)
        ended = row.pop(ends) == "ended" if ends else False
        native = row["record_id"].removeprefix(source.prefix)
        known.append(Known(native=native, label=labels[number], ended=ended, row=-1 - place, **row))
    return known


def _says_old_things(incoming: Sequence[Incoming], known: Sequence[Known]) -> bool:
    newest = max((item.ingested_at for item in known), default=None)
    return newest is not None and any(item.ingested_at < newest for item in incoming)


def _past(lake: Lake, recipe: Recipe, originator: str, ids: Sequence[str] | None) -> list[Past]:
    rows = lake.revisions(recipe.feed, originator, recipe.source, ids).to_pylist()
    labels = {number: lake.label(number) for number in {row["label_id"] for row in rows}}
    return [
        Past(row["record_id"], row["content_hash"], labels[row["label_id"]], row["ingested_at"])
        for row in rows
    ]
