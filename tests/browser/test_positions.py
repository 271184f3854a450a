"""Positions: our MGRS against the package mgrs (GeoTrans), what is typed, and the corner of the map."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

import mgrs
import pytest
from playwright.sync_api import Browser, Page, expect
from pyproj import Geod

from tests.browser.conftest import Opened
from tests.chromium import PROJECT

pytestmark = pytest.mark.browser

HERE = re.compile(r"^29N LF 02\d{3} 94\d{3}$")
ELLIPSOID = Geod(ellps="WGS84")
HALF_A_METRE_SQUARE = 0.712
"""From the middle of a square metre of the grid to its corner; at a pole such a metre is 1.006 m."""
THERE_AND_BACK = """(places) => places.map(([lat, lon]) => {
  const text = watchfloor.grid.mgrs(lat, lon);
  return [text, watchfloor.grid.fromMgrs(text)];
})"""


@pytest.fixture(scope="module")
def bare(browser: Browser) -> Iterator[Page]:
    """A page with nothing but the two scripts."""
    page = browser.new_page()
    for name in ("grid", "positions"):
        page.add_script_tag(path=str(PROJECT / f"assets/{name}.js"))
    yield page
    page.close()


def places(kind: str, count: int = 1_000) -> list[tuple[float, float]]:
    chance = random.Random(kind)
    spans = {
        "everywhere": ((-90, 90), (-180, 180)),
        "norway": ((55, 65), (0, 13)),
        "svalbard": ((71, 84.5), (-1, 43)),
        "north pole": ((83, 90), (-180, 180)),
        "south pole": ((-90, -79), (-180, 180)),
        "antimeridian": ((-80, 84), (179.99, 180.01)),
        "equator": ((-0.001, 0.001), (-180, 180)),
    }
    (south, north), (west, east) = spans[kind]
    found = [(chance.uniform(south, north), chance.uniform(west, east)) for _ in range(count)]
    return [(lat, lon - 360 if lon > 180 else lon) for lat, lon in found]


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("everywhere", 6_000),
        *(
            (kind, 1_000)
            for kind in ("norway", "svalbard", "north pole", "south pole", "antimeridian", "equator")
        ),
    ],
)
def test_mgrs_is_that_of_geotrans(bare: Page, kind: str, count: int) -> None:
    library, asked = mgrs.MGRS(), places(kind, count)
    answers = bare.evaluate(THERE_AND_BACK, asked)
    same = 0
    for (lat, lon), (text, back) in zip(asked, answers, strict=True):
        ours, theirs = text.replace(" ", ""), library.toMGRS(lat, lon)
        same += ours.zfill(len(theirs)) == theirs
        # a metre is cut off, not rounded, and the last digit of GeoTrans may differ: never more than that
        theirs_lat, theirs_lon = library.toLatLon(ours)
        for other_lat, other_lon in ((back["lat"], back["lon"]), (theirs_lat, theirs_lon)):
            away = ELLIPSOID.inv(lon, lat, other_lon, other_lat)[2]
            assert away <= HALF_A_METRE_SQUARE, (lat, lon, ours, theirs)
    assert same >= 0.995 * count


@pytest.mark.parametrize("digits", range(6))
def test_a_coarse_square_is_its_middle(bare: Page, digits: int) -> None:
    library, side = mgrs.MGRS(), 10 ** (5 - digits)
    for lat, lon in places("everywhere", 300):
        text = library.toMGRS(lat, lon, MGRSPrecision=digits)
        back = bare.evaluate("(text) => watchfloor.grid.fromMgrs(text)", text)
        assert ELLIPSOID.inv(lon, lat, back["lon"], back["lat"])[2] <= 0.7072 * side * 1.01, (lat, lon, text)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("5.3767° N 10.7833° W", 5.3767, -10.7833),
        ("5.3767 -10.7833", 5.3767, -10.7833),
        ("5.3767, -10.7833", 5.3767, -10.7833),
        ("N5.3767 W10.7833", 5.3767, -10.7833),
        ("10.7833W 5.3767N", 5.3767, -10.7833),
        ("5° 22.60′ N 10° 47.00′ W", 5 + 22.6 / 60, -10 - 47 / 60),
        ("5 22.60 S, 10 47.00 E", -5 - 22.6 / 60, 10 + 47 / 60),
        ("5°22'36\"N 10°47'0\"W", 5 + 22.6 / 60, -10 - 47 / 60),
        ("-0 30 0 30", -0.5, 0.5),
        ("29n lf 02399 94592", 5.3767, -10.7833),
    ],
)
def test_each_notation_is_read(bare: Page, text: str, lat: float, lon: float) -> None:
    found = bare.evaluate("(text) => watchfloor.positions.read(text)", text)
    assert (found["lat"], found["lon"]) == pytest.approx((lat, lon), abs=1e-5)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("over there", "unread"),
        ("5", "unread"),
        ("5 N 6 S", "unread"),
        ("-5 N 10 W", "unread"),
        ("5.5 22.6 N 10 47 W", "unread"),
        ("<b>1</b> 2", "unread"),
        ("1e3 5", "unread"),
        ("91 N 10 W", "latitude"),
        ("5 N 181 W", "longitude"),
        ("5 60.00 N 10 47.00 W", "minutes"),
        ("29N LF 123", "digits"),
        ("29N LF 123456 123456", "digits"),
        ("29N ZZ 12 12", "square"),
        ("61N LF 12 12", "square"),
        ("A JA 0 0", "square"),
    ],
)
def test_what_cannot_be_read_says_why(bare: Page, text: str, fault: str) -> None:
    assert bare.evaluate("(text) => watchfloor.positions.read(text)", text) == {"fault": fault}


FRENCH = """(text) => {
  const corner = document.createElement("div");
  Object.assign(corner, { className: "readout" });
  Object.assign(corner.dataset, { sides: "N|S|E|O", point: "," });
  document.body.append(corner);
  const found = [watchfloor.positions.words("degrees", 19.0621, -73.0701), watchfloor.positions.read(text)];
  corner.remove();
  return found;
}"""


@pytest.mark.parametrize(
    "text",
    [
        "19,0621° N 73,0701° O",
        "19.0621° N 73.0701° W",
        "19,0621 N, 73,0701 W",
        "19,0621; -73,0701",
        "19.0621,-73.0701",
        "73,0701O 19,0621N",
    ],
)
def test_in_french_it_is_written_as_the_french_do_and_read_in_either_way(bare: Page, text: str) -> None:
    said, found = bare.evaluate(FRENCH, text)
    assert said == "19,0621° N 73,0701° O"
    assert (found["lat"], found["lon"]) == pytest.approx((19.0621, -73.0701), abs=1e-5)


def test_commas_between_whole_numbers_part_the_halves_still(bare: Page) -> None:
    read = "(text) => watchfloor.positions.read(text)"
    assert bare.evaluate(read, "19,-73") == {"lat": 19, "lon": -73}
    assert bare.evaluate(read, "5 30,10 15") == {"lat": 5.5, "lon": 10.25}
    # in English no letter says it: O is east in some languages and west in others
    assert bare.evaluate(read, "19 N 73 O") == {"fault": "unread"}


def test_what_is_said_is_read_again(bare: Page) -> None:
    script = """(places) => places.flatMap(([lat, lon]) => watchfloor.positions.FORMATS.map((format) =>
      [lat, lon, watchfloor.positions.read(watchfloor.positions.words(format, lat, lon))]))"""
    answers: list[list[Any]] = bare.evaluate(
        script, [*places("everywhere", 400), (0, 0), (-89.99999, 179.99999)]
    )
    for lat, lon, back in answers:
        assert ELLIPSOID.inv(lon, lat, back["lon"], back["lat"])[2] < 14, (lat, lon, back)


def test_the_corner_says_the_cursor_s_position_and_keeps_its_notation(opened: Opened) -> None:
    page = opened.go("at=5.3767,-10.7833,9")
    said = page.locator("[data-position]")
    expect(page.locator(".readout .of")).to_be_visible()
    expect(said).to_have_text(re.compile(r"^5\.37\d\d° N 10\.78\d\d° W$"))
    said.click()
    page.mouse.move(5, 5)
    expect(said).to_have_text(re.compile(r"^5° 22\.\d\d′ N 10° 4[67]\.\d\d′ W$"))
    said.press("Enter")
    expect(said).to_have_text(HERE)
    page.reload()
    opened.settled()
    expect(said).to_have_text(HERE)
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 700, box["y"] + 200)
    expect(page.locator(".readout .of")).to_be_hidden()
    expect(said).not_to_have_text(HERE)


def test_a_position_is_gone_to_and_marked(opened: Opened) -> None:
    page = opened.go()
    page.click("[data-go]")
    expect(page.locator("#go-to")).to_be_focused()
    page.keyboard.type("nowhere at all")
    page.keyboard.press("Enter")
    expect(page.locator(".go-panel .wrong")).to_contain_text("“nowhere at all” cannot be read")
    page.locator("#go-to").fill("18° 30.00′ N 76° 54.00′ W")
    page.keyboard.press("Enter")
    expect(page.locator(".go-panel .wrong")).to_be_empty()
    opened.until("Math.abs(watchfloor.view.map().getCenter().lat - 18.5) < 0.001")
    assert page.evaluate("watchfloor.readout.marked().lng") == pytest.approx(-76.9)
    coloured = """() => {
      const canvas = document.querySelector(".tool-canvas"), ratio = devicePixelRatio;
      const at = watchfloor.view.map().latLngToContainerPoint(watchfloor.readout.marked());
      return canvas.getContext("2d").getImageData((at.x + 12) * ratio, at.y * ratio, 1, 1).data[3];
    }"""
    opened.until(f"({coloured})() > 200")
    page.keyboard.press("Escape")
    expect(page.locator(".go-panel")).to_be_hidden()
    assert page.evaluate("watchfloor.readout.marked()") is None
