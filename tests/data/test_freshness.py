"""How current a source is: what is learnt of its rhythm, and what it is called when nothing comes."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from data.freshness import LATE_AFTER, SHORTEST_RHYTHM, Rhythm, State, due_at, learnt, state_of

BEGAN = datetime(2026, 8, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
TIMES = st.lists(st.integers(0, 90 * 24 * 60).map(lambda m: BEGAN + timedelta(minutes=m)), max_size=120)


def every(length: timedelta, many: int) -> list[datetime]:
    return [BEGAN + n * length for n in range(many)]


def test_of_few_times_nothing_is_learnt() -> None:
    assert learnt([]) is None
    assert learnt(every(HOUR, 3)) is None
    assert learnt(every(HOUR, 4)) == Rhythm(HOUR)


def test_a_source_that_comes_each_hour_is_expected_each_hour() -> None:
    assert learnt(every(HOUR, 200)) == Rhythm(HOUR)


def test_one_long_pause_in_many_is_no_rhythm() -> None:
    times = every(HOUR, 30)
    assert learnt([*times, times[-1] + timedelta(days=5)]) == Rhythm(HOUR)


def test_a_source_that_rests_at_night_is_not_late_each_night() -> None:
    days = [BEGAN + timedelta(days=d, hours=h) for d in range(10) for h in (6, 10, 14, 18)]
    found = learnt(days)
    assert found is not None
    assert state_of(timedelta(hours=12), found) is State.ON_TIME


def test_a_rhythm_that_changed_is_followed() -> None:
    slow = every(timedelta(days=1), 50)
    fast = [slow[-1] + n * HOUR for n in range(1, 60)]
    assert learnt([*slow, *fast]) == Rhythm(HOUR)


@given(TIMES)
def test_order_and_repetition_teach_nothing(times: list[datetime]) -> None:
    assert learnt(times) == learnt([*reversed(times), *times[:5]])


@given(TIMES)
def test_nine_of_ten_pauses_were_not_late(times: list[datetime]) -> None:
    found = learnt(times)
    came = sorted(set(times))[-41:]
    pauses = [b - a for a, b in itertools.pairwise(came)]
    if found is None:
        assert len(pauses) < 3
        return
    assert found.every >= SHORTEST_RHYTHM
    late = sum(state_of(pause, found) is not State.ON_TIME for pause in pauses)
    assert late <= len(pauses) / 10


@given(st.integers(1, 10**6), st.integers(0, 10**8), st.integers(0, 10**8))
def test_waiting_longer_is_never_better(rhythm: int, one: int, other: int) -> None:
    order = [State.ON_TIME, State.LATE, State.STALE, State.SILENT]
    states = [
        order.index(state_of(timedelta(seconds=n), Rhythm(timedelta(seconds=rhythm))))
        for n in sorted((one, other))
    ]
    assert states == sorted(states)


def test_the_steps() -> None:
    hourly = Rhythm(HOUR)
    steps = [(2.0, State.ON_TIME), (2.1, State.LATE), (4.1, State.STALE), (8.1, State.SILENT)]
    assert [state_of(hours * HOUR, hourly) for hours, _ in steps] == [state for _, state in steps]
    assert state_of(timedelta(days=900), None) is State.UNKNOWN
    assert due_at(BEGAN, hourly) == BEGAN + LATE_AFTER * HOUR
    assert due_at(BEGAN, None) is None
