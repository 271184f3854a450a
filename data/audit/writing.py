"""Writing an entry: under the lock, after whatever others wrote, sealed to the one before it.

Two kinds of harm are told apart. Half a line at the end is what a crash leaves: it is set aside, and an entry
says so. Anything else that does not verify is a fault, and from then on nothing is added (decision 0025).
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from data.audit.chain import Chain, whole_lines
from data.audit.entry import Action, sealed, stamp, written
from data.audit.places import torn_of
from data.audit.trail_file import TrailFile, keep_apart
from data.clock import Clock
from data.errors import AuditBroken, AuditUnavailable
from data.home import Home
from data.viewer import NOBODY, Viewer

log = logging.getLogger("watchfloor.audit")


class Writer:
    """The one place that adds to a trail. Safe to use from several threads, beside other processes."""

    def __init__(self, home: Home, file: TrailFile, clock: Clock, wait_seconds: float) -> None:
        self._home, self._file, self._clock, self._wait = home, file, clock, wait_seconds
        self._lock = threading.RLock()
        self._chain = Chain()
        self._missed = 0
        self.fault = ""
        """Why nothing more is added; empty while all is well."""

    @property
    def size(self) -> int:
        """How many entries this process knows of."""
        return self._chain.size

    def start(self, roots: Mapping[int, bytes]) -> None:
        """Read what is there, once; `roots` are those that checkpoints say. Others may write meanwhile."""
        with self._lock:
            try:
                with self._file.locked(self._wait):
                    end = self._file.size()
                self._read(end, roots)
                with self._file.locked(self._wait):
                    torn = self._follow(roots)
                    self._chain.check_emptied()
                    most = max(roots, default=0)
                    if most > self._chain.size:
                        raise AuditBroken(
                            f"The trail holds {self._chain.size} entries, and there were {most} when a"
                            " checkpoint was signed: its end is missing."
                        )
                    self._append(torn)
            except AuditBroken as error:
                self.refuse(error.message)
            except OSError as error:
                raise _unavailable(error) from error

    def refuse(self, why: str) -> None:
        """From now on nothing is added."""
        self.fault = why
        log.error("the audit trail takes no more entries: %s", why)

    def add(self, action: Action, who: Viewer, details: Mapping[str, object], wait_seconds: float) -> int:
        """One entry; its place. Nothing waits for the disk. After AuditUnavailable nothing was added."""
        head = written(action, who, details)
        with self._entered(wait_seconds):
            before = self._follow({})
            if self._missed:
                before.append(written(Action.NOT_RECORDED, NOBODY, {"views": self._missed}))
            self._append([*before, head])
            self._missed = 0
            return self._chain.size - 1

    def miss(self) -> int:
        """A view could not be added: the next entry that can will say so. How many there are now."""
        with self._lock:
            self._missed += 1
            return self._missed

    def state(self) -> tuple[int, bytes, str]:
        """How many entries there are now, of all processes, their root, and what time it is."""
        with self._entered(self._wait):
            self._append(self._follow({}))
            return self._chain.size, self._chain.tree.root(), _words(self._clock)

    @contextmanager
    def _entered(self, wait_seconds: float) -> Iterator[None]:
        with self._lock:
            if self.fault:
                raise AuditUnavailable(
                    f"The audit trail takes no more entries: {self.fault}",
                    "`python app.py audit verify` tells more.",
                )
            try:
                with self._file.locked(wait_seconds):
                    yield
            except AuditBroken as error:
                self.refuse(error.message)
                raise AuditUnavailable(f"The audit trail takes no more entries: {error.message}") from error
            except OSError as error:
                raise _unavailable(error) from error

    def _follow(self, roots: Mapping[int, bytes]) -> list[str]:
        """Read what others added. What has to be said of half a line that was set aside, if one was."""
        end, chain = self._file.size(), self._chain
        if end < chain.offset:
            raise AuditBroken(f"The trail was cut off in use: it had {chain.size} entries.")
        if end == chain.offset and not roots:
            return []
        self._read(end, roots)
        return [self._set_aside(end)] if chain.offset < end else []

    def _read(self, end: int, roots: Mapping[int, bytes]) -> None:
        """Up to `end`, which was the trail's size while nobody wrote: what lies before it stays."""
        with self._file.path.open("rb") as file:
            file.seek(self._chain.offset)
            self._chain.follow(whole_lines(file, end), roots)

    def _set_aside(self, end: int) -> str:
        chain = self._chain
        torn = self._file.part(chain.offset, end)
        digest = hashlib.sha256(torn).hexdigest()
        place = torn_of(self._home, chain.size, digest)
        if not place.exists():
            keep_apart(place, torn)
        self._file.cut(chain.offset)
        log.warning("half a line at the end of the audit trail was set aside in %s", place.name)
        told = {"bytes": len(torn), "sha256": digest, "file": place.name}
        return written(Action.TORN_LINE, NOBODY, told)

    def _append(self, heads: list[str]) -> None:
        lines: list[bytes] = []
        seq, previous = self._chain.size, self._chain.last_hash
        for head in heads:
            previous, line = sealed(head, seq, self._clock(), time.monotonic_ns() // 1000, previous)
            lines.append(line)
            seq += 1
        self._file.append(b"".join(line + b"\n" for line in lines))
        for line in lines:
            self._chain.take(line)


def _unavailable(error: OSError) -> AuditUnavailable:
    return AuditUnavailable(
        f"The audit trail cannot be written: {error.strerror}.", "Make room on its disk, then try again."
    )


def _words(clock: Clock) -> str:
    return stamp(clock())
