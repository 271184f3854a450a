"""The lake and the snapshot: one transaction, two clocks, and exactly what the decision permits."""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from data import store as stores
from data.clock import fixed_clock
from data.connection import reader_connection
from data.details import record
from data.errors import NotReleased, StoreUnavailable
from data.facets import facets
from data.filters import Filter
from data.home import Home
from data.labels import GEO_LEVELS, Label
from data.lake import LakeWriter
from data.policy_force import putting
from data.release import RecordFacts, decide_record
from data.released import Released
from data.schema import DELIVERIES, DEPLOYMENTS, FEEDS, INCIDENTS, STRING
from data.store import ASIDE_KEPT, SNAPSHOTS_KEPT, Store
from data.timeline import timeline
from data.totals import totals
from data.transform import is_free_text, released_columns
from data.viewer import NOBODY, Viewer
from tests.factories import NOW, OPEN_TO_ALL, POLICY, T0, a_home, a_publication, a_row, publish

Row = dict[str, object]
LAYERS = ("incidents", "military", "presence", "deliveries")
LABELS = (
    OPEN_TO_ALL,
    Label("XAA", "TEST", "OPEN", ()),
    Label("XAA", "TEST", "OPEN", ("XAB",)),
    Label("XAA", "TEST", "SENSITIVE", ("XGR",)),
    Label("XAA", "TEST", "OPEN", ("XAB", "XAC"), release_geo_level="adm2"),
    Label("XAA", "TEST", "OPEN", ("PUBLIC",), required_categories=("medical",)),
    Label("XAA", "TEST", "OPEN", (), display_only_to=("XAB",)),
    Label("XAA", "TEST", "OPEN", ("PUBLIC",), release_geo_level="none"),
)


def a_history(number: int, choose: random.Random) -> list[Row]:
    """One to four revisions of one incident with labels, places and release times drawn by lot."""
    moments = sorted(choose.sample(range(1, 28 * 24), choose.randint(1, 4)))
    rows: list[Row] = []
    for n, hour in enumerate(moments):
        known = T0 + timedelta(hours=hour)
        placed = choose.random()
        rows.append(
            a_row(
                INCIDENTS,
                number,
                revision=n + 1,
                start_at=T0 + timedelta(hours=moments[0] - 1),
                ingested_at=known,
                received_at=known,
                msg_type="new" if n == 0 else choose.choice(["update"] * 6 + ["cancel", "recall"]),
                label_id=choose.randrange(len(LABELS)),
                release_from=choose.choice([None] * 5 + [T0, NOW + timedelta(days=1)]),
                release_until=choose.choice([None] * 5 + [T0, NOW + timedelta(days=1), NOW]),
                label_review_on=choose.choice([None] * 5 + [T0.date(), NOW.date()]),
                adm1_pcode=None if placed < 0.1 else choose.choice(["XQ01", "XQ02"]),
                adm2_pcode=None if placed < 0.3 else "XQ0101",
                title=f"CNRY-{number}-{n}",
            )
        )
    for row, successor in pairwise(rows):
        row["superseded_at"], row["superseded_received_at"] = (
            successor["ingested_at"],
            successor["received_at"],
        )
    return rows


def facts_of(row: Row) -> RecordFacts:
    places = (row["country_iso3"], row["adm1_pcode"], row["adm2_pcode"])
    return RecordFacts(
        feed=INCIDENTS,
        regions=frozenset(str(place) for place in places if place),
        release_from=row["release_from"],  # type: ignore[arg-type]
        release_until=row["release_until"],  # type: ignore[arg-type]
        label_review_on=row["label_review_on"],  # type: ignore[arg-type]
        received_at=row["received_at"],  # type: ignore[arg-type]
    )


def expected(histories: list[list[Row]], store: Store, viewer: Viewer, known: datetime) -> dict[str, int]:
    """What must be shown at `known`, row by row in plain Python: content hash and geo level."""
    shown: dict[str, int] = {}
    for history in histories:
        recalled = max((n for n, row in enumerate(history) if row["msg_type"] == "recall"), default=-1)
        labelled = [(LABELS[int(str(row["label_id"]))], facts_of(row)) for row in history]
        decisions = [
            decide_record(store.policy(), viewer, each, labelled[-1], NOW, "screen") for each in labelled
        ]
        # A record begins anew after a revision that is denied (decision 0015).
        denied = max((n for n, each in enumerate(decisions) if not each.permit), default=-1)
        for n, row in enumerate(history):
            decision = decisions[n]
            if n <= max(denied, recalled) or row["msg_type"] == "cancel":
                continue
            received_before = min(known, NOW - decision.obligations.delay)
            until = history[n + 1]["received_at"] if n + 1 < len(history) else None
            if row["received_at"] <= received_before and (until is None or until > received_before):  # type: ignore[operator]
                shown[f"{row['start_at']}|{row['record_id']}"] = GEO_LEVELS.index(
                    decision.obligations.geo_level
                )
    return shown


@pytest.fixture(scope="module", params=range(3))
def lot(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, list[list[Row]]]]:
    choose = random.Random(request.param)
    histories = [a_history(number, choose) for number in range(150)]
    home = a_home(tmp_path_factory.mktemp("home"))
    publish(home, a_publication(INCIDENTS, [row for history in histories for row in history], LABELS))
    store = Store(home, fixed_clock(NOW))
    yield store, histories
    store.close()


def viewers(store: Store) -> dict[str, Viewer]:
    policy = store.policy()
    found = {name: policy.viewer(name) for name in policy.personas}
    both = Viewer(found["aldara"].identities + found["borland"].identities)
    return found | {"nobody": NOBODY, "aldara and borland": both}


@pytest.mark.parametrize("days", [5, 12, 20, 29])
def test_exactly_what_the_decision_permits_is_released_at_any_knowledge_time(
    lot: tuple[Store, list[list[Row]]], days: int
) -> None:
    store, histories = lot
    known = T0 + timedelta(days=days)
    for name, viewer in viewers(store).items():
        released = store.released_to(viewer)
        sql = "SELECT * FROM released.incidents WHERE rowid IN (SELECT row FROM picked)"
        rows = released.ask(sql, rows=released.all_time(Filter(known_at=known), "incidents")).to_pylist()
        got = {f"{row['start_at']}|{row['stored_id']}": row["g_geo"] for row in rows}
        want = expected(histories, store, viewer, known)
        assert {k.split("|")[1]: v for k, v in got.items()} == {
            k.split("|")[1]: v for k, v in want.items()
        }, name


def test_a_tightened_revision_never_shows_its_earlier_one(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    later = T0 + timedelta(days=5)
    rows = [
        a_row(INCIDENTS, 1, start_at=T0, superseded_at=later, superseded_received_at=later),
        a_row(
            INCIDENTS,
            1,
            start_at=T0,
            revision=2,
            msg_type="update",
            ingested_at=later,
            received_at=later,
            label_id=1,
        ),
    ]
    publish(home, a_publication(INCIDENTS, rows, (OPEN_TO_ALL, Label("XAA", "TEST", "OPEN", ()))))
    store = Store(home, fixed_clock(NOW))
    other = store.released_to(store.policy().viewer("borland"))
    owner = store.released_to(store.policy().viewer("aldara"))
    for days in (0, 1, 4, 5, 6, 20):
        asked = Filter(known_at=T0 + timedelta(days=days, hours=1))
        assert totals(other, asked, ("incidents",))[0].value == 0
        assert totals(owner, asked, ("incidents",))[0].value == 1


def test_every_count_equals_a_recount_over_released_rows(lot: tuple[Store, list[list[Row]]]) -> None:
    store, _ = lot
    for viewer in viewers(store).values():
        released = store.released_to(viewer)
        for asked in (
            Filter(),
            Filter(regions=("XQ01",)),
            Filter(partners=("XAA",)),
            Filter(start=T0 + timedelta(days=9)),
        ):
            rows = released.ask("SELECT * FROM released.incidents").to_pylist()
            shown = [row for row in rows if matches(row, asked)]
            assert totals(released, asked, ("incidents",))[0].value == len(shown)
            found = facets(released, asked, LAYERS)
            assert found.layers[0].count == len(shown)


def matches(row: Row, asked: Filter) -> bool:
    """The filter in plain Python, over released rows."""
    known = row["known_from"] <= NOW and (row["known_until"] is None or row["known_until"] > NOW)  # type: ignore[operator]
    return (
        bool(known)
        and row["msg_type"] != "cancel"
        and (
            not asked.regions
            or bool({row["country_iso3"], row["adm1_pcode"], row["adm2_pcode"]} & set(asked.regions))
        )
        and (
            not asked.partners
            or bool({row["originator"], row["actor1_code"], row["actor2_code"]} & set(asked.partners))
        )
        and (asked.start is None or row["start_at"] >= asked.start)  # type: ignore[operator]
    )


def test_nothing_of_what_is_hidden_moves_a_byte(tmp_path: Path) -> None:
    """Non-interference: two lakes that differ only in rows hidden from a viewer look the same to it."""
    choose = random.Random(7)
    histories = [a_history(number, choose) for number in range(60)]
    hidden = [a_row(INCIDENTS, 900 + n, label_id=1, title=f"CNRY-HIDDEN-{n}") for n in range(40)]
    plain = [row for history in histories for row in history]
    answers = []
    for name, rows in (("without", plain), ("with", hidden + plain)):
        home = a_home(tmp_path / name)
        (home.path / "secret").write_bytes(b"the same in both")
        publish(home, a_publication(INCIDENTS, rows, LABELS))
        store = Store(home, fixed_clock(NOW))
        released = store.released_to(store.policy().viewer("borland"))
        pictures = [
            repr(facets(released, asked, LAYERS))
            + repr(totals(released, asked, LAYERS))
            + repr(released.extent(asked))
            for asked in (Filter(), Filter(known_at=T0 + timedelta(days=9)))
        ]
        answers.append((released.version, pictures))
    assert answers[0] == answers[1]


def test_a_coarsened_record_keeps_no_place_no_text_and_no_telling_id(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    telling = {
        "title": "CNRY title",
        "description": "CNRY text",
        "notes": "CNRY",
        "location_name": "CNRY town",
    }
    codes = {"provider_pcode": "CNRY", "native_id": "CNRY", "record_id": "XAA:test:XQ0101-canary"}
    row = a_row(INCIDENTS, 1, start_at=T0, **telling, **codes)
    publish(home, a_publication(INCIDENTS, [row]))
    store = Store(home, fixed_clock(NOW))
    released = store.released_to(store.policy().viewer("dunmark"))
    shown = released.ask("SELECT record_id FROM released.incidents").to_pylist()
    details = record(released, shown[0]["record_id"], Filter())
    assert details.geo_level == "adm1"
    assert details.values["adm1_pcode"] == "XQ01"
    assert "CNRY" not in repr(details)
    assert "canary" not in repr(details)
    assert details.values["adm2_pcode"] is None
    assert details.values["latitude"] is None
    with pytest.raises(NotReleased):
        record(released, "XAA:test:XQ0101-canary", Filter())


def test_a_delayed_agreement_shows_the_picture_of_then(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    hour_ago = NOW - timedelta(hours=1)
    rows = [
        a_row(
            INCIDENTS, 1, start_at=T0, deaths_best=1, superseded_at=hour_ago, superseded_received_at=hour_ago
        ),
        a_row(
            INCIDENTS, 1, start_at=T0, deaths_best=2, revision=2, ingested_at=hour_ago, received_at=hour_ago
        ),
        a_row(INCIDENTS, 2, start_at=hour_ago),
    ]
    publish(home, a_publication(INCIDENTS, rows))
    store = Store(home, fixed_clock(NOW))
    late = store.released_to(store.policy().viewer("dunmark"))
    assert [(t.id, t.value) for t in totals(late, Filter(), ("incidents",))] == [("events", 1), ("deaths", 1)]
    assert late.holds_until == hour_ago + timedelta(days=2)
    prompt = store.released_to(store.policy().viewer("aldara"))
    assert [(t.id, t.value) for t in totals(prompt, Filter(), ("incidents",))] == [
        ("events", 2),
        ("deaths", 2),
    ]


def test_nobody_gets_nothing(lot: tuple[Store, list[list[Row]]]) -> None:
    store, _ = lot
    released = store.released_to(NOBODY)
    for feed in FEEDS:
        answer = released.ask(f"SELECT count(*) FROM released.{feed}")  # noqa: S608
        assert answer.column(0).to_pylist() == [0]


def test_a_new_delivery_is_seen_at_once_and_moves_only_the_versions_of_those_it_was_released_to(
    tmp_path: Path,
) -> None:
    home = a_home(tmp_path)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]))
    store = Store(home, fixed_clock(NOW))
    policy = store.policy()
    before = {name: store.released_to(policy.viewer(name)).version for name in policy.personas}
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 2)], (Label("XAA", "TEST", "OPEN", ("XAB",)),)))
    after = {name: store.released_to(policy.viewer(name)).version for name in policy.personas}
    assert {name for name in before if before[name] != after[name]} == {"aldara", "borland"}


def test_a_publication_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]))
    good = a_publication(INCIDENTS, [a_row(INCIDENTS, 2)])
    bad = a_publication(DEPLOYMENTS, [a_row(DEPLOYMENTS, 3)])
    broken = bad.rows.rename_columns(["wrong" if n == "capability" else n for n in bad.rows.schema.names])
    with LakeWriter(home) as lake, pytest.raises(Exception, match="capability"):
        lake.publish(good, type(bad)(**{**vars(bad), "rows": broken}))
    reader = reader_connection(home)
    assert reader.rows("SELECT record_id FROM lake.incidents") == [("XAA:test:1",)]
    assert reader.rows("SELECT count(*) FROM lake.files_taken") == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/watchfloor-should-not-exist'",
        "ATTACH '/tmp/watchfloor-should-not-exist.db' AS x",
        "SET enable_external_access=true",
        "INSERT INTO lake.labels SELECT * FROM lake.labels",
        "INSTALL httpfs",
    ],
)
def test_the_reader_reaches_nothing_outside_and_writes_nothing(tmp_path: Path, sql: str) -> None:
    home = a_home(tmp_path)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]))
    with pytest.raises(StoreUnavailable):
        reader_connection(home).run(sql)


def test_two_writers_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.lake.WAIT_FOR_LOCK_SECONDS", 0.3)
    home = a_home(tmp_path)
    with LakeWriter(home), pytest.raises(Exception, match="has been writing"), LakeWriter(home):
        pass


def test_the_same_label_gets_the_same_id(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    publish(
        home,
        a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]),
        a_publication(DELIVERIES, [a_row(DELIVERIES, 1)]),
    )
    publish(
        home, a_publication(DEPLOYMENTS, [a_row(DEPLOYMENTS, 1)], (Label("XAA", "TEST", "OPEN"), OPEN_TO_ALL))
    )
    reader = reader_connection(home)
    assert reader.rows("SELECT count(*) FROM lake.labels") == [(2,)]
    assert Home(home.path).lake.exists()


def test_a_new_text_column_is_nulled_when_coarsened_until_somebody_keeps_it() -> None:
    kept = {
        c.name
        for feed in FEEDS
        for c in released_columns(feed)
        if c.type == STRING and not is_free_text(c.name)
    }
    assert kept == {
        *("record_id", "operation", "source", "source_org", "source_licence", "source_grade", "org_name"),
        *("org_acronym", "donor_name", "metric", "metric_unit", "capacity_unit", "appeal_code"),
        *("adm1_pcode", "adm2_pcode", "adm1_name", "adm2_name"),
    }


def test_text_inside_a_figure_is_coarsened_too(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    figure = {"metric": "cases", "metric_value": 1.0, "metric_case_definition": "CNRY village"}
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1, start_at=T0, further_figures=[figure])]))
    store = Store(home, fixed_clock(NOW))
    seen = store.released_to(store.policy().viewer("dunmark")).ask(
        "SELECT further_figures FROM released.incidents"
    )
    assert seen.column(0).to_pylist()[0][0]["metric_value"] == 1.0
    assert "CNRY" not in repr(seen.to_pylist())
    whole = store.released_to(store.policy().viewer("aldara")).ask(
        "SELECT further_figures FROM released.incidents"
    )
    assert "CNRY" in repr(whole.to_pylist())


def test_a_revision_of_what_is_withheld_is_none_for_who_does_not_see_it(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    later = T0 + timedelta(days=5)
    hidden = a_row(INCIDENTS, 2, label_id=1)
    first = a_row(INCIDENTS, 1, start_at=T0, superseded_at=later, superseded_received_at=later)
    second = {"revision": 2, "msg_type": "update", "ingested_at": later, "received_at": later}
    second |= {"description": "new", "related_ids": ["XAA:test:2"]}
    rows = [first, a_row(INCIDENTS, 1, start_at=T0, **second), hidden]
    publish(home, a_publication(INCIDENTS, rows, (OPEN_TO_ALL, Label("XAA", "TEST", "OPEN"))))
    store = Store(home, fixed_clock(NOW))
    coarse = store.released_to(store.policy().viewer("dunmark"))
    shown = coarse.ask("SELECT DISTINCT record_id FROM released.incidents").to_pylist()
    assert [r.revision for r in record(coarse, shown[0]["record_id"], Filter()).revisions] == [1]
    exact = record(store.released_to(store.policy().viewer("borland")), "XAA:test:1", Filter())
    assert [r.changed for r in exact.revisions] == [(), ("description",)]
    assert exact.values["related_ids"] == []
    own = record(store.released_to(store.policy().viewer("aldara")), "XAA:test:1", Filter())
    assert own.values["related_ids"] == ["XAA:test:2"]


def test_no_time_shown_hangs_on_when_the_snapshot_was_made(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]))
    clock = {"now": NOW}
    store = Store(home, lambda: clock["now"])
    viewer = store.policy().viewer("borland")
    first = store.released_to(viewer)
    clock["now"] = NOW + timedelta(hours=4)
    second = store.released_to(viewer)
    assert second.built_at == first.built_at
    assert timeline(second, Filter(), ("incidents",)).complete_until == clock["now"]


def test_readers_meet_one_whole_state_while_somebody_writes(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, n) for n in range(200)]))
    store = Store(home, fixed_clock(NOW))
    viewer, faults = store.policy().viewer("aldara"), []

    def read() -> None:
        for _ in range(6):
            try:
                released = store.released_to(viewer)
                counts = released.ask("SELECT count(*) FROM released.incidents").column(0).to_pylist()[0]
                faults.extend([counts] if counts < 200 else [])
            except Exception as error:  # noqa: BLE001 - whatever it is, a reader met it
                faults.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for n in range(5):
        label = Label("XAA", "TEST", "OPEN", ("PUBLIC",), caveats=(f"C{n}",))
        publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1000 + n)], (label,)))
    for reader in readers:
        reader.join()
    assert faults == []
    assert store.released_to(viewer).ask("SELECT count(*) FROM released.incidents").column(0).to_pylist() == [
        205
    ]


def test_a_snapshot_that_ran_out_is_freed(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    windows = [a_row(INCIDENTS, n, release_until=NOW + timedelta(minutes=n)) for n in range(1, 5)]
    publish(home, a_publication(INCIDENTS, windows))
    clock = {"now": NOW}
    store = Store(home, lambda: clock["now"])
    for minute in range(5):
        clock["now"] = NOW + timedelta(minutes=minute, seconds=1)
        released = store.released_to(store.policy().viewer("borland"))
    store._free()
    kept = released.ask(
        "SELECT count(*) FROM duckdb_schemas() WHERE schema_name LIKE 'released\\_%' ESCAPE '\\'"
    )
    assert kept.column(0).to_pylist() == [1]


def test_a_home_that_was_moved_answers(tmp_path: Path) -> None:
    """Restored from a back-up, or copied elsewhere: the lake is read and written where it lies now."""
    old, new = tmp_path / "old", tmp_path / "new"
    publish(a_home(old), a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]))
    shutil.copytree(old, new)
    shutil.rmtree(old)
    moved = Home(new)
    publish(moved, a_publication(INCIDENTS, [a_row(INCIDENTS, 2)]))
    store = Store(moved, fixed_clock(NOW))
    found = store.released_to(store.policy().viewer("borland")).ask("SELECT count(*) FROM released.incidents")
    assert found.column(0).to_pylist() == [2]
    assert not old.exists()
    store.close()


def test_looks_with_other_eyes_push_out_nobodys(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]))
    store = Store(home, fixed_clock(NOW))
    mine = store.policy().viewer("borland")
    first = store.released_to(mine)
    [one] = mine.identities
    for number in range(3 * SNAPSHOTS_KEPT):
        other = replace(one, regions=frozenset({f"XQ{number}"}))
        store.released_to(Viewer((other,)), aside=True)
    assert store.released_to(mine).name == first.name, "made once"
    assert len(store._snapshots) == 1 + ASIDE_KEPT
    kept = Viewer((replace(one, regions=frozenset({f"XQ{number}"})),))
    name = store.released_to(kept).name
    for number in range(100, 104):
        store.released_to(Viewer((replace(one, regions=frozenset({f"XQ{number}"})),)), aside=True)
    assert store.released_to(kept).name == name, "whoever looks so with their own eyes keeps it"
    store.close()


def test_who_waits_for_a_snapshot_is_answered_by_the_rules_that_hold_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One makes it under the policy of before; meanwhile it is narrowed, and others wait for their turn."""
    home = a_home(tmp_path)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]))
    store = Store(home, lambda: NOW)
    viewer = store.policy().viewer("borland")
    begun, narrowed = threading.Event(), threading.Event()
    made = stores.build_snapshot

    def slowly(*given: object, **more: object) -> Released:
        if not begun.is_set():
            begun.set()
            assert narrowed.wait(30)
        return made(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(stores, "build_snapshot", slowly)
    found: list[int] = []

    def asks() -> None:
        rows = store.released_to(viewer).ask("SELECT count(*) AS many FROM released.incidents")
        found.append(int(str(rows.column(0)[0])))

    first = threading.Thread(target=asks)
    first.start()
    assert begun.wait(30)
    waiting = [threading.Thread(target=asks) for _ in range(3)]
    for thread in waiting:
        thread.start()
    while next(iter(store._building.values()))[1] < 4:
        time.sleep(0.01)
    narrower = POLICY.replace('parties = ["XAA", "XAB", "XAC"]', 'parties = ["XAA", "XAC"]')
    with putting(home, narrower.encode()):
        pass
    narrowed.set()
    for thread in (first, *waiting):
        thread.join()
    assert sorted(found) == [0, 0, 0, 1]


def test_a_snapshot_is_made_again_when_files_were_written_anew_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A purge does that: whoever began to read before it finds tables empty (decision 0042)."""
    home = a_home(tmp_path / "home")
    for number in range(3):
        publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, number)]))
    store, seen = Store(home, fixed_clock(NOW)), []
    build = stores.build_snapshot
    count = "SELECT count(*) AS rows FROM released.incidents"

    def meanwhile(*args: object) -> Released:
        if not seen:
            with LakeWriter(home) as lake:
                lake._lake.run("CALL ducklake_merge_adjacent_files('lake')")
        built = build(*args)  # type: ignore[arg-type]
        seen.append(built.ask(count).to_pylist()[0]["rows"])
        return built

    monkeypatch.setattr(stores, "build_snapshot", meanwhile)
    released = store.released_to(store.policy().viewer("borland"))
    assert released.ask(count).to_pylist() == [{"rows": 3}]
    assert seen == [0, 3]
    store.close()
