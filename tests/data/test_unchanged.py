"""What was read of a database is given again only while nobody has written to it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.unchanged import RESTED_NS, WhileUnchanged


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "counted.sqlite"


@pytest.fixture
def writer(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("CREATE TABLE counted (n INTEGER)")
        made.commit()
        yield made


def counts(database: Path) -> Callable[[], int]:
    def read() -> int:
        with closing(sqlite3.connect(database)) as reader:
            return int(reader.execute("SELECT count(*) FROM counted").fetchone()[0])

    return read


def add(writer: sqlite3.Connection) -> None:
    writer.execute("INSERT INTO counted VALUES (1)")
    writer.commit()


def rest(database: Path) -> None:
    """As if nobody had written for a while."""
    written_at(database, time.time_ns() - 10 * RESTED_NS)


def written_at(database: Path, ns: int) -> None:
    for file in database.parent.glob(f"{database.name}*"):
        os.utime(file, ns=(ns, ns))


def test_each_of_many_commits_in_a_row_is_seen(database: Path, writer: sqlite3.Connection) -> None:
    kept, read = WhileUnchanged[int](database), counts(database)
    for n in range(1, 300):
        add(writer)
        assert kept.get(read) == n


def test_what_rests_is_read_once_and_the_next_commit_is_seen(
    database: Path, writer: sqlite3.Connection
) -> None:
    kept, read = WhileUnchanged[int](database), counts(database)
    rest(database)
    assert [kept.get(read) for _ in range(2)] == [0, 0]
    assert kept.get(lambda: pytest.fail("nothing was written since")) == 0
    add(writer)
    assert kept.get(read) == 1
    rest(database)
    assert kept.get(read) == 1
    add(writer)
    assert kept.get(read) == 2


def test_a_log_that_is_begun_anew_is_seen(database: Path, writer: sqlite3.Connection) -> None:
    """After a checkpoint the log is written over from its start, at the same size."""
    kept, read = WhileUnchanged[int](database), counts(database)
    for n in range(1, 5):
        add(writer)
        writer.execute("PRAGMA wal_checkpoint(RESTART)")
        assert kept.get(read) == n
        rest(database)
        assert kept.get(read) == n


def test_two_commits_of_one_size_within_one_tick_are_both_seen(
    database: Path, writer: sqlite3.Connection
) -> None:
    kept, read, tick = WhileUnchanged[int](database), counts(database), time.time_ns()
    for n in range(1, 5):
        add(writer)
        writer.execute("PRAGMA wal_checkpoint(RESTART)")
        written_at(database, tick)
        assert kept.get(read) == n


def test_a_database_that_comes_to_be_is_seen(database: Path) -> None:
    kept = WhileUnchanged[str](database)
    assert [kept.get(lambda: "none"), kept.get(lambda: "still none")] == ["none", "none"]
    database.write_bytes(b"")
    assert kept.get(lambda: "there") == "there"


def test_what_fails_is_not_kept(database: Path) -> None:
    kept = WhileUnchanged[int](database)

    def fails() -> int:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        kept.get(fails)
    assert kept.get(lambda: 3) == 3
