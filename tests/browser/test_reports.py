"""A record that is reported leaves open pages at once, and returns when its originator releases it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from data.home import Home
from data.schema import INCIDENTS
from tests.browser.conftest import Opened, serving, visiting
from tests.factories import OPEN_TO_ALL, POLICY, a_home, a_publication, a_row, publish

pytestmark = pytest.mark.browser

FIGURE = '[data-total="events"] .figure'
PATIENCE = 20_000
"""Milliseconds."""

RELEASER = """
[[persona]]
id = "owner"
name = "Aldara releaser"
partner = "XAA"
roles = ["viewer", "releaser"]
clearance = "SENSITIVE"
categories = []
regions = "all"
"""


EVERYBODY = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = a_home(tmp_path, POLICY + RELEASER)
    publish(made, a_publication(INCIDENTS, [a_row(INCIDENTS, n) for n in range(1, 6)], (OPEN_TO_ALL,)))
    return made


@pytest.fixture
def two(browser: Browser, home: Home) -> Iterator[tuple[Opened, Opened]]:
    with serving(home.path) as base, visiting(browser, base) as one, visiting(browser, base) as other:
        yield one, other


def seen_by(opened: Opened, persona: str, query: str = "") -> Page:
    page = opened.page
    page.goto(opened.base)
    expect(page.locator(FIGURE)).to_have_text("5", timeout=PATIENCE)
    with page.expect_navigation():
        page.select_option("#persona", persona)
    expect(page.locator(FIGURE)).to_have_text("5", timeout=PATIENCE)
    page.goto(opened.base + query)
    expect(page.locator(FIGURE)).to_have_text("5", timeout=PATIENCE)
    return page


def grave(page: Page, part: str) -> list[str]:
    """What axe-core finds in a part of the page that is serious or worse, contrast and sizes too."""
    found = Axe().run(page, context=part, options=EVERYBODY).response
    return [one["id"] for one in found["violations"] if one["impact"] in ("serious", "critical")]


def test_a_report_takes_a_mark_off_an_open_page_until_its_owner_releases_it(
    two: tuple[Opened, Opened],
) -> None:
    theirs = seen_by(two[0], "borland", "?sel=XAA:test:3")
    owner = seen_by(two[1], "owner")

    theirs.get_by_text("Report unsafe or wrong data").click()
    assert grave(theirs, ".report") == []
    theirs.locator('[data-part="reason"]').select_option("place")
    theirs.locator('[data-part="remark"]').fill("a <b>bridge</b>")
    theirs.locator(".report [data-act]").click()
    expect(theirs.locator(".of-press")).to_contain_text("XAA", timeout=PATIENCE)
    expect(theirs.locator(FIGURE)).to_have_text("4", timeout=PATIENCE)
    expect(theirs.locator("#details")).not_to_contain_text("Record 3", timeout=PATIENCE)
    expect(owner.locator(FIGURE)).to_have_text("5")

    owner.goto(two[1].base + "?sel=XAA:test:3")
    expect(owner.locator(".withheld-note")).to_be_visible(timeout=PATIENCE)
    assert grave(owner, ".withheld-note") == []
    owner.goto(two[1].base + "accountability")
    expect(owner.locator(".reported")).to_contain_text("a <b>bridge</b>", timeout=PATIENCE)
    assert grave(owner, ".policy-panel") == []
    owner.get_by_role("button", name="Release again").click()
    expect(owner.locator(".reported")).to_contain_text("released again", timeout=PATIENCE)
    expect(theirs.locator(FIGURE)).to_have_text("5", timeout=PATIENCE)
