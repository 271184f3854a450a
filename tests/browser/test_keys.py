"""Without a pointer, and by link: marks by arrow keys, the way to the map, links that bring it somewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from data.home import Home
from data.store import Store
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

CENTRE = "(() => { const c = watchfloor.view.map().getCenter(); return [c.lat, c.lng]; })()"


def test_the_first_stop_of_the_tab_key_skips_to_the_map(opened: Opened) -> None:
    page = opened.go()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('leaflet-container')")
    assert "#" not in page.url


def test_marks_are_gone_through_by_arrows_and_opened_by_enter(opened: Opened) -> None:
    page = opened.go("layer=incidents&at=18.5,-76.9,9")
    page.locator("[data-walk]").focus()
    said = page.locator(".walk-said")
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("1 of ")
    first = said.inner_text()
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("2 of ")
    page.keyboard.press("ArrowLeft")
    expect(said).to_have_text(first)
    for _ in range(60):
        if "Record" in said.inner_text():
            break
        page.keyboard.press("ArrowRight")
    assert page.evaluate("Boolean(watchfloor.view.map().wfTip._map)")
    page.keyboard.press("Enter")
    expect(page.locator(".drawer h2")).to_be_visible()
    assert "sel=XAB:incidents:" in opened.query


def test_no_mark_in_view_is_said(opened: Opened) -> None:
    page = opened.go("layer=none")
    page.locator("[data-walk]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".walk-said")).to_have_text("No mark is in view")


@pytest.mark.parametrize("query", ["region=HTI-S0201", "sel=region:HTI-S0201", "region=JAM"])
def test_a_link_with_a_region_alone_brings_the_map_there(
    visitor: Opened, exercise_home: Home, query: str
) -> None:
    store = Store.open(exercise_home)
    box = store.regions().by_code[query.rsplit("=")[-1].rsplit(":")[-1]].bounds
    store.close()
    page = visitor.go(query)
    lat, lon = page.evaluate(CENTRE)
    assert box.south < lat < box.north
    assert box.west < lon < box.east
    assert page.evaluate("watchfloor.view.map().getZoom()") >= 7
    assert visitor.query == query
    page.click("[data-zoom='home']")
    visitor.until("watchfloor.view.map().getZoom() <= 6")
    visitor.until("location.search.includes('at=')")
    page.reload()
    visitor.settled()
    assert page.evaluate("watchfloor.view.map().getZoom()") <= 6


def test_a_link_with_a_record_alone_brings_the_map_there(visitor: Opened, exercise_home: Home) -> None:
    store = Store.open(exercise_home)
    released = store.released_to(store.policy().viewer("aldara-commander"))
    record = released.ask(
        "SELECT record_id, latitude, longitude FROM released.incidents"
        " WHERE geo_precision = 1 AND known_until IS NULL AND latitude IS NOT NULL ORDER BY record_id LIMIT 1"
    ).to_pylist()[0]
    store.close()
    page = visitor.go(f"sel={record['record_id']}")
    inside = f"watchfloor.view.map().getBounds().contains([{record['latitude']}, {record['longitude']}])"
    assert page.evaluate(inside)
    assert page.evaluate("watchfloor.view.map().getZoom()") >= 8


def test_a_drawn_area_in_a_link_is_brought_into_view(visitor: Opened) -> None:
    page = visitor.go("area=18,-73;18,-72;19,-72;19,-73")
    assert page.evaluate(CENTRE) == pytest.approx([18.5, -72.5], abs=0.1)


def test_a_choice_on_the_map_says_the_place_so_that_a_reload_does_not_move_it(visitor: Opened) -> None:
    page = visitor.go()
    centre, zoom = page.evaluate(CENTRE), page.evaluate("watchfloor.view.map().getZoom()")
    page.evaluate("watchfloor.view.choose({ region: 'JAM' })")
    visitor.until("location.search.includes('at=')")
    page.reload()
    visitor.settled()
    assert page.evaluate("watchfloor.view.map().getZoom()") == zoom
    assert page.evaluate(CENTRE) == pytest.approx(centre, abs=0.05)
    page.evaluate("watchfloor.view.choose({ region: '' })")
    visitor.until("location.search === ''")
