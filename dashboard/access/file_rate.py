"""How often one viewer takes a file, whichever route hands it out."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from threading import Lock

from data.errors import ExtractRefused
from data.viewer import Viewer
from data.words import msgid

MOST_A_MINUTE = 10
"""Files that one viewer may take a minute (release policy, A3 Exports)."""


@dataclass
class FileRate:
    """How often each viewer took a file in the last minute; who has not for a minute is forgotten."""

    _taken: dict[Viewer, deque[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def check(self, viewer: Viewer) -> None:
        """Count one more. Raises ExtractRefused beyond MOST_A_MINUTE."""
        now = time.monotonic()
        with self._lock:
            self._taken = {who: times for who, times in self._taken.items() if now - times[-1] < 60}
            times = self._taken.setdefault(viewer, deque())
            while times and now - times[0] >= 60:
                times.popleft()
            if len(times) >= MOST_A_MINUTE:
                raise ExtractRefused(
                    msgid("You have taken {most} files in the last minute, which is the most."),
                    msgid("Wait a minute and try again."),
                    most=MOST_A_MINUTE,
                )
            times.append(now)
