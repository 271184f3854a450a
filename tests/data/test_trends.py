"""What stands beside a headline figure: how it went, and of how many records of how many partners it is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from data.clock import fixed_clock
from data.filters import Filter
from data.released import Released
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS
from data.store import Store
from data.totals import totals
from data.trends import PARTS
from tests.data.test_questions import REPORTS
from tests.factories import NOW, T0, a_home, a_publication, a_row, publish

START, END = T0, T0 + timedelta(days=18)
LAYERS = ("incidents", "military", "presence", "deliveries")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    choose = random.Random(2)
    home = a_home(tmp_path_factory.mktemp("trends"))
    events = [
        a_row(INCIDENTS, n, start_at=T0 + timedelta(hours=choose.randrange(24 * 18)), deaths_best=n % 3)
        for n in range(100)
    ]
    there = [
        a_row(
            DEPLOYMENTS,
            1000 + n,
            start_at=T0 + timedelta(days=n),
            end_at=T0 + timedelta(days=n + 5) if n % 2 else None,
        )
        for n in range(12)
    ]
    aid = [
        a_row(
            DELIVERIES,
            2000 + n,
            start_at=T0 + timedelta(days=n % 18),
            aid_type="funding" if n % 2 else "in_kind",
            flow_status="committed" if n % 2 else "delivered",
            value_usd=1000 + n,
        )
        for n in range(60)
    ]
    publish(home, a_publication(INCIDENTS, events))
    publish(home, a_publication(DEPLOYMENTS, there))
    publish(home, a_publication(DELIVERIES, aid))
    store = Store(home, fixed_clock(NOW))
    yield store.released_to(store.policy().viewer("borland"))
    store.close()


def test_the_parts_of_what_happened_add_up_to_the_figure(released: Released) -> None:
    found = {t.id: t for t in totals(released, Filter(start=START, end=END), LAYERS)}
    for name in ("events", "deaths", "arrived", "committed"):
        assert len(found[name].trend) == PARTS
        assert sum(found[name].trend) == pytest.approx(found[name].value)
        assert any(found[name].trend)


def test_a_trend_of_who_is_there_ends_with_who_is_there(released: Released) -> None:
    found = {t.id: t for t in totals(released, Filter(start=START, end=END), LAYERS)}
    military = found["military"]
    assert military.trend[-1] == military.value
    by_hand = [
        sum(
            T0 + timedelta(days=n) < at and (not n % 2 or T0 + timedelta(days=n + 5) >= at) for n in range(12)
        )
        for at in (T0 + timedelta(days=part + 1) for part in range(PARTS))
    ]
    assert list(military.trend) == by_hand


def test_it_says_of_how_many_records_and_partners_it_is(released: Released) -> None:
    found = {t.id: t for t in totals(released, Filter(start=START, end=END), LAYERS)}
    assert (found["events"].records, found["events"].originators) == (100, 1)
    assert found["arrived"].records == 30
    assert found["committed"].records == 30


def test_a_cumulative_figure_grows_by_the_last_report_of_each_area(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = a_home(tmp_path_factory.mktemp("cumulative"))
    publish(home, a_publication(INCIDENTS, REPORTS))
    store = Store(home, fixed_clock(NOW))
    seen = store.released_to(store.policy().viewer("borland"))
    asked = Filter(end=NOW)
    cumulative = next(t for t in totals(seen, asked, LAYERS) if t.id == "cumulative_cases")
    assert cumulative.trend[-1] == cumulative.value == 23
    assert max(cumulative.trend) == 25, "a figure that fell is seen to fall"
    store.close()
