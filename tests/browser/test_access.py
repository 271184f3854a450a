"""Every page is for everybody: axe-core finds nothing serious, and the keyboard reaches every control.

axe-core comes with axe-playwright-python; its rules are those of WCAG 2.2 A and AA.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Opened, visiting

pytestmark = pytest.mark.browser

LARGE, SMALL = (1920, 1080), (390, 844)
READY = {
    "": "#totals .total",
    "table": "#records-count strong",
    "changes": "#changes-list .change-row",
    "compare": ".totals.compared .total",
}
RULES: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    # target-size is off by default, although of WCAG 2.2 AA; contrast has a run of its own
    "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}},
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# ag-grid's rows stand in a box of 400,000 px, at which axe gives up the whole rule, and its heads under
# pseudo elements, of which it tells nothing. Their tones are those of the rail, where they are told.
WITHOUT_GRID = {"exclude": [[".ag-root-wrapper"]]}
GRAVE = ("serious", "critical")
# Leaflet's canvases reach beyond the map, which clips them. axe takes them for a cover of all that is around
# the map, and then tells no contrast. Nothing of the map's drawing is an element that axe could judge.
WITHOUT_DRAWING = ".leaflet-pane, .tool-canvas { display: none !important; }"
UNKNOWN_CONTRAST = 0.1
"""The largest share of texts of which axe may be unable to tell the contrast (text on a symbol)."""

NO_TEXT = ("non-text characters", "too short", "contains an image node")

NOTHING = {"partner": "XZZ", "sel": ""}
A_RECORD = """() => {
  const RECORDS = ["incidents", "military", "presence", "deliveries"];
  let found = "";
  watchfloor.view.map().eachLayer((layer) => {
    const p = layer.feature && layer.feature.properties;
    if (p && p.kind === "point" && RECORDS.includes(p.layer)) found = p.id;
  });
  return found;
}"""
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  const grid = element.closest(".wf-grid") !== null; // it draws the focus of its cells by a frame of its own
  const open = (y) => {
    const at = document.elementFromPoint(box.x + box.width / 2, y);
    return Boolean(at && (element.contains(at) || at.contains(element)));
  };
  const labels = [...(element.labels || [])].map((label) => label.textContent).join(" ");
  const parts = [...element.querySelectorAll("[aria-label]")];
  const inside = parts.map((each) => each.getAttribute("aria-label")).join(" ");
  const name = element.getAttribute("aria-label") || labels || element.textContent || inside || element.title;
  element.wfSeen = (element.wfSeen || 0) + 1;
  return {
    what: `${element.tagName}.${element.className} ${element.id}`, times: element.wfSeen,
    name: (name || "").trim(),
    shown: box.width > 0 && box.height > 0 && style.visibility === "visible",
    inside: box.right > 0 && box.bottom > 0 && box.x < innerWidth && box.y < innerHeight,
    uncovered: [box.y + 4, box.y + box.height / 2, box.bottom - 4].some(open),
    marked: style.outlineStyle !== "none" || style.boxShadow !== "none" || grid,
  };
}"""


@pytest.fixture(params=[LARGE, SMALL], ids=["large", "small"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def visitor(browser: Browser, exercise: str, size: tuple[int, int]) -> Iterator[Opened]:
    with visiting(browser, exercise, size) as made:
        yield made


def opened_at(visitor: Opened, address: str) -> Page:
    visitor.page.goto(visitor.base + address)
    visitor.page.wait_for_selector(READY[address.split("?")[0]])
    visitor.still()
    return visitor.page


def choose(visitor: Opened, changes: dict[str, str]) -> None:
    visitor.page.evaluate("(changes) => watchfloor.view.choose(changes)", changes)
    visitor.still()


def examined(page: Page, state: str, *, covered: bool = False) -> None:
    """Nothing grave in the page as it stands, and nearly every contrast was told.

    `covered`: a tray lies over a part of the page, whose contrasts are told without the tray.
    """
    cover = page.add_style_tag(content=WITHOUT_DRAWING)
    found = Axe().run(page, options=RULES).response
    contrast = Axe().run(page, context=WITHOUT_GRID, options=CONTRAST).response
    cover.evaluate("(element) => element.remove()")
    grave = [
        f"{state}: {rule['id']}: {node['target']} {node['html'][:120]}"
        for rule in (*found["violations"], *contrast["violations"])
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
    assert grave == []
    told, untold = contrasts(contrast, "passes"), contrasts(contrast, "incomplete")
    assert len(told) > 20, state
    assert covered or len(untold) <= UNKNOWN_CONTRAST * (len(told) + len(untold)), f"{state}: {untold}"


def contrasts(found: dict[str, Any], kind: str) -> list[str]:
    """The texts whose contrast was told, or could not be; symbols have none, and the chart is a picture."""
    return [
        f"{node['target']} {[check['message'] for check in node['any']][:1]}"
        for rule in found[kind]
        for node in rule["nodes"]
        if not any(words in check["message"] for check in node["any"] for words in NO_TEXT)
    ]


@pytest.mark.parametrize("path", READY)
def test_axe_finds_nothing_grave(visitor: Opened, path: str, size: tuple[int, int]) -> None:
    page = opened_at(visitor, path)
    visitor.until(f"({A_RECORD})() !== ''")
    record = page.evaluate(A_RECORD)
    for scheme in ("dark", "light"):
        assert page.evaluate("document.documentElement.dataset.mantineColorScheme") == scheme
        choose(visitor, {"partner": "", "sel": record})
        page.wait_for_selector("#details .record-id")
        examined(page, f"{scheme}, details", covered=size == SMALL)
        choose(visitor, NOTHING)
        page.wait_for_selector(".nothing, .no-totals, .totals.compared")
        examined(page, f"{scheme}, nothing found")
        if size == SMALL:
            for tray in ("rail", "menu"):
                page.click(f'[data-opens="{tray}"]')
                visitor.still()
                examined(page, f"{scheme}, {tray}", covered=True)
                page.keyboard.press("Escape")
        page.evaluate("document.querySelector('button[data-scheme]').click()")
        visitor.still()


@pytest.mark.parametrize(
    ("path", "ready"),
    [
        ("agreements", ".policy-list li"),
        ("accountability", ".account td"),
        ("counts?cube=incidents:flood", ".cube-heat td"),
    ],
)
def test_axe_finds_nothing_grave_in_what_is_no_picture(
    visitor: Opened, size: tuple[int, int], path: str, ready: str
) -> None:
    page = opened_at(visitor, "")
    page.goto(visitor.base + path)
    page.wait_for_selector(ready)
    for scheme in ("dark", "light"):
        visitor.still()
        examined(page, f"{scheme}, {size}")
        page.evaluate("document.querySelector('button[data-scheme]').click()")


@pytest.mark.parametrize("path", READY)
def test_tab_reaches_named_controls_in_sight_and_ends(
    visitor: Opened, path: str, size: tuple[int, int]
) -> None:
    page = opened_at(visitor, path)
    seen: list[dict[str, Any]] = []
    for _ in range(300):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or focused["times"] > 1:
            break
        seen.append(focused)
    assert len(seen) >= (5 if size == SMALL else 30), seen
    for claim in ("name", "shown", "inside", "uncovered", "marked"):
        assert [one["what"] for one in seen if not one[claim]] == [], claim
    if size == SMALL:
        assert sum("bar-button" in one["what"] for one in seen) >= 4


@pytest.mark.parametrize("size", [SMALL], ids=["small"])
@pytest.mark.parametrize("path", READY)
def test_a_tray_takes_the_focus_and_gives_it_back(visitor: Opened, path: str, size: tuple[int, int]) -> None:
    page = opened_at(visitor, path)
    for way in page.locator(".bar [data-opens]").all():
        name = way.get_attribute("data-opens")
        tray = page.locator(f'[data-tray="{name}"]')
        expect(tray).to_be_hidden()
        way.focus()
        page.keyboard.press("Enter")
        expect(tray).to_be_visible()
        expect(way).to_have_attribute("aria-expanded", "true")
        if name != "map":
            assert tray.evaluate("(element) => element.contains(document.activeElement)"), name
        page.keyboard.press("Escape")
        expect(tray).to_be_hidden()
        expect(way).to_be_focused()
    assert visitor.query == ""


@pytest.mark.parametrize("size", [SMALL], ids=["small"])
def test_what_is_chosen_opens_its_tray_and_back_closes_it(visitor: Opened, size: tuple[int, int]) -> None:
    page = opened_at(visitor, "changes")
    row, tray = page.locator(".change-row >> nth=1"), page.locator('[data-tray="details"]')
    row.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#details .record-id")
    expect(tray).to_be_visible()
    assert visitor.query.startswith("sel=")
    page.go_back()
    visitor.still()
    expect(tray).to_be_hidden()
    assert visitor.query == ""
    page.go_forward()
    visitor.still()
    expect(tray).to_be_visible()
    page.click('[data-tray="details"] [data-closes]')
    visitor.still()
    expect(tray).to_be_hidden()
    assert visitor.query == ""


@pytest.mark.parametrize("size", [LARGE], ids=["large"])
def test_closing_the_details_gives_the_focus_back(visitor: Opened, size: tuple[int, int]) -> None:
    page = opened_at(visitor, "changes")
    row = page.locator(".change-row >> nth=1")
    row.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#details .record-id")
    page.focus(".drawer-close")
    page.keyboard.press("Escape")
    visitor.still()
    expect(page.locator(".drawer")).to_be_hidden()
    expect(row).to_be_focused()
