"""Revisions by the system: of a record something has become known that its originator did not say.

The partner's word stays as it is (content, label, source_org); only what the system found out is another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.feeds.prepare import Progress
from data.feeds.publication import Lake
from data.feeds.revision import WITHDRAWN
from data.home import REPLAY, Home, home_clock
from data.labels import Label
from data.lake import Publication
from data.lake_tables import QUARANTINE, SUPERSEDED
from data.schema import FEED_NAMES, FEEDS


def standing(rows: pa.Table) -> pa.Table:
    """The rows that nobody withdrew: of others the system has nothing to say."""
    withdrawn = pc.is_in(rows.column("msg_type").cast(pa.string()), pa.array(WITHDRAWN))
    return rows.filter(pc.invert(withdrawn))


def of_source(rows: pa.Table, source: str) -> pa.Table:
    """The rows of one source."""
    return rows.filter(pc.equal(rows.column("source"), source))


def revise(
    lake: Lake,
    home: Home,
    changed: Callable[[pa.Table, str], pa.Table],
    step: tuple[str, str],
    progress: Progress,
) -> dict[str, int]:
    """Revise every feed's newest rows in one transaction; the number of new revisions by feed.

    `changed` gives, of a feed's rows, those that are other now. `step`: what is being done, in words, and the
    note that the revisions carry. In a replay a revision is dated like the one it follows, elsewhere it is
    known from now on.
    """
    doing, note = step
    now = None if home.kind == REPLAY else home_clock(home, lake.knowledge_ends_at)()
    counts: dict[str, int] = {}
    publications = []
    for place, feed in enumerate(FEED_NAMES):
        progress(place, len(FEED_NAMES), f"{doing} {feed}")
        rows = changed(lake.newest_rows(feed).cast(FEEDS[feed].arrow), feed)
        counts[feed] = rows.num_rows
        if rows.num_rows:
            publications.append(_publication(rows, feed, lake, now, note))
    if publications:
        lake.publish(*publications)
    progress(len(FEED_NAMES), len(FEED_NAMES), "done")
    return counts


def _publication(changed: pa.Table, feed: str, lake: Lake, now: datetime | None, note: str) -> Publication:
    """Newest rows that were changed become the next revisions of their records, with a note.

    `now`: since when they are known. None in a replay: a revision is dated like the one it follows, for what
    the system found out is not news of that time, and a look back must show it.
    """
    rows = changed.to_pydict()
    known = [now or at for at in rows["ingested_at"]]
    received = [now or at for at in rows["received_at"]]
    labels, numbers = _labels(rows["label_id"], lake)
    own: dict[str, Sequence[Any]] = {
        "revision": [number + 1 for number in rows["revision"]],
        "msg_type": ["update"] * changed.num_rows,
        "notes": [_noted(notes, note) for notes in rows["notes"]],
        "ingested_at": known,
        "received_at": received,
        "label_id": numbers,
    }
    table = changed
    for name, values in own.items():
        field = table.schema.field(name)
        table = table.set_column(table.schema.get_field_index(name), field, pa.array(values, field.type))
    columns = [rows["record_id"], rows["revision"], known, received]
    return Publication(
        feed=feed,
        rows=table.combine_chunks(),
        labels=labels,
        superseded=pa.table(columns, schema=SUPERSEDED),
        source=None,
        quarantined=QUARANTINE.empty_table(),
        delivery=None,
    )


def _labels(label_ids: Sequence[int], lake: Lake) -> tuple[tuple[Label, ...], list[int]]:
    """The distinct labels of the rows, and each row's number among them."""
    distinct = list(dict.fromkeys(label_ids))
    places = {label_id: place for place, label_id in enumerate(distinct)}
    return tuple(lake.label(label_id) for label_id in distinct), [places[label_id] for label_id in label_ids]


def _noted(notes: str | None, note: str) -> str:
    if notes and note in notes:
        return notes
    return f"{notes}; {note}" if notes else note
