"""The trail of a home: where entries are written and read. Decision 0025."""

from __future__ import annotations

import atexit
import logging
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from data.audit import reading, retention
from data.audit.checkpoints import Checkpoint, append, checkpoints_in, roots_of, signed
from data.audit.commit import Committer
from data.audit.details import plain
from data.audit.entry import Action, Entry, stamp
from data.audit.index import TrailIndex
from data.audit.keys import signing_key
from data.audit.places import checkpoints_of, trail_of
from data.audit.trail_file import TrailFile
from data.audit.writing import Writer
from data.clock import Clock, system_clock
from data.errors import AuditBroken, AuditUnavailable
from data.home import Home
from data.viewer import NOBODY, Viewer

log = logging.getLogger("watchfloor.audit")

NOT_WRITTEN = -1
"""What `record` answers for a view that could not be written."""

ENTRIES_TO_CHECKPOINT = 1_000
SECONDS_TO_CHECKPOINT = 300.0

DURABLE_WAIT_SECONDS = 10.0
VIEW_WAIT_SECONDS = 0.5
"""So long an entry waits for another process that writes; a click must not wait longer."""

TOLD_EVERY = 1_000
DAY_SECONDS = 24 * 3600.0


class Trail:
    """Append-only, hash-chained, with signed checkpoints. Threads and processes may share a home's trail."""

    def __init__(
        self, home: Home, outside: Path | None, clock: Clock, views_kept: timedelta | None = None
    ) -> None:
        self._path, self._checkpoints, self._outside = trail_of(home), checkpoints_of(home), outside
        self._home, self._key, self._clock = home, signing_key(home), clock
        self._views_kept, self._emptied_at, self._looked_to = views_kept, 0.0, 0
        try:
            self._file = TrailFile(self._path)
        except OSError as error:
            raise AuditUnavailable(
                f"The audit trail {self._path} cannot be opened: {error.strerror}.",
                "Choose a home that may be written to.",
            ) from error
        self._writer = Writer(home, self._file, clock, DURABLE_WAIT_SECONDS)
        self._committer = Committer(self._commit)
        self._is_behind = False
        self._is_closed = False
        self._checked_size, self._checked_at = 0, time.monotonic()
        self._exports = TrailIndex(self._path, (Action.EXPORT,))

    @classmethod
    def open(
        cls,
        home: Home,
        *,
        outside: Path | None = None,
        clock: Clock = system_clock,
        views_kept: timedelta | None = None,
    ) -> Self:
        """The trail of a home, begun where there is none. It is read once, whole.

        `outside` is a file elsewhere that gets every checkpoint too. Views older than `views_kept` are
        emptied, once a day. A trail that does not verify opens all the same, to be read; it takes no entries.
        Raises AuditUnavailable when it cannot be opened.
        """
        trail = cls(home, outside, clock, views_kept)
        trail._start()
        atexit.register(trail.close)
        return trail

    @property
    def views_kept(self) -> timedelta | None:
        """How long it says what somebody looked at; None: for good."""
        return self._views_kept

    @property
    def fault(self) -> str:
        """Why the trail takes no entries; empty while it does."""
        return self._writer.fault

    def record(self, action: Action, who: Viewer, details: Mapping[str, object], *, durable: bool) -> int:
        """Write an entry; its place (seq), counted from 0.

        With `durable` it is on the disk when this returns, else AuditUnavailable is raised: whoever called
        does not go on. Without, nothing waits for the disk, which gets it within 200 ms, and an entry that
        cannot be written is NOT_WRITTEN and counted. `details`: see `data.audit.details`; DetailsRefused.
        """
        action, told = Action(action), plain(details)
        try:
            if self._is_closed:
                raise AuditUnavailable("The audit trail is closed.", "Start again.")
            wait = DURABLE_WAIT_SECONDS if durable else VIEW_WAIT_SECONDS
            seq = self._writer.add(action, who, told, wait)
            if durable:
                self._sync()
            else:
                self._is_behind = True
        except AuditUnavailable as error:
            if durable:
                raise
            return self._missed(error)
        self._committer.wake(hurry=self._more() >= ENTRIES_TO_CHECKPOINT)
        return seq

    def entries(
        self,
        *,
        actions: Collection[Action] = (),
        originator: str | None = None,
        partner: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[Entry]:
        """The entries from the oldest, narrowed. `originator`: about whose data; `partner`: of whom."""
        return reading.entries(
            self._path, reading.Wanted(frozenset(actions), originator, partner, since, until)
        )

    def exports(self, *, originator: str | None = None, partner: str | None = None) -> Iterator[Entry]:
        """Every file that was taken, from the oldest; what was read before is not read again."""
        return self._exports.entries(originator=originator, partner=partner)

    def checkpoint(self) -> Checkpoint:
        """A checkpoint of now, signed and kept. Raises AuditUnavailable.

        All that it covers is on the disk before it is signed, so no crash makes it claim too much.
        """
        size, root, utc = self._writer.state()
        self._sync()
        made = signed(self._key, size, root, utc)
        try:
            append(self._checkpoints, made)
        except OSError as error:
            raise AuditUnavailable(f"The checkpoint cannot be kept: {error.strerror}.") from error
        self._checked_size, self._checked_at = size, time.monotonic()
        if self._outside is not None:
            try:
                append(self._outside, made)
            except OSError as error:
                log.error("the checkpoint of %d entries is not outside: %s", size, error.strerror)
        return made

    def empty_views(self, before: datetime) -> int:
        """Empty the views before a time (`data.audit.retention`); how many. Raises AuditUnavailable.

        Looks only at what it did not look at before: entries come in the order of their times.
        """
        found = list(retention.due(self._home, before, self._looked_to))
        if found:
            told = {"before": stamp(before), "views": len(found)}
            self.record(Action.RETENTION, NOBODY, told, durable=True)
            try:
                retention.empty(self._home, found)
            except OSError as error:
                raise AuditUnavailable(f"Views cannot be emptied: {error.strerror}.") from error
            self._looked_to = found[-1][0]
        return len(found)

    def close(self) -> None:
        """Bring all to the disk, sign a checkpoint, stop. It may be called twice; it never raises."""
        if self._is_closed:
            return
        self._is_closed = True
        atexit.unregister(self.close)
        self._committer.end()
        self._commit(at_end=True)
        self._file.close()

    def _start(self) -> None:
        try:
            retention.finish(self._home)
            known = list(checkpoints_in(self._checkpoints, self._key.public_key()))
            if self._outside is not None:
                known += self._known_outside(self._outside)
            self._writer.start(roots_of(known))
            self._checked_size = max((one.size for one in known), default=0)
        except AuditBroken as error:
            self._writer.refuse(error.message)

    def _known_outside(self, path: Path) -> tuple[Checkpoint, ...]:
        """A place that cannot be reached holds nobody up; `verify` is strict about it."""
        try:
            return checkpoints_in(path, self._key.public_key())
        except AuditUnavailable as error:
            log.error("the checkpoints outside are not used: %s", error.message)
            return ()

    def _sync(self) -> None:
        """After a disk once said that it could not, it is not believed any more (a second try may lie)."""
        try:
            self._file.sync()
        except OSError as error:
            self._writer.refuse(f"The disk did not keep an entry: {error.strerror}.")
            raise AuditUnavailable(f"The audit trail is not on the disk: {error.strerror}.") from error

    def _commit(self, *, at_end: bool = False) -> None:
        with suppress(AuditUnavailable):  # said in the log where it happened
            if self._is_behind:
                self._is_behind = False
                self._sync()
            if not self.fault and not at_end and self._views_kept is not None:
                self._empty_daily(self._views_kept)
            if not self.fault and self._is_due(at_end=at_end):
                self.checkpoint()

    def _empty_daily(self, kept: timedelta) -> None:
        if self._emptied_at == 0 or time.monotonic() - self._emptied_at >= DAY_SECONDS:
            self._emptied_at = time.monotonic()
            count = self.empty_views(self._clock() - kept)
            log.info("%d views are over %d days old and were emptied", count, kept.days)

    def _is_due(self, *, at_end: bool) -> bool:
        more = self._more()
        late = time.monotonic() - self._checked_at >= SECONDS_TO_CHECKPOINT
        return more >= ENTRIES_TO_CHECKPOINT or (more > 0 and (late or at_end))

    def _more(self) -> int:
        """How many entries no checkpoint covers yet."""
        return self._writer.size - self._checked_size

    def _missed(self, error: AuditUnavailable) -> int:
        count = self._writer.miss()
        if count % TOLD_EVERY == 1:
            log.error("a view was not recorded (%d so far): %s", count, error)
        return NOT_WRITTEN
