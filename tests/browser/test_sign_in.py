"""Signing in, being signed out while a page is open, and coming back to the same View, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from data.home import Home
from data.sessions import Sessions
from tests.browser.conftest import Opened, visiting
from tests.chromium import free_port, served
from tests.dashboard.signing_in import PASSWORD, a_store

pytestmark = pytest.mark.browser

EXPECTED = ("401", "Failed to load resource")
VIEW = "region=XQA&period=30d"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """With accounts."""
    return a_store(tmp_path_factory.mktemp("home")).home


@pytest.fixture(scope="module")
def guarded(home: Home) -> Iterator[str]:
    """The application over the fake store, where people sign in."""
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    command = ["-m", "tests.dashboard.fake_server", str(port), str(home.path)]
    with served(command, f"{base}healthz", {"WATCHFLOOR_IDENTITY": "accounts"}):
        yield base


@pytest.fixture(params=[(1366, 768), (390, 844)], ids=["large", "small"])
def visitor(browser: Browser, guarded: str, request: pytest.FixtureRequest) -> Iterator[Opened]:
    with visiting(browser, guarded, request.param) as made:
        yield made
        made.faults[:] = [fault for fault in made.faults if not any(mark in fault for mark in EXPECTED)]


def enter(page: Page) -> None:
    page.fill("[name=account]", "alice")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def at_the_picture(page: Page) -> None:
    page.wait_for_selector("#totals :is(.total, .no-totals)", state="attached")


def choose(page: Page, changes: dict[str, str]) -> None:
    page.evaluate("(changes) => watchfloor.view.choose(changes)", changes)


def test_an_expired_session_is_told_and_leads_back_to_the_same_view(visitor: Opened, home: Home) -> None:
    page = visitor.page
    page.goto(f"{visitor.base}?{VIEW}")
    assert page.url.startswith(f"{visitor.base}sign-in?next=")
    enter(page)
    at_the_picture(page)
    visitor.still()
    assert visitor.query == VIEW
    shown = page.inner_html("#totals")
    Sessions(home).end_all("account:alice")
    choose(page, {"partner": "XAC"})
    notice = page.locator(".signed-out")
    notice.wait_for()
    assert "You are signed out" in notice.inner_text()
    assert page.inner_html("#totals") == shown
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, {"partner": ""})
    choose(page, {"partner": "XAC"})
    page.wait_for_timeout(600)
    assert [url for url in asked if "_dash-update" in url] == []
    expect(page.locator(".signed-out")).to_have_count(1)
    notice.get_by_role("link", name="Sign in again").click()
    page.wait_for_selector("[name=account]")
    enter(page)
    at_the_picture(page)
    visitor.still()
    assert visitor.query.split("&") == ["region=XQA", "period=30d", "partner=XAC"]
    expect(page.locator(".signed-out")).to_have_count(0)


def test_an_idle_page_is_told_too(visitor: Opened, home: Home) -> None:
    """Nobody has to press anything: the stream of versions ends, and the page asks why."""
    page = visitor.page
    page.goto(visitor.base)
    enter(page)
    at_the_picture(page)
    visitor.still()
    Sessions(home).end_all("account:alice")
    page.locator(".signed-out").wait_for(timeout=15_000)


def test_a_page_that_nobody_touches_says_so_with_what_it_asks(visitor: Opened) -> None:
    page = visitor.page
    page.clock.install()
    page.goto(visitor.base)
    enter(page)
    at_the_picture(page)
    said: list[str | None] = []
    page.on(
        "request",
        lambda asked: (
            said.append(asked.header_value("x-watchfloor-by-itself")) if "_dash-update" in asked.url else None
        ),
    )

    def asked_for(partner: str) -> set[str | None]:
        said.clear()
        choose(page, {"partner": partner})
        visitor.until("true")
        page.wait_for_timeout(1500)
        return set(said)

    page.mouse.move(30, 300)
    assert asked_for("XAC") == {None}
    page.clock.fast_forward(61_000)
    assert asked_for("XAB") == {"1"}
    page.mouse.move(60, 300)
    assert asked_for("XAC") == {None}


def test_who_signs_out_is_led_out_and_the_way_back_shows_nothing(visitor: Opened) -> None:
    page = visitor.page
    page.goto(visitor.base)
    enter(page)
    at_the_picture(page)
    visitor.still()
    if page.viewport_size and page.viewport_size["width"] < 700:
        page.click('[data-opens="menu"]')
    person = page.locator(".person > summary")
    assert "Alice" in person.inner_text()
    assert "XAB" in person.inner_text()
    person.click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in")
    page.go_back()
    page.wait_for_selector("[name=account]")
    assert page.locator("#totals").count() == 0


def test_a_refusal_is_told_and_read_out(visitor: Opened) -> None:
    page = visitor.page
    page.goto(f"{visitor.base}sign-in")
    page.fill("[name=account]", "alice")
    page.fill("[name=password]", "wrong")
    page.keyboard.press("Enter")
    said = page.get_by_role("alert")
    assert "could not be signed in" in said.inner_text()
    assert page.input_value("[name=password]") == ""


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_sign_in_page_is_for_everybody(visitor: Opened, scheme: str) -> None:
    page = visitor.page
    page.context.add_cookies([{"name": "watchfloor_scheme", "value": scheme, "url": visitor.base}])
    page.goto(f"{visitor.base}sign-in")
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tall = [page.locator(each).bounding_box() for each in ("[name=account]", "[name=password]", "button")]
    assert all(box is not None and box["height"] >= 44 for box in tall)
    focused = []
    for _ in range(4):
        focused.append(page.evaluate("document.activeElement.name || document.activeElement.textContent"))
        page.keyboard.press("Tab")
    assert focused[:3] == ["account", "password", "Sign in"]


def test_the_sign_in_page_speaks_french_in_its_width(visitor: Opened) -> None:
    page = visitor.page
    page.context.add_cookies([{"name": "watchfloor_language", "value": "fr", "url": visitor.base}])
    page.goto(f"{visitor.base}sign-in")
    assert page.get_by_role("button").inner_text() == "Se connecter"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
