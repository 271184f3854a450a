"""The exercise's clock: one for all processes, never back, standing when nobody plays, safe from its file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.clock import RunningClock, fixed_clock
from data.errors import HomeError
from data.exercise_clock import (
    FASTEST,
    LEASE,
    SLOWEST,
    Course,
    ExerciseClock,
    pace_of,
    read_course,
    write_course,
)
from data.home import Home, home_clock
from tests.factories import POLICY, a_home

END = datetime(2026, 10, 4, tzinfo=UTC)
REAL = datetime(2026, 11, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
EXERCISE = POLICY.replace('kind = "replay"', 'kind = "exercise"')


class Real:
    """A system clock that the test sets."""

    def __init__(self) -> None:
        self.now = REAL

    def __call__(self) -> datetime:
        return self.now


def in_file(path: Path, **said: object) -> None:
    course = Course(END, REAL, 60.0, REAL + LEASE)
    told = {name: getattr(course, name) for name in ("exercise_at", "real_at", "speed", "until")} | said
    path.write_text(json.dumps(told, default=lambda at: at.isoformat()))


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["wait", "play", "renew", "renew", "renew"]),
        st.floats(SLOWEST, FASTEST),
        st.floats(0.0, 20.0),
    ),
    max_size=30,
)


@given(MOVES, st.booleans())
def test_it_never_goes_back_whoever_plays_stops_or_is_killed(
    moves: list[tuple[str, float, float]], is_set_back: bool
) -> None:
    """Nobody who asks for the first time is told less than anybody before: to wait is to stop, or be killed.

    Where the system's clock is set back, no later course begins before what anybody was told.
    """
    now, told = REAL, END
    course = Course.from_here(END, 60.0, REAL)
    for move, speed, seconds in moves:
        now += timedelta(seconds=-seconds if is_set_back and move == "wait" else seconds)
        if move == "play":
            course = Course.from_here(course.end, speed, now).renewed(now)
        elif move == "renew":
            course = course.renewed(now)
        if not is_set_back or move == "play":
            assert course.at(now) >= told
        told = max(told, course.at(now))
        assert course.end >= told


@given(MOVES)
def test_between_renewals_it_goes_as_fast_as_was_said_and_no_leap(
    moves: list[tuple[str, float, float]],
) -> None:
    """A lease that ran out is not made good: nobody was told of that time, and nothing was posted in it."""
    now, course = REAL, Course.from_here(END, 60.0, REAL).renewed(REAL)
    for _, _, seconds in moves:
        before, stood = now, course.at(now)
        now += timedelta(seconds=seconds)
        course = course.renewed(now)
        assert course.at(now) - stood <= min(now - before, LEASE) * 60.0
        assert course.at(now + timedelta(days=1)) == course.end <= course.at(now) + LEASE * 60.0


def test_after_the_systems_clock_was_set_back_the_lease_is_as_short_as_ever() -> None:
    course = Course.from_here(END, 60.0, REAL).renewed(REAL + timedelta(hours=1))
    for n in range(1, 3600):
        course = course.renewed(REAL + timedelta(hours=1) + n * SECOND)
    back = REAL + timedelta(hours=1, minutes=10)
    assert course.renewed(back).until == back + LEASE
    assert course.renewed(back).at(back) == course.end


def test_it_stands_at_the_leases_end(tmp_path: Path) -> None:
    path, real = tmp_path / "clock.json", Real()
    write_course(path, Course.from_here(END, 60.0, REAL).renewed(REAL))
    clock = ExerciseClock(path, fixed_clock(END), real)
    assert (clock(), clock.pace()) == (END, 60.0)
    real.now += SECOND
    assert clock() == END + timedelta(minutes=1)
    real.now += timedelta(days=30)
    assert (clock(), clock.pace()) == (END + timedelta(minutes=3), 0.0)


def test_it_does_not_go_beyond_the_last_moment() -> None:
    last = END + timedelta(minutes=2)
    course = Course.from_here(END, 60.0, REAL).renewed(REAL, last)
    for n in range(10):
        course = course.renewed(REAL + n * SECOND, last)
    assert course.end == last


def test_all_who_ask_are_told_the_same(tmp_path: Path) -> None:
    path, real = tmp_path / "clock.json", Real()
    clocks = [ExerciseClock(path, fixed_clock(END), real) for _ in range(3)]
    for n in range(5):
        real.now = REAL + n * SECOND
        write_course(path, Course.from_here(END, 60.0, REAL).renewed(REAL + n * SECOND))
        assert {clock() for clock in clocks} == {ExerciseClock(path, fixed_clock(END), real)()}


def test_one_process_is_never_told_an_earlier_time(tmp_path: Path) -> None:
    """Whether the file goes, another is put in its place, or the system's clock is set back."""
    path, real = tmp_path / "clock.json", Real()
    in_file(path, exercise_at=END + timedelta(days=5))
    clock = ExerciseClock(path, RunningClock.starting_at(END), real)
    told = clock()
    in_file(path, exercise_at=END)
    assert clock() == told
    path.unlink()
    assert clock() == told
    in_file(path, exercise_at=END + timedelta(days=6), until=REAL + LEASE)
    real.now -= timedelta(days=1)
    assert clock() == END + timedelta(days=6)


@pytest.mark.parametrize(
    "said",
    [
        {"speed": 0},
        {"speed": -1},
        {"speed": 1e9},
        {"speed": float("nan")},
        {"speed": "fast"},
        {"speed": None},
        {"exercise_at": "yesterday"},
        {"exercise_at": "2026-10-04T00:00:00"},
        {"exercise_at": "0001-01-01T00:00:00+00:00"},
        {"real_at": 7},
        {"until": "9999-12-31T23:59:59+00:00"},
        {"until": REAL - SECOND},
        {"until": "2087-01-01T00:00:00+00:00", "speed": 3600},
    ],
)
def test_a_file_that_says_no_course_is_one_sentence(tmp_path: Path, said: dict[str, object]) -> None:
    path = tmp_path / "clock.json"
    in_file(path, **said)
    with pytest.raises(HomeError, match="says no course"):
        ExerciseClock(path, fixed_clock(END))


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"7", b"[" * 4096, b"{" + b" " * 10_000 + b"}"])
def test_a_file_that_is_something_else_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clock.json"
    path.write_bytes(content)
    with pytest.raises(HomeError, match="says no course"):
        read_course(path)


def test_a_file_that_breaks_while_it_is_asked_makes_the_clock_stand(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, real = tmp_path / "clock.json", Real()
    in_file(path)
    clock = ExerciseClock(path, fixed_clock(END), real)
    told = clock()
    path.write_text("{")
    real.now += 2 * SECOND
    assert [clock() for _ in range(5)] == [told] * 5
    assert clock.pace() == 0.0
    assert len(caplog.records) == 1
    in_file(path, exercise_at=END + timedelta(hours=1), real_at=real.now, until=real.now + LEASE)
    assert (clock(), clock.pace()) == (END + timedelta(hours=1), 60.0)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    course = replace(Course(END, REAL, 59.5, REAL), until=REAL + timedelta(microseconds=3))
    write_course(tmp_path / "clock.json", course)
    assert read_course(tmp_path / "clock.json") == course
    assert read_course(tmp_path / "other.json") is None
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


def test_an_exercise_goes_by_its_file_and_an_actual_operation_never(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", EXERCISE)
    in_file(home.exercise_clock_file, exercise_at=END + timedelta(days=9), real_at=REAL, until=REAL)
    clock = home_clock(home, lambda: None)
    assert clock() == END + timedelta(days=9)
    assert pace_of(clock) == 0.0
    other = a_home(tmp_path / "other", EXERCISE.replace('kind = "exercise"', 'kind = "actual"'))
    in_file(other.exercise_clock_file, exercise_at=END + timedelta(days=9), real_at=REAL, until=REAL)
    assert home_clock(other, lambda: None)() > END + timedelta(days=9)
    assert pace_of(home_clock(other, lambda: None)) is None


def test_the_file_is_a_homes_own(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.path.mkdir()
    in_file(home.exercise_clock_file)
    assert home.is_unused
