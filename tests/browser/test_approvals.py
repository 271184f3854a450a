"""Approving a change on the page: two presses each, and it is in force with the second person's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from data.home import Home
from data.policy_change import carry_out, current, propose
from data.schema import INCIDENTS
from tests.browser.conftest import serving, visiting
from tests.factories import a_home, a_publication, a_row, publish
from tests.recording import unrecorded
from tests.release.test_approvals import RELEASERS, WIDER

pytestmark = pytest.mark.browser

PATIENCE = 20_000
"""Milliseconds."""


@pytest.fixture
def waiting_home(tmp_path: Path) -> Home:
    """A wider policy waits for two releasers."""
    home = a_home(tmp_path, RELEASERS)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, n) for n in range(1, 4)]))
    proposer = current(home).parsed().viewer("cordia").identities[0]
    carry_out(home, propose(home, WIDER.encode(), "wider.toml"), proposer, record=unrecorded)
    return home


@pytest.fixture
def base(waiting_home: Home) -> Iterator[str]:
    with serving(waiting_home.path) as found:
        yield found


def become(page: Page, persona: str) -> None:
    page.locator("#persona").select_option(persona)
    page.wait_for_load_state("load")
    page.wait_for_selector(".policy-title")


def test_two_people_press_twice_each(browser: Browser, base: str, waiting_home: Home) -> None:
    before = waiting_home.policy_file.read_text()
    for persona, after in (("aldara", before), ("borland", WIDER)):
        with visiting(browser, base) as made:
            page = made.page
            page.goto(f"{base}agreements")
            page.wait_for_selector(".policy-title")
            become(page, persona)
            button = page.locator("[data-act]")
            expect(button).to_have_text("Approve")
            button.click()
            expect(button).to_have_text("Press again to approve for good")
            assert waiting_home.policy_file.read_text() == before, "one press does nothing"
            button.click()
            expect(button).to_have_count(0, timeout=PATIENCE)
            assert waiting_home.policy_file.read_text() == after
