"""The search in Chromium: keys, choices, and that a persona finds only what it was given."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from data.filters import Filter
from data.home import Home
from data.search import search
from data.search_text import SearchText
from data.store import Store
from tests.browser.conftest import Opened
from tests.browser.test_operations import become

pytestmark = pytest.mark.browser

CENTRE = "(() => { const c = watchfloor.view.map().getCenter(); return [c.lat, c.lng]; })()"


def look(page: Page, text: str) -> None:
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type(text)
    expect(page.locator(f'#found.open [data-asked="{text}"]')).to_be_visible()


def test_a_town_moves_the_map(visitor: Opened) -> None:
    page = visitor.go()
    look(page, "santo domingo")
    assert page.locator("#search").get_attribute("aria-expanded") == "true"
    page.locator("#found [role=option]", has_text="Capital · Dominican").click()
    assert page.evaluate(CENTRE) == pytest.approx([18.49, -69.9], abs=0.1)
    expect(page.locator("#found")).not_to_have_class("found open")
    expect(page.locator("#search")).to_have_value("")
    visitor.until("location.search.startsWith('?at=')")


def test_a_region_is_chosen_by_its_code_with_keys_alone(visitor: Opened) -> None:
    page = visitor.go()
    look(page, "hti-s0201")
    page.keyboard.press("ArrowDown")
    first = page.locator("#found [role=option]").first
    expect(first).to_have_attribute("aria-selected", "true")
    assert page.locator("#search").get_attribute("aria-activedescendant") == first.get_attribute("id")
    page.keyboard.press("Enter")
    visitor.until("location.search.includes('region=HTI-S0201')")
    assert "sel=" not in visitor.query
    visitor.until("watchfloor.view.map().getZoom() >= 8")


def test_a_record_is_selected_and_the_map_is_brought_there(visitor: Opened, exercise_home: Home) -> None:
    store = Store.open(exercise_home)
    released = store.released_to(store.policy().viewer("aldara-commander"))
    wanted = SearchText.of("bridge scoured")
    assert wanted is not None
    record = next(r for r in search(released, wanted, Filter()).records if r.latitude is not None)
    store.close()
    page = visitor.go()
    become(visitor, "aldara-commander")
    look(page, record.record_id)
    page.keyboard.press("Enter")
    expect(page.locator(".drawer .record-id")).to_have_text(record.record_id)
    here = f"watchfloor.view.map().getBounds().contains([{record.latitude}, {record.longitude}])"
    visitor.until(f"watchfloor.view.map().getZoom() >= 9 && {here}")


def test_another_persona_does_not_find_it(visitor: Opened, exercise_home: Home) -> None:
    store = Store.open(exercise_home)
    ids = [
        set(
            store.released_to(store.policy().viewer(persona))
            .ask("SELECT record_id FROM released.incidents WHERE known_until IS NULL")
            .column(0)
            .to_pylist()
        )
        for persona in ("aldara-commander", "ternfield-observer")
    ]
    store.close()
    hidden = min(ids[0] - ids[1])
    page = visitor.go()
    become(visitor, "ternfield-observer")
    look(page, hidden)
    expect(page.locator("#found [role=option]")).to_have_count(0)
    expect(page.locator(".found-none")).to_contain_text("released to you")


def test_nothing_found_says_so_and_escape_leaves(visitor: Opened) -> None:
    page = visitor.go()
    look(page, "qqqqqq")
    expect(page.locator(".found-none")).to_contain_text("“qqqqqq”")
    page.keyboard.press("Escape")
    expect(page.locator(".found-none")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_have_value("")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_an_answer_comes_for_the_text_in_the_field_alone(visitor: Opened) -> None:
    page = visitor.go()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.post_data or "") if "found" in (r.post_data or "") else None)
    look(page, "port-au-prince")
    page.wait_for_timeout(600)
    assert len(asked) == 1
    assert page.locator("#found [role=option]").count() <= 20
