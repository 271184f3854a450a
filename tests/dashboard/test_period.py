"""Times outside 1900 to 2100 are wrong values of a link; no step of the period leads to one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from dash.development.base_component import Component

from dashboard.controls.period import period
from dashboard.view import View

NOW = datetime(2026, 9, 14, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("known=0001-01-01&period=30d", ("known",)),
        ("from=0001-01-01T00:00:00Z&to=9999-12-31T00:00:00Z", ("from", "to")),
        ("known=1899-12-31T23:59:59Z&period=24h", ("known",)),
        ("known=2100-01-01T00:00:01Z", ("known",)),
    ],
)
def test_a_time_out_of_range_is_told_and_left_out(query: str, wrong: tuple[str, ...]) -> None:
    view, notices = View.from_query(query)
    assert (view.start, view.end, view.known_at) == (None, None, None)
    assert len(notices) == len(wrong)
    assert all(key in notice for key, notice in zip(wrong, notices, strict=True))
    assert view.to_filter(NOW).end == NOW


@pytest.mark.parametrize("query", ["from=1900-01-01&to=2100-01-01", "known=1900-01-01&period=30d"])
def test_the_ends_of_the_range_are_taken(query: str) -> None:
    view, notices = View.from_query(query)
    assert notices == ()
    view.to_filter(NOW)


def _sets(tree: object) -> list[str]:
    if isinstance(tree, Component):
        own = [str(tree.to_plotly_json()["props"].get("data-set") or "")]
        return own + _sets(getattr(tree, "children", None))
    return [found for item in tree for found in _sets(item)] if isinstance(tree, list | tuple) else []


@pytest.mark.parametrize(
    ("query", "steps"),
    [
        ("from=2014-09-01&to=2014-09-08", 2),
        ("from=1900-01-01&to=2025-01-01", 0),
        ("from=1900-01-01&to=1901-01-01", 1),
    ],
)
def test_every_step_of_the_period_can_be_read(query: str, steps: int) -> None:
    view = View.from_query(query)[0]
    parts = _sets(period(view, view.to_filter(NOW), "", NOW))
    found = [said for said in parts if said.startswith(("period=&from=1", "period=&from=2"))]
    assert len(found) == steps
    assert all(View.from_query(said)[1] == () for said in found)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("period=7d", ["2026-09-07", "2026-09-14"]),
        ("from=2014-09-01&to=2014-09-08", ["2014-09-01", "2014-09-07"]),
        ("from=2014-09-01T06:00Z&to=2014-09-08T18:00:30Z", ["2014-09-01 06:00", "2014-09-08 18:00:30"]),
    ],
)
def test_the_fields_of_a_period_read_as_what_they_set(query: str, said: list[str]) -> None:
    view = View.from_query(query)[0]
    assert _values(period(view, view.to_filter(NOW), "", NOW)) == said


def _values(tree: object) -> list[str]:
    if isinstance(tree, Component):
        given = tree.to_plotly_json()["props"]
        own = [str(given["value"])] if "data-time" in given else []
        return own + _values(getattr(tree, "children", None))
    return [found for item in tree for found in _values(item)] if isinstance(tree, list | tuple) else []
