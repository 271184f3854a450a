"""What is held against what: both sides have the same figures, and no time is later than what is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from math import isnan
from pathlib import Path

import pytest

from dashboard.asked import asked_of
from dashboard.changed_picture import since_of
from dashboard.comparison import pair_of, total_pairs
from data.clock import fixed_clock
from data.released import Released
from data.schema import INCIDENTS
from data.store import Store
from tests.factories import NOW, T0, a_home, a_publication, a_row, publish

LATE = T0 + timedelta(days=10)
REPORT = {
    "geo_precision": 4,
    "adm1_pcode": "XQ01",
    "latitude": None,
    "longitude": None,
    "mx": None,
    "my": None,
    "report_kind": "report",
    "metric_period": "as_of",
    "metric_unit": "persons",
    "metric_adds_over_time": "last",
    "metric_adds_over_area": "sum",
    "verification": "unverified",
}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    """One event early; later a report of cases, which nobody has verified."""
    half = timedelta(microseconds=500_000)
    late = {"start_at": LATE, "ingested_at": LATE + half, "received_at": LATE + half}
    rows = [
        a_row(INCIDENTS, 1, start_at=T0, ingested_at=T0, received_at=T0),
        a_row(INCIDENTS, 2, **late, **REPORT, metric="cumulative_cases", metric_value=7.0),
        a_row(INCIDENTS, 3, **late, **REPORT, metric="cumulative_deaths", metric_value=2.0),
    ]
    home: Path = tmp_path_factory.mktemp("comparison")
    publish(a_home(home), a_publication(INCIDENTS, rows))
    store = Store(a_home(home), fixed_clock(NOW))
    yield store.released_to(store.policy().viewer("aldara"))
    store.close()


def test_both_sides_have_the_same_figures(released: Released) -> None:
    asked = asked_of(released, "layer=incidents,deliveries&compare=2026-09-02T00:00:00Z")
    pairs = total_pairs(released, pair_of(released, asked))
    assert [pair.later.id for pair in pairs] == [pair.earlier.id for pair in pairs]
    figures = {pair.later.id: (pair.earlier.value, pair.later.value) for pair in pairs}
    assert figures["events"] == (1, 1)
    assert figures["arrived"] == (0, 0), "no delivery is none, and no missing figure"
    assert isnan(figures["cumulative_cases"][0]), "a cumulative without a report is unknown"
    assert figures["cumulative_cases"][1] == 7


def test_a_cumulative_says_how_much_of_it_is_unverified(released: Released) -> None:
    pairs = total_pairs(released, pair_of(released, asked_of(released, "layer=incidents")))
    assert {pair.later.id: pair.later.unverified for pair in pairs} == {
        "events": 1,
        "reports": 2,
        "cumulative_cases": 7,
        "cumulative_deaths": 2,
    }


def test_no_earlier_time_is_later_than_what_is_known(released: Released) -> None:
    asked = asked_of(released, "known=2026-09-02T00:00:00Z&compare=2099-01-01T00:00:00Z")
    assert since_of(released, asked) == asked.filter.known_at


def test_a_default_comparison_holds_all_that_the_changes_hold(released: Released) -> None:
    asked = asked_of(released, "layer=incidents")
    earlier = pair_of(released, asked).earlier.filter
    assert earlier.known_at is not None
    assert earlier.known_at >= since_of(released, asked)
