"""Walls over HTTP: the code, the credential, what they may ask, and the end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dash import Dash
from starlette.testclient import TestClient

from dashboard.access.census import CALLBACKS, ROUTES
from dashboard.routes.screen import ENROLLING
from data.errors import AuditUnavailable
from data.screens import Screen, Screens
from tests.dashboard import fakes
from tests.dashboard.conftest import ORIGIN, body_for, output_of, post
from tests.dashboard.fakes import FakeStore
from tests.dashboard.signing_in import Kept, a_client, a_store, an_app, quick_hashes

COOKIE = "watchfloor_screen"
WALL = Screen("wall", "Passage wall", ("XAB", "XAC"), "OPEN")
SHOWN = {
    *("page.children", "marking-top.data-drawn", "rail-regions.data-drawn", "totals.data-drawn"),
    *("map-regions.data", "map-layer-responsibility.data", "play-steps.data-steps", "timeline.figure"),
    *("timeline-place.children", "details.data-drawn"),
}
SERVED = {
    *("/", "/_dash-layout", "/_dash-dependencies", "/_dash-update-component", "/_reload-hash"),
    *("/_dash-component-suites/{package_name}/{fingerprinted_path:path}", "/_favicon.ico", "/assets"),
    *("/basemap/{name}.json", "/events", "/signed-in", "/{path:path}"),
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeStore:
    fakes.install(monkeypatch.setattr)
    quick_hashes(monkeypatch)
    return a_store(tmp_path)


@pytest.fixture
def trail() -> Kept:
    return Kept()


@pytest.fixture(params=["accounts", "personas"])
def app(store: FakeStore, trail: Kept, request: pytest.FixtureRequest) -> Dash:
    return an_app(store, trail, WATCHFLOOR_IDENTITY=request.param)


def code_on(client: TestClient) -> str:
    found = re.search(r"<bdi>(\w{4}) (\w{4})</bdi>", client.get("/screen").text)
    assert found is not None
    return found[1] + found[2]


def test_a_code_is_not_used_up_while_nothing_can_be_recorded(
    app: Dash, store: FakeStore, trail: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*told: object, **more: object) -> int:
        raise AuditUnavailable("The audit trail cannot be written.")

    wall = a_client(app)
    Screens(store.home).enrol(code_on(wall), WALL)
    with monkeypatch.context() as patch:
        patch.setattr(trail, "record", full)
        assert wall.get("/screen").status_code == 503
    assert wall.get("/screen").headers["location"] == "/"


def a_wall(app: Dash, store: FakeStore) -> TestClient:
    wall = a_client(app)
    Screens(store.home).enrol(code_on(wall), WALL)
    answer = wall.get("/screen")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return wall


def test_a_wall_shows_one_code_until_it_is_enrolled(app: Dash, store: FakeStore, trail: Kept) -> None:
    wall, other = a_client(app), a_client(app)
    code = code_on(wall)
    assert code_on(wall) == code
    assert code_on(other) != code
    assert not store.home.state_file.exists() or Screens(store.home).all() == (), "looking writes nothing"
    Screens(store.home).enrol(code, WALL)
    assert other.get("/screen").status_code == 200, "another browser does not get it"
    said = wall.get("/screen").headers.get_list("set-cookie")
    [cookie] = [each for each in said if each.startswith(f"{COOKIE}=") and "Max-Age=0" not in each]
    for mark in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=31536000"):
        assert mark in cookie
    assert trail.entries[-1][:2] == ("sign_in", ("screen:wall", "screen:wall"))


def test_a_wall_is_who_asks_in_every_way_of_signing_in(app: Dash, store: FakeStore) -> None:
    wall = a_wall(app, store)
    assert post(wall, body_for(app, output_of(app, "totals.data-drawn"), view="")).status_code == 200
    assert [one.id for one in store.asked_by[-1].identities] == ["screen:wall", "screen:wall"]
    assert store.asked_by[-1].partners == {"XAB", "XAC"}
    layout = wall.get("/_dash-layout").text
    assert "Passage wall" in layout
    assert "data-persona" not in layout
    assert "data-sign-out" not in layout


def test_a_wall_looks_and_does_nothing_else(app: Dash, store: FakeStore) -> None:
    wall = a_wall(app, store)
    assert {key for key, rule in CALLBACKS.items() if rule.on_screens} == SHOWN
    assert {path for path, rule in ROUTES.items() if rule.on_screens} == SERVED
    for output in app.callback_map:
        key = output.strip(".").split("...")[0]
        status = post(wall, body_for(app, output)).status_code
        assert (status == 403) == (key not in SHOWN), key
    for path in ("/table", "/compare", "/changes", "/agreements", "/accountability"):
        assert wall.get(path).status_code == 403
    for path in ("/api/extracts", "/api/approvals", "/api/account-reports", "/persona", "/language"):
        if path in {getattr(route, "path", "") for route in app.server.routes}:
            assert wall.post(path, json={}, headers={"Origin": ORIGIN}).status_code == 403


def test_a_wall_that_is_taken_back_is_nobody_whatever_the_browser_holds(app: Dash, store: FakeStore) -> None:
    wall = a_wall(app, store)
    Screens(store.home).revoke("wall")
    assert post(wall, body_for(app, output_of(app, "totals.data-drawn"), view="")).status_code == 401
    assert wall.get("/signed-in").status_code == 401
    answer = wall.get("/screen")
    assert answer.status_code == 200
    assert COOKIE not in wall.cookies, "it begins anew, with another code"


@pytest.mark.parametrize("how", ["forged", "doubled", "another code"])
def test_a_code_in_a_cookie_that_is_not_ours_is_none(app: Dash, store: FakeStore, how: str) -> None:
    wall = a_client(app)
    code = code_on(wall)
    Screens(store.home).enrol(code, WALL)
    value = wall.cookies[ENROLLING]
    cookie = {
        "forged": f"{ENROLLING}={value[:-2]}xx",
        "doubled": f"{ENROLLING}={value}; {ENROLLING}={value}",
        "another code": f'{ENROLLING}="{code}"',
    }[how]
    answer = a_client(app).get("/screen", headers={"Cookie": cookie})
    assert answer.status_code == 200
    assert code not in answer.text.replace(" ", "")
