"""The clock of an exercise that goes on: one for all processes of the home, in a small file.

`exercise play` writes it. It says from where and how fast exercise time goes, and until which real moment: a
lease that whoever plays renews each second. When nobody renews it, because play was ended or killed, the
clock stands at the lease's end. It never goes back: the next play begins at that end, the latest that anybody
can have been told. Without the file the clock is what it was before anybody played (decision 0039).
"""

from __future__ import annotations

import json
import logging
import math
import os
import threading
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.clock import Clock, system_clock
from data.errors import HomeError

log = logging.getLogger("watchfloor.clock")

LEASE = timedelta(seconds=3)
"""So long the clock goes on by itself: longer than a disk may take, short enough not to run away."""

SLOWEST, FASTEST = 0.1, 3600.0
"""Of the speed: seconds of the exercise in one real second."""

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2088, 1, 1, tzinfo=UTC)
"""Between them is all that the clock may say: what `day` of a record holds, with a year to spare."""

MOST_BYTES = 4096
STANDS = 0.0


@dataclass(frozen=True)
class Course:
    """From `exercise_at` at the real time `real_at`, `speed` times as fast as that, `until` a real time."""

    exercise_at: datetime
    real_at: datetime
    speed: float
    until: datetime

    @classmethod
    def from_here(cls, exercise_at: datetime, speed: float, now: datetime) -> Course:
        """A course that begins now, at `exercise_at`, with a lease that is over already."""
        return cls(exercise_at, now, speed, now)

    def at(self, now: datetime) -> datetime:
        """The exercise's time at a real time: before the course its begin, after the lease its end."""
        passed = max(min(now, self.until) - self.real_at, timedelta())
        return self.exercise_at + passed * self.speed

    @property
    def end(self) -> datetime:
        """The latest that it says: where the clock stands when the lease is over."""
        return self.at(self.until)

    def pace(self, now: datetime) -> float:
        """Seconds of the exercise in a real second now; 0 where it stands."""
        return self.speed if self.real_at <= now < self.until else STANDS

    def renewed(self, now: datetime, last: datetime = LAST) -> Course:
        """The same with a lease from now, not beyond `last` of the exercise.

        After the lease was over, or the system's clock was set, it begins anew where it stood: never earlier
        than anybody was told, never by a leap.
        """
        goes = self.real_at <= now <= self.until <= now + LEASE
        course = self if goes else Course.from_here(self.end, self.speed, now)
        wanted = max(now + LEASE - course.until, timedelta())
        is_within = course.end + wanted * self.speed <= last
        more = wanted if is_within else max(last - course.end, timedelta()) / self.speed
        return replace(course, until=course.until + more)


def read_course(path: Path) -> Course | None:
    """The course in the file; None where there is none. Raises HomeError where it says none that can be."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _broken(path, f"cannot be read: {error.strerror}") from error
    try:
        told = json.loads(content)
        times = [datetime.fromisoformat(told[name]) for name in ("exercise_at", "real_at", "until")]
        course = Course(times[0], times[1], float(told["speed"]), times[2])
        possible = (
            math.isfinite(course.speed)
            and SLOWEST <= course.speed <= FASTEST
            and FIRST <= course.exercise_at <= course.end <= LAST
            and FIRST <= course.real_at <= course.until <= LAST
        )
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        possible = False
    if not possible:
        raise _broken(path, "says no course that a clock can take")
    return course


def _broken(path: Path, why: str) -> HomeError:
    return HomeError(
        f"The exercise's clock {path} {why}.",
        "Put it back; where there is no copy, delete it: then the clock begins at the operation's end again.",
    )


def write_course(path: Path, course: Course) -> None:
    """Put it into the file: whole or not at all. Raises HomeError."""
    told = {name: value if name == "speed" else value.isoformat() for name, value in asdict(course).items()}
    draft = path.with_name(f".{path.name}.new")
    try:
        with draft.open("w", encoding="utf-8") as file:
            json.dump(told, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise HomeError(
            f"The exercise's clock {path} cannot be written: {error.strerror}.",
            "Make room on its disk; until then the exercise's time stands.",
        ) from error


class ExerciseClock:
    """Tells the exercise's time by the file, or by `otherwise` as long as there is none. For several threads.

    It is asked at every question: a look at the file, which is read only when it is another one. Once it has
    told a time it never tells an earlier one, whatever becomes of the file or the system's clock; a file that
    becomes unreadable meanwhile is logged, and the clock stands.
    """

    def __init__(self, path: Path, otherwise: Clock, real: Clock = system_clock) -> None:
        """Raises HomeError when there is a file that says no course."""
        self._path, self._otherwise, self._real = path, otherwise, real
        self._lock = threading.Lock()
        self._stamp = self._look()
        self._course = read_course(path)
        self._broken = False
        self._latest = FIRST

    def __call__(self) -> datetime:
        """Now."""
        with self._lock:
            self._read()
            if not self._broken:
                told = self._course.at(self._real()) if self._course else self._otherwise()
                self._latest = max(told, self._latest)
            return self._latest

    def pace(self) -> float:
        """How many seconds of the exercise pass in a real one; 0 where the clock stands."""
        with self._lock:
            self._read()
            if self._broken:
                return STANDS
            return self._course.pace(self._real()) if self._course else 1.0

    def _read(self) -> None:
        stamp = self._look()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._course, self._broken = read_course(self._path), False
        except HomeError as error:
            self._broken = True
            log.error("the clock stands: %s", error)

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns


def pace_of(clock: Clock) -> float | None:
    """How fast an exercise's clock goes; None: it is none, and nothing changes its pace."""
    return clock.pace() if isinstance(clock, ExerciseClock) else None
