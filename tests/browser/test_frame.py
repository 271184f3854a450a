"""The same place shows the same clusters, whatever way led there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Opened, visiting

pytestmark = pytest.mark.browser

PLACE = "at=18.9000,-72.4000,7"
SET_VIEW = "([lat, lon, zoom]) => { watchfloor.view.map().setView([lat, lon], zoom, { animate: false }); }"


def went(visitor: Opened, *stops: tuple[float, float, int]) -> list[str]:
    for stop in stops:
        visitor.page.evaluate(SET_VIEW, list(stop))
        visitor.still()
    return visitor.in_sight()


def test_a_place_shows_the_same_clusters_whatever_way_led_there(visitor: Opened) -> None:
    visitor.go(PLACE)
    seen = visitor.in_sight()
    assert any("cell:" in mark for mark in seen)
    assert went(visitor, (18.9, -70.0, 7), (18.9, -72.4, 7)) == seen
    assert went(visitor, (15.0, -60.0, 4), (18.9, -72.4, 7)) == seen
    # Small moves one after the other, which a frame that only grows would not follow.
    assert went(visitor, *((18.9, -72.4 + 0.3 * n, 7) for n in (1, 2, 3, 2, 1, 0))) == seen


def test_a_window_made_smaller_shows_what_a_small_one_shows(browser: Browser, exercise: str) -> None:
    with visiting(browser, exercise, (1000, 700)) as small:
        small.go(PLACE)
        seen = small.in_sight()
    with visiting(browser, exercise, (1920, 1080)) as large:
        page = large.go(PLACE)
        page.set_viewport_size({"width": 1000, "height": 700})
        large.still()
        assert large.in_sight() == seen
