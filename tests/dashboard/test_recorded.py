"""What the application writes to the audit trail: one entry a click, refusals, and nothing of any record."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from dash import Dash
from httpx2 import Response
from starlette.testclient import TestClient

from dashboard.access import denials, recorded
from dashboard.access.census import callback_key
from dashboard.access.denials import DENIALS_A_MINUTE, Denials
from dashboard.access.recorded import PAGE_OF, Grouped, Looked
from dashboard.application import create_app
from dashboard.ids import Id
from dashboard.settings import Settings
from data.audit.entry import Action, Entry
from data.audit.trail import Trail
from data.audit.verify import verify
from data.clock import fixed_clock
from data.home import Home
from data.labels import PUBLIC, Label, label_digest
from data.schema import INCIDENTS
from data.store import Store
from data.viewer import NOBODY
from tests.dashboard.conftest import ORIGIN, body_for, output_of, post
from tests.data.audit.trails import ANALYST
from tests.factories import NOW, T0, a_home, a_publication, a_row, publish

OPEN = Label("XAA", "TEST", "OPEN", (PUBLIC,))
CLOSED = Label("XAA", "TEST", "SENSITIVE", ("XAB",))
EARLY, LATE = T0 + timedelta(days=2), T0 + timedelta(days=12)
LATER_WEEK = "from=2026-09-10T00:00:00Z&to=2026-09-17T00:00:00Z"
SECRET = "Bridge at Rio Claro"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two open records of the later week; two sensitive ones of the earlier."""
    rows = [
        a_row(INCIDENTS, 1, start_at=LATE, label_id=0, title=SECRET, latitude=19.123457),
        a_row(INCIDENTS, 2, start_at=LATE, label_id=0),
        a_row(INCIDENTS, 3, start_at=EARLY, label_id=1),
        a_row(INCIDENTS, 4, start_at=EARLY, label_id=1),
    ]
    made = a_home(tmp_path_factory.mktemp("recorded"))
    publish(made, a_publication(INCIDENTS, rows, (OPEN, CLOSED)))
    return made


@pytest.fixture
def own(home: Home) -> Home:
    """The home without what an earlier test left in its trail."""
    for path in home.audit.glob("*"):
        path.unlink()
    return home


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a busy machine takes, a click is one click and a minute one minute."""
    monkeypatch.setattr(recorded, "ONE_CLICK_SECONDS", 3_600.0)
    monkeypatch.setattr(denials, "MINUTE_SECONDS", 3_600.0)


@pytest.fixture
def asking(own: Home, slow: None) -> Iterator[tuple[Dash, TestClient]]:
    store = Store(own, fixed_clock(NOW))
    app = create_app(Settings(), store)
    with TestClient(app.server, base_url=ORIGIN, headers={"Origin": ORIGIN}) as client:
        client.get("/")
        client.post("/persona", json={"persona": "borland"})
        yield app, client
    store.close()


def entries(home: Home, *actions: Action) -> list[Entry]:
    trail = Trail.open(home)
    try:
        return list(trail.entries(actions=actions))
    finally:
        trail.close()


def click(asking: tuple[Dash, TestClient], query: str, page: str = "/", **more: str) -> list[Response]:
    """All that a page asks when its View has changed."""
    app, client = asking
    listening = [
        name
        for name, callback in app.callback_map.items()
        if any(item["id"] == Id.VIEW for item in callback["inputs"])
        and PAGE_OF.get(callback_key(name), page) == page
    ]
    assert len(listening) > 5
    return [
        post(client, body_for(app, name, view=query, url=page), Referer=f"{ORIGIN}{page}?{query}", **more)
        for name in listening
    ]


def test_a_click_is_one_entry_that_says_whose_data_was_seen(
    asking: tuple[Dash, TestClient], own: Home
) -> None:
    assert {answer.status_code for answer in click(asking, LATER_WEEK, "/table")} == {200}
    (entry,) = entries(own, Action.VIEW)
    assert [(one.subject, one.partner, one.roles) for one in entry.actor] == [("borland", "XAB", ("viewer",))]
    said = entry.details
    assert (said["page"], said["view"], said["purpose"]) == ("/table", LATER_WEEK, "screen")
    assert said["originators"] == ["XAA"]
    assert said["agreements"] == ["MULTI"]
    assert said["labels"] == [{"label": label_digest(OPEN), "originator": "XAA", "count": 2}]
    assert said["policy_version"] == "1"
    assert {len(str(said[name])) for name in ("params_hash", "policy_set")} == {64}


def test_the_timeline_shows_more_than_the_period_and_the_entry_says_so(
    asking: tuple[Dash, TestClient], own: Home
) -> None:
    click(asking, LATER_WEEK, "/")
    (entry,) = entries(own, Action.VIEW)
    counted = {one["label"]: one["count"] for one in entry.details["labels"]}  # type: ignore[attr-defined]
    assert counted == {label_digest(OPEN): 2, label_digest(CLOSED): 0}


def test_what_is_hidden_from_the_viewer_is_in_no_entry(asking: tuple[Dash, TestClient], own: Home) -> None:
    asking[1].post("/persona", json={"persona": "dunmark"})
    click(asking, "")
    (entry,) = entries(own, Action.VIEW)
    assert entry.details["labels"] == [{"label": label_digest(OPEN), "originator": "XAA", "count": 2}]
    assert entry.details["agreements"] == ["AD-COARSE"]


def test_another_view_page_or_person_is_another_entry(asking: tuple[Dash, TestClient], own: Home) -> None:
    for _again in range(2):
        click(asking, "")
        click(asking, LATER_WEEK)
        click(asking, LATER_WEEK, "/compare")
    asking[1].post("/persona", json={"persona": "aldara"})
    click(asking, "")
    seen = [
        (one.actor[0].subject, one.details["page"], one.details["view"]) for one in entries(own, Action.VIEW)
    ]
    assert seen == [
        ("borland", "/", ""),
        ("borland", "/", LATER_WEEK),
        ("borland", "/compare", LATER_WEEK),
        ("aldara", "/", ""),
    ]


def test_a_look_with_other_eyes_goes_by_its_name(asking: tuple[Dash, TestClient], own: Home) -> None:
    asking[1].post("/persona", json={"persona": "aldara"})
    click(asking, "compare=XAB", "/compare")
    click(asking, "compare=XZZ", "/compare")
    click(asking, "compare=XAB", "/table")
    found = [entry.details.get("preview") for entry in entries(own, Action.VIEW)]
    assert found == ["What XAB sees of what you see", None, None]


NO_VIEW = {
    "saved.data-drawn": "names of kept views",
    "timeline-place.children": "the empty graph",
    **{f"{name}-regions.data": "public regions" for name in ("map", "changed", "earlier", "later")},
}
"""The callbacks that show nothing of a View. Every other one leaves an entry, one added later too."""


def test_every_callback_is_recorded_but_those_that_were_reviewed(app: Dash) -> None:
    bodies = {name: json.dumps(body_for(app, name)).encode() for name in app.callback_map}
    silent = {name.strip(".").split("...")[0] for name, body in bodies.items() if Looked.of(body) is None}
    assert silent == set(NO_VIEW)


@pytest.mark.parametrize(
    "output", ["totals.data-drawn", "records.getRowsResponse", "found.data-drawn", "page.children"]
)
def test_whoever_asks_past_the_page_is_recorded_too(
    asking: tuple[Dash, TestClient], own: Home, output: str
) -> None:
    app, client = asking
    given = {"view": "region=XQ01", "url": "?region=XQ01", "searched": "Bridge at"}
    body = body_for(app, output_of(app, output), **given)
    assert post(client, body).status_code == 200
    (entry,) = entries(own, Action.VIEW)
    assert entry.details["view"] == "region=XQ01"


def test_what_the_browser_says_of_its_page_hides_nothing(asking: tuple[Dash, TestClient], own: Home) -> None:
    app, client = asking
    elsewhere = {"Referer": f"{ORIGIN}/agreements"}
    for output in ("totals.data-drawn", "compared-head.data-drawn"):
        body = body_for(app, output_of(app, output), view=LATER_WEEK)
        assert post(client, body, **elsewhere).status_code == 200
    found = entries(own, Action.VIEW)
    assert [entry.details["page"] for entry in found] == ["/", "/compare"]
    assert all(entry.details["originators"] == ["XAA"] for entry in found)


def test_a_page_that_shows_no_record_is_a_look_at_nobodys_data(
    asking: tuple[Dash, TestClient], own: Home
) -> None:
    app, client = asking
    for output in ("page.children", "marking-top.data-drawn", "policy.data-drawn"):
        body = body_for(app, output_of(app, output), view="", url="/agreements")
        assert post(client, body, Referer=f"{ORIGIN}/agreements").status_code == 200
    (entry,) = entries(own, Action.VIEW)
    assert (entry.details["page"], entry.details["originators"]) == ("/agreements", [])


def test_however_long_a_view_is_made_whose_data_it_showed_is_recorded(
    asking: tuple[Dash, TestClient], own: Home
) -> None:
    app, client = asking
    codes = ",".join(["XAA", *(chr(0x4E00 + n) * 64 for n in range(30))])
    body = body_for(app, output_of(app, "totals.data-drawn"), view=f"partner={codes}")
    assert post(client, body).status_code == 200
    (entry,) = entries(own, Action.VIEW)
    assert entry.details["shortened"] is True
    assert entry.details["originators"] == ["XAA"]


def test_a_search_is_an_entry_about_what_it_found(asking: tuple[Dash, TestClient], own: Home) -> None:
    app, client = asking
    for text in ("XAA:test:3", "XAA:test:4"):
        post(client, body_for(app, output_of(app, "found.data-drawn"), view=LATER_WEEK, searched=text))
    first, second = entries(own, Action.VIEW)
    assert first.details["part"] == "search"
    assert first.details["labels"] == [{"label": label_digest(CLOSED), "originator": "XAA", "count": 1}]
    assert first.details["params_hash"] != second.details["params_hash"]


def test_nothing_of_a_record_and_no_place_is_in_trail_or_log(
    asking: tuple[Dash, TestClient], own: Home, caplog: pytest.LogCaptureFixture
) -> None:
    app, client = asking
    with caplog.at_level(logging.DEBUG):
        shown = click(asking, "sel=XAA:test:1")
        found = body_for(app, output_of(app, "found.data-drawn"), view="", searched=SECRET)
        shown.append(post(client, found))
    assert any(SECRET in answer.text for answer in shown)
    assert [one.details["part"] for one in entries(own, Action.VIEW)] == ["page", "search"]
    written = (own.audit / "trail.jsonl").read_text() + caplog.text
    for content in (SECRET, "Rio Claro", "19.123457", "SELECT", "Record 2"):
        assert content not in written


def test_a_click_does_not_wait_for_the_disk(
    asking: tuple[Dash, TestClient], own: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def sync(handle: int) -> None:
        asked.set()
        assert go_on.wait(60)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", sync)
        click(asking, LATER_WEEK)
        assert asked.wait(60)
        assert {answer.status_code for answer in click(asking, "")} == {200}
        assert (own.audit / "trail.jsonl").read_bytes().count(b"\n") == 2
        go_on.set()


def test_pages_go_on_while_nothing_can_be_recorded(asking: tuple[Dash, TestClient], own: Home) -> None:
    click(asking, "")
    (own.audit / "trail.jsonl").write_bytes(b"")
    assert {answer.status_code for answer in click(asking, LATER_WEEK)} == {200}


def test_a_refusal_is_recorded_of_who_is_known_and_bounded(
    asking: tuple[Dash, TestClient], own: Home
) -> None:
    client = asking[1]
    for _number in range(DENIALS_A_MINUTE + 9):
        assert post(client, b"[]").status_code == 400
    denied = entries(own, Action.DENIAL)
    assert len(denied) == DENIALS_A_MINUTE
    assert denied[0].actor[0].subject == "borland"
    told = {"status": 400, "method": "POST", "address": "/_dash-update-component", "left_out": 0}
    assert denied[0].details == told


def test_a_refusal_of_nobody_is_not_recorded(asking: tuple[Dash, TestClient], own: Home) -> None:
    for cookie in ("watchfloor_persona=forged", ""):
        headers = {"Cookie": cookie, "Content-Type": "application/json", "Origin": "http://evil.example"}
        assert asking[1].post("/persona", content=b"{}", headers=headers).status_code == 403
    post(asking[1], b"[]", Cookie="watchfloor_persona=forged")
    assert entries(own, Action.DENIAL) == []


def test_what_was_left_out_is_told_with_the_next() -> None:
    now = [0.0]
    denials = Denials(lambda: now[0])
    told = [denials.counted(ANALYST) for _number in range(DENIALS_A_MINUTE + 5)]
    assert told == [0] * DENIALS_A_MINUTE + [None] * 5
    assert denials.counted(NOBODY) == 0
    now[0] = 61.0
    assert [denials.counted(ANALYST), denials.counted(ANALYST)] == [5, 0]


def test_a_view_is_new_again_after_a_while() -> None:
    moments = count()
    grouped = Grouped(3.0, lambda: float(next(moments)))
    assert [grouped.is_new("one") for _second in range(7)] == [True, False, False, True, False, False, True]
    assert grouped.is_new("other")


def test_the_end_of_the_server_leaves_a_whole_trail_under_a_checkpoint(
    own: Home, slow: None, tmp_path: Path
) -> None:
    outside = tmp_path / "checkpoints"
    store = Store(own, fixed_clock(NOW))
    app = create_app(Settings(WATCHFLOOR_CHECKPOINTS=outside), store)
    with TestClient(app.server, base_url=ORIGIN, headers={"Origin": ORIGIN}) as client:
        click((app, client), "")
    store.close()
    found = verify(own, outside)
    assert (found.entries, found.last_outside) == (1, 1)
