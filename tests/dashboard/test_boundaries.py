"""An operation's own boundary lines: on the page their text and classes, from the route their shapes."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from starlette.testclient import TestClient

from dashboard.drawn import DRAWN
from data.basemap.lines import LINE_CLASSES
from data.home import Home
from layers.basemap import DISCLAIMER_KEY, LINE_KEYS
from tests.dashboard.conftest import body_for, output_of, post
from tests.dashboard.fakes import FakeStore

OWN_TEXT = "Lines as agreed by all parties to the exercise."
REDRAW = "map-layer-incidents.data"


def write_lines(home: Home, *classes: str, text: str = OWN_TEXT, at: int = 1) -> None:
    """The home's boundary file, last changed at second `at`."""
    line = {"type": "LineString", "coordinates": [[-72.0, 18.0], [-71.0, 19.0]]}
    features = [{"type": "Feature", "properties": {"class": c}, "geometry": line} for c in classes]
    path = home.path / "boundaries.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "disclaimer": text, "features": features}))
    os.utime(path, (at, at))


def redrawn(client: TestClient, app: Dash, shown: str | None = None) -> dict[str, Any]:
    """The map's answer to a page that shows the lines of version `shown`."""
    body = body_for(app, output_of(app, REDRAW), view="", frame=None, map_ground=shown)
    answer: dict[str, Any] = post(client, body).json()
    return answer


def ground(answer: dict[str, Any]) -> dict[str, Any]:
    return dict(answer["response"]["map-ground"])


def samples(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Look and words of each class of line in the legend."""
    found: list[tuple[str, str]] = []

    def look_through(nodes: list[Any]) -> None:
        parts = [node for node in nodes if not isinstance(node, str)]
        looks = [part[1].get("class", "").split() for part in parts]
        if looks and "line-sample" in looks[0]:
            found.append((looks[0][1], parts[1][2][0]))
        for part in parts:
            look_through(part[2] if len(part) > 2 else [])

    look_through(json.loads(answer["response"]["map-legend"][DRAWN]))
    return found


def drawn_classes(client: TestClient, version: str) -> list[str]:
    answer = client.get(f"/basemap/lines.json?v={version}")
    return [feature["properties"]["class"] for feature in answer.json()["features"]]


def test_without_a_file_the_project_s_text_and_the_neutral_lines_stand(client: TestClient, app: Dash) -> None:
    answer = redrawn(client, app)
    assert ground(answer)["children"].startswith(DISCLAIMER_KEY)
    assert samples(answer) == [("not_stated", LINE_KEYS["not_stated"])]
    assert drawn_classes(client, ground(answer)["data-lines"]) == ["not_stated"]


def test_an_operations_text_and_classes_take_their_place_on_the_page(
    client: TestClient, app: Dash, store: FakeStore
) -> None:
    write_lines(store.home, *reversed(LINE_CLASSES))
    answer = redrawn(client, app)
    assert ground(answer)["children"].startswith(OWN_TEXT)
    assert DISCLAIMER_KEY not in str(answer)
    assert samples(answer) == [(name, LINE_KEYS[name]) for name in LINE_CLASSES]
    write_lines(store.home, "undetermined", text="", at=2)
    answer = redrawn(client, app)
    assert ground(answer)["children"].startswith(DISCLAIMER_KEY)
    assert samples(answer) == [("undetermined", LINE_KEYS["undetermined"])]


def test_the_lines_have_a_new_address_and_tag_when_the_file_changes(
    client: TestClient, app: Dash, store: FakeStore
) -> None:
    versions, tags = [], []
    for at, classes in enumerate(((), ("international",), ("line_of_control", "administrative"))):
        if classes:
            write_lines(store.home, *classes, at=at)
        versions.append(ground(redrawn(client, app))["data-lines"])
        answer = client.get(f"/basemap/lines.json?v={versions[-1]}")
        tags.append(answer.headers["etag"])
        assert "max-age" in answer.headers["cache-control"]
        assert drawn_classes(client, versions[-1]) == list(classes or ["not_stated"])
    assert len(set(versions)) == len(set(tags)) == 3
    again = client.get(f"/basemap/lines.json?v={versions[-1]}", headers={"If-None-Match": tags[-1]})
    assert again.status_code == 304
    passed = client.get(f"/basemap/lines.json?v={versions[0]}")
    assert "no-cache" in passed.headers["cache-control"]


def test_a_wrong_file_is_said_once_and_the_neutral_lines_stay(
    client: TestClient, app: Dash, store: FakeStore, caplog: pytest.LogCaptureFixture
) -> None:
    write_lines(store.home, "front_line")
    with caplog.at_level(logging.WARNING, "watchfloor.basemap"):
        answer = redrawn(client, app)
        version = ground(answer)["data-lines"]
        again = redrawn(client, app, shown=version)
        assert drawn_classes(client, version) == ["not_stated"]
    (logged,) = caplog.messages
    assert "boundaries.geojson: feature 1 has class “front_line”." in logged
    notice = str(answer["sideUpdate"]["fault"])
    assert "feature 1 has class “front_line”" in notice
    assert "sideUpdate" not in again, "a notice that was put away stays away"
    assert ground(answer)["children"].startswith(DISCLAIMER_KEY)
    assert samples(answer) == [("not_stated", LINE_KEYS["not_stated"])]


def test_lines_and_text_stand_while_the_store_cannot_answer(
    client: TestClient, app: Dash, store: FakeStore
) -> None:
    write_lines(store.home, "international")
    store.broken = True
    assert ground(redrawn(client, app))["children"].startswith(OWN_TEXT)


def test_a_home_may_hold_its_boundary_file_before_anything_else(tmp_path: Path) -> None:
    write_lines(Home(tmp_path), "international")
    assert Home.open(tmp_path).kind == "replay"
