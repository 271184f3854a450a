"""The table's question: its order, its pages and its conditions, each against plain Python."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dashboard.table_request import EMPTINESS, MOST_CONDITIONS, NUMBER, TEXT, table_request
from data.clock import fixed_clock
from data.conditions import Condition
from data.filters import Filter
from data.labels import Label
from data.lake import LakeWriter
from data.listed import LISTED, NUMBER_COLUMNS, RANKED, usual_columns
from data.listing import MOST_ROWS, Order, Wanted, listing, place_of
from data.names import folded
from data.released import Released
from data.schema import DELIVERIES, DEPLOYMENTS, FEEDS, INCIDENTS, SEVERITIES, column_names
from data.store import Store
from tests.factories import NOW, OPEN_TO_ALL, T0, a_home, a_publication, a_row, publish

LAYERS = ("incidents", "military", "presence", "deliveries")
TITLES = ("Élan", "elan 2", "Zebra", "apple", "Äpfel", None, "N'Zérékoré", "Bridge")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    choose = random.Random(11)
    home = a_home(tmp_path_factory.mktemp("listing"))

    def rows(feed: str, count: int, first: int = 0, **more: Callable[[], object]) -> list[dict[str, object]]:
        return [
            a_row(
                feed,
                n + first,
                title=choose.choice(TITLES),
                start_at=T0 + timedelta(hours=choose.randrange(200)),
                **{name: make() for name, make in more.items()},
            )
            for n in range(count)
        ]

    incidents = rows(
        INCIDENTS,
        300,
        deaths_best=lambda: choose.choice([None, 0, 1, 12]),
        verification=lambda: choose.choice(["verified", "unverified"]),
        severity=lambda: choose.choice([None, *column_names(SEVERITIES)]),
    )
    with LakeWriter(home) as lake:
        lake.publish(a_publication(INCIDENTS, incidents))
        lake.publish(a_publication(DEPLOYMENTS, rows(DEPLOYMENTS, 40, 1000)))
        lake.publish(a_publication(DELIVERIES, rows(DELIVERIES, 60, 2000)))
    store = Store(home, fixed_clock(NOW))
    yield store.released_to(store.policy().viewer("borland"))
    store.close()


def every(released: Released, wanted: Wanted, asked: Filter | None = None) -> list[dict[str, Any]]:
    """All pages together."""
    asked = asked or Filter()
    columns = tuple(name for name in LISTED if name != "layer")
    total = listing(released, asked, wanted, columns, 0, 1).total
    found: list[dict[str, Any]] = []
    while len(found) < total:
        page = listing(released, asked, wanted, columns, len(found), len(found) + 70)
        assert page.total == total
        assert page.rows
        found += [dict(row) for row in page.rows]
    return found


def test_pages_hold_every_record_once(released: Released) -> None:
    rows = every(released, Wanted(LAYERS))
    assert len(rows) == sum(len(released.rows(Filter(), layer)) for layer in LAYERS)
    assert len({row["record_id"] for row in rows}) == len(rows)
    assert {row["layer"] for row in rows} >= {"incidents", "deliveries"}


def test_the_newest_stands_first_by_default(released: Released) -> None:
    starts = [row["start_at"] for row in every(released, Wanted(LAYERS))]
    assert starts == sorted(starts, reverse=True)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", sorted(LISTED))
def test_sorted_by_any_column_with_the_empty_last(released: Released, column: str, descending: bool) -> None:
    rows = every(released, Wanted(LAYERS, (Order(column, descending),)))
    values = [row.get(column) for row in rows]
    filled = [value for value in values if value is not None]
    assert values[: len(filled)] == filled
    places = [LAYERS.index(v) for v in filled] if column == "layer" else filled
    places = [RANKED[column].index(v) for v in filled] if column in RANKED else places
    keys = [folded(value) if isinstance(value, str) else value for value in places]
    assert keys == sorted(keys, reverse=descending)


def test_the_worst_severity_stands_last(released: Released) -> None:
    rows = every(released, Wanted(("incidents",), (Order("severity"),)))
    words = dict.fromkeys(row["severity"] for row in rows)
    assert list(words) == ["Unknown", "Minor", "Moderate", "Severe", "Extreme", None]


def test_only_columns_of_figures_are_compared_as_numbers() -> None:
    kinds = {
        name: column.type
        for feed in FEEDS.values()
        for name, column in feed.by_name.items()
        if name in NUMBER_COLUMNS
    }
    assert kinds.keys() == NUMBER_COLUMNS
    assert not {
        name
        for name, kind in kinds.items()
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
    }


def filters(column: str) -> list[dict[str, object]]:
    """Every filter of the grid that its column has, with values that occur."""
    kind = LISTED[column].kind
    empty: list[dict[str, object]] = [{"type": name} for name in EMPTINESS]
    if kind == "time":
        day = {"dateFrom": "2026-09-02 00:00:00", "dateTo": "2026-09-05 00:00:00"}
        names = ("equals", "lessThan", "greaterThan", "inRange")
        return empty + [{"type": name, **day} for name in names]
    if kind == "number":
        return empty + [{"type": name, "filter": 1, "filterTo": 9} for name in (*NUMBER, "inRange")]
    return empty + [{"type": name, "filter": "e"} for name in TEXT]


@pytest.mark.parametrize("column", sorted(LISTED))
def test_every_filter_of_the_grid_is_answered_on_every_column(released: Released, column: str) -> None:
    everything = listing(released, Filter(), Wanted(LAYERS), ("title",), 0, 1).total
    totals = {}
    for told in filters(column):
        request = table_request({"startRow": 0, "endRow": 50, "filterModel": {column: told}})
        assert request is not None
        assert request.conditions
        for descending in (False, True):
            wanted = Wanted(LAYERS, (Order(column, descending),), request.conditions)
            totals[told["type"]] = listing(released, Filter(), wanted, (column,), 0, 50).total
    assert max(totals.values()) <= everything
    if column != "layer":
        assert totals["blank"] + totals["notBlank"] == everything


def test_the_wanted_text_is_folded_once_a_condition_and_not_once_a_word(
    released: Released, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To fold takes microseconds; once for each of 10,000 words and 20 conditions it held up everybody."""
    conditions = tuple(Condition("record_id", "lacks", "ü" * (n + 1)) for n in range(MOST_CONDITIONS))
    assert listing(released, Filter(), Wanted(LAYERS, (), conditions[:1]), ("title",), 0, 1).total == 400
    folds: list[str] = []
    monkeypatch.setattr("data.listing.folded", lambda text: folds.append(text) or folded(text))
    assert listing(released, Filter(), Wanted(LAYERS, (), conditions), ("title",), 0, 1).total == 400
    assert len(folds) <= len(LAYERS) * len(conditions)


def test_a_second_column_decides_among_equals(released: Released) -> None:
    rows = every(released, Wanted(("incidents",), (Order("verification"), Order("deaths_best", True))))
    keys = [(row["verification"], -1 if row["deaths_best"] is None else row["deaths_best"]) for row in rows]
    assert keys == sorted(keys, key=lambda key: (key[0], -key[1]))


Holds = Callable[[dict[str, Any]], bool]
CONDITIONS = (
    (Condition("title", "contains", "ELAN"), lambda row: "elan" in folded(row["title"] or "")),
    (Condition("title", "begins", "apf"), lambda row: folded(row["title"] or "").startswith("apf")),
    (Condition("title", "empty"), lambda row: row["title"] is None),
    (Condition("title", "filled"), lambda row: row["title"] is not None),
    (Condition("deaths_best", "least", 1.0), lambda row: (row.get("deaths_best") or 0) >= 1),
    (Condition("deaths_best", "is", 0.0), lambda row: row.get("deaths_best") == 0),
    (Condition("deaths_best", "empty"), lambda row: row.get("deaths_best") is None),
    (
        Condition("start_at", "below", T0 + timedelta(hours=50)),
        lambda row: row["start_at"] < T0 + timedelta(hours=50),
    ),
    (Condition("severity", "is", "severe"), lambda row: row.get("severity") == "Severe"),
    (Condition("severity", "contains", "e"), lambda row: "e" in (row.get("severity") or "").lower()),
    (Condition("severity", "empty"), lambda row: row.get("severity") is None),
    (Condition("verification", "is", "unverified"), lambda row: row.get("verification") == "unverified"),
)


@pytest.mark.parametrize(("condition", "holds"), CONDITIONS, ids=lambda c: str(getattr(c, "comparison", "")))
def test_a_condition_keeps_exactly_what_it_says(
    released: Released, condition: Condition, holds: Holds
) -> None:
    everything = every(released, Wanted(LAYERS))
    kept = {row["record_id"] for row in every(released, Wanted(LAYERS, (), (condition,)))}
    assert kept == {row["record_id"] for row in everything if holds(row)}
    assert kept


def test_a_value_of_the_wrong_kind_finds_nothing(released: Released) -> None:
    wanted = Wanted(LAYERS, (), (Condition("deaths_best", "least", "many"),))
    assert listing(released, Filter(), wanted, ("title",), 0, 10).total == 0


def test_a_record_is_found_where_it_stands(released: Released) -> None:
    wanted = Wanted(LAYERS, (Order("title"),))
    rows = every(released, wanted)
    for place in (0, 17, len(rows) - 1):
        assert place_of(released, Filter(), wanted, rows[place]["record_id"]) == place
    assert place_of(released, Filter(), wanted, "XAA:nowhere:1") is None
    assert place_of(released, Filter(), Wanted(("deliveries",)), "XAA:test:7") is None


def test_the_filter_holds_in_the_table(released: Released) -> None:
    asked = Filter(start=T0 + timedelta(hours=20), end=T0 + timedelta(hours=40))
    rows = every(released, Wanted(("incidents",)), asked)
    assert rows
    assert all(asked.start <= row["start_at"] < asked.end for row in rows)  # type: ignore[operator]


def test_a_page_is_bounded(released: Released) -> None:
    assert len(listing(released, Filter(), Wanted(LAYERS), ("title",), 0, 10_000_000).rows) <= MOST_ROWS


def test_one_feed_alone_shows_its_own_columns() -> None:
    assert "deaths_best" in usual_columns(("incidents",))
    assert "deaths_best" not in usual_columns(LAYERS)
    assert set(usual_columns(())) <= set(LISTED)


def test_the_list_holds_nothing_that_is_not_released(tmp_path: Path) -> None:
    """Another viewer's list and its places are the same whether a withheld record is there or not."""
    answers = []
    for hidden in (False, True):
        home = a_home(tmp_path / str(hidden))
        rows = [a_row(INCIDENTS, n, title=f"Title {n}") for n in range(5)]
        rows += [a_row(INCIDENTS, 9, title="A secret title", label_id=1)] if hidden else []
        publish(home, a_publication(INCIDENTS, rows, (OPEN_TO_ALL, Label("XAA", "TEST", "OPEN", ()))))
        store = Store(home, fixed_clock(NOW))
        seen = store.released_to(store.policy().viewer("borland"))
        wanted = Wanted(LAYERS, (Order("title"),), (Condition("title", "contains", "t"),))
        page = listing(seen, Filter(), wanted, tuple(n for n in LISTED if n != "layer"), 0, 50)
        answers.append((page.total, [{k: v for k, v in r.items() if k != "row"} for r in page.rows]))
        assert place_of(seen, Filter(), wanted, "XAA:test:9") is None
        store.close()
    assert answers[0] == answers[1]
