"""An answer that a database gives again as long as nobody has written to its files.

Before every answer it is asked which state the lake is in and what is withheld on report; a question to a
database takes milliseconds, a look at its files takes none. SQLite changes a file's size or its time with
each commit, in the database or in the write-ahead log beside it. Two commits within one tick of the file
system's clock can leave both alike, so an answer is kept only once its files have rested for longer than any
tick.

A commit is written, brought to the disk, and only then seen by readers. Where that takes longer than a file
rests, an answer from before it would be kept and nothing would change any more: so none is kept for longer
than half a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

RESTED_NS = 1_000_000_000
KEPT_SECONDS = 0.5

V = TypeVar("V")
Stamp = tuple[int, int, int]
"""Which file it is, its size, when it was last written to (ns)."""


class WhileUnchanged(Generic[V]):
    """The last answer read from an SQLite database. Safe to use from several threads."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._kept: tuple[tuple[Stamp | None, ...], float, V] | None = None

    def get(self, read: Callable[[], V]) -> V:
        """What `read` answers, or answered when the files were as they are. What it raises is not kept."""
        now, asked = (
            time.time_ns(),
            time.monotonic(),
        )  # before the look: whatever is written after it is later than what has rested
        found = stamps(self._database)
        with self._lock:
            if self._kept is not None and self._kept[0] == found and asked - self._kept[1] < KEPT_SECONDS:
                return self._kept[2]
        value = read()
        written = max((stamp[2] for stamp in found if stamp), default=0)
        if now - written > RESTED_NS:
            with self._lock:
                self._kept = (found, asked, value)
        return value


def stamps(database: Path) -> tuple[Stamp | None, ...]:
    """Of a database and of its write-ahead log; whoever writes to it changes one of them."""
    return tuple(_stamp(file) for file in (database, database.with_name(f"{database.name}-wal")))


def _stamp(file: Path) -> Stamp | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
