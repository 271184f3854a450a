"""Which records changed between two states of the lake: all others are in the later one as they were.

DuckLake says of each of its snapshots what was done, and of each table which rows came and went. Where it
says something else than that rows of the feeds came (regions, reference layers, a purge, another form of a
table, a state that is gone), nothing is concluded: the picture is made anew, whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa

from data.connection import Connection
from data.schema import FEEDS

MOST_CHANGED = 5_000
"""Records; of more than these a whole new snapshot takes no longer."""

DONE = """
SELECT snapshot_id, changes_made FROM __ducklake_metadata_lake.ducklake_snapshot_changes
WHERE snapshot_id BETWEEN ? AND ? ORDER BY snapshot_id
"""
NAMES = """
SELECT table_id::VARCHAR, table_name FROM __ducklake_metadata_lake.ducklake_table WHERE end_snapshot IS NULL
"""
CHANGED = """
SELECT DISTINCT record_id FROM ducklake_table_changes('lake', 'main', '{feed}', {first}, {last})
"""
STEP = re.compile(r"(inserted_into|deleted_from)_table:(\d+)")
OF_NO_PICTURE = frozenset({"labels", "sources", "files_taken", "quarantine"})
"""Labels are only ever added, and are read anew; no question of a picture is asked of the others."""


def records_changed(lake: Connection, before: int, now: int) -> Mapping[str, pa.Table] | None:
    """By feed the ids of the records that changed after the state `before`; None where that is not known."""
    touched = tables_touched(lake, before, now)
    if touched is None or not touched <= OF_NO_PICTURE | FEEDS.keys():
        return None
    feeds = [feed for feed in FEEDS if feed in touched]
    changed = {feed: lake.table(CHANGED.format(feed=feed, first=before + 1, last=now)) for feed in feeds}
    if sum(records.num_rows for records in changed.values()) > MOST_CHANGED:
        return None
    return changed


def tables_touched(lake: Connection, before: int, now: int) -> frozenset[str] | None:
    """The tables in which rows came and went after the state `before`; None where more than that was done.

    Whoever reads a state while files are written anew or removed may find a table empty (decision 0042).
    """
    steps = lake.rows(DONE, (before, now))
    if [step[0] for step in steps] != list(range(before, now + 1)):
        return None
    names = {str(number): str(name) for number, name in lake.rows(NAMES)}
    touched: set[str] = set()
    for _state, done in steps[1:]:
        for step in filter(None, str(done or "").split(",")):
            found = STEP.fullmatch(step)
            if found is None or found[2] not in names:
                return None
            touched.add(names[found[2]])
    return frozenset(touched)
