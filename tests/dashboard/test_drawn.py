"""Still parts: texts stay texts, and only what the browser's side builds is ever sent."""

from __future__ import annotations

import json
import re
from pathlib import Path

import dash_leaflet as dl
import pytest
from dash import dcc, html

from dashboard import drawn as module
from dashboard.drawn import ATTRIBUTES, FLAGS, PLAIN, TAGS, drawn

SCRIPT = (Path(module.__file__).parent.parent / "assets/drawn.js").read_text("utf-8")


def test_an_element_is_its_tag_its_attributes_and_what_is_in_it() -> None:
    part = html.Label(["a", html.Span(5, className="n")], htmlFor="x")
    assert json.loads(drawn(part)) == [["label", {"for": "x"}, ["a", ["span", {"class": "n"}, ["5"]]]]]


def test_nothing_is_an_empty_list() -> None:
    assert drawn(None) == drawn([]) == "[]"


def test_what_is_not_said_is_left_out() -> None:
    assert json.loads(drawn(html.Button("x", disabled=False, title=None))) == [["button", {}, ["x"]]]


def test_text_is_text_whatever_it_says() -> None:
    said = '<img src=x onerror=alert(1)>"],["script",{'
    assert json.loads(drawn(html.P(said))) == [["p", {}, [said]]]


@pytest.mark.parametrize(
    "part",
    [
        dcc.Input(),
        dl.TileLayer(),
        html.Script("alert(1)"),
        html.Iframe(),
        html.Div(html.Form()),
        html.Div(draggable="true"),
        html.Button(n_clicks=1),
    ],
    ids=str,
)
def test_what_the_browser_does_not_build_is_refused(part: object) -> None:
    with pytest.raises(ValueError, match="still element"):
        drawn(part)  # type: ignore[arg-type]


def test_both_sides_have_one_list_of_elements_and_attributes() -> None:
    words = re.search(r"const TAGS = new Set\(\((.*?)\)\.split", SCRIPT, re.S)
    assert words is not None
    assert set(" ".join(re.findall(r'"([^"]*)"', words[1])).split()) == TAGS
    names = re.search(r"const NAMES = /\^\((.*?)\)\$/", SCRIPT)
    assert names is not None
    fixed = {name for name in names[1].split("|") if "[" not in name}
    assert fixed == (PLAIN | FLAGS | set(ATTRIBUTES.values()))


def test_the_browser_s_side_makes_no_markup() -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\(", SCRIPT
    )
