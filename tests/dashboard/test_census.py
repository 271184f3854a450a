"""Every route and callback is in the census, and the guard goes by it: who has not signed in gets nothing.

The routes and callbacks are read from the application itself, so one that is added later is tried here too.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from dash import Dash, Input, Output
from fastapi.routing import APIRoute
from httpx2 import Response
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dashboard.access import census
from dashboard.access.census import CALLBACKS, ROUTES, Rule
from dashboard.access.requests import NOT_FOR_YOU, NOT_SIGNED_IN, NOTHING_HERE
from dashboard.application import create_app
from dashboard.ids import Id
from dashboard.settings import Settings
from tests.dashboard import fakes
from tests.dashboard.conftest import body_for, post
from tests.dashboard.fakes import FakeStore
from tests.dashboard.signing_in import Kept, a_client, a_store, an_app, enter, quick_hashes

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "NONE")
KINDS = ("application/json", "application/x-www-form-urlencoded", "text/plain")
REFUSED = (303, 400, 401, 403, 404, 405, 413, 415, 421)
EXAMPLES = {
    "/assets": "/assets/view.js",
    "/_dash-component-suites/{package_name}/{fingerprinted_path:path}": "/_dash-component-suites/dash/x.js",
    "/basemap/{name}.json": "/basemap/lines.json",
    "/{path:path}": "/nothing/here",
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeStore:
    fakes.install(monkeypatch.setattr)
    quick_hashes(monkeypatch)
    return a_store(tmp_path)


@pytest.fixture
def trail() -> Kept:
    return Kept()


@pytest.fixture
def app(store: FakeStore, trail: Kept) -> Dash:
    return an_app(store, trail)


@pytest.fixture
def stranger(app: Dash) -> TestClient:
    """Nobody has signed in."""
    return a_client(app)


def every_app(store: FakeStore) -> list[Dash]:
    """One of each way to know who is asking: together they have every route."""
    file = (
        "[oidc]\nissuer = 'https://login.example'\nclient_id = 'watchfloor'\n"
        f"[proxy]\naddress = '127.0.0.1'\nheader = 'X-Auth-User'\nsecret = '{'s' * 40}'\n"
    )
    (store.home.path / "identity.toml").write_text(file, "utf-8")
    by_persona = create_app(Settings(), store)  # type: ignore[arg-type]
    return [by_persona, *(an_app(store, WATCHFLOOR_IDENTITY=way) for way in ("accounts", "oidc", "proxy"))]


def declared(route: BaseRoute) -> str:
    return str(getattr(route, "path", ""))


def example(path: str) -> str:
    """An address at which this route answers."""
    made = EXAMPLES.get(path, path)
    while "{" in made:
        made = made[: made.index("{")] + "x" + made[made.index("}") + 1 :]
    return made


def test_the_census_names_every_route_and_no_other(store: FakeStore) -> None:
    routes = [{declared(route) for route in app.server.routes} for app in every_app(store)]
    assert set().union(*routes) == set(ROUTES)


def test_the_census_names_every_callback_and_no_other(store: FakeStore) -> None:
    for app in every_app(store):
        assert {census.callback_key(output) for output in app.callback_map} == set(CALLBACKS)


def test_what_is_saved_is_released_for_a_file() -> None:
    """A route whose answer is offered for saving is reviewed here too."""
    saved = {path for path, rule in ROUTES.items() if rule.purpose == "file"}
    assert saved == {"/api/extracts", "/api/account-reports"}


def test_what_asks_by_itself_is_reviewed_here() -> None:
    """It does not count as use: else an open page would keep somebody signed in who has gone home."""
    assert {path for path, rule in ROUTES.items() if rule.in_background} == {"/events", "/signed-in"}


def test_every_owner_is_a_module_of_ours() -> None:
    for rule in (*ROUTES.values(), *CALLBACKS.values()):
        assert importlib.import_module(rule.owner), rule


def test_what_is_open_to_anyone_is_reviewed_here() -> None:
    """A route that is opened to everybody is opened in two places."""
    assert {path for path, rule in ROUTES.items() if rule.anyone} == {
        *("/healthz", "/screen", "/api/openapi.json", "/sign-in", "/sign-in/provider", "/sign-in/return"),
    }
    assert not any(rule.anyone for rule in CALLBACKS.values())
    assert {path for path, rule in ROUTES.items() if rule.is_form} == {"/sign-in"}


def without_data(answer: Response, address: str) -> None:
    """A refusal with a constant body; nothing else."""
    assert answer.status_code in REFUSED, address
    assert len(answer.content) < 120, address
    assert answer.headers["cache-control"] == "private, no-store", address
    assert "set-cookie" not in answer.headers, address
    assert answer.headers.get("location", "/sign-in").startswith("/sign-in"), address


@pytest.mark.parametrize("method", METHODS)
def test_whoever_is_not_signed_in_gets_nothing_by_any_method(
    stranger: TestClient, app: Dash, store: FakeStore, method: str
) -> None:
    for route in app.server.routes:
        address = example(declared(route))
        for kind in KINDS if method == "POST" else KINDS[:1]:
            options = {"content": b"{}", "headers": {"Content-Type": kind}} if method == "POST" else {}
            answer = stranger.request(method, address, **options)  # type: ignore[arg-type]
            rule = ROUTES[declared(route)]
            if not rule.anyone:
                without_data(answer, f"{method} {address}")
            if not rule.anyone and method in ("GET", "HEAD"):
                expected = {303} if rule.is_page else {401, 403} if rule.is_for_programs else {401}
                assert answer.status_code in expected, address
    assert store.asked_by == []


def test_whoever_is_not_signed_in_gets_nothing_of_any_callback(
    stranger: TestClient, app: Dash, store: FakeStore
) -> None:
    for output in app.callback_map:
        answer = post(stranger, body_for(app, output, view="", frame=[0, 0, 1, 1, 5]))
        assert (answer.status_code, answer.text) == (401, NOT_SIGNED_IN.body), output
    assert store.asked_by == []


def test_whoever_has_signed_in_is_answered(app: Dash, store: FakeStore) -> None:
    """Else the tests above would pass on a server that answers nothing."""
    client = a_client(app)
    enter(client)
    for route in app.server.routes:
        path = declared(route)
        if path in ("/events", "/_reload-hash"):  # open for long; Dash's own, answered only to developers
            continue
        if "GET" in (getattr(route, "methods", None) or ()) and "{" not in path:
            assert client.get(path).status_code in (200, 204), path
    for output in app.callback_map:
        assert post(client, body_for(app, output, view="")).status_code in (200, 204), output
    assert store.asked_by


def test_no_file_but_the_sign_in_pages_own_is_open(stranger: TestClient, project: Path) -> None:
    for file in (project / "assets").iterdir():
        status = 200 if file.name == "sign_in.css" else 401
        assert stranger.get(f"/assets/{file.name}?m=1").status_code == status, file.name
    for path in (
        "/assets/./sign_in.css",
        "/assets/../assets/sign_in.css",
        "/assets/sign_in.css/",
        "/assets//sign_in.css",
    ):
        assert stranger.get(path).status_code in (401, 404) or "sign_in" in path, path


def test_a_kept_file_is_not_handed_to_a_stranger(app: Dash, stranger: TestClient) -> None:
    client = a_client(app)
    enter(client)
    for _ in range(2):
        assert client.get("/assets/view.js?m=1").status_code == 200
    assert stranger.get("/assets/view.js?m=1").status_code == 401


def test_a_websocket_is_closed(app: Dash) -> None:
    for client in (a_client(app), a_client(app)):
        enter(client)
        for path in ("/", "/_dash-ws-callback", "/events", "/sign-in", "/healthz"):
            with pytest.raises(WebSocketDisconnect), client.websocket_connect(path):
                pass


async def leak() -> PlainTextResponse:
    return PlainTextResponse("data")


def test_a_route_that_nobody_looked_at_is_answered_to_nobody(app: Dash, stranger: TestClient) -> None:
    app.server.router.routes.insert(0, APIRoute("/added", leak, methods=["GET", "POST"]))
    client = a_client(app)
    enter(client)
    for asking in (client, stranger):
        for answer in (asking.get("/added"), asking.post("/added", json={})):
            assert (answer.status_code, answer.text) == (404, NOTHING_HERE.body)


def test_a_callback_that_nobody_looked_at_is_answered_to_nobody(app: Dash) -> None:
    ran: list[object] = []

    @app.callback(Output(Id.FAULT, "title"), Input(Id.VIEW, "data"))
    async def added(view: object) -> str:
        ran.append(view)
        return "data"

    client = a_client(app)
    enter(client)
    client.get("/")  # Dash takes new callbacks in with the first page
    answer = post(client, body_for(app, f"{Id.FAULT}.title", view=""))
    assert (answer.status_code, answer.text) == (404, NOTHING_HERE.body)
    assert ran == []


def test_a_role_is_asked_for_and_a_refusal_is_reported(
    app: Dash, trail: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = Rule("a test", "a file", roles=frozenset({"analyst", "releaser"}), purpose="file")
    monkeypatch.setattr(census, "ROUTES", {**ROUTES, "/export": export})
    app.server.router.routes.insert(0, APIRoute("/export", leak))
    for account, status in (("zoe", 200), ("alice", 403), ("root", 403)):
        client = a_client(app)
        enter(client, account)
        answer = client.get("/export")
        assert answer.status_code == status, account
        assert answer.text == ("data" if status == 200 else NOT_FOR_YOU.body)
    refused = [entry for entry in trail.entries if entry[0] == "denial"]
    assert [entry[1] for entry in refused] == [("account:alice",), ("account:root",)]


def test_a_callback_is_answered_for_the_purpose_that_the_census_says(
    app: Dash, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    purposes: list[str] = []
    asked = store.released_to

    def released_to(viewer: object, purpose: str = "screen") -> object:
        purposes.append(purpose)
        return asked(viewer, purpose)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "released_to", released_to)
    output = next(name for name in app.callback_map if census.callback_key(name) == "totals.data-drawn")
    client = a_client(app)
    enter(client)
    post(client, body_for(app, output, view=""))
    monkeypatch.setattr(
        census, "CALLBACKS", {**CALLBACKS, "totals.data-drawn": Rule("a test", "totals", purpose="file")}
    )
    post(client, body_for(app, output, view=""))
    assert (purposes[0], purposes[-1]) == ("screen", "file")  # between them what is recorded of the first


def test_a_purpose_is_screen_or_file() -> None:
    with pytest.raises(ValueError, match="purpose"):
        Rule("a test", "nothing", purpose="print")
