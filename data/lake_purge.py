"""Taking records out of the lake so that none of their bytes are left: rows, files, snapshots, statistics.

DuckLake keeps deleted rows in older files and snapshots, and the least and greatest value of every column in
its catalogue; SQLite keeps deleted pages until it is compacted. Each is emptied here. The order matters: what
is broken off half-way has taken the rows away already, and doing the same again does the rest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from data.errors import NotPurged

WAIT_SECONDS = 30.0

DELETE = "DELETE FROM lake.{feed} AS t USING incoming AS i WHERE t.record_id = i.record_id"
DELETE_HELD = """
DELETE FROM lake.quarantine WHERE originator IN (SELECT split_part(record_id, ':', 1) FROM incoming)
"""
"""All rows of the partner that were held back: a record can stand in one in ways that no search finds."""

EMPTY_FILES = (
    "CALL ducklake_rewrite_data_files('lake', '{table}', delete_threshold => 0)",
    "CALL ducklake_expire_snapshots('lake', older_than => now()::TIMESTAMP + INTERVAL 1 DAY)",
    "CALL ducklake_cleanup_old_files('lake', cleanup_all => true)",
    "CALL ducklake_delete_orphaned_files('lake', cleanup_all => true)",
)
FORGET_STATISTICS = """
UPDATE __ducklake_metadata_lake.ducklake_table_column_stats SET min_value = NULL, max_value = NULL
WHERE table_id IN (SELECT table_id FROM __ducklake_metadata_lake.ducklake_table WHERE table_name = ?)
"""


class Writes(Protocol):
    """What is needed of the lake's connection."""

    def run(self, sql: str, params: Sequence[object] = (), **tables: pa.Table) -> None:
        """Carry out a statement."""


def erase(lake: Writes, feed: str, record_ids: Sequence[str]) -> None:
    """Delete every revision of these records. `feed` is a name of ours."""
    ids = pa.table({"record_id": pa.array(record_ids, pa.string())})
    lake.run(DELETE.format(feed=feed), incoming=ids)
    lake.run(DELETE_HELD, incoming=ids)


def empty_files(lake: Writes, tables: Sequence[str]) -> None:
    """Write the files anew without what was deleted, and drop every older snapshot with its files."""
    for table in tables:
        for statement in EMPTY_FILES:
            lake.run(statement.format(table=table))
        lake.run(FORGET_STATISTICS, (table,))


def compact(path: Path) -> None:
    """Leave no deleted page in a SQLite file or its log. The caller has closed it.

    Raises NotPurged when somebody else keeps it open for too long.
    """
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as database:
            database.execute("VACUUM")
            busy = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error as error:
        raise _left(path) from error
    if busy:
        raise _left(path)


def _left(path: Path) -> NotPurged:
    return NotPurged(
        f"The records are out of the lake, but deleted bytes may be left in {path.name}: it is in use.",
        "Stop the server, and purge the same again.",
    )
