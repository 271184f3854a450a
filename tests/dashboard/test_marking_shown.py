"""The marking is of all that a page shows, also what lies outside of the filter's own rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from dash import Dash
from starlette.testclient import TestClient

from dashboard.application import create_app
from dashboard.settings import Settings
from data.clock import fixed_clock
from data.labels import PUBLIC, Label
from data.schema import INCIDENTS
from data.store import Store
from tests.dashboard.conftest import ORIGIN, body_for, output_of, post
from tests.factories import NOW, T0, a_home, a_publication, a_row, publish

LABELS = (Label("XAA", "TEST", "OPEN", (PUBLIC,)), Label("XAA", "TEST", "SENSITIVE", ("XAB",)))
EARLY, LATE = T0 + timedelta(days=2), T0 + timedelta(days=12)
LATER_WEEK = "from=2026-09-10T00:00:00Z&to=2026-09-17T00:00:00Z"
EARLIER_WEEK = ["2026-09-01T00:00:00Z", "2026-09-08T00:00:00Z"]


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Dash, TestClient]]:
    """An open record of the later week, a sensitive one of the earlier; another that was withdrawn."""
    gone = a_row(INCIDENTS, 3, start_at=LATE, label_id=1)
    withdrawn = {"ingested_at": LATE + timedelta(days=2), "received_at": LATE + timedelta(days=2)}
    until = {"superseded_at": LATE + timedelta(days=2), "superseded_received_at": LATE + timedelta(days=2)}
    rows = [
        a_row(INCIDENTS, 1, start_at=LATE, label_id=0),
        a_row(INCIDENTS, 2, start_at=EARLY, label_id=1, adm1_pcode="XQ02"),
        {**gone, **until},
        {**gone, **withdrawn, "revision": 2, "msg_type": "cancel"},
    ]
    home = a_home(tmp_path_factory.mktemp("marking"))
    publish(home, a_publication(INCIDENTS, rows, LABELS))
    store = Store(home, fixed_clock(NOW))
    app = create_app(Settings(), store)
    with TestClient(app.server, base_url=ORIGIN, headers={"Origin": ORIGIN}) as client:
        client.get("/")
        client.post("/persona", json={"persona": "borland"})
        yield app, client
    store.close()


def marking_of(asking: tuple[Dash, TestClient], query: str, path: str = "/table") -> str:
    app, client = asking
    body = body_for(app, output_of(app, "marking-top.data-drawn"), view=query, url=path)
    answer: dict[str, Any] = post(client, body).json()["response"]
    assert answer["marking-top"] == answer["marking-bottom"]
    return str(answer["marking-top"]["data-drawn"])


def test_a_filter_is_marked_by_its_rows(asking: tuple[Dash, TestClient]) -> None:
    assert "SENSITIVE" not in marking_of(asking, LATER_WEEK)
    assert "SENSITIVE" in marking_of(asking, "")


def test_a_comparison_is_marked_by_both_its_pictures(asking: tuple[Dash, TestClient]) -> None:
    query = f"{LATER_WEEK}&compare={'/'.join(EARLIER_WEEK)}"
    assert "SENSITIVE" not in marking_of(asking, query)
    assert "SENSITIVE" in marking_of(asking, query, "/compare")


def test_what_changed_is_marked_by_what_was_withdrawn_too(asking: tuple[Dash, TestClient]) -> None:
    query = f"{LATER_WEEK}&compare=2026-09-14T00:00:00Z"
    assert "SENSITIVE" not in marking_of(asking, query)
    assert "SENSITIVE" in marking_of(asking, query, "/changes")


def test_a_record_chosen_outside_of_the_filter_marks_the_page(asking: tuple[Dash, TestClient]) -> None:
    assert "SENSITIVE" in marking_of(asking, f"{LATER_WEEK}&sel=XAA:test:2")
    assert "SENSITIVE" not in marking_of(asking, f"{LATER_WEEK}&sel=XAA:test:1")
    assert "SENSITIVE" not in marking_of(asking, f"{LATER_WEEK}&sel=XAA:nobody:9")


def test_the_timeline_marks_its_page_by_what_lies_outside_of_the_period(
    asking: tuple[Dash, TestClient],
) -> None:
    assert "SENSITIVE" in marking_of(asking, LATER_WEEK, "/")
    assert "SENSITIVE" not in marking_of(asking, f"region=XQ01&{LATER_WEEK}", "/")
    assert "SENSITIVE" not in marking_of(asking, f"layer=none&{LATER_WEEK}", "/")


def test_what_a_search_found_is_marked_by_itself(asking: tuple[Dash, TestClient]) -> None:
    app, client = asking
    for text, sensitive in (("XAA:test:1", False), ("XAA:test:2", True)):
        body = body_for(app, "found.data-drawn", searched=text, view=f"region=XQ01&{LATER_WEEK}")
        found = str(post(client, body).json()["response"]["found"]["data-drawn"])
        assert "found-option" in found
        assert ("SENSITIVE" in found) is sensitive


def test_a_step_of_the_play_is_marked_by_what_stands_on_the_page(asking: tuple[Dash, TestClient]) -> None:
    app, client = asking
    asked = {"serial": 1, "windows": [EARLIER_WEEK, ["2026-09-10T00:00:00Z", "2026-09-17T00:00:00Z"]]}
    for region, marked in (("", True), ("region=XQ01&", False)):
        body = body_for(app, "play-steps.data-steps", play_asked=asked, view=f"{region}{LATER_WEEK}")
        answer = json.loads(post(client, body).json()["response"]["play-steps"]["data-steps"])
        assert ["SENSITIVE" in step["marking"] for step in answer["steps"]] == [marked, marked]
