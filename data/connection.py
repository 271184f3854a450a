"""Connections to the lake: one that writes, one that reads, locked; they speak Arrow and our errors.

Only this module imports duckdb. Every duckdb error becomes one of ours here; details go to the log,
without values. No text from outside ever becomes SQL: questions are templates of ours with parameters.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from data.disk import is_about_room, lake_not_written
from data.errors import StoreUnavailable
from data.extensions import extension
from data.home import Home
from data.words import msgid

log = logging.getLogger("watchfloor.store")

TIME_LIMIT_SECONDS = 20.0
"""A question that takes longer is broken off; the viewer gets one sentence, others are not held up."""


NOT_OPTIMIZED = "join_order,statistics_propagation"
"""These ask the lake's catalog about each column of each table in a statement: 0.4 s for every feed of every
snapshot, however few its rows, and they change no plan for the better. Joins stand in our order."""


def _quoted(path: Path) -> str:
    """A path of ours as an SQL string; the home's path is set by the operator, not by a client."""
    return "'" + str(path).replace("'", "''") + "'"


class Connection:
    """A DuckDB connection that speaks Arrow and our errors. Safe to use from several threads."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._local = threading.local()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._connection.cursor()
        cursor: duckdb.DuckDBPyConnection = self._local.cursor
        return cursor

    def table(self, sql: str, params: Sequence[object] = (), **tables: pa.Table) -> pa.Table:
        """The answer as an Arrow table; `tables` are Arrow tables that the question may name.

        Raises StoreUnavailable when there is no answer in time.
        """
        with self._asking(tables) as cursor:
            return cursor.execute(sql, list(params)).to_arrow_table()

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """The answer as tuples, for small ones."""
        with self._asking({}) as cursor:
            return cursor.execute(sql, list(params)).fetchall()

    def run(self, sql: str, params: Sequence[object] = (), **tables: pa.Table) -> None:
        """Carry out a statement of ours; `tables` are Arrow tables it may name."""
        with self._asking(tables, limited=False) as cursor:
            cursor.execute(sql, list(params))

    @contextmanager
    def _asking(
        self, tables: Mapping[str, pa.Table], *, limited: bool = True
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._cursor()
        timer = threading.Timer(TIME_LIMIT_SECONDS, cursor.interrupt)
        if limited:
            timer.start()
        try:
            for name, table in tables.items():
                cursor.register(name, table)
            yield cursor
        except duckdb.Error as error:
            raise _unavailable(error) from error
        finally:
            timer.cancel()
            for name in tables:
                cursor.unregister(name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside sees one state of the lake, or fails as one."""
        self.run("BEGIN")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with suppress(StoreUnavailable):
                self.run("ROLLBACK")
            raise

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def _unavailable(error: duckdb.Error) -> StoreUnavailable:
    log.error("the store refused a statement: %s", type(error).__name__)
    log.debug("details: %s", error)
    if isinstance(error, duckdb.InterruptException):
        advice = msgid("Choose less and try again.")
        return StoreUnavailable(msgid("The question took too long and was broken off."), advice)
    if is_about_room(str(error)):
        return lake_not_written(error)
    advice = msgid("The log of the server has the details.")
    return StoreUnavailable(msgid("The store could not answer."), advice)


def _attached(home: Home, mode: str) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "memory_limit": "4GB",
    }
    connection = duckdb.connect(config=config)
    connection.execute(f"LOAD '{extension('ducklake')}'")
    connection.execute(f"LOAD '{extension('sqlite_scanner')}'")
    catalog = _quoted(Path(f"ducklake:sqlite:{home.catalog}"))
    here = f"DATA_PATH {_quoted(home.lake / 'data')}, OVERRIDE_DATA_PATH true"  # a home may be moved
    connection.execute(f"ATTACH {catalog} AS lake ({mode}, {here})")
    connection.execute("SET TimeZone='UTC'")
    return connection


def writer_connection(home: Home) -> Connection:
    """A connection that may write. Only `data.lake.LakeWriter`, which holds the lock, asks for one."""
    (home.lake / "data").mkdir(parents=True, exist_ok=True)
    options = "META_JOURNAL_MODE 'WAL', DATA_INLINING_ROW_LIMIT 0"
    try:
        connection = _attached(home, options)
        connection.execute(f"SET disabled_optimizers='{NOT_OPTIMIZED}'")
        return Connection(connection)
    except duckdb.Error as error:
        raise _unavailable(error) from error


def reader_connection(home: Home) -> Connection:
    """A connection that may only read, and only inside the lake; its settings are locked."""
    try:
        connection = _attached(home, "READ_ONLY")
        connection.execute(f"SET disabled_optimizers='{NOT_OPTIMIZED}'")
        connection.execute(f"SET allowed_directories=[{_quoted(home.lake)}]")
        connection.execute("SET enable_external_access=false")
        connection.execute("SET lock_configuration=true")
    except duckdb.Error as error:
        raise _unavailable(error) from error
    return Connection(connection)
