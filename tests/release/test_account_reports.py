"""The account as a file: what the page shows, for whoever may read it, once the trail has it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response

from dashboard.access.file_rate import MOST_A_MINUTE
from data.audit.entry import Action, Entry
from data.audit.trail import Trail
from data.errors import AuditUnavailable
from data.schema import INCIDENTS
from data.store import Store
from data.viewer import Identity, Viewer
from tests.factories import POLICY, a_home, a_publication, a_row, publish
from tests.release.asking import Asking
from tests.release.worlds import SECRET, World

READERS = POLICY.replace('roles = ["analyst"]', 'roles = ["analyst", "releaser"]').replace(
    'name = "Dunmark viewer"\npartner = "XAD"\nroles = ["viewer"]',
    'name = "Dunmark viewer"\npartner = "XAD"\nroles = ["viewer", "overseer"]',
)
EVIL = "=cmd|' /C calc'!A0 <script>alert(1)</script>"
LOOKED = {"purpose": "screen", "page": EVIL, "originators": ["XAA"], "agreements": ["MULTI"]}
TAKEN = {**LOOKED, "purpose": "file", "extract_id": "ab" * 16}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Bo of XAB looked at XAA's records and took a file, Cy of XAC looked at those of XAB."""
    home = a_home(tmp_path, READERS)
    home.secret_file.write_bytes(SECRET)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]))
    trail = Trail.open(home)
    bo, cy = (Viewer((Identity(n, n, p, "OPEN"),)) for n, p in (("bo", "XAB"), ("cy", "XAC")))
    labels = [{"label": "x", "originator": "XAA", "count": 7}]
    trail.record(Action.VIEW, bo, {**LOOKED, "labels": labels}, durable=False)
    trail.record(Action.EXPORT, bo, {**TAKEN, "labels": labels}, durable=True)
    trail.record(Action.VIEW, cy, {"purpose": "screen", "originators": ["XAB"]}, durable=True)
    trail.close()
    store = Store.open(home)
    yield World(home, store)
    store.close()


def taken(world: World, persona: str, body: object) -> Response:
    with Asking(world, persona) as asking:
        return asking.client.post("/api/account-reports", json=body)


def exports(world: World) -> list[Entry]:
    trail = Trail.open(world.home)
    found = [entry for entry in trail.entries(actions=[Action.EXPORT]) if "entries" in entry.details]
    trail.close()
    return found


def test_an_owner_takes_what_the_page_shows(world: World) -> None:
    answer = taken(world, "aldara", {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    assert [(row["partner"], row["records"]) for row in rows] == [("XAB", "7"), ("XAB", "7")]
    assert {row["under"] for row in rows} == {"MULTI"}
    assert "bo" not in {word for row in rows for word in row["partner"].split()}, "no names of others"
    assert {row["marking"] for row in rows} == {"EXERCISE – FICTITIOUS · SENSITIVE"}
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "-", "@"))]


def test_an_overseer_takes_all_of_it_with_names(world: World) -> None:
    text = taken(world, "dunmark", {"format": "html"}).text
    for word in ("bo", "cy", "XAC"):
        assert word in text
    own = taken(world, "aldara", {"format": "html"}).text
    assert "XAC" not in own
    assert ">bo<" not in own


def test_a_report_stands_by_itself_and_runs_nothing(world: World) -> None:
    answer = taken(world, "aldara", {"format": "html"})
    text = answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="EX-TEST_accountability_')
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert text.count("SENSITIVE") >= 2, "marked at the top and at the bottom"
    assert '"root":' in text.replace("&quot;", '"'), "the checkpoint that it is of"


def test_the_trail_has_it_before_it_leaves(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = taken(world, "aldara", {"format": "csv"})
    [entry] = exports(world)
    assert entry.details["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert (entry.details["originators"], entry.actor[0].subject) == (["XAA"], "aldara")

    def full(*_told: object, **_more: object) -> int:
        raise AuditUnavailable("The disk is full.")

    with Asking(world, "aldara") as asking:
        monkeypatch.setattr(Trail, "record", full)
        refused = asking.client.post("/api/account-reports", json={"format": "csv"})
    assert refused.status_code == 503
    assert b"XAB" not in refused.content


def test_reports_and_lists_are_files_of_one_rate_and_the_refusal_is_recorded(world: World) -> None:
    with Asking(world, "aldara") as asking:
        lists = [asking.client.post("/api/extracts", json={"query": ""}) for _ in range(MOST_A_MINUTE - 1)]
        report, refused = (
            asking.client.post("/api/account-reports", json={"format": "csv"}) for _ in range(2)
        )
    assert {answer.status_code for answer in (*lists, report)} == {200}
    assert refused.status_code == 409
    assert str(MOST_A_MINUTE) in refused.json()["sentences"][0]
    trail = Trail.open(world.home)
    [denial] = trail.entries(actions=[Action.DENIAL])
    trail.close()
    assert denial.details["purpose"] == "file"


@pytest.mark.parametrize("persona", ["borland", "cordia"])
def test_whoever_reads_no_account_takes_none(world: World, persona: str) -> None:
    assert taken(world, persona, {"format": "csv"}).status_code in {403, 404}
    assert exports(world) == []


@pytest.mark.parametrize("body", [{}, [], {"format": "pdf"}, {"format": 1}, 3])
def test_any_other_format_is_a_bad_request(world: World, body: object) -> None:
    assert taken(world, "aldara", body).status_code == 400


def test_a_viewer_takes_ten_files_a_minute_of_whatever_kind(world: World) -> None:
    listed = {"query": "", "arranged": "", "conditions": {}}
    with Asking(world, "aldara") as asking:
        assert asking.client.post("/api/extracts", json=listed).status_code == 200
        reports = [
            asking.client.post("/api/account-reports", json={"format": "csv"}) for _ in range(MOST_A_MINUTE)
        ]
    assert [one.status_code for one in reports] == [200] * (MOST_A_MINUTE - 1) + [409]
    trail = Trail.open(world.home)
    assert len(list(trail.entries(actions=[Action.DENIAL]))) == 1
    trail.close()
