"""The View lives in the URL: choices, Back and Forward, a mailed link, the brush, the keys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from dashboard.times import moment
from dashboard.view import View
from data import details, marks, timeline, totals
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

SELECT_ON_TIMELINE = """() => {
  const box = document.querySelector("#timeline .nsewdrag").getBoundingClientRect();
  return [box.x, box.y, box.width, box.height];
}"""


def test_the_canned_answers_stay_in_their_own_process(served: str) -> None:
    assert served.startswith("http://127.0.0.1:")
    asked = (details.record, details.region, timeline.timeline, totals.totals, marks.marks)
    assert not [question for question in asked if question.__module__.startswith("tests.")]


def test_the_first_page_shows_everything(opened: Opened) -> None:
    page = opened.go()
    assert opened.query == ""
    expect(page.locator(".marking .strip")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    drawn = page.evaluate("window.watchfloor.map.drawn")
    assert drawn["incidents"] == 60
    expect(page.locator("#totals .total")).to_have_count(6)


def test_a_layer_goes_off_and_comes_back_with_the_back_button(opened: Opened) -> None:
    page = opened.go()
    page.click("[data-toggle='layer:incidents']")
    opened.until("window.watchfloor.map.drawn.incidents === 0")
    assert opened.query == "layer=military,presence,deliveries,hazard"
    page.go_back()
    opened.until("window.watchfloor.map.drawn.incidents === 60")
    assert opened.query == ""
    page.go_forward()
    opened.until("window.watchfloor.map.drawn.incidents === 0")


def test_regions_of_the_tree_are_chosen_together(opened: Opened) -> None:
    page = opened.go()
    page.click("[data-toggle='region:XQA10']")
    page.click("[data-toggle='region:XQA00']")
    expect(page.locator("#rail-regions [aria-checked='true']")).to_have_count(2)
    assert "region=XQA00,XQA10" in opened.query


def test_a_link_with_a_version_can_be_unticked_in_the_tree(opened: Opened) -> None:
    page = opened.go("region=XQA00,XQA10@2026-01-01")
    assert opened.query == "region=XQA00,XQA10@2026-01-01"
    expect(page.locator("#rail-regions [aria-checked='true']")).to_have_count(2)
    page.click("[data-toggle='region:XQA10']")
    expect(page.locator("#rail-regions [aria-checked='true']")).to_have_count(1)
    assert "region=XQA00" in opened.query.split("&")
    page.evaluate("window.watchfloor.view.choose({region: 'XQA10@2026-01-01,XQA10'})")
    assert "region=XQA10" in opened.query.split("&")


def test_times_are_said_by_the_browser_as_by_the_server(opened: Opened) -> None:
    page = opened.go()
    at = "'2014-09-30T18:05:00Z'"
    say = "window.watchfloor.times.moment"
    assert page.evaluate(f"{say}({at})") == moment(datetime(2014, 9, 30, 18, 5, tzinfo=UTC), "humanitarian")
    assert page.evaluate(f"{say}({at}, 'dtg')") == "301805Z SEP 14"
    assert (
        page.evaluate(f"document.documentElement.dataset.locale = 'de', {say}({at})")
        == "30 Sept. 2014 18:05 UTC"
    )
    assert page.evaluate("window.watchfloor.times.number(1234.56)") == "1.234,6"


def test_a_click_on_the_map_chooses_the_region_and_opens_it(opened: Opened) -> None:
    page = opened.go()
    page.evaluate("window.watchfloor.view.toggle('region', 'XQA10')")
    expect(page.locator(".drawer h2")).to_have_text("Sector C")
    view, _ = View.from_query(opened.query)
    assert (view.regions, view.selected) == (("XQA10",), "region:XQA10")
    assert view.at is not None  # else a reload would bring the map to the region
    expect(page.locator("#rail-regions [aria-checked='true']")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".drawer")).to_be_hidden()
    assert opened.query.startswith("region=XQA10&at=")


def test_a_brush_is_a_period_of_whole_bins(opened: Opened) -> None:
    page = opened.go()
    x, y, width, height = page.evaluate(SELECT_ON_TIMELINE)
    page.mouse.move(x + width * 0.301, y + height / 2)
    page.mouse.down()
    page.mouse.move(x + width * 0.45, y + height / 2, steps=6)
    page.mouse.up()
    page.wait_for_url("**/?from=*")
    view, notices = View.from_query(opened.query)
    assert not notices
    assert view.start is not None
    assert view.end is not None
    assert (view.start.hour, view.end.hour) == (0, 0)
    assert 5 <= (view.end - view.start).days <= 9
    before = opened.query
    opened.settled()
    assert opened.query == before
    page.go_back()
    opened.still()
    assert opened.query == ""
    page.go_forward()
    opened.still()
    assert opened.query == before


@pytest.mark.parametrize(
    "query",
    [
        "region=XQA00,XQA10&period=7d&layer=incidents,hazard&sel=XAB:incidents:1&at=18.2,-76.8,8",
        "from=2026-08-10T00:00:00Z&to=2026-08-20T00:00:00Z&known=2026-08-20T00:00:00Z&partner=XAB&role=acting",
        "layer=none&fill=records_per_1000_km2",
    ],
)
def test_a_mailed_link_shows_exactly_that(opened: Opened, query: str) -> None:
    page = opened.go(query)
    assert opened.query == query
    page.reload()
    opened.settled()
    assert opened.query == query


def test_the_browser_and_the_server_say_the_same_query(opened: Opened) -> None:
    page = opened.go()
    page.evaluate(
        "window.watchfloor.view.choose({sel: \"A'B(1)*!:x/ü+&=#\", partner: 'XB,XA', period: '7d'})"
    )
    view, notices = View.from_query(opened.query)
    assert not notices
    assert view.to_query() == opened.query


def test_a_moved_map_is_in_the_link_but_not_in_the_history(opened: Opened) -> None:
    page = opened.go()
    length = page.evaluate("history.length")
    page.evaluate("window.watchfloor.view.map().setView([18.0, -77.2], 9, {animate: false})")
    opened.until("location.search.includes('at=18,-77.2,9')")
    assert page.evaluate("history.length") == length


def test_a_wrong_value_is_a_notice(opened: Opened) -> None:
    page = opened.go("period=9h&region=XQA10")
    expect(page.locator(".notice")).to_contain_text("could not be read")
    assert opened.query == "region=XQA10"
    page.click("[data-dismiss]")
    expect(page.locator(".notice")).to_be_hidden()


def test_the_region_search_sifts_by_name_and_code_and_says_when_nothing_is_there(opened: Opened) -> None:
    page = opened.go()
    field = page.locator("#region-search")
    field.focus()
    page.keyboard.type("sector b", delay=30)
    expect(page.locator("#rail-regions li[data-name]:visible")).to_have_count(2)
    field.fill("xqa21")
    expect(page.locator("#rail-regions li[data-name]:visible")).to_have_count(2)
    expect(page.locator(".no-hit")).to_be_hidden()
    field.fill("nowhere")
    expect(page.locator(".no-hit")).to_be_visible()
    field.fill("XQA21")
    page.keyboard.press("Enter")
    opened.until("location.search.includes('region=XQA21')")
    expect(field).to_have_value("")
    expect(page.locator("#rail-regions.searching")).to_have_count(0)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_another_persona_sees_other_counts(opened: Opened) -> None:
    page = opened.go("region=XQA10")
    expect(page.locator("[data-total='events'] .figure")).to_have_text("4,212")
    page.select_option("select[data-persona]", "xac-analyst")
    expect(page.locator("[data-total='events'] .figure")).to_have_text("2,106")
    assert opened.query == "region=XQA10"


def test_a_part_of_a_chosen_region_takes_its_place(opened: Opened) -> None:
    page = opened.go("region=XQA")
    page.evaluate("document.querySelector('[data-toggle=\\'region:XQA10\\']').click()")
    opened.until("location.search.includes('region=XQA10')")
    assert "XQA," not in opened.query
    page.evaluate("document.querySelector('[data-toggle=\\'region:XQA\\']').click()")
    opened.until("new URLSearchParams(location.search).get('region') === 'XQA'")


def test_the_scheme_is_kept(opened: Opened) -> None:
    page = opened.go()
    page.click("button[data-scheme]")
    assert page.get_attribute("html", "data-mantine-color-scheme") == "light"
    page.reload()
    opened.settled()
    assert page.get_attribute("html", "data-mantine-color-scheme") == "light"


def test_text_from_feeds_stays_text(opened: Opened) -> None:
    page = opened.go("sel=XAB:incidents:1")
    expect(page.locator(".drawer h2")).to_contain_text("<script>alert(1)</script>")
    assert page.locator(".drawer a").count() == 0


def test_every_control_can_be_reached_with_the_tab_key(opened: Opened) -> None:
    page = opened.go()
    reached: set[str] = set()
    for _ in range(70):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "(e => e.dataset.toggle || e.dataset.set || e.id || e.tagName)(document.activeElement)"
            )
        )
    wanted = {"search", "region-search", "persona", "layer:incidents", "layer:hazard", "region:XQA"}
    assert wanted | {"period=7d&from=&to="} <= reached
