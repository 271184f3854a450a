"""Revisions as rows of a feed: content as it came, and what ingest adds to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from data.feeds.prepare import Prepared
from data.feeds.revision import WITHDRAWN, Revision
from data.geography import day_number
from data.labels import Label, label_hash
from data.schema import DELIVERIES, DEPLOYMENTS, FEEDS, Feed


def unfinished(feed: Feed) -> pa.Schema:
    """The feed's schema while rows are being filled: anything may still be null."""
    return pa.schema([pa.field(column.name, column.type) for column in feed.columns])


class RevisionRows:
    """Revisions as a table of the feed. Content comes from the incoming rows, or from the row that ends."""

    def __init__(
        self,
        prepared: Prepared,
        newest: pa.Table,
        revisions: Sequence[Revision],
        labels: Sequence[Label],
        operation: str,
    ) -> None:
        self.recipe = prepared.draft.recipe
        self.feed = FEEDS[self.recipe.feed]
        self.revisions = revisions
        self.labels = labels
        self.operation = operation
        self.contents = pa.concat_tables([newest, self._written(prepared)]).unify_dictionaries()
        self.known = newest.num_rows
        self.ended = [
            place for place, revision in enumerate(revisions) if revision.ended and not revision.as_stored
        ]

    def _written(self, prepared: Prepared) -> pa.Table:
        values, rows = prepared.draft.values, prepared.sheet.rows
        held = prepared.held
        columns = []
        for column in self.feed.columns:
            texts = values.get(column.name)
            kept = [None if row in held else value for row, value in enumerate(texts)] if texts else None
            columns.append(pa.array(kept, column.type) if kept else pa.nulls(rows, column.type))
        return pa.table(columns, schema=unfinished(self.feed))

    def _place(self, row: int) -> int:
        """Known rows stand first in `contents`."""
        return row + self.known if row >= 0 else -1 - row

    def table(self) -> pa.Table:
        """All revisions, in the feed's schema."""
        table = self.contents.take(pa.array([self._place(r.row) for r in self.revisions], pa.int64()))
        firsts = pa.array([self._place(r.first_row) for r in self.revisions], pa.int64())
        for name in self.recipe.kept_first:
            table = _with(table, name, self.contents.column(name).take(firsts))
        for name, values in self._own(table).items():
            table = _with(table, name, pa.array(values, table.schema.field(name).type))
        for name, end in self._ends().items():
            table = self._with_ends(table, name, end)
        return table.combine_chunks().cast(self.feed.arrow)

    def _own(self, table: pa.Table) -> dict[str, list[Any]]:
        numbers = {label: number for number, label in enumerate(self.labels)}
        revisions, rows = self.revisions, len(self.revisions)
        own: dict[str, list[Any]] = {
            name: [getattr(revision, name) for revision in revisions]
            for name in [
                "record_id",
                "revision",
                "content_hash",
                "ingested_at",
                "received_at",
                "superseded_at",
                "superseded_received_at",
            ]
        }
        said = table.column("msg_type").to_pylist()
        own["msg_type"] = [self._msg_type(*one) for one in zip(revisions, said, strict=True)]
        own["originator"] = [revision.label.originator for revision in revisions]
        own["label_id"] = [numbers[revision.label] for revision in revisions]
        own["label_hash"] = [label_hash(r.label, r.content_hash, r.record_id) for r in revisions]
        own["label_created_at"] = [revision.received_at for revision in revisions]
        own["operation"], own["source"] = [self.operation] * rows, [self.recipe.source] * rows
        own["day"] = [day_number(at) for at in table.column("start_at").to_pylist()]
        own |= self._said_by_recipe(table)
        return own

    def _said_by_recipe(self, table: pa.Table) -> dict[str, list[Any]]:
        """Who published it under which terms, where the rows do not say, and the number of a line."""
        recipe = self.recipe
        said = (
            ("source_org", recipe.publisher),
            ("source_name", recipe.title),
            ("source_licence", recipe.licence),
        )
        own: dict[str, list[Any]] = {
            name: [value or words for value in table.column(name).to_pylist()] for name, words in said
        }
        if recipe.feed == DELIVERIES:
            lines = zip(table.column("line_no").to_pylist(), self.revisions, strict=True)
            own["line_no"] = [line or revision.occurrence for line, revision in lines]
        return own

    def _msg_type(self, revision: Revision, said: str | None) -> str:
        """A record that came may say itself that it is taken back; of a stored one that was said before."""
        if revision.ended and self.recipe.feed != DEPLOYMENTS:
            return "cancel"
        if said in WITHDRAWN and revision.row >= 0:
            return str(said)
        return "new" if revision.revision == 1 else "update"

    def _ends(self) -> Mapping[str, Callable[[Revision, Any], Any]]:
        """What an end changes: presence has ended at that date; a delivery or a report is cancelled."""
        ends: dict[str, Callable[[Revision, Any], Any]] = {"notes": _absent}
        if self.recipe.feed == DEPLOYMENTS:
            ends["deployment_status"] = lambda revision, value: "ended"
            ends["end_at"] = lambda revision, value: revision.ingested_at
            ends["reference_period_end"] = lambda revision, value: revision.ingested_at.date()
        return ends if self.ended else {}

    def _with_ends(self, table: pa.Table, name: str, end: Callable[[Revision, Any], Any]) -> pa.Table:
        values = table.column(name).to_pylist()
        for place in self.ended:
            values[place] = end(self.revisions[place], values[place])
        return _with(table, name, pa.array(values, table.schema.field(name).type))


def _absent(revision: Revision, notes: str | None) -> str:
    words = f"no longer in the list of {revision.ingested_at:%Y-%m-%d}"
    return f"{notes}; {words}" if notes else words


def _with(table: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, values)
