"""What the table asks for: read strictly, whatever it holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.table_request import MOST_CONDITIONS, MOST_ORDERS, TableRequest, order_of, table_request
from data.conditions import Condition
from data.listed import LISTED
from data.listing import MOST_ROWS, Order

ROWS = {"startRow": 0, "endRow": 100}
THE_4TH = datetime(2026, 9, 4, tzinfo=UTC)
A_DAY = timedelta(days=1)


def conditions(column: str, **told: object) -> tuple[Condition, ...]:
    request = table_request({**ROWS, "filterModel": {column: told}})
    assert request is not None
    return request.conditions


def test_order_is_read_in_its_order() -> None:
    sort = [{"colId": "title", "sort": "desc"}, {"colId": "start_at", "sort": "asc", "type": "default"}]
    request = table_request({**ROWS, "sortModel": sort})
    assert request == TableRequest(0, 100, (Order("title", True), Order("start_at")))


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (
            {"type": "equals", "dateFrom": "2026-09-04 00:00:00"},
            (("least", THE_4TH), ("below", THE_4TH + A_DAY)),
        ),
        ({"type": "lessThan", "dateFrom": "2026-09-04"}, (("below", THE_4TH),)),
        ({"type": "greaterThan", "dateFrom": "2026-09-04"}, (("least", THE_4TH + A_DAY),)),
        (
            {"type": "inRange", "dateFrom": "2026-09-04", "dateTo": "2026-09-05"},
            (("least", THE_4TH), ("below", THE_4TH + 2 * A_DAY)),
        ),
        ({"type": "inRange", "dateFrom": "2026-09-04"}, ()),
        ({"type": "equals", "dateFrom": "4 September"}, ()),
        ({"type": "equals", "dateFrom": "9999-12-31"}, ()),
        ({"type": "blank"}, (("empty", ""),)),
    ],
)
def test_a_day_is_all_its_hours(told: dict[str, object], meant: tuple[tuple[str, object], ...]) -> None:
    found = conditions("start_at", **told)
    assert [(c.comparison, c.value) for c in found] == list(meant)


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ({"type": "inRange", "filter": 1, "filterTo": 9}, (("least", 1.0), ("most", 9.0))),
        ({"type": "greaterThan", "filter": 3}, (("above", 3.0),)),
        ({"type": "greaterThan", "filter": "3"}, ()),
        ({"type": "greaterThan", "filter": True}, ()),
        ({"type": "drop table", "filter": 3}, ()),
        ({"type": "greaterThan", "filter": float("inf")}, ()),
    ],
)
def test_numbers(told: dict[str, object], meant: tuple[tuple[str, object], ...]) -> None:
    assert [(c.comparison, c.value) for c in conditions("deaths_best", **told)] == list(meant)


def test_what_is_no_column_is_left_out() -> None:
    told = {"type": "contains", "filter": "x"}
    given_columns = {"title; DROP": told, "content_hash": told, "label_id": told, "title": told}
    request = table_request(
        {**ROWS, "filterModel": given_columns, "sortModel": [{"colId": "x", "sort": "asc"}]}
    )
    assert request == TableRequest(0, 100, (), (Condition("title", "contains", "x"),))
    assert order_of(("label_id", "-title", "rowid")) == (Order("title", True),)


@pytest.mark.parametrize(
    "given_rows",
    [
        {"startRow": -1, "endRow": 5},
        {"startRow": 5, "endRow": 5},
        {"startRow": 0, "endRow": MOST_ROWS + 1},
        {"startRow": "0", "endRow": 5},
        {"startRow": True, "endRow": 5},
        {"startRow": 0.5, "endRow": 5},
        {"endRow": 5},
        [],
        None,
        "x",
    ],
)
def test_what_is_no_request_is_none(given_rows: object) -> None:
    assert table_request(given_rows) is None


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
COLUMN = st.sampled_from([*LISTED, "nothing"])
FILTERS = st.dictionaries(
    COLUMN, st.dictionaries(st.sampled_from(["type", "filter", "dateFrom"]), JUNK) | JUNK
)
SORTS = st.lists(
    st.fixed_dictionaries({"colId": COLUMN | JUNK, "sort": st.sampled_from(["asc", "desc"]) | JUNK})
)


@given(sort=SORTS | JUNK, filters=FILTERS | JUNK)
def test_whatever_comes_a_request_names_only_columns_of_ours(sort: object, filters: object) -> None:
    request = table_request({**ROWS, "sortModel": sort, "filterModel": filters})
    assert request is not None
    assert {step.column for step in request.order} <= set(LISTED)
    assert {condition.column for condition in request.conditions} <= set(LISTED)
    assert len(request.order) <= MOST_ORDERS
    assert len(request.conditions) <= MOST_CONDITIONS
