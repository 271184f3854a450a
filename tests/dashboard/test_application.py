"""The application as a whole: its routes, its headers, its ids, its callbacks."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from dash import Dash
from dash.development.base_component import Component
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from dashboard import shell
from dashboard.access import census
from dashboard.access.census import Rule
from dashboard.access.viewing import set_viewer
from dashboard.application import create_app
from dashboard.frames import Place
from dashboard.ids import Id
from dashboard.own_index import without_versions
from dashboard.pages import router
from dashboard.pages.opening import Opening
from dashboard.panels import timeline
from dashboard.settings import Settings
from dashboard.view import View
from data.partners import ROLES
from data.viewer import NOBODY, Identity, Viewer
from tests.dashboard.conftest import ORIGIN, body_for, output_of, post
from tests.dashboard.fakes import FakeStore

DASHBOARD = Path(shell.__file__).parent


def test_two_applications_stand_side_by_side(app: Dash, store: FakeStore) -> None:
    other = create_app(Settings(), store)  # type: ignore[arg-type]
    assert set(other.callback_map) == set(app.callback_map)
    assert {r.path for r in other.server.routes} == {r.path for r in app.server.routes}


@pytest.mark.parametrize(
    "path", ["/nope", "/docs", "/redoc", "/openapi.json", "/wall/x", "/_mcp", "/index.html", "/%2e%2e/app.py"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_other_address_is_404(client: TestClient, path: str, method: str) -> None:
    assert client.request(method, path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/assets/../app.py", "/assets/%2e%2e/app.py", "/basemap/..%2f..%2fx.json", "/basemap/x.json"]
)
def test_no_path_leads_out(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


NO_FILES = (
    *(
        "os/path.py",
        "data/store.py",
        "dash/deps/nothing.js",
        "dash/",
        "dash//",
        "%00/x",
        "dash/%00",
        "dash/%ff",
    ),
    *("dash/../../etc/passwd", "dash/..%2f..%2fapp.py", "nothing/x.js", "dash/a@1.v1m1.js", "__main__/x"),
    *("dash/dash.py", "dash_leaflet/package-info.json", "dash/dash-renderer/build/dash_renderer.min.js.map"),
    "dash/" + "a" * 3000,
)
"""Libraries that are none, files that no library serves, and one that Dash lists but does not bring."""

ODD_PATHS = (
    *("/assets/%00", "/assets/%ff", "/assets/" + "a" * 3000, "/assets", "/assets/", "/%00", "/%ff", "//"),
    *(
        "/_dash-component-suites",
        "/_dash-component-suites/",
        "/_dash-component-suites/dash",
        "/_dash-layout/",
    ),
    *("/_dash-layout", "/_dash-dependencies", "/_dash-update-component", "/_reload-hash", "/_favicon.ico"),
    *("/basemap/%00.json", "/basemap/lines.json", "/persona", "/healthz", "/?region=%ff", "/?at=1e999,1,1"),
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "NONE")


@pytest.mark.parametrize("file", NO_FILES)
def test_an_unknown_file_of_a_library_is_404(client: TestClient, file: str) -> None:
    answer = client.get(f"/_dash-component-suites/{file}")
    assert answer.status_code == 404
    assert answer.text == "There is nothing at this address."
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("method", METHODS)
def test_no_path_makes_a_5xx(client: TestClient, method: str) -> None:
    paths = (*ODD_PATHS, *(f"/_dash-component-suites/{file}" for file in NO_FILES))
    options = {"content": b"{}", "headers": {"Content-Type": "application/json"}} if method == "POST" else {}
    for path in paths:
        assert client.request(method, path, **options).status_code < 500, path  # type: ignore[arg-type]


@pytest.mark.parametrize("page", router.PAGES)
def test_every_file_that_a_page_names_is_there(app: Dash, page: str) -> None:
    """Whichever page is the first that a server is asked for."""
    with TestClient(app.server, base_url=ORIGIN) as client:
        named = re.findall(r'(?:src|href)="(/[^"]+)"', client.get(page).text)
        assert sum(path.startswith("/assets/") for path in named) > 10
        for path in named:
            assert client.get(path).status_code == 200, path


def test_only_the_table_loads_the_grid(client: TestClient) -> None:
    assert "/dash_ag_grid/" in client.get("/table").text
    assert "/dash_ag_grid/" not in client.get("/").text


def test_no_page_loads_what_none_shows(client: TestClient) -> None:
    for page in router.PAGES:
        text = client.get(page).text
        assert "/dash_table/" not in text
        assert "favicon" not in text, "a browser asks for it anew at every change of the View"


def test_a_missing_file_elsewhere_is_not_hidden(
    app: Dash, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Only a library's file may be missing: elsewhere the fault is ours, and is logged as one."""

    async def broken() -> None:
        raise FileNotFoundError

    app.server.router.routes.insert(0, APIRoute("/broken", broken))
    monkeypatch.setattr(census, "ROUTES", {**census.ROUTES, "/broken": Rule("a test", "nothing")})
    with TestClient(app.server, base_url=ORIGIN) as client:
        assert client.get("/broken").status_code == 500
    assert "FileNotFoundError" in caplog.text


def test_the_page_tells_no_versions_in_its_config(client: TestClient) -> None:
    text = client.get("/").text
    config = re.search(r'<script id="_dash-config" type="application/json">(.+?)</script>', text)
    assert config is not None
    told = json.loads(config[1])
    assert told["requests_pathname_prefix"] == "/"
    assert not any("version" in key and key != "disable_version_check" for key in told)
    assert sys.version.split()[0] not in text
    assert version("plotly") not in text


def test_the_config_stays_inside_its_element() -> None:
    told = '<script id="c" type="application/json">{"a":"\\u003c/script>","dash_version":"1"}</script>'
    assert without_versions(told) == told.replace(',"dash_version":"1"', "")


def test_head_is_answered(client: TestClient) -> None:
    for path in ("/", "/healthz", "/basemap/lines.json"):
        answer = client.head(path)
        assert answer.status_code == 200
        assert answer.content == b""


def test_every_answer_carries_the_security_headers(client: TestClient, app: Dash) -> None:
    answers = [
        client.get(path) for path in ("/", "/_dash-layout", "/nope", "/healthz", "/basemap/lines.json")
    ]
    answers += [post(client, "[]"), client.get("/", headers={"Host": "evil.example"})]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert "unsafe" not in scripts
        assert all(
            mark in policy for mark in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
        )
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_answers_with_data_are_never_kept(client: TestClient, app: Dash) -> None:
    answers = [client.get("/"), client.get("/_dash-layout"), client.get("/_dash-dependencies")]
    answers.append(post(client, body_for(app, output_of(app, "totals.data-drawn"), view="")))
    answers.append(client.get("/nope"))
    assert {answer.headers["cache-control"] for answer in answers} == {"private, no-store"}
    assert not any("set-cookie" in answer.headers for answer in answers)


def test_the_basemap_is_kept_and_checked_by_its_content(client: TestClient) -> None:
    first = client.get("/basemap/lines.json")
    assert first.status_code == 200
    assert "max-age" in first.headers["cache-control"]
    again = client.get("/basemap/lines.json", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert set(client.get("/basemap/labels.json?lang=xx").json()) == {"countries", "places"}


def test_answers_are_compressed(client: TestClient) -> None:
    for path in ("/_dash-layout", "/basemap/lines.json"):
        assert client.get(path, headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"


def test_the_page_says_its_language(client: TestClient) -> None:
    assert '<html lang="en"' in client.get("/").text


def test_the_page_opens_no_websocket(client: TestClient, app: Dash) -> None:
    assert app.backend.websocket_capability is False
    assert '"websocket"' not in client.get("/").text


def _ids(tree: object) -> set[str]:
    found: set[str] = set()
    if isinstance(tree, Component):
        if getattr(tree, "id", None):
            found.add(str(tree.id))
        for name in getattr(tree, "_prop_names", ()):
            found |= _ids(getattr(tree, name, None))
    if isinstance(tree, list | tuple):
        for item in tree:
            found |= _ids(item)
    return found


def _laid_out(store: FakeStore) -> set[str]:
    """Of every page, for whoever may do all there is to do."""
    opening = Opening(Place(0, 0, 5), None, "1", "dark")
    set_viewer(Viewer((Identity("all", "All", "XAA", "OPEN", roles=frozenset(ROLES)),)))
    pages = [_ids(layout(View(), (), opening)) for layout in router.PAGES.values()]
    whole = _ids(shell.layout(store.policy())).union(*pages) | _ids(timeline.chart())
    set_viewer(NOBODY)
    return whole


def test_every_id_of_a_callback_is_in_a_layout(app: Dash, store: FakeStore) -> None:
    used = {
        item["id"]
        for callback in app.callback_map.values()
        for item in (*callback["inputs"], *callback["state"])
    } | {name.rsplit(".", 1)[0] for key in app.callback_map for name in key.strip(".").split("...")}
    assert used <= _laid_out(store)


def test_every_id_is_used(store: FakeStore) -> None:
    assert {str(identity) for identity in Id} <= _laid_out(store)


def test_every_callback_is_async(app: Dash) -> None:
    for name, callback in app.callback_map.items():
        assert inspect.iscoroutinefunction(callback["callback"]), name


def test_no_callback_asks_the_store_on_the_event_loop() -> None:
    """In a callback the store is only handed on: to `ask`, `in_thread`, or asked for its clock."""
    for file in [*(DASHBOARD / "panels").glob("*.py"), *(DASHBOARD / "pages").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef):
                direct = [
                    call
                    for call in _outside_lambdas(node)
                    if isinstance(call.func, ast.Attribute)
                    and isinstance(call.func.value, ast.Name)
                    and call.func.value.id == "store"
                    and call.func.attr != "clock"
                ]
                assert not direct, f"{file.name}: {node.name}"


def _outside_lambdas(node: ast.AST) -> list[ast.Call]:
    found = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Lambda):
            continue
        if isinstance(child, ast.Call):
            found.append(child)
        found += _outside_lambdas(child)
    return found


def test_the_layout_holds_no_rows(client: TestClient) -> None:
    text = client.get("/_dash-layout").text
    assert "Record" not in text
    assert len(json.loads(text)["props"]["children"]) > 3


def test_the_origin_of_the_tests_is_the_pages_own(client: TestClient) -> None:
    assert str(client.base_url) == ORIGIN
