"""Columns as arrays, and what is counted of them, each against plain Python."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import rows as module
from data.columns import NO_TIME, NONE, Columns
from data.kept import Kept
from data.rows import Rows, grouped, microseconds, moment, summed

WORDS = st.sampled_from([None, "XAA", "XAB", "XAC", ""])
LISTS = st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=0, max_size=30)


def columns_of(**given: list[object]) -> Columns:
    count = len(next(iter(given.values())))
    return Columns(count, lambda sql: pa.chunked_array([pa.array(given[sql.split("::")[0]], pa.string())]))


def all_rows(columns: Columns) -> Rows:
    return Rows(columns, np.arange(columns.count, dtype=np.int32), None)


@given(LISTS)
def test_a_row_mentions_a_word_once(lines: list[tuple[str | None, ...]]) -> None:
    columns = columns_of(**{name: [line[n] for line in lines] for n, name in enumerate("abc")})
    want = Counter(word for line in lines for word in {*line} - {None})
    assert all_rows(columns).mentions(("a", "b", "c")) == want
    assert all_rows(columns).mentions(("b",)) == Counter(line[1] for line in lines if line[1] is not None)


@given(st.lists(WORDS, max_size=20), st.sets(st.sampled_from(["XAA", "", "XZZ"])))
def test_any_of_is_never_true_of_nothing(values: list[str | None], wanted: set[str]) -> None:
    codes = columns_of(a=values).codes("a")
    assert codes.any_of(wanted).tolist() == [value is not None and value in wanted for value in values]
    assert [None if v == NONE else codes.words[v] for v in codes.values] == values
    assert list(codes.words) == sorted(codes.words)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_groups_are_the_same_counted_or_sorted(keys: list[int]) -> None:
    numbers, group = grouped(np.array(keys), 51)
    assert numbers.tolist() == sorted(set(keys))
    assert [int(numbers[n]) for n in group] == keys


def test_many_groups_are_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COUNTED", 3)
    numbers, group = grouped(np.array([7, 2, 7]), 8)
    assert (numbers.tolist(), group.tolist()) == ([2, 7], [1, 0, 1])


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_is_kept_to_the_microsecond(at: datetime) -> None:
    assert moment(microseconds(at)) == at


def test_no_time_is_none_and_later_than_all() -> None:
    assert moment(NO_TIME) is None
    assert microseconds(datetime(9999, 12, 31, tzinfo=UTC)) < NO_TIME


def test_a_value_is_made_once_however_many_ask() -> None:
    kept: Kept[int] = Kept(2)
    made: list[str] = []
    begun = threading.Event()

    def make() -> int:
        made.append("x")
        begun.wait(2)
        return 1

    threads = [threading.Thread(target=lambda: kept.get("key", make)) for _ in range(5)]
    for thread in threads:
        thread.start()
    begun.set()
    for thread in threads:
        thread.join()
    assert made == ["x"]


def test_after_a_failure_only_one_of_those_who_wait_makes_it() -> None:
    kept: Kept[int] = Kept(2)
    at_once, most = [0], [0]
    turn = threading.Lock()
    fails = [True]

    def make() -> int:
        with turn:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
            first, fails[0] = fails[0], False
        time.sleep(0.02)
        with turn:
            at_once[0] -= 1
        if first:
            raise ValueError
        return 1

    def ask() -> None:
        with contextlib.suppress(ValueError):
            kept.get("key", make)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
        time.sleep(0.005)
    for thread in threads:
        thread.join()
    assert most[0] == 1


@given(st.lists(st.integers(-(2**62), 2**62), max_size=50))
def test_a_sum_is_exact_however_large(values: list[int]) -> None:
    assert summed(np.array(values, np.int64)) == sum(values)


def test_what_failed_is_asked_again_and_the_oldest_goes() -> None:
    kept: Kept[int] = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get(1, lambda: 1 // 0)
    assert [kept.get(key, lambda key=key: key) for key in (1, 2, 3)] == [1, 2, 3]  # type: ignore[misc]
    assert kept.get(1, lambda: 9) == 9
    assert kept.get(3, lambda: 9) == 3
