"""The page in other languages: nothing is cut off in French, and right to left the whole page is mirrored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser

from dashboard.access.language import LANGUAGE_COOKIE
from dashboard.pseudo import CLOSE, OPEN
from tests.browser.conftest import Opened, visiting
from tests.dashboard.test_every_text import bare

SIZES = ((1366, 768), (1920, 1080))
PATHS = {
    "": "#timeline .main-svg",
    "table": ".ag-row",
    "changes": "#changes-list .change-row",
    "compare": "#compared-head .total",
}
WIDER = "document.documentElement.scrollWidth - window.innerWidth"
WHOLE = (
    ".rail h2, .rail .segment, .rail .layers .name, .rail .badge, .known-words, .total-title, .total-value,"
    " .total-note, .pages a, .clock .label, .face, .languages button, .play-said, .legend summary,"
    " .quiet-button, .marking > *"
)
CUT_OFF = """(whole) => [...document.querySelectorAll(whole)]
  .filter((e) => e.offsetParent && (e.scrollWidth > e.clientWidth + 1 && e.clientWidth))
  .map((e) => e.className + ': ' + e.textContent)"""
SAID = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (walk.currentNode.parentElement.checkVisibility()) found.push(walk.currentNode.data);
  }
  for (const name of ['title', 'aria-label', 'placeholder', 'alt']) {
    const seen = [...document.querySelectorAll(`[${name}]`)].filter((e) => e.checkVisibility());
    found.push(...seen.map((e) => e.getAttribute(name)));
  }
  return found.filter((text) => text.trim());
}"""
BOX = "e => { const r = e.getBoundingClientRect(); return [r.left, r.right]; }"


@contextmanager
def speaking(browser: Browser, base: str, code: str, size: tuple[int, int] = SIZES[0]) -> Iterator[Opened]:
    with visiting(browser, base, size) as made:
        made.page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": code, "url": base}])
        yield made


def at(made: Opened, path: str, query: str = "") -> None:
    made.page.goto(f"{made.base}{path}{'?' if query else ''}{query}")
    made.page.wait_for_selector(PATHS[path], state="attached")
    made.still()


def box(made: Opened, selector: str) -> tuple[float, float]:
    left, right = made.page.eval_on_selector(selector, BOX)
    return left, right


def test_the_switch_changes_the_language_and_keeps_the_view(opened: Opened) -> None:
    opened.go("region=XQA10&period=7d")
    for code, map_word in (("fr", "Carte"), ("en", "Map")):
        with opened.page.expect_navigation():
            opened.page.click(f'[data-language="{code}"]')
        opened.settled()
        assert opened.page.evaluate("document.documentElement.lang") == code
        assert opened.page.inner_text('.pages a[href^="/?"]') == map_word
        assert opened.query == "region=XQA10&period=7d"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", ["fr", "en-XA"])
def test_longer_texts_are_not_cut_off(
    browser: Browser, served: str, code: str, size: tuple[int, int]
) -> None:
    with speaking(browser, served, code, size) as made:
        for path in PATHS:
            at(made, path, "fill=deaths_per_case&sel=XAB:incidents:1" if not path else "")
            assert made.page.evaluate(WIDER) <= 0
            cut = [text for text in made.page.evaluate(CUT_OFF, WHOLE) if code == "fr" or "face" in text]
            assert not cut, path


def test_the_scripts_say_what_the_server_said(browser: Browser, served: str) -> None:
    """In the pseudo-language, whatever is on the page stands in brackets, or is data."""
    with speaking(browser, served, "en-XA") as made:
        at(made, "", "sel=XAB:incidents:1")
        made.until("Object.values(window.watchfloor.map.drawn).some((n) => n > 20)")
        # over a mark: what the map itself puts together
        where = made.page.evaluate("""() => {
          const box = document.querySelector('.leaflet-container'), layers = box.wfMap.wfRenderer._layers;
          const mark = Object.values(layers).find((l) => l.wfSize && l.feature.properties.kind === 'cluster'
            && box.wfMap.getBounds().contains(l.getLatLng()));
          const at = box.wfMap.latLngToContainerPoint(mark.getLatLng()), r = box.getBoundingClientRect();
          return [r.left + at.x, r.top + at.y];
        }""")
        made.page.mouse.move(*where)
        made.page.wait_for_selector(".wf-tip")
        assert OPEN in made.page.inner_text(".wf-tip")
        for path in PATHS:
            if path:
                at(made, path)
            texts = made.page.evaluate(SAID)
            assert sum(OPEN in text for text in texts) > 60
            left = [text for text in texts if bare(text) and not known(text)]
            assert not left, path


def known(text: str) -> bool:
    """What a map or a chart says without words: units, ticks, times; and what the style sheet cuts in two."""
    plain = re.sub(r"[\u2068\u2069]", "", text)
    return bool(re.fullmatch(r"\d+ (?:km|m)|[\d.,]+k?|\d{1,2} [A-Z][a-z]{2}|20\d\d", plain)) or CLOSE in plain


@pytest.mark.parametrize("size", SIZES)
def test_right_to_left_the_page_is_mirrored(browser: Browser, served: str, size: tuple[int, int]) -> None:
    with speaking(browser, served, "ar-XB", size) as made:
        for path in PATHS:
            at(made, path, "sel=XAB:incidents:1")
            made.page.wait_for_selector(".drawer .record-id")
            assert made.page.evaluate(WIDER) <= 0
            rail, drawer = box(made, ".rail"), box(made, ".drawer")
            assert rail[1] == size[0]
            assert drawer[0] == 0
            drawn = box(made, ".map-panel")
            assert drawer[1] <= drawn[0] < drawn[1] <= rail[0]
            # a line of the rail: box, symbol, name, count, from right to left; a fact: its name, its value
            check, name = box(made, ".layers .box"), box(made, ".layers .name")
            assert check[0] >= name[1] > name[0] > box(made, ".layers .count")[1]
            assert box(made, ".drawer .facts dt")[0] >= box(made, ".drawer .facts dd")[1]


def test_right_to_left_land_and_time_run_as_everywhere(browser: Browser, served: str) -> None:
    with speaking(browser, served, "ar-XB") as made:
        at(made, "")
        made.until("window.watchfloor.map.drawn.regions > 0")
        west, east = made.page.evaluate(
            "() => [-78, -76].map((lng) => document.querySelector('.leaflet-container').wfMap"
            ".latLngToContainerPoint([18, lng]).x)"
        )
        assert west < east
        ticks = made.page.eval_on_selector_all(".xtick text", f"all => all.map({BOX})")
        assert ticks == sorted(ticks)
        assert len(ticks) > 2
        totals = made.page.eval_on_selector_all(".total", f"all => all.map({BOX})")
        assert totals == sorted(totals, reverse=True)
        for selector in (".face", ".layers .count", ".figure", ".dates"):
            assert made.page.eval_on_selector(selector, "e => getComputedStyle(e).unicodeBidi") == "plaintext"


def test_right_to_left_a_search_still_works(browser: Browser, served: str) -> None:
    with speaking(browser, served, "ar-XB") as made:
        made.go()
        made.page.wait_for_selector('.tree li[data-code="XQA01"]', state="attached")
        made.page.click("#region-search")
        made.page.keyboard.type("sector b")
        made.page.wait_for_selector(
            '#rail-regions.searching li[data-code="XQA10"].unmatched', state="attached"
        )
        made.page.keyboard.press("Enter")
        made.until("location.search.includes('region=XQA01')")


@pytest.mark.parametrize("code", ["fr", "en-XA", "ar-XB"])
def test_the_agreements_fit_in_every_language(browser: Browser, exercise: str, code: str) -> None:
    with speaking(browser, exercise, code, (390, 844)) as made:
        made.page.goto(f"{made.base}agreements")
        made.page.wait_for_selector(".policy-list li")
        made.still()
        assert made.page.evaluate(WIDER) <= 0


def test_right_to_left_a_click_opens_the_drawer_and_moves_nothing(browser: Browser, served: str) -> None:
    with speaking(browser, served, "ar-XB") as made:
        made.go()
        before = made.page.evaluate(MIDDLE_OF_A_MARK)
        made.page.mouse.click(*before["at"])
        made.page.wait_for_selector(".drawer .record-id")
        # a View that selects says its place too, so the mailed link opens where this one stands
        assert made.query.replace("%3A", ":").split("&")[0] == f"sel={before['id']}"
        made.still()
        after = made.page.evaluate(MIDDLE_OF_A_MARK)
        moved = [abs(one - other) for one, other in zip(before["at"], after["at"], strict=True)]
        assert max(moved) <= 2


MIDDLE_OF_A_MARK = """() => {
  const box = document.querySelector('.leaflet-container'), map = box.wfMap, r = box.getBoundingClientRect();
  const marks = Object.values(map.wfRenderer._layers)
    .filter((l) => l.wfSize && l.feature.properties.kind === 'point');
  const place = (l) => map.latLngToContainerPoint(l.getLatLng());
  const far = (l) => Math.hypot(place(l).x - r.width * 0.62, place(l).y - r.height / 2);
  const chosen = marks.find((l) => l.wfTop) || marks.sort((a, b) => far(a) - far(b))[0];
  const at = place(chosen);
  return { id: chosen.feature.properties.id, at: [r.left + at.x, r.top + at.y] };
}"""
