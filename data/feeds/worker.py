"""The ingest worker: a process that takes what partners deliver, one after another, as long as it lives.

It is the only one that writes the lake while an operation runs, and knows nothing of the pages: each goes on
while the other is away. What cannot be taken now because the home cannot be written to waits in its place.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from data.clock import Clock, system_clock
from data.errors import FileRefused, FolderUnusable, WatchfloorError
from data.feeds.inbox import Changed, Stamp, Waiting, make_folders, refuse, take, waiting
from data.feeds.pulling import Puller
from data.feeds.result import Result
from data.feeds.taking import Taker
from data.home import Home
from data.only_one import only_one
from data.parsing import DEFAULT_LIMITS, Limits
from data.shown import shown

log = logging.getLogger("watchfloor.worker")

LOOKS_EVERY_SECONDS = 0.5
POSTED_EVERY_SECONDS = 0.05
"""What was posted is whole."""

RESTS_SECONDS = 10.0
"""A file is taken when nobody has written to it for so long: a line that stalls must not cut it."""

TRIES_AGAIN_SECONDS = 5.0
"""After the home could not be written to."""

LEAVES_ALONE_SECONDS = 60.0
"""A partner's folder in which something was in the way."""

MOST_FAULTS = 2
"""A file that makes the program itself fail is refused after so many: it must not stop all others."""


@dataclass
class Worker:
    """What the worker has seen of the files that wait."""

    home: Home
    limits: Limits = DEFAULT_LIMITS
    clock: Clock = system_clock
    rests_seconds: float = RESTS_SECONDS
    _left_alone: dict[str, float] = field(default_factory=dict)
    _since: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)
    _faults: Counter[tuple[Path, Stamp]] = field(default_factory=Counter)

    def run(self, ended: threading.Event) -> None:
        """Look until `ended` is set. Raises HomeError when another worker is at this home."""
        while not self.home.policy_file.exists():  # whoever serves makes a home out of an empty folder
            if ended.wait(LOOKS_EVERY_SECONDS):
                return
        with only_one(
            self.home.inbox / ".worker.lock", f"Another worker is at the home {self.home.path} already."
        ):
            puller = threading.Thread(
                target=Puller(self.home, self.limits).run, args=(ended,), name="puller", daemon=True
            )
            puller.start()  # a service that is slow holds up no partner
            taker = threading.Thread(target=self._take_posted, args=(ended,), name="taker", daemon=True)
            taker.start()  # nor does a large file hold up a record that was just posted
            while not ended.is_set():
                ended.wait(LOOKS_EVERY_SECONDS if self.looked(ended) else TRIES_AGAIN_SECONDS)
            taker.join()

    def looked(self, ended: threading.Event | None = None) -> bool:
        """Take all that rests. Whether the home could be written to, as far as that was tried."""
        try:
            make_folders(self.home)
            for one in self._resting():
                if ended is not None and ended.is_set():
                    break
                self._look_at(one)
        except WatchfloorError as error:
            log.error("nothing is taken for now: %s", shown(str(error)))
            return False
        except Exception:
            log.exception("fault while the inbox was looked at")
            return False
        return True

    def _take_posted(self, ended: threading.Event) -> None:
        taker = Taker(self.home, self.limits)
        while not ended.is_set():
            ended.wait(POSTED_EVERY_SECONDS if taker.looked(ended) else TRIES_AGAIN_SECONDS)
        taker.close()

    def _look_at(self, one: Waiting) -> None:
        """What is in the way in one partner's folder holds up nobody else."""
        now = time.monotonic()
        if now < self._left_alone.get(one.partner, 0.0):
            return
        try:
            told = self._taken(one)
        except Changed:
            return
        except FolderUnusable as error:
            self._left_alone[one.partner] = now + LEAVES_ALONE_SECONDS
            log.error("%s", shown(str(error)))
            return
        if told is not None:
            log.info("%s of %s: %s", told.file_name, told.partner, "taken" if told.taken else "refused")

    def _resting(self) -> list[Waiting]:
        now = time.monotonic()
        found, known = waiting(self.home), self._since
        self._since = {
            one.path: known[one.path]
            if one.path in known and known[one.path][0] == one.stamp
            else (one.stamp, now)
            for one in found
        }
        return [one for one in found if now - self._since[one.path][1] >= self.rests_seconds]

    def _taken(self, one: Waiting) -> Result | None:
        """None when the program failed, and the file is tried once more."""
        try:
            return take(self.home, one, self.clock(), self.limits)
        except (WatchfloorError, Changed):
            raise
        except Exception:
            key, reference = (one.path, one.stamp), secrets.token_hex(4)
            self._faults[key] += 1
            log.exception("fault %s while a file was taken", reference)
            if self._faults[key] < MOST_FAULTS:
                return None
            del self._faults[key]
            error = FileRefused(
                f"{shown(one.path.name)} could not be taken: the program failed on it ({reference}).",
                "Tell the operator that reference: the server's log has the details.",
            )
            return refuse(one, error, self.clock())
