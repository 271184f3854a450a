"""The home's state.sqlite: what is not feed data. One statement after another, each whole on the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from data.errors import HomeError

if TYPE_CHECKING:
    from data.home import Home

WAIT_SECONDS = 10.0


@contextmanager
def state_of(home: Home, tables: Iterable[str] = ()) -> Iterator[sqlite3.Connection]:
    """The home's state, open; `tables`: statements that make what is not there yet.

    Raises HomeError with one sentence when it cannot be used.
    """
    try:
        with closing(sqlite3.connect(home.state_file, timeout=WAIT_SECONDS)) as state:
            state.execute("PRAGMA journal_mode = WAL")
            state.execute("PRAGMA synchronous = FULL")
            for table in tables:
                state.execute(table)
            yield state
    except sqlite3.Error as error:
        raise HomeError(
            f"The home's {home.state_file.name} cannot be used: {error}.",
            "Check that the folder may be written to, or wait until whoever uses it is done.",
        ) from error
