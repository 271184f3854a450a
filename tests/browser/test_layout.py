"""Nothing lies over what it should leave free: what is chosen, the bar, the words of a button."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Opened, visiting
from tests.browser.test_operations import POINT_OF_A_REGION

pytestmark = pytest.mark.browser

CHOSEN = """() => {
  const map = watchfloor.view.map(), size = map.getSize(), legend = document.querySelector(".legend[open]");
  let box = null;
  map.eachLayer((layer) => {
    const p = layer.feature && layer.feature.properties;
    if (layer.wfTop && layer.getLatLng) box = L.latLngBounds([layer.getLatLng()]);
    if (p && layer.getBounds && `region:${p.code}` === watchfloor.view.word("sel")) box = layer.getBounds();
  });
  const from = map.latLngToContainerPoint(box.getNorthWest());
  const to = map.latLngToContainerPoint(box.getSouthEast());
  const left = map.getContainer().getBoundingClientRect().left;
  const edge = legend ? legend.getBoundingClientRect().left - left : size.x;
  return from.x >= 0 && to.x <= edge && from.y >= 0 && to.y <= size.y;
}"""
RIGHTMOST = """() => {
  const map = watchfloor.view.map(), size = map.getSize(), box = map.getContainer().getBoundingClientRect();
  let found = null;
  map.eachLayer((layer) => {
    const p = layer.feature && layer.feature.properties;
    if (!p || !p.layer || p.kind !== "point" || !layer.getLatLng) return;
    const at = map.latLngToContainerPoint(layer.getLatLng());
    if (at.x < size.x - 230 && at.y > 60 && at.y < size.y - 60 && !(found && found.x > at.x)) found = at;
  });
  return { x: box.x + found.x, y: box.y + found.y };
}"""
CENTRE = "(() => { const c = watchfloor.view.map().getCenter(); return [c.lat, c.lng]; })()"


def test_a_mark_chosen_lies_beside_the_legend_and_closing_gives_the_place_back(visitor: Opened) -> None:
    page = visitor.go()
    before, mark = page.evaluate(CENTRE), page.evaluate(RIGHTMOST)
    page.mouse.click(mark["x"], mark["y"])
    expect(page.locator(".drawer h2")).to_be_visible()
    visitor.until(f"({CHOSEN})()")
    page.keyboard.press("Escape")
    expect(page.locator(".drawer h2")).to_be_hidden()
    visitor.until("location.search === ''")
    assert page.evaluate(CENTRE) == pytest.approx(before, abs=0.2)


def test_a_region_chosen_on_the_map_is_framed_though_the_link_had_a_place(visitor: Opened) -> None:
    page = visitor.go("at=18.3,-74.6,8&layer=none")
    at = page.evaluate(POINT_OF_A_REGION, "HTI-S0101")
    page.evaluate("watchfloor.view.toggle('region', 'HTI-S0101')")
    assert at
    expect(page.locator(".drawer h2")).to_be_visible()
    visitor.until(f"({CHOSEN})()")


def test_the_menu_ends_above_the_bar_and_shows_the_whole_name(browser: Browser, exercise: str) -> None:
    for size in ((390, 844), (768, 1024)):
        with visiting(browser, exercise, size) as opened:
            opened.page.goto(opened.base)
            opened.page.wait_for_selector("#totals .total")
            opened.page.click('[data-opens="menu"]')
            box = "document.querySelector('{}').getBoundingClientRect()"
            menu, bar = box.format('[data-tray="menu"]'), box.format(".bar")
            assert opened.page.evaluate(f"{menu}.bottom <= {bar}.top + 1")
            name = "document.querySelector('.operation-title')"
            assert opened.page.evaluate(f"{name}.scrollHeight <= {name}.clientHeight + 1")


def test_the_button_that_keeps_a_view_is_not_cut_off(visitor: Opened) -> None:
    page = visitor.go()
    page.click(".saved-views summary")
    row = "document.querySelector('.saved-box')"
    assert page.evaluate(f"{row}.scrollWidth <= {row}.clientWidth")


def test_a_legend_that_holds_more_than_it_shows_fades_at_its_end(visitor: Opened) -> None:
    page = visitor.go()
    visitor.until("document.querySelector('.legend').dataset.more === 'below'")
    page.evaluate("document.querySelector('.legend').scrollTop = 9999")
    visitor.until("!document.querySelector('.legend').dataset.more")
