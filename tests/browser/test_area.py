"""An area drawn on the map: by hand and by keys, in the address, and everything follows."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.view import View
from data.drawn_area import MOST_CORNERS
from data.filters import Filter
from data.home import Home
from data.store import Store
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

AT = "at=18.5,-72.5,7"
POINT = """([lat, lon]) => {
  const box = watchfloor.view.map().getContainer().getBoundingClientRect();
  const at = watchfloor.view.map().latLngToContainerPoint([lat, lon]);
  return [box.x + at.x, box.y + at.y];
}"""
CORNERS = ((18.0, -73.5), (18.0, -71.8), (19.5, -71.8), (19.5, -73.5))


def point(page: Page, place: tuple[float, float]) -> tuple[float, float]:
    x, y = page.evaluate(POINT, list(place))
    return x, y


def click(page: Page, place: tuple[float, float]) -> None:
    page.mouse.click(*point(page, place))


def area_of(opened: Opened) -> View:
    opened.until("location.search.includes('area=')")
    view, notices = View.from_query(opened.query)
    assert not notices
    assert view.area is not None
    return view


def test_a_box_is_dragged_and_everything_follows(visitor: Opened, exercise_home: Home) -> None:
    page = visitor.go(AT)
    page.click("[data-tool='box']")
    expect(page.locator(".tool-hint")).to_contain_text("Drag a box")
    page.mouse.move(*point(page, CORNERS[0]))
    page.mouse.down()
    page.mouse.move(*point(page, CORNERS[2]), steps=5)
    page.mouse.up()
    view = area_of(visitor)
    assert len(view.area.corners) == 4  # type: ignore[union-attr]
    expect(page.locator(".tool-hint")).to_be_hidden()
    expect(page.locator(".area-chip")).to_contain_text("region lies whole in it")
    visitor.settled()
    store = Store.open(exercise_home)
    released = store.released_to(store.policy().viewer("aldara-commander"))
    count = len(released.rows(Filter(area=view.area), "incidents"))
    assert 0 < count < len(released.rows(Filter(), "incidents"))
    store.close()
    expect(page.locator("[data-toggle='layer:incidents'] .count")).to_have_text(f"{count:,}")
    place = visitor.query
    page.reload()
    visitor.settled()
    assert visitor.query == place
    page.click(".area-chip [data-set='area=']")
    visitor.until("!location.search.includes('area=')")
    expect(page.locator(".area-chip")).to_have_count(0)
    page.go_back()
    expect(page.locator(".area-chip")).to_be_visible()


def test_two_clicks_are_a_box_too_and_choose_no_mark(opened: Opened) -> None:
    page = opened.go("at=18.5,-76.9,9")
    page.click("[data-tool='box']")
    click(page, (18.2, -77.3))
    click(page, (18.8, -76.4))
    area_of(opened)
    assert "sel=" not in opened.query
    assert "region=" not in opened.query


def test_a_polygon_is_clicked_and_closed_at_its_first_corner(opened: Opened) -> None:
    page = opened.go("at=18.5,-76.9,9")
    page.click("[data-tool='polygon']")
    for place in ((18.2, -77.3), (18.2, -76.4), (18.8, -76.6)):
        click(page, place)
    click(page, (18.2, -77.3))
    view = area_of(opened)
    assert len(view.area.corners) == 3  # type: ignore[union-attr]


def test_edges_that_would_cross_are_refused_in_a_sentence(opened: Opened) -> None:
    page = opened.go("at=18.5,-76.9,9")
    page.click("[data-tool='polygon']")
    for place in ((18.2, -77.3), (18.8, -76.4), (18.8, -77.3), (18.2, -76.6)):
        click(page, place)
    expect(page.locator(".tool-hint")).to_contain_text("would cross")
    click(page, (18.2, -77.3))
    view = area_of(opened)
    assert len(view.area.corners) == 3  # type: ignore[union-attr]


def test_the_last_corner_an_area_may_have_must_close_it(opened: Opened) -> None:
    page = opened.go("at=18.5,-76.9,9")
    page.click("[data-tool='polygon']")
    box = page.locator(".map-panel .leaflet-container").bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 30)

    def corner(x: float, y: float) -> None:
        page.mouse.click(middle[0] + 100 * x, middle[1] + 100 * y)

    for step in range(38):
        turn = math.radians(300 * step / 37)
        corner(math.cos(turn), math.sin(turn))
    corner(1.0, -1.73)
    for _ in range(2):
        corner(-1.2, -1.8)  # the edge from here to the first corner would cross the circle
        expect(page.locator(".tool-hint")).to_contain_text("would cross")
    corner(1.6, -1.2)
    view = area_of(opened)
    assert len(view.area.corners) == MOST_CORNERS  # type: ignore[union-attr]


def test_escape_ends_the_tool_and_leaves_the_view(opened: Opened) -> None:
    page = opened.go("sel=XAB:incidents:1")
    page.click("[data-tool='polygon']")
    expect(page.locator("[data-tool='polygon']")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator("[data-tool='polygon']")).to_have_attribute("aria-pressed", "false")
    assert opened.query == "sel=XAB:incidents:1"


def test_a_box_is_set_by_keys_alone(opened: Opened) -> None:
    page = opened.go()
    page.locator("[data-tool='box']").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    area_of(opened)


def test_the_browser_writes_an_area_as_the_server_does(opened: Opened) -> None:
    page = opened.go()
    for corners in (
        "[[-17,177.00004],[-17,183],[-12,183]]",
        "[[0,-541],[0,-540],[1,-540]]",
        "[[1,359],[1,361],[2,361]]",
    ):
        text = page.evaluate(f"watchfloor.area.written({corners}.map((p) => L.latLng(p)))")
        view, notices = View.from_query(f"area={text}")
        assert not notices
        assert view.to_query() == f"area={text}"


def test_a_wrong_area_is_a_notice(opened: Opened) -> None:
    page = opened.go("area=0,0;2,2;2,0;0,2")
    expect(page.locator(".notice")).to_contain_text(re.compile("area.*corners"))
    assert opened.query == ""
