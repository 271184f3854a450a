"""How many refusals are recorded: some of each asker, the rest as a number; nobody fills the trail."""

from __future__ import annotations

import time
from collections.abc import Callable

from data.viewer import Viewer

DENIALS_A_MINUTE = 30
MINUTE_SECONDS = 60.0

Pace = Callable[[], float]


class Denials:
    """How often somebody was refused this minute: some are recorded, the rest are a number."""

    def __init__(self, pace: Pace = time.monotonic) -> None:
        self._pace = pace
        self._begun, self._counts = pace(), dict[Viewer, int]()
        self._left_out: dict[Viewer, int] = {}

    def counted(self, who: Viewer) -> int | None:
        """How many before this one were left out; None when this one is left out too."""
        if self._pace() - self._begun >= MINUTE_SECONDS:
            self._begun, self._counts = self._pace(), {}
        self._counts[who] = self._counts.get(who, 0) + 1
        if self._counts[who] > DENIALS_A_MINUTE:
            self._left_out[who] = self._left_out.get(who, 0) + 1
            return None
        return self._left_out.pop(who, 0)
