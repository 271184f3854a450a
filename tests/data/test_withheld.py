"""What is withheld on report is gone from every answer for everybody but its originator, and back when it is
released again; nobody else's version moves."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from data import withheld as module
from data.changes import changed
from data.clock import fixed_clock
from data.columns import Columns
from data.columns_without import ColumnsWithout
from data.details import record
from data.errors import HomeError, NotReleased, StoreUnavailable
from data.evidence import evidence
from data.filters import LAYER_FEEDS, Filter
from data.home import Home
from data.home_database import state_of
from data.labels import Label
from data.lake import LakeWriter
from data.release import decide_record
from data.reports import (
    KEPT,
    RELEASED,
    WITHHELD,
    Report,
    add_report,
    all_reports,
    decide_reports,
    withheld_records,
)
from data.schema import INCIDENTS
from data.store import Store
from data.viewer import Viewer
from tests.data.test_store import LABELS, a_history, facts_of
from tests.factories import NOW, T0, a_home, a_publication, a_row, publish

OPEN, BY_AREA, CLOSED = (
    Label("XAA", "TEST", "OPEN", ("PUBLIC",)),
    Label("XAA", "TEST", "OPEN", ("PUBLIC",), release_geo_level="adm1"),
    Label("XAA", "TEST", "OPEN", ()),
)
OF_BORLAND = Label("XAB", "TEST", "OPEN", ("PUBLIC",))
PICKED = "SELECT rowid AS row, title FROM released.{feed} WHERE rowid IN (SELECT row FROM picked)"
EACH = 6
VIEWERS = ("aldara", "borland", "cordia")


def a_report(record_id: str, number: int = 0, **changes: object) -> Report:
    plain = Report(
        f"report-{number}-{record_id}", NOW, record_id, 1, INCIDENTS, record_id.split(":")[0], "unsafe", "",
        "borland", "Borland commander", "XAB", ("viewer",),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def release_again(home: Home, record_id: str) -> None:
    about = [one for one in all_reports(home) if one.record_id == record_id]
    decide_reports(home, about, RELEASED, NOW, ("aldara", "XAA"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    home = a_home(tmp_path)
    labels = (OPEN, BY_AREA, CLOSED, OF_BORLAND)
    rows = [
        a_row(
            INCIDENTS,
            place * 10 + n,
            record_id=f"{label.originator}:test:{place * 10 + n}",
            originator=label.originator,
            label_id=place,
            title=f"Title {place}-{n}",
            location_name=f"Place {place}-{n}",
            metric="cases",
            metric_value=float(n),
        )
        for place, label in enumerate(labels)
        for n in range(EACH)
    ]
    publish(home, a_publication(INCIDENTS, rows, labels))
    opened = Store(home, fixed_clock(NOW))
    yield opened
    opened.close()


def viewer(store: Store, name: str) -> Viewer:
    return store.policy().viewer(name)


def ids(store: Store, name: str, purpose: str = "screen") -> list[str]:
    released = store.released_to(viewer(store, name), purpose)
    stored = released.ask("SELECT stored_id FROM released.incidents").column(0)
    return [str(one) for one in stored.to_pylist()]


def versions(store: Store) -> dict[str, str]:
    return {name: store.released_to(viewer(store, name)).version for name in VIEWERS}


@pytest.mark.parametrize("purpose", ["screen", "file"])
def test_a_report_hides_a_record_from_all_but_its_originator_until_it_is_released_again(
    store: Store, purpose: str
) -> None:
    before = {name: ids(store, name, purpose) for name in VIEWERS}
    add_report(store.home, a_report("XAA:test:3"))
    assert ids(store, "aldara", purpose) == before["aldara"]
    for name in ("borland", "cordia"):
        assert ids(store, name, purpose) == [one for one in before[name] if one != "XAA:test:3"]
        assert "XAA:test:3" in before[name]
    release_again(store.home, "XAA:test:3")
    assert {name: ids(store, name, purpose) for name in VIEWERS} == before


def test_kept_withheld_stays_withheld_and_a_new_report_withholds_again(store: Store) -> None:
    home = store.home
    add_report(home, a_report("XAA:test:3"))
    decide_reports(home, all_reports(home), KEPT, NOW, ("aldara", "XAA"))
    assert "XAA:test:3" not in ids(store, "borland")
    release_again(home, "XAA:test:3")
    assert "XAA:test:3" in ids(store, "borland")
    add_report(home, a_report("XAA:test:3", 2))
    assert "XAA:test:3" not in ids(store, "borland")
    assert [one.decided for one in all_reports(home)] == [RELEASED, ""]


def test_of_two_reports_both_must_be_decided(store: Store) -> None:
    add_report(store.home, a_report("XAA:test:3"))
    add_report(store.home, a_report("XAA:test:3", 2, partner="XAC"))
    decide_reports(store.home, all_reports(store.home)[:1], RELEASED, NOW, ("aldara", "XAA"))
    assert "XAA:test:3" not in ids(store, "borland")


def test_a_version_moves_for_those_alone_who_have_the_record(store: Store) -> None:
    before = versions(store)
    add_report(store.home, a_report("XAA:test:23", reason="wrong"))  # CLOSED: of Aldara alone
    closed = versions(store)
    assert closed["aldara"] != before["aldara"]
    assert {**closed, "aldara": ""} == {**before, "aldara": ""}
    add_report(store.home, a_report("XAA:test:3"))
    both = versions(store)
    assert all(both[name] != closed[name] for name in VIEWERS)
    release_again(store.home, "XAA:test:3")
    assert versions(store) == closed
    release_again(store.home, "XAA:test:23")
    assert versions(store) == before


def test_the_originator_is_told_which_of_its_own_are_withheld(store: Store) -> None:
    add_report(store.home, a_report("XAA:test:3"))
    add_report(store.home, a_report("XAB:test:31"))
    assert store.released_to(viewer(store, "aldara")).withheld == {"XAA:test:3"}
    assert store.released_to(viewer(store, "borland")).withheld == {"XAB:test:31"}
    assert store.released_to(viewer(store, "cordia")).withheld == frozenset()


def test_seen_together_with_another_partner_it_is_gone_too(store: Store) -> None:
    both = Viewer((*viewer(store, "aldara").identities, *viewer(store, "borland").identities))
    add_report(store.home, a_report("XAA:test:3"))
    released = store.released_to(both)
    assert "XAA:test:3" not in released.ask("SELECT stored_id FROM released.incidents").column(0).to_pylist()


@pytest.mark.parametrize("known", [None, NOW - timedelta(days=1)])
@pytest.mark.parametrize("most_in_a_view", [32, 0])
def test_every_question_is_answered_as_if_the_record_had_never_been(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    known: datetime | None,
    most_in_a_view: int,
) -> None:
    """The same rows at the same places, by SQL and as arrays, whether left out in a view or copied."""
    monkeypatch.setattr(module, "MOST_IN_A_VIEW", most_in_a_view)
    store.released_to(viewer(store, "borland")).columns(INCIDENTS).codes("title")
    gone = ("XAA:test:3", "XAA:test:13", "XAA:test:0")
    for record_id in gone:
        add_report(store.home, a_report(record_id))
    less = store.released_to(viewer(store, "borland"))
    rest = ids(store, "borland")
    assert set(gone).isdisjoint(rest)
    for layer, feed in LAYER_FEEDS.items():
        rows = less.rows(Filter(known_at=known), layer)
        found = less.ask(PICKED.format(feed=feed), rows=rows).to_pylist()
        assert [row["row"] for row in found] == rows.index.tolist()
        assert [row["title"] for row in found] == rows.columns.texts("title").take(rows.index).to_pylist()
        codes = rows.codes("title")
        assert [row["title"] for row in found] == [(*codes.words, None)[value] for value in codes.values]
    titles = {f"Title {int(one.split(':')[2]) // 10}-{int(one.split(':')[2]) % 10}" for one in gone}
    assert titles.isdisjoint(less.columns(INCIDENTS).codes("title").words)
    assert less.ask("SELECT count(*) AS n FROM released.figures").to_pylist() == [{"n": len(rest)}]


def test_the_arrays_left_are_those_of_the_other_rows() -> None:
    whole = Columns(5, lambda sql: _values(sql))
    less = ColumnsWithout(whole, np.array([1, 4]))
    assert less.count == 3
    assert less.codes("word").words == ("a", "c")
    assert less.codes("word").values.tolist() == [0, -1, 1]
    assert less.texts("word").to_pylist() == ["a", None, "c"]
    assert less.whole("n").tolist() == [0, 2, 3]
    assert less.times("n").tolist() == [0, 2, 3]
    assert less.numbers("n").tolist() == [0.0, 2.0, 3.0]


def _values(sql: str):  # type: ignore[no-untyped-def] # noqa: ANN202
    import pyarrow as pa

    return pa.chunked_array([pa.array(["a", "b", None, "c", "d"] if "word" in sql else [0, 1, 2, 3, 4])])


def test_the_drawer_says_nothing_of_it_at_any_time(store: Store) -> None:
    released = store.released_to(viewer(store, "borland"))
    sql = "SELECT stored_id, record_id FROM released.incidents"
    by_stored = {row["stored_id"]: row["record_id"] for row in released.ask(sql).to_pylist()}
    for stored in ("XAA:test:3", "XAA:test:13"):  # its id is told in the one case and opaque in the other
        shown = by_stored[stored]
        assert record(store.released_to(viewer(store, "borland")), shown, Filter()).values
        add_report(store.home, a_report(stored))
        for asked in (Filter(), Filter(known_at=NOW - timedelta(hours=1))):
            with pytest.raises(NotReleased):
                record(store.released_to(viewer(store, "borland")), shown, asked)
    assert record(store.released_to(viewer(store, "aldara")), "XAA:test:3", Filter()).own


def test_it_is_not_among_the_changes(store: Store) -> None:
    since = T0 - timedelta(days=1)

    def listed() -> set[str]:
        found = changed(store.released_to(viewer(store, "borland")), Filter(), "incidents", since)
        return set(found.columns.texts("record_id").take(found.after).to_pylist())

    assert "XAA:test:3" in listed()
    add_report(store.home, a_report("XAA:test:3"))
    assert "XAA:test:3" not in listed()
    assert "XAA:test:4" in listed()


def test_the_snapshot_holds_exactly_what_the_decision_permits(tmp_path: Path) -> None:
    """Random histories, labels and reports: the derived snapshot against the decision, record by record."""
    choose = random.Random(41)
    home = a_home(tmp_path)
    histories = [a_history(number, choose) for number in range(150)]
    with LakeWriter(home) as lake:
        lake.publish(a_publication(INCIDENTS, [row for rows in histories for row in rows], LABELS))
    store = Store(home, fixed_clock(NOW))
    wholes = {name: set(ids(store, name)) for name in VIEWERS}
    reported = {str(rows[0]["record_id"]) for rows in histories if choose.random() < 0.4}
    for record_id in reported:
        add_report(home, a_report(record_id))
    policy = store.policy()
    for name in VIEWERS:
        left = set(ids(store, name))
        for rows in histories:
            record_id = str(rows[0]["record_id"])
            revisions = [
                (LABELS[int(str(row["label_id"]))], replace(facts_of(row), withheld=True)) for row in rows
            ]
            permitted = any(
                decide_record(policy, viewer(store, name), shown, revisions[-1], NOW, "screen").permit
                for shown in revisions
            )
            expected = record_id in wholes[name] and (record_id not in reported or permitted)
            assert (record_id in left) == expected, (name, record_id)
    assert wholes["borland"] & reported, "some that were seen are reported"
    store.close()


def test_a_report_holds_while_somebody_writes_the_lake(store: Store) -> None:
    assert "XAA:test:3" in ids(store, "borland")
    with LakeWriter(store.home):
        add_report(store.home, a_report("XAA:test:3"))
        assert "XAA:test:3" not in ids(store, "borland")


def test_a_state_that_cannot_be_read_gives_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:

    def broken(home: Home) -> None:
        raise HomeError(f"{home.state_file} cannot be used.")

    monkeypatch.setattr(module, "withheld_records", broken)
    with pytest.raises(StoreUnavailable):
        ids(store, "borland")


def test_what_was_reported_and_decided_is_never_changed(store: Store) -> None:
    import sqlite3

    add_report(store.home, a_report("XAA:test:3"))
    release_again(store.home, "XAA:test:3")
    with sqlite3.connect(store.home.state_file) as state:
        for statement in ("DELETE FROM reports", "UPDATE report_decisions SET how = 'kept'"):
            with pytest.raises(sqlite3.Error, match="stays as it is"):
                state.execute(statement)


def test_an_older_state_is_freed_with_its_snapshot(store: Store) -> None:
    add_report(store.home, a_report("XAA:test:3"))
    first = store.released_to(viewer(store, "borland"))
    assert first.name.startswith("released_1_")
    schemas = "SELECT count(*) AS n FROM duckdb_schemas() WHERE schema_name LIKE 'released_1%'"
    publish(store.home, a_publication(INCIDENTS, [a_row(INCIDENTS, 700)]))
    held = store.released_to(viewer(store, "borland"))
    store._free()
    assert first.ask(schemas).to_pylist() == [{"n": 2}], "who asks of it still has it, and what it looks into"
    del first
    publish(store.home, a_publication(INCIDENTS, [a_row(INCIDENTS, 701)]))
    later = store.released_to(viewer(store, "borland"))
    assert held.name != later.name
    store._free()
    left = later.ask(schemas.replace("released_1%", "released_1\\_%' ESCAPE '\\"))
    assert left.to_pylist() == [{"n": 0}]


def test_explain_tells_it(store: Store) -> None:
    add_report(store.home, a_report("XAA:test:3"))
    assert [one.facts.withheld for one in evidence(store.home, "XAA:test:3")] == [True]
    assert [one.facts.withheld for one in evidence(store.home, "XAA:test:4")] == [False]
    assert [one.record_id for one in withheld_records(store.home)] == ["XAA:test:3"]


def test_what_is_withheld_is_found_without_reading_each_decision_for_each_report(store: Store) -> None:
    add_report(store.home, a_report("XAA:test:3"))
    decide_reports(store.home, all_reports(store.home), KEPT, NOW, ("aldara", "XAA"))
    with state_of(store.home) as state:
        plan = [str(row[3]) for row in state.execute("EXPLAIN QUERY PLAN " + WITHHELD)]
    assert [step for step in plan if step.startswith("SCAN d")] == []
