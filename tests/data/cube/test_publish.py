"""A cube is published whole, once a week, and says nothing that the rules keep; a restart forgets nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from data.audit.entry import Action
from data.cube import publish as publishing
from data.cube.counting import mark_of
from data.cube.publish import publish
from data.cube.published import figures, published
from data.cube.weeks import is_due, weeks_of
from data.errors import AuditUnavailable, HomeError
from data.home import Home
from data.home_state import home_secret
from data.labels import Label
from data.purge import carry_out, purge_of_records
from data.reports import Report, add_report
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS
from data.viewer import Identity
from tests.factories import NOW, POLICY, a_home, a_publication, a_row
from tests.factories import publish as take
from tests.recording import unrecorded

WHO = Identity("operator", "operator", "", "")
WEEK = date(2026, 8, 31)
MONDAY = datetime.fromisoformat("2026-09-28T00:00:00+00:00")
OWNERS = ("XAA", "XAB", "XAC", "XAD")
HIDDEN = tuple(Label(owner, "TEST", "OPEN", agg_release="cube_k") for owner in OWNERS)
"""Each partner's own, for nobody else, but countable."""

CALM = POLICY.replace('delay = "P2D"', 'delay = "P1D"')


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return a_home(tmp_path / "home", CALM)


def rows(
    counts: Sequence[int], first: int = 0, feed: str = INCIDENTS, **changes: object
) -> list[dict[str, object]]:
    """So many records of each owner in one cell."""
    found = []
    for place, count in enumerate(counts):
        for n in range(count):
            number = first + place * 1_000 + n
            found.append(
                a_row(
                    feed,
                    number,
                    record_id=f"{OWNERS[place]}:test:{number}",
                    originator=OWNERS[place],
                    label_id=place,
                    start_at=datetime.fromisoformat("2026-09-02T10:00:00+00:00"),
                    **changes,
                )
            )
    return found


def cells(home: Home, feed: str = INCIDENTS, category: str = "flood") -> dict[tuple[str, date], int]:
    return dict(figures(home, feed, category, weeks_of(2026, MONDAY + timedelta(days=70))))


def a_week_later(home: Home, weeks: int = 1) -> None:
    publish(home, WHO, NOW + timedelta(days=7 * weeks), record=unrecorded)


def test_rows_released_to_nobody_add_to_a_cell_when_they_are_enough_for_everybody(home: Home) -> None:
    take(home, a_publication(INCIDENTS, rows((3, 3, 3, 3)), HIDDEN))
    assert publish(home, WHO, record=unrecorded).is_new
    assert cells(home) == {("XQ01", WEEK): 10}
    assert published(home).as_of == MONDAY
    assert published(home).years(INCIDENTS, "flood") == (2026,)


@pytest.mark.parametrize(
    "counts",
    [(2, 2, 0, 0), (9, 9, 0, 0), (40, 2, 2, 2), (3, 3, 3, 0)],
    ids=["few", "two partners", "one holds most", "each partner knows its own"],
)
def test_a_cell_that_is_not_enough_is_not_there(home: Home, counts: tuple[int, ...]) -> None:
    take(home, a_publication(INCIDENTS, rows(counts), HIDDEN))
    publish(home, WHO, record=unrecorded)
    assert cells(home) == {}


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({}, {"agg_release": "none"}),
        ({}, {"release_geo_level": "adm0"}),
        ({"adm1_pcode": None}, {}),
        ({"time_precision": 4}, {}),
        ({"msg_type": "cancel"}, {}),
        ({"msg_type": "recall"}, {}),
        ({"release_until": NOW - timedelta(days=5)}, {}),
        ({"release_from": NOW + timedelta(days=5)}, {}),
        ({"label_review_on": date(2026, 9, 1)}, {}),
        ({"received_at": NOW}, {}),
        ({"ingested_at": NOW, "received_at": MONDAY - timedelta(days=9)}, {}),
        ({"superseded_at": NOW}, {}),
    ],
    ids=str,
)
def test_a_record_that_may_not_be_counted_is_not(
    home: Home, changes: dict[str, object], label: dict[str, str]
) -> None:
    labels = tuple(Label(owner, "TEST", "OPEN", **({"agg_release": "cube_k"} | label)) for owner in OWNERS)
    # type: ignore[arg-type]
    given = [row | changes for row in rows((3, 3, 3, 3))]
    take(home, a_publication(INCIDENTS, given, labels))
    publish(home, WHO, record=unrecorded)
    assert cells(home) == {}


def test_a_record_whose_label_has_changed_is_remembered_and_not_counted(home: Home) -> None:
    once = rows((3, 3, 3, 3))
    at = NOW - timedelta(days=9)
    earlier = [row | {"label_id": 4, "superseded_at": at, "superseded_received_at": at} for row in once]
    again = [
        row | {"revision": 2, "msg_type": "update", "ingested_at": at, "received_at": at} for row in once
    ]
    told = Label("XAA", "TEST", "OPEN", ("PUBLIC",), agg_release="cube_k")
    take(home, a_publication(INCIDENTS, [*earlier, *again], (*HIDDEN, told)))
    publish(home, WHO, record=unrecorded)
    assert cells(home) == {}


def test_a_week_that_has_not_settled_waits(home: Home) -> None:
    given = [row | {"start_at": MONDAY - timedelta(days=5)} for row in rows((3, 3, 3, 3))]
    known = MONDAY - timedelta(days=4)
    take(
        home,
        a_publication(INCIDENTS, [r | {"ingested_at": known, "received_at": known} for r in given], HIDDEN),
    )
    publish(home, WHO, record=unrecorded)
    assert cells(home) == {}
    a_week_later(home)
    assert list(cells(home).values()) == [10]


@pytest.mark.parametrize(
    ("feed", "changes", "category", "enough"),
    [
        (INCIDENTS, {"incident_type": "epidemic"}, "epidemic", False),
        (DEPLOYMENTS, {"sector_code": "WSH"}, "WSH", True),
        (DEPLOYMENTS, {"sector_code": "HEA"}, "HEA", False),
        (DELIVERIES, {"sector_code": "PRO-GBV"}, "PRO-GBV", False),
        (DELIVERIES, {"sector_code": None}, "WSH", False),
    ],
)
def test_each_feed_has_its_category_and_protection_and_health_need_ten(
    home: Home, feed: str, changes: dict[str, object], category: str, enough: bool
) -> None:
    take(home, a_publication(feed, rows((3, 3, 3, 3), feed=feed, **changes), HIDDEN))
    publish(home, WHO, record=unrecorded)
    assert bool(cells(home, feed, category)) is enough


def test_one_cube_a_week_and_the_second_changes_nothing(home: Home) -> None:
    take(home, a_publication(INCIDENTS, rows((3, 3, 3, 3)), HIDDEN))
    publish(home, WHO, record=unrecorded)
    take(home, a_publication(INCIDENTS, rows((9, 9, 9, 9), first=100), HIDDEN))
    again = publish(home, WHO, record=unrecorded)
    assert not again.is_new
    assert again.next_at == MONDAY + timedelta(days=7)
    assert cells(home) == {("XQ01", WEEK): 10}


def test_a_figure_grows_by_what_is_enough_by_itself_and_nothing_less(home: Home) -> None:
    take(home, a_publication(INCIDENTS, rows((3, 3, 3, 3)), HIDDEN))
    publish(home, WHO, record=unrecorded)
    take(home, a_publication(INCIDENTS, rows((2, 2, 0, 0), first=100), HIDDEN))
    a_week_later(home)
    assert cells(home) == {("XQ01", WEEK): 10}
    take(home, a_publication(INCIDENTS, rows((0, 0, 2, 2), first=200), HIDDEN))
    a_week_later(home, 2)
    assert cells(home) == {("XQ01", WEEK): 20}


def test_what_is_withheld_on_report_is_not_counted(home: Home) -> None:
    take(home, a_publication(INCIDENTS, rows((3, 3, 3, 3)), HIDDEN))
    named = ("XAA:test:0", 1, INCIDENTS, "XAA")
    add_report(home, Report("r1", NOW, *named, "wrong", "", "someone", "Someone", "XAB", ("viewer",)))
    publish(home, WHO, record=unrecorded)
    with closing(sqlite3.connect(home.state_file)) as state:
        marks = {mark for (mark,) in state.execute("SELECT mark FROM cube_marks")}
    salt = hashlib.sha256(home_secret(home)).hexdigest()
    assert mark_of("XAA:test:1", salt) in marks
    assert mark_of("XAA:test:0", salt) not in marks


def test_a_figure_does_not_follow_what_is_purged(home: Home) -> None:
    take(home, a_publication(INCIDENTS, rows((3, 3, 3, 3)), HIDDEN))
    publish(home, WHO, record=unrecorded)
    carry_out(home, purge_of_records(home, ["XAA:test:0"]), WHO, record=unrecorded)
    a_week_later(home)
    assert cells(home) == {("XQ01", WEEK): 10}
    with closing(sqlite3.connect(home.state_file)) as state:
        marks = [row[0] for row in state.execute("SELECT mark FROM cube_marks")]
    assert len(marks) == 12
    assert not any("test" in mark or "XA" in mark for mark in marks)


def test_what_was_published_cannot_be_changed(home: Home) -> None:
    take(home, a_publication(INCIDENTS, rows((3, 3, 3, 3)), HIDDEN))
    publish(home, WHO, record=unrecorded)
    with closing(sqlite3.connect(home.state_file)) as state:
        for table in ("cube_figures", "cube_marks", "cube_publications", "cube_added"):
            with pytest.raises(sqlite3.IntegrityError):
                state.execute(f"DELETE FROM {table}")  # noqa: S608


ONE_CIRCLE = CALM.replace(
    'parties = ["XAA", "XAB", "XAC"]', 'parties = ["XAA", "XAB", "XAC", "XAD"]'
).replace('feeds = ["incidents"]', 'feeds = ["deployments"]')
"""Whatever is released to all is under an agreement of all."""


def test_who_sees_all_but_four_rows_cannot_subtract(tmp_path: Path) -> None:
    """Of sixteen, all partners are released twelve: the cell is as if the four were not there."""
    shared = tuple(Label(owner, "TEST", "OPEN", ("PUBLIC",), agg_release="cube_k") for owner in OWNERS)
    hidden = Label("XAC", "TEST", "SENSITIVE", agg_release="cube_k")
    four = [
        row | {"label_id": 4, "originator": "XAC", "record_id": f"XAC:more:{n}"}
        for n, row in enumerate(rows((2, 2), first=50))
    ]
    told = []
    for name, given in (("without", rows((3, 3, 3, 3))), ("with", [*rows((3, 3, 3, 3)), *four])):
        home = a_home(tmp_path / name, ONE_CIRCLE)
        take(home, a_publication(INCIDENTS, given, (*shared, hidden)))
        publish(home, WHO, record=unrecorded)
        told.append(cells(home))
    assert told == [{("XQ01", WEEK): 10}] * 2


def test_the_trail_has_it_first_or_nothing_is_published(home: Home) -> None:
    take(home, a_publication(INCIDENTS, rows((3, 3, 3, 3)), HIDDEN))
    told: list[object] = []

    def full(action: Action, *_more: object, durable: bool) -> None:
        told.append((action, durable))
        raise AuditUnavailable("The audit trail cannot be written.")

    with pytest.raises(AuditUnavailable):
        publish(home, WHO, record=full)
    assert told == [(Action.PUBLICATION, True)]
    assert published(home).as_of is None
    assert publish(home, WHO, record=unrecorded).is_new


def test_only_an_exercise_is_told_what_time_it_is(tmp_path: Path) -> None:
    home = a_home(tmp_path, CALM.replace('kind = "exercise"', 'kind = "replay"'))
    with pytest.raises(HomeError, match="--at"):
        publish(home, WHO, NOW, record=unrecorded)


def test_a_cube_is_due_when_a_week_begins() -> None:
    assert is_due(None, NOW)
    assert not is_due(MONDAY, NOW)
    assert not is_due(MONDAY, MONDAY + timedelta(days=6, hours=23))
    assert is_due(MONDAY, MONDAY + timedelta(days=7))


def test_an_empty_home_has_no_cube(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    assert published(home).as_of is None
    assert figures(home, INCIDENTS, "flood", (WEEK,)) == {}
    assert publishing.bound_to(home, home.policy()) == {frozenset({"XQ01"})}
