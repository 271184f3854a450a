"""The bench measures what it says: whole rows, the same each time, and a peer that answers rightly."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from data.schema import FEEDS, INCIDENTS
from tests.bench import naive
from tests.bench.__main__ import fill_home, new_views
from tests.bench.incidents import END, PARTNERS, incidents, labels

COUNT = 2_000


def test_incidents_are_whole_rows_of_the_feed() -> None:
    rows = incidents(COUNT)
    rows.validate(full=True)
    assert rows.schema == FEEDS[INCIDENTS].arrow
    must = [item.name for item in FEEDS[INCIDENTS].arrow if not item.nullable]
    assert {name: rows.column(name).null_count for name in must if rows.column(name).null_count} == {}


def test_the_same_seed_gives_the_same_incidents() -> None:
    assert incidents(COUNT).equals(incidents(COUNT))
    assert not incidents(COUNT).equals(incidents(COUNT, seed=8))


def test_partners_are_skewed() -> None:
    counts = incidents(COUNT).column("originator").to_pandas().value_counts()
    assert set(counts.index) == set(PARTNERS)
    assert counts.iloc[0] > 0.3 * COUNT
    assert counts.iloc[-1] < 0.05 * COUNT


def test_no_click_comes_back_to_a_filter_seen_before() -> None:
    chosen: frozenset[str] = frozenset()
    seen = [chosen]
    for partner in new_views(60):
        chosen = chosen ^ {partner}
        seen.append(chosen)
    assert len(set(seen)) == 61


@pytest.fixture
def table(tmp_path: Path) -> pd.DataFrame:
    path = tmp_path / "incidents.parquet"
    pq.write_table(incidents(COUNT), path)
    return naive.read(path)


def test_the_peer_draws_and_counts_every_incident(table: pd.DataFrame) -> None:
    features = naive.points(table)["features"]
    assert isinstance(features, list)
    assert len(features) == COUNT
    bars = naive.per_day(table)["data"]
    assert isinstance(bars, list)
    assert sum(sum(bar["y"]) for bar in bars) == COUNT


def test_the_bench_home_releases_every_incident(tmp_path: Path) -> None:
    from data.clock import fixed_clock
    from data.filters import Filter
    from data.home import Home
    from data.store import Store
    from data.totals import totals

    fill_home(tmp_path / "home", incidents(COUNT))
    store = Store(Home(tmp_path / "home"), fixed_clock(END))
    try:
        released = store.released_to(store.policy().viewer("bench"))
        events = next(total for total in totals(released, Filter(), ("incidents",)) if total.id == "events")
        assert events.value == COUNT
    finally:
        store.close()
    assert len(labels()) == len(PARTNERS)
