"""Takes what was posted, in the order in which it came, for as long as the worker lives."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import Counter
from collections.abc import Sequence

from data.errors import FileRefused, WatchfloorError
from data.feeds.posted import called, end, take_posted
from data.feeds.result import Result, refused
from data.home import Home
from data.lake import LakeWriter
from data.parsing import DEFAULT_LIMITS, Limits
from data.shown import shown
from data.spool import Delivered, Spool

log = logging.getLogger("watchfloor.worker")

MOST_TOGETHER = 200
"""Deliveries of one transaction; the first waits for the last."""

MOST_FAULTS = 2
"""A delivery that makes the program itself fail is refused after so many: it must not stop all others."""


class Taker:
    """What has been seen of the deliveries that wait, and a writer of the lake that stays open."""

    def __init__(self, home: Home, limits: Limits = DEFAULT_LIMITS) -> None:
        self.home, self.limits = home, limits
        self._lake = LakeWriter(home, stays_open=True)
        self._faults = Counter[str]()

    def looked(self, ended: threading.Event | None = None) -> bool:
        """Take all that waits. Whether the home could be written to, as far as that was tried."""
        spool = Spool(self.home)
        try:
            while not (ended is not None and ended.is_set()):
                waiting = spool.waiting(MOST_TOGETHER)
                if not waiting:
                    return True
                self._take(waiting)
        except WatchfloorError as error:
            log.error("nothing that was posted is taken for now: %s", shown(str(error)))
            return False
        except Exception:
            log.exception("fault while the spool was looked at")
            return False
        return True

    def close(self) -> None:
        """End the writer."""
        self._lake.close()

    def _take(self, waiting: Sequence[Delivered]) -> None:
        """Together; where the program fails on them, one by one, so that it is known on which."""
        try:
            with self._lake as lake:
                self._tell(waiting, take_posted(lake, waiting, self.limits))
        except WatchfloorError:
            raise
        except Exception:  # noqa: BLE001 - it is told with its details below, of the one that it is about
            if len(waiting) == 1:
                self._failed(waiting[0])
                return
            log.warning("fault while deliveries were taken together: they are taken one by one")
            for one in waiting:
                self._take([one])

    def _failed(self, one: Delivered) -> None:
        reference = secrets.token_hex(4)
        self._faults[one.id] += 1
        log.exception("fault %s while a delivery was taken", reference)
        if self._faults[one.id] < MOST_FAULTS:
            return
        del self._faults[one.id]
        error = FileRefused(
            f"The delivery could not be taken: the program failed on it ({reference}).",
            "Tell the operator that reference: the server's log has the details.",
        )
        told = [refused(called(one), one.credential.partner, error)]
        end(self.home, [one], told)
        self._tell([one], told)

    def _tell(self, deliveries: Sequence[Delivered], results: Sequence[Result]) -> None:
        for one, told in zip(deliveries, results, strict=True):
            outcome = "taken" if told.taken else "refused"
            log.info("delivery %s of %s: %s", one.id[:8], one.credential.partner, outcome)
