"""On a line of 256 kbit/s and 800 ms: what the first visit and a click weigh, and that the page stays usable.

Weight does not hang on speed, so the large page's first visit is weighed on a fast line; the small one's is
made on the slow line, as in the field.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Opened, visiting

pytestmark = pytest.mark.browser

FIRST_VISIT = 4_000_000
CLICK = 60_000
SLOW = {"offline": False, "latency": 800, "downloadThroughput": 32_000, "uploadThroughput": 32_000}
FAST = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
LARGE, SMALL = (1366, 768), (390, 844)
UPDATE = "/_dash-update-component"
CHART = "/plotly.min.js"

WAITING = """() => document.querySelector("[data-dash-is-loading]") !== null
  && getComputedStyle(document.querySelector(".picture"), "::after").animationName === "pass"
"""

CLICKS = {
    "a layer": '#rail-layers [data-toggle="layer:deliveries"]',
    "a period": '#rail-period [data-set^="period=7d"]',
    "a region": "#rail-regions .tree > li:nth-child(4) > .line .check",
    "a partner": "#rail-partners .checks li:nth-child(2) .check",
    "a knowledge time": ".known-steps button.step",
}


class Line:
    """What comes over the line to one page, headers included, by kind and callback."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._asked: dict[str, str] = {}
        self.weights: Counter[str] = Counter()
        self._session.send("Network.enable")
        self._session.send("Network.setCacheDisabled", {"cacheDisabled": False})
        self._session.on("Network.requestWillBeSent", self._begun)
        self._session.on("Network.loadingFinished", self._came)

    def become(self, conditions: Mapping[str, Any]) -> None:
        self._session.send("Network.emulateNetworkConditions", dict(conditions))

    @property
    def total(self) -> int:
        return sum(self.weights.values())

    def told(self) -> str:
        return "\n".join(f"{weight:>9,} {name}" for name, weight in self.weights.most_common(14))

    def _begun(self, event: Mapping[str, Any]) -> None:
        request = event["request"]
        name = urlsplit(request["url"]).path
        if name == UPDATE:
            name = "callback " + str(json.loads(request["postData"])["output"])[:60]
        self._asked[event["requestId"]] = name

    def _came(self, event: Mapping[str, Any]) -> None:
        if event["requestId"] in self._asked:
            self.weights[self._asked[event["requestId"]]] += int(event["encodedDataLength"])


@pytest.fixture(params=[LARGE, SMALL], ids=["large", "small"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def visitor(browser: Browser, exercise: str, size: tuple[int, int]) -> Iterator[Opened]:
    with visiting(browser, exercise, size) as made:
        yield made


def first_visit(visitor: Opened, size: tuple[int, int]) -> Line:
    line = Line(visitor.page)
    line.become(SLOW if size == SMALL else FAST)
    visitor.page.goto(visitor.base, timeout=180_000)
    visitor.page.wait_for_selector("#totals .total", timeout=180_000)
    visitor.until("window.watchfloor.map.drawn.regions > 0", limit=180)
    visitor.still(limit=180)
    if size == LARGE:
        visitor.page.wait_for_selector("#timeline .main-svg", state="attached")
    return line


def test_first_visit_and_clicks_are_light_and_the_page_says_that_it_waits(
    visitor: Opened, size: tuple[int, int]
) -> None:
    page = visitor.page
    line = first_visit(visitor, size)
    assert line.total <= FIRST_VISIT, line.told()
    assert (CHART in "".join(line.weights)) is (size == LARGE), "a small screen has not opened its timeline"

    line.become(SLOW)
    if size == SMALL:
        page.click('[data-opens="rail"]')
    page.click("#rail-partners summary")
    for name, control in CLICKS.items():
        figure = page.locator('[data-total="events"] .figure').inner_text()
        before, line.weights = visitor.query, Counter()
        page.click(control)
        assert visitor.query != before, name
        visitor.until(f"({WAITING})()")
        visitor.still(limit=180)
        assert line.total > 0, name
        assert line.total <= CLICK, f"{name}: {line.total:,}\n{line.told()}"
        if name != "a layer":
            expect(page.locator('[data-total="events"] .figure')).not_to_have_text(figure)
        assert page.locator("#fault .notice, .not-available").count() == 0, name
        page.go_back()
        visitor.still(limit=180)
        expect(page.locator('[data-total="events"] .figure')).to_have_text(figure)


@pytest.mark.parametrize("size", [SMALL], ids=["small"])
def test_the_chart_is_announced_until_it_comes(visitor: Opened, size: tuple[int, int]) -> None:
    """Its library takes longer here than the thirty seconds that Dash gives it."""
    line = Line(visitor.page)
    visitor.page.goto(visitor.base)
    visitor.page.wait_for_selector("#totals .total")
    visitor.still(limit=180)
    line.become(SLOW)
    visitor.page.click('[data-opens="times"]')
    expect(visitor.page.locator(".timeline-panel .waiting")).to_be_visible()
    visitor.page.wait_for_selector("#timeline .main-svg", timeout=180_000)
    expect(visitor.page.locator(".timeline-panel .waiting")).to_be_hidden()
    visitor.until("document.querySelector('#timeline .js-plotly-plot')._fullLayout.width > 300")
