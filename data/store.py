"""The lake and the only door to it: one writer, locked readers, `Store.released_to(viewer)`.

Only this module imports duckdb. Every duckdb error becomes one of ours here; details go to the log,
without values. No text from outside ever becomes SQL: questions are templates of ours with parameters.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from data.clock import Clock, system_clock
from data.disk import is_about_room, lake_not_written
from data.errors import StoreUnavailable
from data.extensions import extension
from data.home import Home, home_clock
from data.home_state import home_secret
from data.lake_tables import ALL_LABELS, ALL_REGIONS, KNOWLEDGE_END, LAKE_VERSION, label_from_row
from data.policy import Policy
from data.policy_force import InForce
from data.policy_set import policy_set
from data.regions_shown import RegionIndex
from data.released import Released, SnapshotKey
from data.snapshot import Asking, build_snapshot
from data.viewer import Viewer
from data.words import msgid

log = logging.getLogger("watchfloor.store")

TIME_LIMIT_SECONDS = 20.0
"""A question that takes longer is broken off; the viewer gets one sentence, others are not held up."""

SNAPSHOTS_KEPT = 16
"""Released snapshots held in memory: policy sets are few (partner x clearance x wall)."""

GRACE_SECONDS = 60.0
"""A question that began before a snapshot was retired may still be asked of it for so long."""


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
    connection.execute(f"ATTACH {catalog} AS lake ({mode})")
    connection.execute("SET TimeZone='UTC'")
    return connection


def writer_connection(home: Home) -> Connection:
    """A connection that may write. Only `data.lake.LakeWriter`, which holds the lock, asks for one."""
    (home.lake / "data").mkdir(parents=True, exist_ok=True)
    options = f"DATA_PATH {_quoted(home.lake / 'data')}, META_JOURNAL_MODE 'WAL', DATA_INLINING_ROW_LIMIT 0"
    try:
        return Connection(_attached(home, options))
    except duckdb.Error as error:
        raise _unavailable(error) from error


def reader_connection(home: Home) -> Connection:
    """A connection that may only read, and only inside the lake; its settings are locked."""
    try:
        connection = _attached(home, "READ_ONLY")
        connection.execute(f"SET allowed_directories=[{_quoted(home.lake)}]")
        connection.execute("SET enable_external_access=false")
        connection.execute("SET lock_configuration=true")
    except duckdb.Error as error:
        raise _unavailable(error) from error
    return Connection(connection)


class Store:
    """One home, open for reading. It has no question of its own: ask `released_to(viewer)`."""

    def __init__(self, home: Home, clock: Clock) -> None:
        self.home = home
        self.clock = clock
        self._reader: Connection | None = None
        self._lock = threading.RLock()
        self._snapshots: OrderedDict[SnapshotKey, Released] = OrderedDict()
        self._building: dict[SnapshotKey, threading.Lock] = {}
        self._policy = InForce(home)
        self._regions: tuple[int, RegionIndex] | None = None
        self._knowledge: tuple[int, datetime | None] | None = None
        self._retired: list[tuple[float, Released]] = []
        self._count = 0

    @classmethod
    def open(cls, home: Home) -> Store:
        """The store of a home, with the clock of the home's kind."""
        store = cls(home, system_clock)
        store.clock = home_clock(home, store.knowledge_ends_at)
        return store

    def knowledge_ends_at(self) -> datetime | None:
        """The last `ingested_at` of all feeds: where a replay's clock stands. None in an empty lake."""
        version = self._version()
        with self._lock:
            if self._knowledge is None or self._knowledge[0] != version:
                found = self._reading().rows(KNOWLEDGE_END)[0][0]
                self._knowledge = (version, found if isinstance(found, datetime) else None)
            return self._knowledge[1]

    def policy(self) -> Policy:
        """The policy in force, read each time. Raises PolicyError while nobody can be served by it."""
        with self._lock:
            return self._policy.read(system_clock)

    def now(self) -> datetime:
        """Now, by the clock of the home's kind."""
        return self.clock()

    def regions(self) -> RegionIndex:
        """The regions loaded; they are public."""
        version = self._version()
        with self._lock:
            if self._regions is None or self._regions[0] != version:
                table = self._reading().table(ALL_REGIONS)
                self._regions = (version, RegionIndex.of(table))
            return self._regions[1]

    def released_to(self, viewer: Viewer, purpose: str = "screen") -> Released:
        """What is released to this viewer now, already transformed: the only door to rows.

        May take a second when the lake or the policy has changed; call it in a thread.
        """
        now = self.clock()
        policy = self.policy()
        decided_by = policy_set(policy, viewer, (), now, purpose)
        key = SnapshotKey(decided_by, policy.digest, self._version(), purpose)
        with self._lock:
            known = self._snapshots.get(key)
            if known is not None and known.holds_at(now):
                self._snapshots.move_to_end(key)
                return known.asked_by(viewer, now)
            building = self._building.setdefault(key, threading.Lock())
        with building:
            now = self.clock()  # whoever waited may take what was built meanwhile
            with self._lock:
                known = self._snapshots.get(key)
                self._building.pop(key, None)
            if known is None or not known.holds_at(now):
                known = self._build(key, viewer, policy, now)
            return known.asked_by(viewer, now)

    def _build(self, key: SnapshotKey, viewer: Viewer, policy: Policy, now: datetime) -> Released:
        with self._lock:
            self._count += 1
            name = f"released_{self._count}"
        lake = self._reading()
        with lake.transaction():
            # labels, regions and every feed of one and the same state, whatever is written meanwhile
            state = replace(key, lake_version=self._version())
            labels = {row["label_id"]: label_from_row(row) for row in lake.table(ALL_LABELS).to_pylist()}
            regions = RegionIndex.of(lake.table(ALL_REGIONS))
            asking = Asking(viewer, policy, labels, regions, home_secret(self.home), now)
            built = build_snapshot(lake, name, state, asking)
        with self._lock:
            replaced = self._snapshots.pop(state, None)
            if replaced is not None:
                self._retired.append((time.monotonic(), replaced))
            self._snapshots[state] = built
            self._retire()
        return built

    def _retire(self) -> None:
        """Set aside snapshots of an older lake or policy and those too many; free what is asked no more."""
        newest = max(key.lake_version for key in self._snapshots)
        held = self._policy.digest
        old = [key for key in self._snapshots if key.lake_version < newest or key.policy != held]
        old += list(self._snapshots)[: max(0, len(self._snapshots) - SNAPSHOTS_KEPT)]
        now = time.monotonic()
        self._retired += [(now, self._snapshots.pop(key)) for key in dict.fromkeys(old)]
        for since, released in list(self._retired):
            if now - since > GRACE_SECONDS:
                released.drop()
                self._retired.remove((since, released))

    def _reading(self) -> Connection:
        with self._lock:
            if self._reader is None:
                self._reader = reader_connection(self.home)
            return self._reader

    def _version(self) -> int:
        """The lake's newest snapshot. For the server alone: a viewer is given its own version only.

        Asked of DuckDB: a second SQLite library on the same file in this process drops the first one's
        locks whenever it closes, and readers then meet a torn catalog while somebody writes.
        """
        return int(str(self._reading().rows(LAKE_VERSION)[0][0]))

    def close(self) -> None:
        """End the reader; snapshots go with it."""
        with self._lock:
            if self._reader is not None:
                self._reader.close()
            self._reader = None
            self._snapshots.clear()
