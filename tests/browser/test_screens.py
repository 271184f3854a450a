"""A wall from its code to its end, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from data.home import Home
from data.schema import INCIDENTS
from data.screens import Screen, Screens
from tests.browser.conftest import serving, visiting
from tests.factories import a_home, a_publication, a_row, publish

pytestmark = pytest.mark.browser


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = a_home(tmp_path)
    publish(made, a_publication(INCIDENTS, [a_row(INCIDENTS, n) for n in range(1, 4)]))
    return made


@pytest.fixture
def base(home: Home) -> Iterator[str]:
    with serving(home.path) as found:
        yield found


def test_a_wall_is_enrolled_looks_and_is_taken_back(browser: Browser, base: str, home: Home) -> None:
    with visiting(browser, base) as made:
        page, screens = made.page, Screens(home)
        page.goto(f"{base}screen")
        code = page.inner_text(".code").replace(" ", "")
        screens.enrol(code, Screen("wall", "Passage wall", ("XAA", "XAB"), "OPEN"))
        page.wait_for_selector("#totals .total", timeout=30_000)
        made.still()
        assert "Passage wall" in page.inner_text(".person")
        for gone in ("#persona", "nav.pages a", ".tools", ".search-row", "[data-language]"):
            assert page.locator(f"{gone}:visible").count() == 0, gone
        assert made.faults == []
        screens.revoke("wall")
        page.wait_for_selector(".code", timeout=60_000)
        expect(page.locator("#map")).to_have_count(0)
        assert page.inner_text(".code").replace(" ", "") != code
        made.faults[:] = [fault for fault in made.faults if "401" not in fault]
