"""The one place that knows what time it is. Everything else is handed a Clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

Clock = Callable[[], datetime]
"""Gives now, aware and in UTC."""


def system_clock() -> datetime:
    """Real time: actual operations, audit and sign-in."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


def fixed_clock(at: datetime) -> Clock:
    """A clock that stands still, for tests."""
    return lambda: at


@dataclass(frozen=True)
class RunningClock:
    """Starts at a given time and goes on at the pace of real time."""

    starts_at: datetime
    _started: float

    @classmethod
    def starting_at(cls, starts_at: datetime) -> RunningClock:
        """Begin now, at `starts_at`."""
        return cls(starts_at, monotonic())

    def __call__(self) -> datetime:
        return self.starts_at + timedelta(seconds=monotonic() - self._started)
