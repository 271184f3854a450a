"""Every page at every width, and what a telephone shows: one column, the whole marking, large targets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Opened, visiting

pytestmark = pytest.mark.browser

TELEPHONE = (390, 844)
WIDTHS = (320, 360, 390, 701, 768, 1023, 1024, 1190, 1281, 1366)
READY = {
    "": "#totals .total",
    "table": "#records-count strong",
    "changes": "#changes-list .change-row",
    "compare": ".totals.compared .total",
    "agreements": ".policy-list li",
    "accountability": "#account > *",
    "counts": ".cube-own",
}
CUT = """() => [...document.querySelectorAll(".marking, .marking > *, .clocks, .face")].filter((element) => {
  const box = element.getBoundingClientRect();
  return element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
    || box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight || !box.height;
}).map((element) => `${element.className} ${element.textContent}`)"""
# The bars of the second clock are 3 px wide; the steps beside them do the same. The grid is ag-grid's.
LOW = """(least) => [...document.querySelectorAll("button, a[href], summary, select, input")]
  .filter((element) => {
  if (element.closest(".wf-grid, .known-bars")) return false;
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  return element.offsetHeight < least - 0.5 || element.offsetWidth < 23.5;
}).map((element) => `${element.className} ${element.offsetHeight} px ${element.textContent}`)"""
# How much of its row the buttons cover, and how far a text is from the middle of its button, in pixels.
SPREAD = """() => {
  const row = document.querySelector(".changes-times .segments");
  const buttons = [...row.querySelectorAll(".segment")];
  const middle = (box) => (box.left + box.right) / 2;
  const off = buttons.map((button) => {
    const words = document.createRange();
    words.selectNodeContents(button);
    return Math.abs(middle(words.getBoundingClientRect()) - middle(button.getBoundingClientRect()));
  });
  const covered = buttons.reduce((sum, button) => sum + button.offsetWidth, 0) / row.clientWidth;
  return { covered, off: Math.max(...off) };
}"""
BOXES = """(names) => names.map((name) => {
  const box = document.querySelector(name).getBoundingClientRect();
  return [box.x, box.y, box.right, box.bottom];
})"""


@pytest.fixture
def visitor(browser: Browser, exercise: str) -> Iterator[Opened]:
    with visiting(browser, exercise, TELEPHONE) as made:
        yield made


def opened_at(visitor: Opened, path: str) -> Page:
    visitor.page.goto(visitor.base + path)
    visitor.page.wait_for_selector(READY[path])
    visitor.page.wait_for_selector("#marking-top .banner")
    visitor.still()
    return visitor.page


def boxes(page: Page, *names: str) -> list[list[float]]:
    found: list[list[float]] = page.evaluate(BOXES, list(names))
    return found


@pytest.mark.parametrize("path", READY)
def test_no_page_scrolls_sideways_nor_cuts_its_marking(visitor: Opened, path: str) -> None:
    page = opened_at(visitor, path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        visitor.still()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        assert page.evaluate(CUT) == [], width
        assert page.evaluate(LOW, 44 if width <= 700 else 24) == [], width
    assert visitor.query == ""


@pytest.mark.parametrize("tray", ["rail", "times", "menu", "details"])
def test_what_a_tray_holds_is_large_enough_for_a_finger(visitor: Opened, tray: str) -> None:
    page = opened_at(visitor, "")
    page.click(f'[data-opens="{tray}"]')
    visitor.still()
    page.evaluate("document.querySelectorAll('[data-tray] details').forEach((fold) => { fold.open = true; })")
    assert page.evaluate(LOW, 44) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]


def test_the_map_fills_the_telephone(visitor: Opened) -> None:
    page = opened_at(visitor, "")
    seen, bar, foot = boxes(page, ".map-panel", ".bar", "#marking-bottom")
    assert [seen[0], seen[2]] == [0, TELEPHONE[0]]
    assert seen[3] - seen[1] > TELEPHONE[1] / 2
    assert seen[3] <= bar[1] + 1
    assert bar[3] <= foot[1] + 1


def test_the_table_shows_three_columns_until_others_are_chosen(visitor: Opened) -> None:
    page = opened_at(visitor, "table")
    heads = ".ag-header-cell[col-id]"
    shown = page.eval_on_selector_all(heads, "all => all.map((head) => head.getAttribute('col-id'))")
    assert sorted(shown) == ["layer", "start_at", "title"]
    page.click('.ag-row[row-index="2"]')
    page.wait_for_selector("#details .record-id")
    assert page.evaluate("document.documentElement.dataset.trayOpen") == "details"
    page.goto(f"{visitor.base}table?columns=layer,start_at,deaths_best,originator")
    page.wait_for_selector(READY["table"])
    visitor.still()
    assert page.locator(heads).count() == 4
    page.goto(f"{visitor.base}table")
    page.wait_for_selector(READY["table"])
    visitor.still()
    page.set_viewport_size({"width": 1366, "height": 768})
    visitor.still()
    assert page.locator(heads).count() > 3
    assert visitor.query == ""


def test_maps_and_lists_stand_one_above_the_other(visitor: Opened) -> None:
    page = opened_at(visitor, "compare")
    earlier, later = boxes(page, "#earlier", "#later")
    assert later[1] >= earlier[3]
    assert earlier[2] - earlier[0] == later[2] - later[0] == TELEPHONE[0]
    page = opened_at(visitor, "changes")
    listed, drawn = boxes(page, "#changes-list", "#changed")
    assert drawn[1] >= listed[3]


def test_the_bar_says_how_many_conditions_are_set(visitor: Opened) -> None:
    page = opened_at(visitor, "")
    assert page.locator(".bar-count").inner_text() == ""
    page.click('[data-opens="rail"]')
    page.click('#rail-layers [data-toggle="layer:deliveries"]')
    page.click('#rail-period [data-set^="period=7d"]')
    visitor.still()
    assert page.locator(".bar-count").inner_text() == "2"
    page.go_back()
    visitor.still()
    assert page.locator(".bar-count").inner_text() == "1"
    assert page.evaluate("document.documentElement.dataset.trayOpen") == "rail"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("role=funding", ""),
        ("partner=XLL", "1"),
        ("partner=XLL&role=funding", "2"),
        ("area=17,-74;17,-71;20,-71", "1"),
    ],
)
def test_an_area_is_a_condition_and_a_role_without_a_partner_is_none(
    visitor: Opened, query: str, count: str
) -> None:
    page = visitor.page
    page.goto(f"{visitor.base}?{query}")
    page.wait_for_selector(READY[""])
    visitor.still()
    assert page.locator(".bar-count").inner_text() == count


def test_the_ways_to_another_span_share_the_width(visitor: Opened) -> None:
    page = opened_at(visitor, "changes")
    row, head = boxes(page, ".changes-times .segments", ".changes-times")
    assert [row[0], row[2]] == [head[0], head[2]]
    found = page.evaluate(SPREAD)
    assert found["covered"] > 0.97
    assert found["off"] < 1.5
