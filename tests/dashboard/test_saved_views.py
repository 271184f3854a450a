"""Kept views on the page: the viewer is the server's, the address is parsed, texts stay texts."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from dash import Dash
from starlette.testclient import TestClient

from tests.dashboard.conftest import ORIGIN, body_for, post
from tests.dashboard.fakes import FakeStore

SAVED = "saved.data-drawn"


def asked(app: Dash, client: TestClient, question: object = None) -> str:
    answer = post(client, body_for(app, SAVED, saved_asked=question))
    assert answer.status_code == 200
    return str(answer.json()["response"]["saved"]["data-drawn"])


def test_a_view_is_kept_for_the_viewer_of_the_request(app: Dash, client: TestClient) -> None:
    assert "Rainy day" in asked(app, client, {"name": "Rainy day", "path": "/table", "query": "period=7d"})
    assert '"/table?period=7d"' in asked(app, client)
    client.post("/persona", json={"persona": "xac-analyst"}, headers={"Origin": ORIGIN})
    assert "Rainy day" not in asked(app, client)


@pytest.mark.parametrize(
    ("path", "query", "address"),
    [
        ("//evil.example", "period=7d", "/?period=7d"),
        ("javascript:alert(1)", "", "/"),
        (["/"], {"a": 1}, "/"),
        ("/compare", "period=7d&nonsense=1&region=<script>", "/compare?period=7d"),
    ],
)
def test_an_address_is_one_of_ours(
    app: Dash, client: TestClient, path: object, query: object, address: str
) -> None:
    drawn = json.loads(asked(app, client, {"name": "x", "path": path, "query": query}))
    links = [node[1]["href"] for node in _elements(drawn) if node[0] == "a"]
    assert links == [address]


def _elements(nodes: list[object]) -> list[list[object]]:
    found = []
    for node in nodes:
        if isinstance(node, list):
            found.append(node)
            found += _elements(node[2] if len(node) > 2 else [])
    return found  # type: ignore[return-value]


def test_a_view_without_a_name_says_so(app: Dash, client: TestClient) -> None:
    assert "needs a name" in asked(app, client, {"name": "", "path": "/", "query": ""})


def test_nobody_keeps_nothing(app: Dash, store: FakeStore) -> None:
    with TestClient(app.server, base_url=ORIGIN, headers={"Origin": ORIGIN}) as client:
        client.get("/")
        client.cookies.set("watchfloor_persona", "forged")
        assert "Nobody is signed in" in asked(app, client, {"name": "x", "path": "/", "query": ""})
    with closing(sqlite3.connect(store.home.state_file)) as state:
        tables = {name for (name,) in state.execute("SELECT name FROM sqlite_master")}
    assert "saved_views" not in tables
