"""Takes what was posted, in the order in which it came, for as long as the worker lives."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Sequence

from data.errors import FileRefused, StoreUnavailable, WatchfloorError
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

MOST_TRIES = 2
"""A delivery that fails alone so often, one try after the other, is refused: it must not stop all others."""


FAULT = "fault while a delivery was taken: %s"


class Taker:
    """What has been seen of the deliveries that wait, and a writer of the lake that stays open."""

    def __init__(self, home: Home, limits: Limits = DEFAULT_LIMITS) -> None:
        self.home, self.limits = home, limits
        self._lake = LakeWriter(home, stays_open=True)

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
        """Together; where that fails, each by itself and in their order, so that it is known on which.

        What comes later of a record is never taken before what came earlier.
        """
        if self._taken(waiting):
            return
        for one in waiting:
            tries = 1 if len(waiting) == 1 else 0
            while tries < MOST_TRIES and not self._taken([one]):
                tries += 1
            if tries == MOST_TRIES:
                self._refuse(one)

    def _taken(self, waiting: Sequence[Delivered]) -> bool:
        """False where these make the program fail. Raises WatchfloorError when nothing can be taken now."""
        try:
            with self._lake as lake:
                self._tell(waiting, take_posted(lake, waiting, self.limits))
        except WatchfloorError as error:
            if not isinstance(error, StoreUnavailable) or not self._lake_stands():
                raise
            log.exception(FAULT, _named(waiting))
            return False
        except Exception:
            log.exception(FAULT, _named(waiting))
            return False
        return True

    def _lake_stands(self) -> bool:
        """Whether the lake takes something else: then it is the delivery that it does not take."""
        try:
            with self._lake as lake:
                lake.try_to_write()
        except WatchfloorError:
            return False
        return True

    def _refuse(self, one: Delivered) -> None:
        reference = secrets.token_hex(4)
        log.error("fault %s: delivery %s is refused", reference, one.id[:8])
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


def _named(waiting: Sequence[Delivered]) -> str:
    return waiting[0].id[:8] if len(waiting) == 1 else f"{len(waiting)} together"
