"""Kept views and mailed links in Chromium: whose they are, and what another partner is told."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser


def test_a_view_is_kept_opened_and_removed(visitor: Opened) -> None:
    page = visitor.go("period=7d&layer=incidents")
    page.click(".saved-views summary")
    page.fill("[data-save-name]", "Incidents of the week")
    page.click("[data-save]")
    link = page.locator(".saved-link")
    expect(link).to_have_text("Incidents of the week")
    visitor.go()
    page.click(".saved-views summary")
    with page.expect_navigation():
        page.click(".saved-link")
    visitor.settled()
    assert visitor.query == "period=7d&layer=incidents"
    page.click(".saved-views summary")
    page.click(".saved-remove")
    expect(page.locator(".saved-link")).to_have_count(0)
    page.keyboard.press("Escape")
    assert page.locator(".saved-views[open]").count() == 0
    expect(page.locator(".saved-views summary")).to_be_focused()


def test_what_folds_out_of_the_header_closes_by_a_press_elsewhere(opened: Opened) -> None:
    page = opened.go()
    page.click(".saved-views summary")
    page.click("[data-save-name]")
    assert page.locator(".saved-views[open]").count() == 1
    page.click(".marking >> nth=0")
    assert page.locator(".saved-views[open]").count() == 0


def test_a_link_says_whose_it_is_and_another_partner_is_told(visitor: Opened) -> None:
    page = visitor.go("period=7d")
    page.click('#rail-layers [data-toggle="layer:incidents"]')
    visitor.settled()
    own = page.url
    assert own.endswith("#by=XAA")
    assert page.locator(".other-link").is_hidden()
    page.goto("about:blank")
    page.goto(own)
    visitor.settled()
    assert page.locator(".other-link").is_hidden()
    page.goto("about:blank")
    page.goto(own.replace("#by=XAA", "#by=XAD"))
    visitor.settled()
    assert "XAD made this link" in page.locator(".other-link").inner_text()
    assert "released to XAA" in page.locator(".other-link").inner_text()


def test_a_foreign_link_that_cannot_be_read_whole_is_told_of_twice(visitor: Opened) -> None:
    page = visitor.page
    page.goto("about:blank")
    page.goto(f"{visitor.base}?period=7d&fill=cases#by=XAD")
    visitor.settled()
    assert "Deaths per 100 cases (deaths_per_case)" in page.locator(".notices").inner_text()
    assert "XAD made this link" in page.locator(".other-link").inner_text()


def test_another_persona_of_ones_own_choice_is_no_foreign_link(visitor: Opened) -> None:
    page = visitor.go("period=7d")
    page.click('#rail-layers [data-toggle="layer:incidents"]')
    visitor.settled()
    other = page.locator("#persona option").nth(4).get_attribute("value")
    with page.expect_navigation():
        page.select_option("#persona", other)
    visitor.settled()
    assert page.locator(".other-link").is_hidden()


def test_an_address_whose_end_cannot_be_read_opens_the_page(opened: Opened) -> None:
    page = opened.page
    page.goto(f"{opened.base}?period=7d#%zz")
    opened.settled()
    assert page.locator(".other-link").is_hidden()
    assert opened.query == "period=7d"
