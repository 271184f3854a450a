"""The trail of a home: where entries are written and read. Decision 0025."""

from __future__ import annotations

import atexit
import logging
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Self

from data.audit import reading
from data.audit.checkpoints import Checkpoint, append, checkpoints_in, roots_of, signed
from data.audit.commit import Committer
from data.audit.details import plain
from data.audit.entry import Action, Entry
from data.audit.keys import signing_key
from data.audit.places import checkpoints_of, trail_of
from data.audit.trail_file import TrailFile
from data.audit.writing import Writer
from data.clock import Clock, system_clock
from data.errors import AuditBroken, AuditUnavailable
from data.home import Home
from data.viewer import Viewer

log = logging.getLogger("watchfloor.audit")

NOT_WRITTEN = -1
"""What `record` answers for a view that could not be written."""

ENTRIES_TO_CHECKPOINT = 1_000
SECONDS_TO_CHECKPOINT = 300.0

DURABLE_WAIT_SECONDS = 10.0
VIEW_WAIT_SECONDS = 0.5
"""So long an entry waits for another process that writes; a click must not wait longer."""

TOLD_EVERY = 1_000


class Trail:
    """Append-only, hash-chained, with signed checkpoints. Threads and processes may share a home's trail."""

    def __init__(self, home: Home, outside: Path | None, clock: Clock) -> None:
        self._path, self._checkpoints, self._outside = trail_of(home), checkpoints_of(home), outside
        self._key = signing_key(home)
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

    @classmethod
    def open(cls, home: Home, *, outside: Path | None = None, clock: Clock = system_clock) -> Self:
        """The trail of a home, begun where there is none. It is read once, whole.

        `outside` is a file elsewhere that gets every checkpoint too. A trail that does not verify opens all
        the same, to be read; it takes no entries. Raises AuditUnavailable when it cannot be opened.
        """
        trail = cls(home, outside, clock)
        trail._start()
        atexit.register(trail.close)
        return trail

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
            if not self.fault and self._is_due(at_end=at_end):
                self.checkpoint()

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
