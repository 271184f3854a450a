"""A map that looks across the antimeridian has the marks and the regions of both sides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser

from data.lake import LakeWriter
from data.regions import region_rows
from data.schema import INCIDENTS
from tests.browser.conftest import Opened, serving, visiting
from tests.browser.test_search import look
from tests.data.test_antimeridian import ISLANDS, at
from tests.factories import a_home, a_publication

pytestmark = pytest.mark.browser

ON_SCREEN = """(() => {
  const map = watchfloor.view.map(), box = map.getBounds(), found = [];
  map.eachLayer((layer) => { if (layer.wfSize && box.contains(layer.getLatLng())) found.push(layer); });
  return found.length;
})()"""
SEEN = "(() => { const b = watchfloor.view.map().getBounds(); return [b.getWest(), b.getEast()]; })()"
BOTH_SIDES = """(() => {
  let width = 0;
  watchfloor.view.map().eachLayer((layer) => {
    if (!layer.feature || layer.feature.properties.code !== "FJ1") return;
    const xs = layer._parts.flat().map((point) => point.x);
    width = Math.max(...xs) - Math.min(...xs);
  });
  return Math.round(width / (256 * 2 ** watchfloor.view.map().getZoom()) * 360);
})()"""
"""Degrees that the region with parts on both sides is wide on the screen."""


@pytest.fixture(scope="module")
def fiji(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A visitor of an operation with two incidents and one region on both sides."""
    home = a_home(tmp_path_factory.mktemp("fiji"))
    with LakeWriter(home) as lake:
        lake.publish_regions(region_rows(ISLANDS, date(2026, 1, 1)))
        rows = [at(n, lon) | {"adm1_pcode": "FJ1"} for n, lon in enumerate((175.0, -175.0))]
        lake.publish(a_publication(INCIDENTS, rows))
    with serving(home.path) as base, visiting(browser, base) as made:
        yield made


@pytest.mark.parametrize("longitude", [179, -179])
def test_both_sides_are_on_the_screen_from_either(fiji: Opened, longitude: int) -> None:
    fiji.go(f"at=-15,{longitude},6")
    fiji.until(f"{ON_SCREEN} === 2")
    fiji.until(f"{BOTH_SIDES} === 5")


def test_a_drag_across_brings_both_sides_along(fiji: Opened) -> None:
    page = fiji.go("at=-15,179,6")
    x, y = page.evaluate(
        "(() => { const b = watchfloor.view.map().getContainer().getBoundingClientRect();"
        " return [b.x + b.width / 2, b.y + b.height / 2]; })()"
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y, steps=5)
    page.mouse.up()
    fiji.until("watchfloor.view.map().getCenter().lng < -170")
    fiji.until(f"{ON_SCREEN} === 2")
    fiji.until(f"{BOTH_SIDES} === 5")


def test_the_map_opens_there_without_a_place_in_the_address(fiji: Opened) -> None:
    page = fiji.go()
    fiji.until(f"{ON_SCREEN} === 2")
    west, east = page.evaluate(SEEN)
    assert 165 < west < 175 < 185 < east < 195
    assert fiji.query == ""


def test_a_country_on_both_sides_is_chosen_and_found_where_it_is(fiji: Opened) -> None:
    page = fiji.go("region=FJ1")
    west, east = page.evaluate(SEEN)
    assert 165 < west < 177 < 182 < east < 195
    assert "at=" not in fiji.query
    page = fiji.go()
    look(page, "both sides")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    fiji.until("location.search.includes('region=FJ1')")
    fiji.until("watchfloor.view.map().getZoom() >= 6")
    west, east = page.evaluate(SEEN)
    assert west < 177 < 182 < east < 200


def test_a_region_on_both_sides_is_brought_into_sight_from_the_tree(fiji: Opened) -> None:
    page = fiji.go("at=0,0,4")
    row = "document.querySelector('.tree [data-toggle^=\"region:FJ1\"]')"
    fiji.until(f"Boolean({row})")
    page.evaluate(f"{row}.click()")
    fiji.until("location.search.includes('region=FJ1')")
    west, east = page.evaluate(SEEN)
    assert 165 < west < 177 < 182 < east < 195
