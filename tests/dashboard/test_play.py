"""What a playing page asks for, and that a step is the picture of its window."""

from __future__ import annotations

import json

import pytest
from dash import Dash
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from dashboard.play_request import MOST_WINDOWS, play_request
from data import marks as questions
from data.answers import Marks
from tests.dashboard.conftest import body_for, output_of, post

DAY = ["2026-09-01T00:00:00Z", "2026-09-02T00:00:00Z"]
STEPS = "play-steps.data-steps"


@pytest.mark.parametrize(
    "given_request",
    [
        None,
        [],
        {"serial": 1, "windows": []},
        {"serial": 1, "windows": [DAY] * (MOST_WINDOWS + 1)},
        {"serial": True, "windows": [DAY]},
        {"serial": -1, "windows": [DAY]},
        {"serial": 10**400, "windows": [DAY]},
        {"serial": 1, "windows": [DAY[::-1]]},
        {"serial": 1, "windows": [DAY, ["x", "y"]]},
        {"serial": 1, "windows": [["1900-01-01", "2099-01-01"]]},
        {"serial": 1, "windows": [[0, 1]]},
        {"serial": 1, "windows": [[DAY[0]]]},
    ],
)
def test_what_is_no_request_is_none(given_request: object) -> None:
    assert play_request(given_request) is None


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=25),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(serial=JUNK, windows=JUNK)
def test_whatever_comes_is_no_error(serial: object, windows: object) -> None:
    request = play_request({"serial": serial, "windows": windows})
    assert request is None or 0 < len(request.windows) <= MOST_WINDOWS


def test_a_step_is_what_the_map_and_the_totals_say_of_its_window(app: Dash, client: TestClient) -> None:
    asked = {"serial": 7, "windows": [DAY]}
    query = "layer=incidents,deliveries"
    frame = [-79, 17, -75, 20, 7]
    body = body_for(app, STEPS, play_asked=asked, view=query, frame=frame)
    answer = json.loads(post(client, body).json()["response"]["play-steps"]["data-steps"])
    assert answer["serial"] == 7
    (step,) = answer["steps"]
    of_window = f"from={DAY[0]}&to={DAY[1]}&{query}"
    picture = output_of(app, "map-layer-incidents.data")
    seen = post(client, body_for(app, picture, view=of_window, frame=frame)).json()["response"]
    for layer, shapes in step["shapes"].items():
        assert shapes == seen[f"map-layer-{layer}"]["data"]
    totals = post(client, body_for(app, output_of(app, "totals.data-drawn"), view=of_window)).json()
    figures = [part[2][1][2][0] for part in json.loads(totals["response"]["totals"]["data-drawn"])]
    assert [part[2][1][2][0] for part in json.loads(step["totals"])] == figures
    assert step["note"] == seen["map-note"]["data-drawn"] == "[]"


def test_a_step_of_a_window_without_records_says_so_of_that_window(
    app: Dash, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "marks", lambda released, asked, layer, frame: Marks(layer, (), 0, 0))
    body = body_for(app, STEPS, play_asked={"serial": 7, "windows": [DAY]}, view="period=7d")
    answer = json.loads(post(client, body).json()["response"]["play-steps"]["data-steps"])
    (step,) = answer["steps"]
    assert "No records released to you" in step["note"]
    assert step["words"] in step["note"]


def test_a_request_of_another_shape_changes_nothing(app: Dash, client: TestClient) -> None:
    answer = post(client, body_for(app, STEPS, play_asked={"windows": "all"}, view=""))
    assert answer.json()["response"] == {}
