"""Every record against the schema: vocabulary, ranges, and what must fit together. Pure.

Each fault is a problem of its record; a record with a problem is held back, never mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from data.feeds.transform import Draft
from data.schema import FEEDS, INCIDENTS, Column

GRADE = re.compile(r"^[A-F][1-6]$")
CURRENCY = re.compile(r"^[A-Z]{3}$")
FILLED_LATER = frozenset(
    [
        "record_id",
        "revision",
        "msg_type",
        "ingested_at",
        "received_at",
        "day",
        "geo_precision",
        "source",
        "content_hash",
        "label_id",
        "originator",
        "line_no",
        "source_org",
    ]
)
IN_ORDER = (
    ("start_at", "end_at"),
    ("dispatched_at", "arrived_at"),
    ("arrived_at", "distributed_at"),
    ("reference_period_start", "reference_period_end"),
    ("deaths_low", "deaths_best"),
    ("deaths_best", "deaths_high"),
)
"""Pairs of which the first must not be greater than the second."""

NEVER_NEGATIVE = ("value", "value_usd")
"""Negative only with an update of our own, never from a file (standards 18)."""


def check(draft: Draft) -> None:
    """Note what is wrong with each record of the draft."""
    for column in FEEDS[draft.recipe.feed].columns:
        _check_column(draft, column)
    for first, second in IN_ORDER:
        _check_order(draft, first, second)
    _check_pattern(draft, "source_grade", GRADE, "a grade such as B2")
    _check_pattern(draft, "currency", CURRENCY, "a currency such as USD")
    for row, figures in enumerate(draft.values.get("further_figures", ())):
        _check_figures(draft, row, figures)  # type: ignore[arg-type]
    for name in NEVER_NEGATIVE:
        _check_each(draft, name, lambda value: value < 0, "is negative")  # type: ignore[operator]


def _check_column(draft: Draft, column: Column) -> None:
    values = draft.values.get(column.name)
    if values is None:
        if not column.nullable and column.name not in FILLED_LATER:
            for row in range(draft.sheet.rows):
                draft.note(row, f"{column.name} is not said")
        return
    if not column.nullable:
        _check_each(draft, column.name, None, "is not said")
    allowed = column.allowed
    if allowed is not None:
        words = ", ".join(sorted(allowed)) if len(allowed) <= 12 else "the schema's values"
        _check_each(draft, column.name, lambda value: value not in allowed, f"is not one of {words}")
    least = column.least
    if least is not None:
        _check_each(draft, column.name, lambda value: value < least, f"is less than {least:g}")  # type: ignore[operator]


def _check_figures(draft: Draft, row: int, figures: Sequence[Mapping[str, object]] | None) -> None:
    """A further figure is said as the leading one is."""
    for figure in figures or ():
        for name in (
            "metric",
            "metric_value",
            "metric_unit",
            "metric_adds_over_time",
            "metric_adds_over_area",
        ):
            if figure[name] in (None, ""):
                draft.note(row, f"further_figures: {name} is not said")
        for name in ("metric_period", "metric_adds_over_time", "metric_adds_over_area"):
            allowed = FEEDS[INCIDENTS].by_name[name].allowed or frozenset()
            if figure[name] and figure[name] not in allowed:
                words = ", ".join(sorted(allowed))
                draft.note(row, f"further_figures: {name} {_shown(figure[name])} is not one of {words}")


def _check_each(draft: Draft, name: str, is_wrong: Callable[[object], bool] | None, words: str) -> None:
    """Without `is_wrong`: what is missing is wrong. A record that has a problem already is left at that."""
    for row, value in enumerate(draft.values.get(name, ())):
        if value is None or value == "":
            if is_wrong is None and row not in draft.problems:
                draft.note(row, f"{name} {words}")
        elif is_wrong is not None and is_wrong(value):
            draft.note(row, f"{name}: {_shown(value)} {words}")


def _check_order(draft: Draft, first: str, second: str) -> None:
    if first not in draft.values or second not in draft.values:
        return
    pairs = zip(draft.values[first], draft.values[second], strict=True)
    for row, (low, high) in enumerate(pairs):
        if low is not None and high is not None and low > high:  # type: ignore[operator]
            draft.note(row, f"{second} ({_shown(high)}) comes before {first} ({_shown(low)})")


def _check_pattern(draft: Draft, name: str, pattern: re.Pattern[str], words: str) -> None:
    _check_each(draft, name, lambda value: not pattern.match(str(value)), f"is not {words}")


def _shown(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else repr(value)


def doubles(
    ids: Sequence[tuple[str, str]], contents: Sequence[object], numbers: Sequence[int]
) -> tuple[list[int], dict[int, str]]:
    """For identical = one, within one version: rows that repeat a row exactly, and rows that contradict.

    `ids` are (originator, native id). Returns the indices of repetitions (one fact, said again) and, by
    index, the problem of rows that share an id but not their content: none of them can be preferred.
    """
    groups: dict[tuple[str, str], list[int]] = {}
    for index, identity in enumerate(ids):
        groups.setdefault(identity, []).append(index)
    repeated: list[int] = []
    problems: dict[int, str] = {}
    for (_, native), rows in groups.items():
        if len({contents[row] for row in rows}) == 1:
            repeated += rows[1:]
            continue
        lines = ", ".join(str(numbers[row]) for row in rows[:5])
        for row in rows:
            problems[row] = f"the id {native} stands {len(rows)} times with different content (rows {lines})"
    return repeated, problems
