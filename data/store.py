"""The only door to rows: `Store.released_to(viewer)`.

A viewer's rows are made once for each state of lake and policy, and kept while that state is asked of.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque
from dataclasses import replace
from datetime import datetime

from data.clock import Clock, system_clock
from data.connection import Connection, reader_connection
from data.errors import StoreUnavailable
from data.home import Home, home_clock
from data.home_state import home_secret
from data.lake_changes import records_changed, tables_touched
from data.lake_tables import ALL_LABELS, ALL_REGIONS, KNOWLEDGE_END, LAKE_VERSION, label_from_row
from data.policy import Policy
from data.policy_force import InForce
from data.policy_set import PolicySet, policy_set
from data.regions_shown import RegionIndex
from data.released import Released, SnapshotKey
from data.reports import Withheld
from data.snapshot import Since, build_snapshot
from data.snapshot_making import Asking
from data.unchanged import WhileUnchanged
from data.viewer import Viewer
from data.withheld import Reported
from data.words import msgid

log = logging.getLogger("watchfloor.store")

SNAPSHOTS_KEPT = 16
"""Released snapshots held in memory: policy sets are few (partner x clearance x wall)."""

MOST_TRIES = 3
"""To make a snapshot while the lake's files are written anew, which a purge does."""

ASIDE_KEPT = 2
"""Beside them: of looks with other eyes (`compare=XAB:LEVEL`), which anybody may try one after the other."""


class Store:
    """One home, open for reading. It has no question of its own: ask `released_to(viewer)`."""

    def __init__(self, home: Home, clock: Clock) -> None:
        self.home = home
        self.clock = clock
        self._reader: Connection | None = None
        self._lock = threading.RLock()
        self._snapshots: OrderedDict[SnapshotKey, Released] = OrderedDict()
        self._building: dict[SnapshotKey, tuple[threading.Lock, int]] = {}
        self._policy = InForce(home)
        self._regions: tuple[int, RegionIndex] | None = None
        self._knowledge: tuple[int, datetime | None] | None = None
        self._freed: deque[str] = deque()
        self._aside: set[PolicySet] = set()
        self._count = 0
        self._newest = WhileUnchanged[int](home.catalog)
        self._reported = Reported(home)

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

    def released_to(self, viewer: Viewer, purpose: str = "screen", *, aside: bool = False) -> Released:
        """What is released to this viewer now, already transformed: the only door to rows.

        May take a second when the lake or the policy has changed; call it in a thread. `aside`: for a look
        with other eyes beside one's own, of which a few are kept; whoever tries them all pushes out nobody's.
        """
        return self._reported.applied(self._whole(viewer, purpose, aside=aside))

    def withheld(self) -> tuple[Withheld, ...]:
        """What is withheld on report now, whosever it is: for the server alone."""
        return self._reported.records()

    def _whole(self, viewer: Viewer, purpose: str, *, aside: bool) -> Released:
        """As if nothing were withheld on report."""
        while True:
            now, policy = self.clock(), self.policy()
            key = self._key(viewer, policy, purpose, now)
            with self._lock:
                known = self._known(key, now)
                if not aside:
                    self._aside.discard(key.policy_set)
                elif known is None:
                    self._aside.add(key.policy_set)
                if known is not None:
                    self._snapshots.move_to_end(known.key)
                    return known.asked_by(viewer, now)
            made = self._in_turn(key, viewer, purpose)
            if made is not None:
                return made

    def _key(self, viewer: Viewer, policy: Policy, purpose: str, now: datetime) -> SnapshotKey:
        decided_by = policy_set(policy, viewer, (), now, purpose)
        return SnapshotKey(decided_by, policy.digest, self._version(), purpose)

    def _in_turn(self, key: SnapshotKey, viewer: Viewer, purpose: str) -> Released | None:
        """What was made while this waited for its turn, or made now; None where other rules hold by then."""
        rules = replace(key, lake_version=0)
        with self._lock:
            building, waiting = self._building.get(rules, (threading.Lock(), 0))
            self._building[rules] = (building, waiting + 1)
        try:
            with building:
                now, policy = self.clock(), self.policy()
                if replace(self._key(viewer, policy, purpose, now), lake_version=0) != rules:
                    return None
                with self._lock:
                    known = self._known(key, now)
                known = known or self._build(key, viewer, policy, now)
                return known.asked_by(viewer, now)
        finally:
            with self._lock:
                building, waiting = self._building.pop(rules)
                if waiting > 1:
                    self._building[rules] = (building, waiting - 1)

    def _known(self, key: SnapshotKey, now: datetime) -> Released | None:
        """A snapshot that answers this: of the state of the lake when it was asked, or of a later one.

        While records keep coming each question of a page would find another state, and make a snapshot of
        its own. Under the same rules one is made at a time, and all who wait take it.
        """
        fit = [
            released
            for made, released in self._snapshots.items()
            if made.lake_version >= key.lake_version
            and replace(made, lake_version=key.lake_version) == key
            and released.holds_at(now)
        ]
        return max(fit, key=lambda released: released.key.lake_version, default=None)

    def _build(self, key: SnapshotKey, viewer: Viewer, policy: Policy, now: datetime) -> Released:
        with self._lock:
            self._count += 1
            name = f"released_{self._count}"
        state, built = self._built_whole(name, key, viewer, policy, now)
        with self._lock:
            self._snapshots[state] = built
            self._snapshots.move_to_end(state)
            self._retire()
        self._free()
        return built

    def _built_whole(
        self, name: str, key: SnapshotKey, viewer: Viewer, policy: Policy, now: datetime
    ) -> tuple[SnapshotKey, Released]:
        """Made again where the lake's files were written anew meanwhile: a table may have looked empty."""
        for number in range(MOST_TRIES):
            state, built = self._built(name + number * "a", key, viewer, policy, now)
            newest = self._read_version()
            if (
                newest == state.lake_version
                or tables_touched(self._reading(), state.lake_version, newest) is not None
            ):
                return state, built
            log.warning("the lake's files were written anew while a snapshot was made: it is made again")
        raise StoreUnavailable(msgid("The store could not answer."), msgid("Try again in a minute."))

    def _built(
        self, name: str, key: SnapshotKey, viewer: Viewer, policy: Policy, now: datetime
    ) -> tuple[SnapshotKey, Released]:
        lake = self._reading()
        with lake.transaction():
            # labels, regions and every feed of one and the same state, whatever is written meanwhile
            state = replace(key, lake_version=self._read_version())
            since = self._since(state, now)
            labels = {row["label_id"]: label_from_row(row) for row in lake.table(ALL_LABELS).to_pylist()}
            regions = since.before.regions if since else RegionIndex.of(lake.table(ALL_REGIONS))
            asking = Asking(viewer, policy, labels, regions, home_secret(self.home), now)
            return state, build_snapshot(lake, name, state, asking, since, self._freed)

    def _since(self, state: SnapshotKey, now: datetime) -> Since | None:
        """The latest snapshot under the same rules, and what changed after it; None: make all anew."""
        with self._lock:
            earlier = [
                released
                for key, released in self._snapshots.items()
                if replace(key, lake_version=state.lake_version) == state
                and key.lake_version < state.lake_version
                and released.holds_at(now)
            ]
        if not earlier:
            return None
        before = max(earlier, key=lambda released: released.key.lake_version)
        changed = records_changed(self._reading(), before.key.lake_version, state.lake_version)
        return Since(before, changed) if changed is not None else None

    def _free(self) -> None:
        """The memory of snapshots that no question is asked of any more."""
        reader = self._reading()
        while True:
            try:
                schema = self._freed.popleft()
            except IndexError:  # somebody else has freed it meanwhile
                return
            try:
                reader.run(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            except StoreUnavailable:
                self._freed.append(schema)
                log.error("the memory of a snapshot could not be freed yet")
                return

    def _retire(self) -> None:
        """Forget snapshots of an older lake or policy and those too many; who asks of one keeps it."""
        newest: dict[SnapshotKey, int] = {}
        for key in self._snapshots:
            rules = replace(key, lake_version=0)
            newest[rules] = max(key.lake_version, newest.get(rules, 0))
        # Of each viewer's rules the latest stays, whatever came since: the next is made from it.
        latest = {replace(rules, lake_version=version) for rules, version in newest.items()}
        old = [key for key in self._snapshots if key not in latest or key.policy != self._policy.digest]
        aside = [key for key in self._snapshots if key.policy_set in self._aside]
        old += aside[: max(0, len(aside) - ASIDE_KEPT)]
        old += list(self._snapshots)[: max(0, len(self._snapshots) - SNAPSHOTS_KEPT - ASIDE_KEPT)]
        for key in dict.fromkeys(old):
            del self._snapshots[key]
        self._aside &= {key.policy_set for key in self._snapshots}

    def _reading(self) -> Connection:
        with self._lock:
            if self._reader is None:
                self._reader = reader_connection(self.home)
            return self._reader

    def _version(self) -> int:
        """The lake's newest snapshot. For the server alone: a viewer is given its own version only."""
        return self._newest.get(self._read_version)

    def _read_version(self) -> int:
        """The same of the transaction that is open.

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
