"""Play in Chromium over the sample exercise: map, View and address agree, whatever comes between."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

AT_ONCE = 4
"""Steps that `assets/play.js` asks for in one question."""

PATIENCE = 20_000
"""Milliseconds that it waits for an answer."""

UNAVAILABLE = "Not available now. What you see is the last good picture."
IDLE = "Play the period over time"
BRUSHED = "from=2026-09-05T00:00:00Z&to=2026-09-08T00:00:00Z"
FIGURE = '[data-total="events"] .figure'
STARTS = "document.querySelector('#timeline .js-plotly-plot').layout.meta?.starts"
LAST_STEP = "JSON.parse(document.getElementById('play-steps').dataset.steps).steps.at(-1).from"


def passes(route: Route) -> None:
    route.continue_()


def breaks(route: Route) -> None:
    route.abort()


def has_nothing(route: Route) -> None:
    """What the server answers when the store is not available."""
    serial = json.loads(route.request.post_data or "")["inputs"][0]["value"]["serial"]
    said = json.dumps({"serial": serial, "steps": []})
    route.fulfill(json={"multi": True, "response": {"play-steps": {"data-steps": said}}})


class Line:
    """What becomes of the questions for steps: to the first the first of `fates`; the last one stays."""

    def __init__(self, page: Page, *fates: Callable[[Route], Any]) -> None:
        self._fates = list(fates)
        self._held: list[Route] = []
        self.asked = 0
        self.redrawn = 0
        page.route("**/_dash-update-component*", self._came)

    @classmethod
    def holding(cls, page: Page, *before: Callable[[Route], Any]) -> Line:
        """After these fates every question is held."""
        line = cls(page)
        line._fates = [*before, line._held.append]
        return line

    def opens(self) -> None:
        """All that was held goes on, and all that comes."""
        self._fates = [passes]
        while self._held:
            self._held.pop().continue_()

    def _came(self, route: Route) -> None:
        output = json.loads(route.request.post_data or "{}").get("output", "")
        self.redrawn += "map-layer-incidents" in output
        if "play-steps" not in output:
            route.continue_()
            return
        fate = self._fates[min(self.asked, len(self._fates) - 1)]
        self.asked += 1
        fate(route)


def pressed_play(visitor: Opened, speed: int = 4) -> None:
    visitor.page.click(f'[data-play="speed"][data-speed="{speed}"]')
    visitor.page.click('[data-play="play"]')


def picture(visitor: Opened) -> tuple[str, list[str]]:
    """The figure of the events, and what is on the map."""
    return visitor.page.locator(FIGURE).inner_text(), visitor.in_sight()


def reloaded(visitor: Opened) -> tuple[str, list[str]]:
    visitor.page.reload()
    visitor.settled()
    return picture(visitor)


def test_what_is_stopped_at_is_the_step_on_the_map_not_the_one_awaited(visitor: Opened) -> None:
    page = visitor.go()
    line = Line.holding(page, passes)
    pressed_play(visitor)
    visitor.until(f"watchfloor.play.shown() === {AT_ONCE}", limit=30)
    page.wait_for_timeout(500)
    last = page.evaluate(LAST_STEP)
    page.click('[data-play="play"]')
    line.opens()
    visitor.settled()
    assert parse_qs(visitor.query)["from"] == [last]
    assert picture(visitor) == reloaded(visitor)


def test_stopped_before_a_step_came_the_view_is_drawn_anew(visitor: Opened) -> None:
    page = visitor.go(BRUSHED)
    before = picture(visitor)
    line = Line.holding(page)
    pressed_play(visitor)
    page.wait_for_timeout(300)
    page.click('[data-play="play"]')
    line.opens()
    visitor.settled()
    assert visitor.query == BRUSHED
    assert line.redrawn == 1
    assert picture(visitor) == before


def test_without_a_store_the_play_stops_at_the_step_on_the_map_and_says_so(visitor: Opened) -> None:
    page = visitor.go()
    line = Line(page, passes, has_nothing)
    pressed_play(visitor)
    visitor.until("watchfloor.play.shown() > 0 && !watchfloor.play.playing()", limit=30)
    visitor.settled()
    assert set(parse_qs(visitor.query)) == {"from", "to"}
    expect(page.locator("#play-said")).to_have_text(UNAVAILABLE)
    line.opens()
    assert picture(visitor) == reloaded(visitor)


def test_what_was_said_of_the_play_goes_with_the_next_choice(visitor: Opened) -> None:
    page = visitor.go()
    Line(page, has_nothing)
    pressed_play(visitor)
    expect(page.locator("#play-said")).to_have_text(UNAVAILABLE)
    page.click('#rail-layers [data-toggle="layer:deliveries"]')
    expect(page.locator("#play-said")).to_have_text(IDLE)


def test_a_step_back_to_the_view_is_drawn(visitor: Opened) -> None:
    page = visitor.go(BRUSHED)
    before = picture(visitor)
    pressed_play(visitor, speed=1)
    visitor.until("watchfloor.play.shown() === 2", limit=30)
    expect(page.locator(FIGURE)).not_to_have_text(before[0])
    page.keyboard.press(",")
    visitor.settled()
    assert visitor.query == BRUSHED
    expect(page.locator(FIGURE)).to_have_text(before[0])
    assert picture(visitor) == before


@pytest.mark.parametrize(("key", "back"), [(".", 0), (",", 1)])
def test_a_step_from_past_the_last_window_is_near_it(visitor: Opened, key: str, back: int) -> None:
    page = visitor.go()
    visitor.until(STARTS)
    starts = page.evaluate(STARTS)
    days = 10
    page = visitor.go(f"from={starts[-3]}&to={starts[-3][:8]}{int(starts[-3][8:10]) + days:02}T00:00:00Z")
    visitor.until(STARTS)
    assert page.evaluate(STARTS) == starts
    page.keyboard.press(key)
    visitor.settled()
    assert parse_qs(visitor.query)["from"] == [starts[-days - back]]


def test_note_and_legend_are_not_those_of_the_view_while_it_plays(visitor: Opened) -> None:
    page = visitor.go(
        "from=2026-12-01T00:00:00Z&to=2026-12-08T00:00:00Z&layer=incidents&fill=records_per_1000_km2"
    )
    assert page.locator(".map-note .nothing").is_visible()
    Line.holding(page, passes)
    pressed_play(visitor)
    visitor.until("watchfloor.play.shown() > 0 && watchfloor.map.drawn.incidents > 0", limit=30)
    assert page.locator(FIGURE).inner_text() != "0"
    assert page.locator(".map-note .nothing").count() == 0
    assert page.locator(".legend .count").count() > 0
    for count in page.locator(".legend :is(.count, .unplaced)").all():
        assert count.is_hidden()


def test_a_question_lost_on_the_line_is_asked_once_more(visitor: Opened) -> None:
    page = visitor.page
    page.clock.install()
    visitor.go()
    line = Line(page, breaks, passes)
    pressed_play(visitor)
    visitor.until("document.querySelector('[data-play=play]').ariaPressed === 'true'")
    page.wait_for_timeout(300)
    assert line.asked == 1
    page.clock.fast_forward(PATIENCE)
    visitor.until("watchfloor.play.shown() > 0", limit=30)
    assert any("ERR_FAILED" in fault for fault in visitor.faults)
    visitor.faults.clear()


def test_a_line_that_stays_broken_stops_the_play_and_is_said(visitor: Opened) -> None:
    page = visitor.page
    page.clock.install()
    visitor.go()
    line = Line.holding(page)
    pressed_play(visitor)
    for asked in (1, 2):
        page.wait_for_timeout(300)
        assert line.asked == asked
        page.clock.fast_forward(PATIENCE)
    expect(page.locator("#play-said")).to_have_text(UNAVAILABLE)
    assert not page.evaluate("watchfloor.play.playing()")
    line.opens()
    visitor.settled()
    assert visitor.query == ""


def test_who_moves_the_map_goes_on_playing_in_the_new_frame(visitor: Opened) -> None:
    page = visitor.go()
    pressed_play(visitor)
    visitor.until("watchfloor.play.shown() > 0", limit=30)
    line = Line(page, passes)
    page.click('[data-zoom="1"]')
    visitor.until("window.location.search.includes('at=')")
    seen = page.evaluate("watchfloor.play.shown()")
    visitor.until(f"watchfloor.play.shown() > {seen} + 1", limit=30)
    assert line.asked > 0
    assert page.evaluate("watchfloor.play.playing()")
