"""The second clock, what changed, side by side, and play, in Chromium over the sample exercise."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from dashboard.view import View
from data.changes import CHANGE_KINDS, changes, steps
from data.home import Home
from data.released import Released
from data.store import Store
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

LAYERS = ("incidents", "military", "presence", "deliveries")
SINCE = "2026-09-20T00:00:00Z"
BADGES = """() => {
  const found = {};
  watchfloor.view.map().eachLayer((layer) => {
    const p = layer.feature && layer.feature.properties;
    if (p && p.change) found[p.change] = (found[p.change] || 0) + (p.count || 1);
  });
  return found;
}"""
PLACES = """() => [...document.querySelectorAll(".compared-map .leaflet-container")].map((box) => {
  const c = box.wfMap.getCenter();
  return [c.lat.toFixed(3), c.lng.toFixed(3), box.wfMap.getZoom()].join();
})"""


@pytest.fixture(scope="module")
def released(exercise_home: Home) -> Released:
    store = Store.open(exercise_home)
    return store.released_to(store.policy().viewer(next(iter(store.policy().personas))))


def opened_at(visitor: Opened, address: str, ready: str) -> None:
    visitor.page.goto(visitor.base + address)
    settled(visitor, ready)


def settled(visitor: Opened, ready: str) -> None:
    visitor.page.wait_for_selector(ready)
    visitor.still()


def test_a_bar_leads_to_what_was_known_then_and_back(visitor: Opened, released: Released) -> None:
    page = visitor.go()
    found = steps(released, View().to_filter(released.now), LAYERS, 48)
    bars = page.locator(".known-bar")
    assert bars.count() == len(found)
    before = page.locator('[data-total="events"] .figure').inner_text()
    bars.nth(10).click()
    visitor.settled()
    assert parse_qs(visitor.query)["known"] == [f"{found[10].at:%Y-%m-%dT%H:%M:%SZ}"]
    expect(page.locator('[data-total="events"] .figure')).not_to_have_text(before)
    assert "As known at" in page.locator(".known-words").inner_text()
    page.click(".known-steps button.step:last-child")
    visitor.settled()
    assert parse_qs(visitor.query)["known"] == [f"{found[11].at:%Y-%m-%dT%H:%M:%SZ}"]
    page.click('.knowledge [data-set="known="]')
    visitor.settled()
    assert visitor.query == ""
    expect(page.locator('[data-total="events"] .figure')).to_have_text(before)


def test_a_time_typed_by_hand_is_the_knowledge_time(visitor: Opened) -> None:
    page = visitor.go()
    page.fill('input[data-time="known"]', "2026-09-05 10:00")
    page.keyboard.press("Enter")
    visitor.settled()
    assert visitor.query == "known=2026-09-05T10:00:00Z"
    page.fill('input[data-time="known"]', "last week")
    page.keyboard.press("Enter")
    assert page.locator('input[data-time="known"]').get_attribute("aria-invalid") == "true"
    assert visitor.query == "known=2026-09-05T10:00:00Z"


def test_days_typed_by_hand_are_the_period(visitor: Opened) -> None:
    page = visitor.go()
    page.click(".days-fold summary")
    page.fill('input[data-time="from"]', "2026-08-25")
    page.fill('input[data-time="to"]', "2026-08-31")
    page.keyboard.press("Enter")
    visitor.settled()
    assert visitor.query == "from=2026-08-25T00:00:00Z&to=2026-09-01T00:00:00Z"
    page.fill('input[data-time="to"]', "2026-08-30 18:00")
    page.keyboard.press("Enter")
    visitor.settled()
    assert visitor.query == "from=2026-08-25T00:00:00Z&to=2026-08-30T18:00:00Z"
    expect(page.locator('input[data-time="to"]')).to_have_value("2026-08-30 18:00")
    page.fill('input[data-time="from"]', "2026-08-26")
    page.keyboard.press("Enter")
    visitor.settled()
    assert visitor.query == "from=2026-08-26T00:00:00Z&to=2026-08-30T18:00:00Z"


@pytest.mark.parametrize(
    "typed", ["2026-02-31", "2026-13-01", "2026-08-30 24:00", "2026-08-30 18:60", "soon"]
)
def test_a_day_that_there_is_not_is_refused_in_a_sentence(opened: Opened, typed: str) -> None:
    page = opened.go()
    page.click(".days-fold summary")
    field = page.locator('input[data-time="from"]')
    field.fill(typed)
    page.keyboard.press("Enter")
    fault = page.locator('.time-field:has([data-time="from"]) .wrong')
    expect(fault).to_contain_text("There is no such time")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert opened.query == ""
    page.click('#rail-period [data-set^="period=30d"]')
    expect(fault).to_have_text("")
    expect(field).not_to_have_value(typed)


def test_a_period_that_ends_before_it_begins_is_refused_in_a_sentence(opened: Opened) -> None:
    period = "from=2026-08-25T00:00:00Z&to=2026-09-01T00:00:00Z"
    page = opened.go(period)
    page.click(".days-fold summary")
    page.fill('input[data-time="to"]', "2026-08-20")
    page.keyboard.press("Enter")
    expect(page.locator('.time-field:has([data-time="to"]) .wrong')).to_contain_text("before it begins")
    assert opened.query == period


def test_what_changed_is_listed_and_drawn(visitor: Opened, released: Released) -> None:
    opened_at(visitor, f"changes?compare={SINCE}", "#changes-list .change-row")
    view = View.from_query(f"compare={SINCE}")[0]
    found = changes(released, view.to_filter(released.now), LAYERS, view.compare)  # type: ignore[arg-type]
    for kind in CHANGE_KINDS:
        told = visitor.page.locator(f'.changes-count[data-name="{kind}"] strong').inner_text()
        counted = int(told.split()[0].replace(",", ""))
        assert counted == sum(n for (_l, one), n in found.counts.items() if one == kind)
    ids = visitor.page.eval_on_selector_all(
        "#changes-list li[data-code]", "all => all.map(e => e.dataset.code)"
    )
    assert ids == [change.values["record_id"] for change in found.newest]
    drawn = visitor.page.evaluate(BADGES)
    assert set(drawn) == set(CHANGE_KINDS)
    visitor.page.click("#changes-list .change-row >> nth=0")
    settled(visitor, "#details .record-id")
    assert visitor.page.locator("#details .record-id").inner_text() == ids[0]


def test_a_persona_is_told_of_its_own_changes_only(visitor: Opened, exercise_home: Home) -> None:
    store = Store.open(exercise_home)
    opened_at(visitor, f"changes?compare={SINCE}", "#changes-list .change-row")
    for persona in list(store.policy().personas)[1:3]:
        with visitor.page.expect_navigation():
            visitor.page.select_option("#persona", persona)
        settled(visitor, ".changes-count")
        seen = store.released_to(store.policy().viewer(persona))
        view = View.from_query(f"compare={SINCE}")[0]
        found = changes(seen, view.to_filter(seen.now), LAYERS, view.compare)  # type: ignore[arg-type]
        ids = visitor.page.eval_on_selector_all(
            "#changes-list li[data-code]", "all => all.map(e => e.dataset.code)"
        )
        assert ids == [change.values["record_id"] for change in found.newest]
    store.close()


def test_two_maps_move_together(visitor: Opened) -> None:
    opened_at(visitor, "compare?period=7d", ".totals.compared .total")
    visitor.until("document.querySelectorAll('.compared-map .leaflet-container').length === 2")
    visitor.page.evaluate("void watchfloor.view.map().setView([18.5, -72.3], 8, { animate: false })")
    settled(visitor, ".totals.compared")
    assert visitor.page.evaluate(PLACES) == ["18.500,-72.300,8"] * 2
    visitor.page.evaluate(
        "void document.querySelector('#earlier').wfMap.setView([20, -75], 7, { animate: false })"
    )
    settled(visitor, ".totals.compared")
    assert visitor.page.evaluate(PLACES) == ["20.000,-75.000,7"] * 2
    visitor.until("window.location.search.includes('at=20,-75,7')")


def test_a_comparison_says_what_it_holds_against_what(visitor: Opened) -> None:
    opened_at(visitor, "compare?period=7d", ".totals.compared .total")
    assert visitor.page.locator("#earlier-title").inner_text() == "20 Sep – 27 Sep 2026"
    assert visitor.page.locator("#later-title").inner_text() == "27 Sep – 4 Oct 2026"
    visitor.page.click('.compared-group button:has-text("30 d")')
    settled(visitor, ".totals.compared .total")
    assert "as known 4 Sep 2026" in visitor.page.locator("#earlier-title").inner_text()
    assert visitor.page.locator(".compared-group [aria-pressed='true']").inner_text() == "30 d"


def test_both_legends_of_a_comparison_are_of_one_scale(visitor: Opened) -> None:
    # By themselves the earlier symbols would be drawn up to 50 cases, the later ones up to 200.
    earlier, later = (
        "2026-08-27T00:00:00Z/2026-09-03T00:00:00Z",
        "2026-09-03T00:00:00Z&to=2026-09-10T00:00:00Z",
    )
    opened_at(visitor, f"compare?from={later}&layer=incidents&compare={earlier}", ".totals.compared .total")
    sizes = [
        visitor.page.locator(f"#{name}-legend .size").all_text_contents() for name in ("earlier", "later")
    ]
    assert sizes == [["200", "50", "5"]] * 2


def test_play_runs_over_time_and_what_is_stopped_at_is_the_view(visitor: Opened) -> None:
    page = visitor.go()
    page.click('[data-play="speed"][data-speed="4"]')
    page.click('[data-play="play"]')
    visitor.until("watchfloor.play.shown() > 2", limit=30)
    assert page.evaluate("document.documentElement.classList.contains('playing')")
    page.click('[data-play="play"]')
    visitor.settled()
    query = parse_qs(visitor.query)
    figure = page.locator('[data-total="events"] .figure').inner_text()
    assert set(query) == {"from", "to"}
    page.reload()
    visitor.settled()
    assert page.locator('[data-total="events"] .figure').inner_text() == figure
    page.keyboard.press(".")
    visitor.settled()
    assert parse_qs(visitor.query)["from"] > query["from"]
    page.keyboard.press(",")
    visitor.settled()
    assert parse_qs(visitor.query) == query


def test_a_choice_while_it_plays_ends_the_play(visitor: Opened) -> None:
    page = visitor.go()
    page.click('[data-play="play"]')
    visitor.until("watchfloor.play.shown() > 0", limit=30)
    page.click('#rail-layers [data-toggle="layer:deliveries"]')
    visitor.settled()
    assert not page.evaluate("watchfloor.play.playing()")
    assert "layer=" in visitor.query
    assert page.locator("#play-said").inner_text() == "Play the period over time"
