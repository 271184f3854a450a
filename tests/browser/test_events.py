"""An open page keeps itself current: the server tells that the viewer's own version changed, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from data.home import Home
from data.labels import Label
from data.lake import Publication
from data.schema import INCIDENTS
from tests.browser.conftest import Opened, serving, visiting
from tests.factories import OPEN_TO_ALL, POLICY, a_home, a_publication, a_row, publish

pytestmark = pytest.mark.browser

HIDDEN = Label("XAA", "TEST", "SENSITIVE")
FIGURE = '[data-total="events"] .figure'
PLACE = "() => [watchfloor.view.map().getCenter().lat, watchfloor.view.map().getZoom()]"
COUNT_MESSAGES = """() => {
  window.told = 0;
  document.addEventListener('watchfloor:renewed', () => { window.told += 1; });
}"""
PATIENCE = 20_000
"""Milliseconds."""

PAGES = 8
"""More than the six connections that a browser opens to a host."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Five incidents for everybody, of an exercise of which "borland" is the first persona."""
    made = a_home(tmp_path, borland_first(POLICY))
    publish(made, incidents(1, 5))
    return made


@pytest.fixture
def page(browser: Browser, home: Home) -> Iterator[Opened]:
    with serving(home.path) as base, visiting(browser, base) as opened:
        yield opened


def borland_first(policy: str) -> str:
    head, *personas = policy.split("[[persona]]")
    return "[[persona]]".join([head, *sorted(personas, key=lambda text: 'id = "borland"' not in text)])


def incidents(first: int, last: int, label: Label = OPEN_TO_ALL) -> Publication:
    return a_publication(INCIDENTS, [a_row(INCIDENTS, n) for n in range(first, last + 1)], (label,))


def opened_at(page: Opened, query: str = "") -> None:
    page.page.goto(page.base + (f"?{query}" if query else ""))
    expect(page.page.locator(FIGURE)).to_have_text("5", timeout=PATIENCE)
    page.still()


def test_what_is_released_while_a_page_is_open_is_on_it(page: Opened, home: Home) -> None:
    opened_at(page, "at=18.9,-70.3,8")
    place = page.page.evaluate(PLACE)
    publish(home, incidents(6, 8))
    expect(page.page.locator(FIGURE)).to_have_text("8", timeout=PATIENCE)
    page.still()
    assert page.page.evaluate(PLACE) == place
    assert page.query == "at=18.9,-70.3,8"


def test_what_is_hidden_moves_nothing(page: Opened, home: Home) -> None:
    opened_at(page)
    page.page.evaluate(COUNT_MESSAGES)
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    publish(home, incidents(20, 24, HIDDEN))
    page.page.wait_for_timeout(2_000)
    assert (page.page.evaluate("told"), asked) == (0, [])
    publish(home, incidents(6, 6))
    page.until("told === 1")


def test_a_tightened_policy_is_in_force_on_a_page_that_is_open(page: Opened, home: Home) -> None:
    opened_at(page)
    policy = home.policy_file.read_text("utf-8").replace(
        'parties = ["XAA", "XAB", "XAC"]', 'parties = ["XAA", "XAC"]'
    )
    draft = home.path / ".policy.toml.new"
    draft.write_text(policy, "utf-8")
    draft.replace(home.policy_file)
    expect(page.page.locator("#totals")).not_to_contain_text("5", timeout=PATIENCE)


def test_the_table_fetches_its_rows_anew(page: Opened, home: Home) -> None:
    page.page.goto(page.base + "table")
    expect(page.page.locator("#records-count")).to_contain_text("5 records", timeout=PATIENCE)
    publish(home, incidents(6, 8))
    expect(page.page.locator("#records-count")).to_contain_text("8 records", timeout=PATIENCE)
    expect(page.page.locator(".ag-center-cols-container .ag-row")).to_have_count(8, timeout=PATIENCE)


def test_eight_pages_of_one_browser_are_all_told(page: Opened, home: Home) -> None:
    opened_at(page)
    others = [page.page.context.new_page() for _ in range(PAGES - 1)]
    for other in others:
        other.goto(page.base)
        expect(other.locator(FIGURE)).to_have_text("5", timeout=PATIENCE)
    publish(home, incidents(6, 6))
    for each in (page.page, *others):
        expect(each.locator(FIGURE)).to_have_text("6", timeout=PATIENCE)
    # The page that listened goes; another one takes its place.
    page.page.close()
    publish(home, incidents(7, 7))
    for other in others:
        expect(other.locator(FIGURE)).to_have_text("7", timeout=PATIENCE)
