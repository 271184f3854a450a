"""What the table of the browser asks for, read strictly: which rows, in which order, under which conditions.

ag-grid sends `{startRow, endRow, sortModel: [{colId, sort}], filterModel: {column: filter}}`
(https://www.ag-grid.com/javascript-data-grid/infinite-scrolling/). Anything may be in it: what is not a
column, a comparison or a value of its kind is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from types import MappingProxyType

from dashboard.view_values import EARLIEST, LATEST
from data.conditions import Comparison, Condition
from data.listed import LISTED
from data.listing import MOST_ROWS, Order

MOST_ORDERS, MOST_CONDITIONS, MOST_LENGTH = 5, 12, 100
"""A condition compares its text with every distinct word of its column; what people type is far below."""

LAST_ROW = 10_000_000

TEXT: Mapping[str, Comparison] = MappingProxyType(
    {
        "contains": "contains",
        "notContains": "lacks",
        "equals": "is",
        "notEqual": "is_not",
        "startsWith": "begins",
        "endsWith": "ends",
    }
)
NUMBER: Mapping[str, Comparison] = MappingProxyType(
    {
        "equals": "is",
        "notEqual": "is_not",
        "greaterThan": "above",
        "greaterThanOrEqual": "least",
        "lessThan": "below",
        "lessThanOrEqual": "most",
    }
)
EMPTINESS: Mapping[str, Comparison] = MappingProxyType({"blank": "empty", "notBlank": "filled"})


@dataclass(frozen=True)
class TableRequest:
    """Rows [first, last), sorted by `order` (empty: the default), all `conditions` holding."""

    first: int
    last: int
    order: tuple[Order, ...] = ()
    conditions: tuple[Condition, ...] = ()


def table_request(given: object) -> TableRequest | None:
    """The request as it is meant; None for what is none."""
    if not isinstance(given, dict):
        return None
    first, last = given.get("startRow"), given.get("endRow")
    if not _is_row(first) or not _is_row(last):
        return None
    assert isinstance(first, int)
    assert isinstance(last, int)
    if not first < last <= first + MOST_ROWS:
        return None
    return TableRequest(first, last, _orders(given.get("sortModel")), _conditions(given.get("filterModel")))


def order_of(sort: Iterable[str]) -> tuple[Order, ...]:
    """The View's `sort` (`col`, `-col`) as an order; what is no column of the table is left out."""
    steps = [Order(word.removeprefix("-"), word.startswith("-")) for word in sort]
    return tuple(step for step in steps if step.column in LISTED)[:MOST_ORDERS]


def _is_row(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LAST_ROW


def _orders(given: object) -> tuple[Order, ...]:
    steps = given if isinstance(given, list) else []
    said = [
        ("-" if step.get("sort") == "desc" else "") + str(step.get("colId"))
        for step in steps
        if isinstance(step, dict) and step.get("sort") in ("asc", "desc")
    ]
    return order_of(dict.fromkeys(said))


def _conditions(given: object) -> tuple[Condition, ...]:
    filters = given.items() if isinstance(given, dict) else ()
    found = (_condition(name, told) for name, told in filters if name in LISTED and isinstance(told, dict))
    return tuple(condition for pair in found for condition in pair)[:MOST_CONDITIONS]


def _condition(name: str, told: Mapping[str, object]) -> tuple[Condition, ...]:
    """One column's filter; a range or a day is two conditions."""
    kind, comparison = LISTED[name].kind, str(told.get("type"))
    if comparison in EMPTINESS:
        return (Condition(name, EMPTINESS[comparison]),)
    if kind == "time":
        return _of_days(name, comparison, _day(told.get("dateFrom")), _day(told.get("dateTo")))
    if kind == "number":
        return _of_numbers(name, comparison, _number(told.get("filter")), _number(told.get("filterTo")))
    text = told.get("filter")
    if comparison not in TEXT or not isinstance(text, str) or not text or len(text) > MOST_LENGTH:
        return ()
    return (Condition(name, TEXT[comparison], text),)


def _of_numbers(name: str, comparison: str, low: float | None, high: float | None) -> tuple[Condition, ...]:
    if low is None:
        return ()
    if comparison == "inRange":
        return (Condition(name, "least", low), Condition(name, "most", high)) if high is not None else ()
    return (Condition(name, NUMBER[comparison], low),) if comparison in NUMBER else ()


def _of_days(
    name: str, comparison: str, first: datetime | None, last: datetime | None
) -> tuple[Condition, ...]:
    """A day is all its hours: "on the 4th" is from the 4th until before the 5th."""
    if first is None:
        return ()
    after = first + timedelta(days=1)
    from_first, until_first = Condition(name, "least", first), Condition(name, "below", after)
    if comparison == "equals":
        return (from_first, until_first)
    if comparison == "inRange":
        return () if last is None else (from_first, Condition(name, "below", last + timedelta(days=1)))
    return {
        "lessThan": (Condition(name, "below", first),),
        "greaterThan": (Condition(name, "least", after),),
        "lessThanOrEqual": (until_first,),
        "greaterThanOrEqual": (from_first,),
    }.get(comparison, ())


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300:
        return None
    return float(value) if isfinite(value) else None


def _day(value: object) -> datetime | None:
    """`YYYY-MM-DD` or `YYYY-MM-DD hh:mm:ss`: the day."""
    if not isinstance(value, str) or len(value) > 30:
        return None
    try:
        at = datetime.fromisoformat(value[:10]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return at if EARLIEST <= at <= LATEST else None
