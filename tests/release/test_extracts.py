"""A file leaves only to whom may take it, only when the trail has it, and not too often."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from httpx2 import Response

from dashboard.access.file_rate import MOST_A_MINUTE
from dashboard.routes import extracts
from data.audit.entry import Action, Entry
from data.audit.trail import Trail
from data.clock import fixed_clock
from data.errors import AuditUnavailable
from data.labels import Label
from data.reports import Report, add_report, all_reports
from data.schema import INCIDENTS
from data.store import Store
from tests.factories import NOW, OPEN_TO_ALL, POLICY, a_home, a_publication, a_row, publish
from tests.release.asking import Asking
from tests.release.worlds import SECRET, World, worlds

OWN = {"query": "layer=incidents&partner=XAA&role=originator", "arranged": "columns=title,start_at"}
CROSS = {"Origin": "http://elsewhere.example"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with worlds(tmp_path, "borland", 1) as (_without, more):
        yield more


def take(asking: Asking, wanted: Mapping[str, object] = OWN, **headers: str) -> Response:
    return asking.client.post("/api/extracts", json=wanted, headers=headers)


def entries(world: World, action: Action) -> list[Entry]:
    trail = Trail.open(world.home)
    try:
        return list(trail.entries(actions=[action]))
    finally:
        trail.close()


def test_a_file_is_what_the_trail_says_it_is(world: World) -> None:
    with Asking(world, "aldara") as asking:
        answer = take(asking)
        assert answer.status_code == 200
        rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    [entry] = entries(world, Action.EXPORT)
    assert entry.details["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert entry.details["record_ids"] == [row["record_id"] for row in rows]
    assert entry.details["extract_id"] == rows[0]["extract_id"]
    assert {row["originator"] for row in rows} == {"XAA"} == set(entry.details["originators"])  # type: ignore[arg-type]
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"].startswith('attachment; filename="EX-TEST_table_')


def test_what_may_only_be_looked_at_stays_and_its_number_is_said(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    home.secret_file.write_bytes(SECRET)
    labels = (OPEN_TO_ALL, Label("XAB", "TEST", "OPEN", display_only_to=("XAA",)))
    rows = [
        a_row(INCIDENTS, n, originator=labels[n % 2].originator, label_id=n % 2, title=f"Title {n % 2}")
        for n in range(10)
    ]
    publish(home, a_publication(INCIDENTS, rows, labels))
    world = World(home, Store(home, fixed_clock(NOW)))
    with Asking(world, "aldara") as asking:
        answer = take(asking, {"query": "layer=incidents"})
    world.store.close()
    assert answer.status_code == 200
    assert answer.headers[extracts.LEFT_OUT] == "5"
    assert "Title 0" in answer.text
    assert "Title 1" not in answer.text


def test_who_may_only_look_takes_nothing_and_that_is_recorded(world: World) -> None:
    with Asking(world, "borland") as asking:
        answer = take(asking)
    assert answer.status_code == 409
    assert "XAA:visible" not in answer.text
    assert entries(world, Action.EXPORT) == []
    assert len(entries(world, Action.DENIAL)) == 1


def test_without_an_entry_on_the_disk_there_is_no_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: object, durable: bool = False, **_more: object) -> int:
        if durable:
            raise AuditUnavailable("The audit trail cannot be written.", "Make room.")
        return 0

    monkeypatch.setattr(Trail, "record", full)
    with Asking(world, "aldara") as asking:
        answer = take(asking)
    assert answer.status_code == 503
    assert "XAA:visible" not in answer.text
    assert "content-disposition" not in answer.headers


@pytest.mark.parametrize("how", ["report", "policy"])
def test_what_is_withheld_while_a_file_is_made_is_not_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    home = a_home(tmp_path)
    home.secret_file.write_bytes(SECRET)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, n) for n in range(1, 4)], (OPEN_TO_ALL,)))
    world, made = World(home, Store(home, fixed_clock(NOW))), extracts.extracts.csv_extract
    analyst = POLICY.replace('roles = ["viewer"]', 'roles = ["viewer", "analyst"]')
    home.policy_file.write_text(analyst)

    def and_then(*given: object, **more: object) -> object:
        found = made(*given, **more)  # type: ignore[arg-type]
        if how == "report" and not all_reports(home):
            about = ("XAA:test:1", 1, INCIDENTS, "XAA", "unsafe", "")
            add_report(home, Report("r", NOW, *about, "someone", "Someone", "XAC", ("viewer",)))
        if how == "policy":
            home.policy_file.write_text(
                analyst.replace('parties = ["XAA", "XAB", "XAC"]', 'parties = ["XAA", "XAC"]')
            )
        return found

    monkeypatch.setattr(extracts.extracts, "csv_extract", and_then)
    with Asking(world, "borland") as asking:
        answer = take(asking, {"query": "layer=incidents"})
    world.store.close()
    if how == "report":
        rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        assert {row["record_id"] for row in rows} == {"XAA:test:2", "XAA:test:3"}
    else:
        assert answer.status_code == 409
        assert "XAA:test" not in answer.text


def test_the_eleventh_file_in_a_minute_waits(world: World) -> None:
    with Asking(world, "aldara") as asking:
        said = [take(asking).status_code for _ in range(MOST_A_MINUTE + 1)]
    assert said == [200] * MOST_A_MINUTE + [409]
    assert len(entries(world, Action.EXPORT)) == MOST_A_MINUTE


def test_another_page_cannot_take_a_file(world: World) -> None:
    with Asking(world, "aldara") as asking:
        assert take(asking, **CROSS).status_code == 403
        assert asking.client.get("/api/extracts").status_code in (404, 405)
    assert entries(world, Action.EXPORT) == []


@pytest.mark.parametrize("wanted", [{}, {"query": 1}, {"query": None}, [], "x", {"arranged": "x"}])
def test_what_is_no_question_is_refused(world: World, wanted: object) -> None:
    with Asking(world, "aldara") as asking:
        assert asking.client.post("/api/extracts", json=wanted).status_code == 400
