"""The application over a store of canned answers, and a client that asks as the page does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from httpx2 import Response
from starlette.testclient import TestClient

from dashboard.application import create_app
from dashboard.settings import Settings
from data.home import Home
from tests.dashboard import fakes

ORIGIN = "http://127.0.0.1:8050"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> fakes.FakeStore:
    """A store whose questions have constant answers."""
    fakes.install(monkeypatch.setattr)
    fakes.publish_counts(Home(tmp_path))
    return fakes.FakeStore(Home(tmp_path))


@pytest.fixture
def app(store: fakes.FakeStore) -> Dash:
    """The whole application."""
    return create_app(Settings(), store)  # type: ignore[arg-type]


@pytest.fixture
def client(app: Dash) -> Iterator[TestClient]:
    """Asks as the page's own scripts do."""
    with TestClient(app.server, base_url=ORIGIN, headers={"Origin": ORIGIN}) as made:
        made.get("/")
        yield made


def body_for(app: Dash, output: str, **values: object) -> dict[str, Any]:
    """A callback's body as the page sends it; `values` by `id` with `_` for `-`."""
    callback = app.callback_map[output]
    names = output[2:-2].split("...") if output.startswith("..") else [output]
    outputs = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names]

    def filled(items: list[dict[str, str]]) -> list[dict[str, Any]]:
        return [{**item, "value": values.get(item["id"].replace("-", "_"))} for item in items]

    return {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": filled(callback["inputs"]),
        "state": filled(callback["state"]),
        "changedPropIds": [f"{item['id']}.{item['property']}" for item in callback["inputs"]],
        "parsedChangedPropsIds": [f"{item['id']}.{item['property']}" for item in callback["inputs"]],
    }


def output_of(app: Dash, part: str) -> str:
    """The callback that puts out this `id.property`."""
    return next(name for name in app.callback_map if part in name.strip(".").split("..."))


def post(client: TestClient, body: object, **options: str) -> Response:
    """POST a callback's body."""
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {"Content-Type": "application/json", **options}
    return client.post("/_dash-update-component", content=content, headers=headers)
