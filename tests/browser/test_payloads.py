"""T12: texts that would run, in every text field and every widget: none does, with our CSP and without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from dashboard.ids import Id
from data import saved_views
from data.listed import LISTED
from tests.browser.conftest import run_command, serving
from tests.browser.payloads import PAYLOADS, a_home_of_payloads, files_of_payloads
from tests.chromium import free_port, served
from tests.dashboard.signing_in import a_store
from tests.sizes import figure, size

pytestmark = pytest.mark.browser

TRIPWIRE = """(() => {
  window.__hits = [];
  Object.defineProperty(window, "__xss", { set(hit) { window.__hits.push(String(hit)); } });
})()"""
GROWN = """() => [...document.querySelectorAll("*")].filter((each) =>
    [...each.attributes].some((a) => a.name.startsWith("on") && a.value.includes("__xss")) ||
    /^\\s*(javascript|data:text)/i.test(each.getAttribute("href") || each.getAttribute("src") || "") ||
    (each.tagName === "SCRIPT" && each.textContent.includes("window.__xss="))
  ).map((each) => each.outerHTML.slice(0, 200))"""
"""Elements that a payload has become, whether or not it has run yet."""

HOVERED = """() => watchfloor.view.map().eachLayer((layer) => {
  if (!layer.feature || !layer.fire) return;
  const latlng = layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
  layer.fire("mouseover", { latlng, propagatedFrom: layer });
})"""
SHOWN = "document.body.textContent.includes('__xss')"
HERE = "127.0.0.1"
LAYERS = "incidents,military,presence,deliveries,ports"
PAGES = ("", "table", "changes", "compare", "agreements", "accountability")


@dataclass
class Watched:
    """A page and all that ran in it."""

    page: Page
    base: str
    ran: list[str] = field(default_factory=list)
    looked: int = 0

    def look(self, where: str) -> None:
        """Fails when anything has run, or has become an element that could."""
        self.page.wait_for_timeout(150)
        self.looked += 1
        assert self.page.evaluate("window.__hits") == [], where
        assert self.page.evaluate(GROWN) == [], where
        assert self.ran == [], where


@pytest.fixture(scope="module")
def home_of_payloads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The address of the application over it, and the ids of its records."""
    folder = tmp_path_factory.mktemp("payloads")
    home, ids = a_home_of_payloads(folder / "home", size("xss_payloads"))
    regions, ports = files_of_payloads(folder)
    told = ("--code", "code", "--name", "name", "--parent", "parent", "--version", "2026-01-01")
    run_command(home.path, "regions", "load", str(regions), "--level", "1", *told)
    label = ("--originator", "XAA", "--level", "OPEN", "--releasable-to", "PUBLIC")
    run_command(home.path, "reference", "load", str(ports), "--kind", "port", *label)
    who = home.policy().viewer("aldara").identities[0]
    for payload in PAYLOADS[:20]:
        saved_views.save(home, who, saved_views.name_of(payload[:60]), ("/", ""), shared=True)
    with serving(home.path) as base:
        yield base, ids


@pytest.fixture(params=[False, True], ids=["with CSP", "without CSP"])
def watched(
    request: pytest.FixtureRequest, browser: Browser, home_of_payloads: tuple[str, list[str]]
) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=request.param)
    context.add_init_script(TRIPWIRE)
    page = context.new_page()
    made = Watched(page, home_of_payloads[0])
    page.on("dialog", lambda dialog: (made.ran.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda asked: (
            made.ran.append(asked.url)
            if urlsplit(asked.url).hostname not in (HERE, None) or urlsplit(asked.url).path == "/x"
            else None
        ),
    )
    yield made
    context.close()


@pytest.mark.full_size
def test_no_text_runs_in_any_widget(
    watched: Watched, home_of_payloads: tuple[str, list[str]], record_property: Callable[[str, object], None]
) -> None:
    page, (_base, ids) = watched.page, home_of_payloads
    shown = 0
    for name in PAGES:
        query = f"?compare=2026-09-25T00:00:00Z&layer={LAYERS}&columns={','.join(LISTED)}"
        page.goto(f"{watched.base}{name}{query}")
        page.wait_for_load_state("networkidle")
        watched.look(f"/{name}")
        shown += bool(page.evaluate(SHOWN))
    page.goto(f"{watched.base}?layer={LAYERS}&at=18.5,-70,7")
    page.wait_for_load_state("networkidle")
    page.evaluate(HOVERED)
    watched.look("map tooltips")
    page.keyboard.press("/")
    page.keyboard.type("window.__xss")
    page.wait_for_selector(f"#{Id.FOUND} [role=option]")
    watched.look("search")
    page.keyboard.press("Escape")
    for one in ids:
        page.evaluate("(sel) => watchfloor.view.choose({ sel })", one)
        page.wait_for_timeout(350)
        watched.look(f"drawer of {one}")
        shown += bool(page.evaluate(SHOWN))
    assert shown > len(ids), "the payloads must have been on the page, else nothing was tried"
    figure(record_property, "T12 looks for a text that ran", watched.looked, "0 executions")


def test_no_text_of_an_address_runs(watched: Watched) -> None:
    page = watched.page
    for payload in PAYLOADS[: size("xss_payloads")]:
        for address in (
            f"?sel={quote(payload)}&region={quote(payload)}&partner={quote(payload)}",
            quote(payload),
        ):
            page.goto(watched.base + address)
            watched.look(address)


def test_no_text_runs_on_the_page_where_people_sign_in(watched: Watched, tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    folder = a_store(tmp_path / "home").home.path
    command = ["-m", "tests.dashboard.fake_server", str(port), str(folder)]
    with served(command, f"{base}healthz", {"WATCHFLOOR_IDENTITY": "accounts"}):
        watched.ran.clear()
        for payload in PAYLOADS[: size("xss_payloads")]:
            watched.page.goto(
                f"{base}sign-in?next={quote(payload, safe='')}&account={quote(payload, safe='')}"
            )
            watched.page.fill("[name=account]", payload)
            watched.page.fill("[name=password]", payload)
            with watched.page.expect_navigation():
                watched.page.keyboard.press("Enter")
            watched.look(f"signing in as {payload}")
