"""Conditions of the table's columns: which rows meet them, and the values that they and an order compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.area_marks import CATEGORY
from data.columns import NO_TIME, NONE, Flags
from data.filters import LAYER_FEEDS
from data.listed import CATEGORY_COLUMN, LISTED, ListedColumn
from data.names import folded
from data.released import Released
from data.rows import Rows, microseconds

Comparison = Literal[
    "contains",
    "lacks",
    "is",
    "is_not",
    "begins",
    "ends",
    "least",
    "most",
    "above",
    "below",
    "empty",
    "filled",
]


@dataclass(frozen=True)
class Condition:
    """What a column must say. `value`: a text, a number or a time, as the column's kind demands."""

    column: str
    comparison: Comparison
    value: str | float | datetime = ""


def source_of(name: str, feed: str) -> str:
    """The snapshot's column behind a column of the table."""
    return CATEGORY[feed] if name == CATEGORY_COLUMN else name


def narrowed(released: Released, layer: str, rows: Rows, conditions: Sequence[Condition]) -> Rows:
    """The rows of a layer that meet every condition."""
    for condition in conditions:
        rows = rows.only(_holds(released, layer, rows, condition))
    return rows


def _holds(released: Released, layer: str, rows: Rows, condition: Condition) -> Flags:
    column = LISTED[condition.column]
    if column.kind == "layer":
        return np.full(len(rows), _said((layer,), condition)[0])
    if LAYER_FEEDS[layer] not in column.feeds:
        return np.full(len(rows), condition.comparison == "empty")
    if column.kind in ("time", "number"):
        return _compares(column, rows, condition)
    feed = LAYER_FEEDS[layer]
    codes = rows.codes(source_of(column.name, feed))
    if condition.comparison in ("empty", "filled"):
        empty: Flags = codes.values == NONE
        return empty if condition.comparison == "empty" else ~empty
    return codes.where(_said(folded_words(released, column, feed), condition))


def _said(words: Sequence[str], condition: Condition) -> list[bool]:
    """Which of the words, folded already, hold. The wanted text is folded once, not once a word."""
    wanted = folded(str(condition.value))
    says: Mapping[str, Callable[[str], bool]] = {
        "contains": lambda word: wanted in word,
        "lacks": lambda word: wanted not in word,
        "is": lambda word: word == wanted,
        "is_not": lambda word: word != wanted,
        "begins": lambda word: word.startswith(wanted),
        "ends": lambda word: word.endswith(wanted),
        "filled": lambda word: True,
    }
    holds = says.get(condition.comparison)
    return [holds is not None and holds(word) for word in words]


def _compares(column: ListedColumn, rows: Rows, condition: Condition) -> Flags:
    numbers, missing = numbers_of(column, rows)
    if condition.comparison in ("empty", "filled"):
        return missing if condition.comparison == "empty" else ~missing
    value = condition.value
    if isinstance(value, str):
        return np.zeros(len(rows), bool)
    limit = microseconds(value) if isinstance(value, datetime) else value
    compared: Mapping[str, Flags] = {
        "is": numbers == limit,
        "is_not": numbers != limit,
        "least": numbers >= limit,
        "most": numbers <= limit,
        "above": numbers > limit,
        "below": numbers < limit,
    }
    return compared.get(condition.comparison, np.zeros(len(rows), bool)) & ~missing


def numbers_of(column: ListedColumn, rows: Rows) -> tuple[NDArray[np.float64] | NDArray[np.int64], Flags]:
    """Values that compare, and where there is none."""
    if column.kind == "time":
        times = rows.times(column.name)
        return times, times == NO_TIME
    numbers = rows.numbers(column.name)
    return numbers, np.isnan(numbers)


def folded_words(released: Released, column: ListedColumn, feed: str) -> tuple[str, ...]:
    """The words of a feed's column as people compare them: regions by their names."""

    def fold() -> tuple[str, ...]:
        words = released.columns(feed).codes(source_of(column.name, feed)).words
        if column.kind != "region":
            return tuple(folded(word) for word in words)
        known = released.regions.by_code
        return tuple(folded(known[code].name if code in known else code) for code in words)

    said: tuple[str, ...] = released.keep(("folded", column.name, feed), fold)
    return said
