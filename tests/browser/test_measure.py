"""Measuring: lengths and bearings against pyproj, and the tool in the hand."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pyproj import Geod

from tests.browser.conftest import Opened
from tests.browser.test_area import click
from tests.chromium import PROJECT

pytestmark = pytest.mark.browser

ELLIPSOID = Geod(ellps="WGS84")
MEASURED = "(legs) => legs.map((leg) => watchfloor.measure.geodesic(...leg))"


@pytest.fixture(scope="module")
def bare(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.add_script_tag(path=str(PROJECT / "assets/measure.js"))
    yield page
    page.close()


def test_lengths_and_bearings_are_those_of_pyproj(bare: Page) -> None:
    chance = random.Random(1975)
    legs = []
    for reach in (0.0001, 0.1, 5, 60, 160):
        for _ in range(600):
            lat, lon = chance.uniform(-89, 89), chance.uniform(-180, 180)
            other = max(-89.9, min(89.9, lat + chance.uniform(-reach, reach) / 2))
            legs.append((lat, lon, other, lon + chance.uniform(-reach, reach)))
    for (lat, lon, lat2, lon2), found in zip(legs, bare.evaluate(MEASURED, legs), strict=True):
        azimuth, _, metres = ELLIPSOID.inv(lon, lat, lon2, lat2)
        assert found["metres"] == pytest.approx(metres, abs=0.001), (lat, lon, lat2, lon2)
        turn = (found["bearing"] - azimuth + 180) % 360 - 180
        assert abs(turn) < max(1e-6, 1e-4 / max(metres, 1e-9) * 57.3)


def test_between_opposite_points_it_is_within_half_a_per_cent(bare: Page) -> None:
    chance = random.Random(5)
    legs = [
        (lat, lon, -lat + chance.uniform(-0.3, 0.3), lon + 180 + chance.uniform(-0.3, 0.3))
        for lat, lon in ((chance.uniform(-80, 80), chance.uniform(-180, 180)) for _ in range(300))
    ]
    for (lat, lon, lat2, lon2), found in zip(legs, bare.evaluate(MEASURED, legs), strict=True):
        assert found["metres"] == pytest.approx(ELLIPSOID.inv(lon, lat, lon2, lat2)[2], rel=0.0056)


def test_one_place_is_no_way(bare: Page) -> None:
    assert bare.evaluate(MEASURED, [[5, 6, 5, 6]]) == [{"metres": 0, "bearing": 0}]


def test_legs_and_total_are_said_and_escape_ends(opened: Opened) -> None:
    page = opened.go("at=18.5,-76.9,9")
    page.click("[data-tool='measure']")
    for place in ((18.3, -77.2), (18.3, -76.6), (18.7, -76.6)):
        click(page, place)
    lines = page.locator(".measured div")
    expect(lines).to_have_count(3)
    first = ELLIPSOID.inv(-77.2, 18.3, -76.6, 18.3)
    words = lines.first.inner_text()
    said = re.search(r"([\d.]+) km · (\d{3})°", words)
    assert said is not None, words
    assert float(said[1]) == pytest.approx(first[2] / 1000, abs=0.6)
    assert int(said[2]) == pytest.approx(first[0], abs=1)
    expect(lines.last).to_contain_text("Total")
    assert "NM" not in words
    assert opened.query == "at=18.5,-76.9,9"
    page.keyboard.press("Escape")
    expect(lines).to_have_count(0)
    expect(page.locator("[data-tool='measure']")).to_have_attribute("aria-pressed", "false")


def test_a_military_marking_measures_in_nautical_miles_too(opened: Opened) -> None:
    page = opened.go("at=18.5,-76.9,9")
    page.evaluate("document.querySelector('.tools').dataset.miles = '1'")
    page.click("[data-tool='measure']")
    for place in ((18.3, -77.2), (18.3, -76.6)):
        click(page, place)
    expect(page.locator(".measured div").first).to_contain_text(
        re.compile(
            r"6\d\.\d km · 3\d\.\d NM · 09\d°|6\d\.\d km · 3\d\.\d NM · 089°|6\d\.\d km · 3\d\.\d NM · 090°"
        )
    )
