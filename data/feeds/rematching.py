"""Regions were loaded: older records are matched to them again, as new revisions by the system.

The partner's word stays as it is (content, label, source_org); only where the place is has become known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.feeds.prepare import Progress, silent
from data.feeds.publication import Lake
from data.feeds.recipe_file import recipes
from data.feeds.revisions import WITHDRAWN
from data.gazetteer import Alias, Gazetteer
from data.home import REPLAY, Home, home_clock
from data.labels import Label
from data.lake import LakeWriter, Publication
from data.lake_tables import QUARANTINE, SUPERSEDED
from data.rematch import rematch
from data.schema import FEED_NAMES, FEEDS

NOTE = "place matched again by system"


def rematch_regions(home: Home, progress: Progress = silent) -> dict[str, int]:
    """Match every record's place again; the number of new revisions by feed. Waits for the lake's lock.

    In a replay a revision is dated like the one it follows: which region a place is, is not news of that
    time, and a look back must show it. Elsewhere it is known from now on.
    """
    with LakeWriter(home) as lake:
        return rematch_into(lake, home, progress)


def rematch_into(lake: Lake, home: Home, progress: Progress = silent) -> dict[str, int]:
    """`rematch_regions` for a lake that is open for writing: all feeds in one transaction."""
    gazetteer = Gazetteer.of(lake.regions())
    now = None if home.kind == REPLAY else home_clock(home, lake.knowledge_ends_at)()
    counts: dict[str, int] = {}
    publications = []
    for place, feed in enumerate(FEED_NAMES):
        progress(place, len(FEED_NAMES), f"matching {feed}")
        changed = _changed(lake.newest_rows(feed).cast(FEEDS[feed].arrow), feed, gazetteer)
        counts[feed] = changed.num_rows
        if changed.num_rows:
            publications.append(_publication(changed, feed, lake, now))
    if publications:
        lake.publish(*publications)
    progress(len(FEED_NAMES), len(FEED_NAMES), "done")
    return counts


def _changed(rows: pa.Table, feed: str, gazetteer: Gazetteer) -> pa.Table:
    """The rows whose place is another now; each source's rows with its own recipe's aliases.

    Rows without `pcode_match` were never matched: their regions are their originator's own word.
    """
    withdrawn = pc.is_in(rows.column("msg_type").cast(pa.string()), pa.array(WITHDRAWN))
    matched = pc.is_valid(rows.column("pcode_match"))
    standing = rows.filter(pc.and_(matched, pc.invert(withdrawn)))
    tables = [
        rematch(_of_source(standing, source), gazetteer.with_aliases(aliases))
        for source, aliases in _aliases(standing, feed).items()
    ]
    return pa.concat_tables([*tables, rows.slice(0, 0)]).unify_dictionaries()


def _of_source(rows: pa.Table, source: str) -> pa.Table:
    return rows.filter(pc.equal(rows.column("source"), source))


def _aliases(rows: pa.Table, feed: str) -> dict[str, tuple[Alias, ...]]:
    declared = {item.source: item.place.aliases for item in recipes() if item.feed == feed}
    sources = sorted(pc.unique(rows.column("source")).to_pylist())
    return {source: declared.get(source, ()) for source in sources}


def _publication(changed: pa.Table, feed: str, lake: Lake, now: datetime | None) -> Publication:
    rows = changed.to_pydict()
    known = [now or at for at in rows["ingested_at"]]
    received = [now or at for at in rows["received_at"]]
    labels, numbers = _labels(rows["label_id"], lake)
    own: dict[str, Sequence[Any]] = {
        "revision": [number + 1 for number in rows["revision"]],
        "msg_type": ["update"] * changed.num_rows,
        "notes": [_noted(notes) for notes in rows["notes"]],
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


def _noted(notes: str | None) -> str:
    if notes and NOTE in notes:
        return notes
    return f"{notes}; {NOTE}" if notes else NOTE
