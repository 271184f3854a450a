"""An open page keeps itself current: the server tells that the viewer's own version changed, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from data.clock import system_clock
from data.exercise_clock import Course, write_course
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
PACES = "() => [...document.querySelectorAll('time.face')].map((face) => face.dataset.runs)"
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


VERSIONS = """() => {
  const channel = new BroadcastChannel("watchfloor-events");
  let number = 0;
  window.versions = setInterval(() => channel.postMessage(["version", `v${(number += 1)}`]), 20);
}"""
"""Another version every 20 ms, sooner than any answer, and without a pause."""


def test_a_feed_that_never_pauses_does_not_leave_the_picture_standing(page: Opened, home: Home) -> None:
    opened_at(page)
    page.page.evaluate(VERSIONS)
    for last in (8, 11):
        publish(home, incidents(last - 2, last))
        expect(page.page.locator(FIGURE)).to_have_text(str(last), timeout=PATIENCE)
    page.page.evaluate("clearInterval(versions)")


def test_the_clocks_of_an_open_page_go_as_the_exercise_does(page: Opened, home: Home) -> None:
    """An hour in a second while it is played; then they stand, without anything else that is told."""
    opened_at(page)
    assert page.page.evaluate(PACES) == ["1", "1"]
    now = system_clock()
    begins = datetime(2026, 10, 1, 6, tzinfo=UTC)
    played = Course.from_here(begins, 3600, now)
    write_course(home.exercise_clock_file, replace(played, until=now + timedelta(seconds=4)))
    expect(page.page.locator("time.face").first).to_contain_text("1 Oct 2026", timeout=PATIENCE)
    page.until(f"({PACES})().join() === '3600,3600'")
    page.until(f"({PACES})().join() === '0,0'")
    stands = page.page.locator("time.face").all_text_contents()
    assert stands == ["1 Oct 2026 10:00 UTC"] * 2
    page.page.wait_for_timeout(2_500)
    assert page.page.locator("time.face").all_text_contents() == stands


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


SLOW_ANSWERS = """() => {
  const asked = window.fetch;
  window.fetch = async (what, options) => {
    if (!String(what.url || what).includes('_dash-update-component')) return asked(what, options);
    if (window.slow) await new Promise((done) => { window.answers.push(done); });
    return asked(what, options);
  };
  window.answers = [];
  window.slow = true;
}"""
ANSWER = "() => { window.slow = false; window.answers.splice(0).forEach((done) => done()); }"
TOLD_AGAIN = """() => new BroadcastChannel('watchfloor-events')
  .postMessage(['version', document.querySelector('main[data-version]').dataset.version])"""
COVERED = "getComputedStyle(document.querySelector('#totals')).visibility === 'hidden'"
SAID = "getComputedStyle(document.querySelector('.rules-said')).visibility"


def put(home: Home, policy: str) -> None:
    draft = home.path / ".policy.toml.new"
    draft.write_text(policy, "utf-8")
    draft.replace(home.policy_file)


def test_a_picture_of_other_rules_is_covered_until_every_panel_is_drawn_anew(
    page: Opened, home: Home
) -> None:
    opened_at(page)
    before = home.policy_file.read_text("utf-8")
    page.page.evaluate(SLOW_ANSWERS)
    put(home, before.replace('parties = ["XAA", "XAB", "XAC"]', 'parties = ["XAA", "XAC"]'))
    page.until(COVERED)
    assert page.page.evaluate(SAID) == "visible"
    # What is told again meanwhile, by another tab or after a broken line, uncovers nothing.
    page.page.evaluate(TOLD_AGAIN)
    page.page.wait_for_timeout(1_000)
    assert page.page.evaluate(COVERED)
    page.page.evaluate(ANSWER)
    page.until(f"!({COVERED})")
    expect(page.page.locator(FIGURE)).not_to_have_text("5")
    assert page.page.evaluate(SAID) == "hidden"


def test_a_panel_that_is_not_drawn_anew_stays_covered_and_is_asked_again(page: Opened, home: Home) -> None:
    opened_at(page)
    questions = "**/_dash-update-component*"
    page.page.route(questions, lambda route: route.fulfill(status=500, body=""))
    before = home.policy_file.read_text("utf-8")
    put(home, before.replace('parties = ["XAA", "XAB", "XAC"]', 'parties = ["XAA", "XAC"]'))
    page.until(COVERED)
    page.page.wait_for_timeout(3_000)
    assert page.page.evaluate(COVERED)
    page.page.unroute(questions)
    page.until(f"!({COVERED})")
    expect(page.page.locator(FIGURE)).not_to_have_text("5")
    page.faults.clear()  # they are the test's own


def test_a_page_that_is_opened_while_rules_change_is_not_taken_for_todays(page: Opened, home: Home) -> None:
    """Its first word of the rules is of those that came after it was drawn."""
    opened_at(page)
    page.page.evaluate(SLOW_ANSWERS)
    page.page.evaluate("new BroadcastChannel('watchfloor-events').postMessage(['rules', 'others'])")
    page.until(COVERED)


def test_rules_of_others_cover_nothing(page: Opened, home: Home) -> None:
    opened_at(page)
    page.page.evaluate(
        "() => { window.rulesTold = 0; const was = watchfloor.rules.changed;"
        " watchfloor.rules.changed = () => { window.rulesTold += 1; was(); }; }"
    )
    head, tail = home.policy_file.read_text("utf-8").split('id = "cordia"')
    put(home, head + 'id = "cordia"' + tail.replace('clearance = "SENSITIVE"', 'clearance = "OPEN"', 1))
    page.page.wait_for_timeout(2_000)
    assert page.page.evaluate("rulesTold") == 0
    assert page.page.locator(FIGURE).inner_text() == "5"


def test_while_no_policy_can_be_read_nothing_is_shown(page: Opened, home: Home) -> None:
    opened_at(page)
    before = home.policy_file.read_text("utf-8")
    put(home, "this is no policy")
    page.until(COVERED)
    page.page.wait_for_timeout(1_000)
    assert page.page.evaluate(COVERED)
    put(home, before)
    page.until(f"!({COVERED})")
    expect(page.page.locator(FIGURE)).to_have_text("5", timeout=PATIENCE)
