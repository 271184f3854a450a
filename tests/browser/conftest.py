"""Chromium before a served page of canned answers; a page is closed only when nothing went wrong in it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from data.home import Home
from tests.chromium import PROJECT, chromium, free_port
from tests.chromium import served as command_served
from tests.dashboard.fakes import publish_counts

SIZE = (1366, 768)

STILL = 0.5
"""Seconds without a question or a change after which a page is at rest: a map that moved asks after 0.25."""

STATE = """[location.href, document.body.innerHTML.length,
  JSON.stringify((window.watchfloor?.map || {}).drawn || {}),
  document.querySelector('[data-dash-is-loading]') !== null].join(' ')"""
"""What changes while a page is still at work."""

IN_SIGHT = """Object.values(watchfloor.view.map().wfRenderer._layers)
  .filter((mark) => mark.wfSize && watchfloor.view.map().getBounds().contains(mark.getLatLng()))
  .map(({ feature: { properties: p } }) => `${p.layer} ${p.id} ${p.count}`).sort()"""


@dataclass
class Opened:
    """A page, where it is, and what went wrong in it."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("request", self._begun)
        self.page.on("requestfinished", lambda ended: self.under_way.discard(ended))
        self.page.on("requestfailed", lambda ended: self.under_way.discard(ended))
        self.page.on("framenavigated", lambda _frame: self.under_way.clear())

    def _begun(self, request: Request) -> None:
        if request.resource_type != "eventsource":  # open as long as the page is
            self.under_way.add(request)

    def go(self, query: str = "") -> Page:
        """The page at a View, once everything has been drawn."""
        self.page.goto(self.base + (f"?{query}" if query else ""))
        self.settled()
        return self.page

    def settled(self) -> None:
        """Wait until marks, totals and chart are there and nothing is under way."""
        self.page.wait_for_selector("#totals :is(.total, .no-totals)")
        self.page.wait_for_selector("#timeline .main-svg", state="attached")
        self.until("window.watchfloor.map.drawn.regions > 0")
        self.still()

    def still(self, limit: float = 30.0) -> None:
        """Wait until no question is under way and nothing has changed for STILL seconds.

        Playwright's "networkidle" comes once a document: it does not wait for what a click asks for later.
        """
        end = time.monotonic() + limit
        seen, since = "", time.monotonic()
        while not seen or time.monotonic() - since < STILL:
            assert time.monotonic() < end, f"never at rest: {len(self.under_way)} under way, {seen}"
            self.page.wait_for_timeout(50)
            now = self.page.evaluate(STATE)
            if now != seen or self.under_way or now.endswith("true"):
                seen, since = now, time.monotonic()

    def until(self, claim: str, limit: float = 15.0) -> None:
        """Wait until a claim holds in the page (Playwright's own way of waiting is refused by our CSP)."""
        end = time.monotonic() + limit
        while not self.page.evaluate(claim):
            assert time.monotonic() < end, f"it did not come true: {claim}"
            self.page.wait_for_timeout(50)

    def in_sight(self) -> list[str]:
        """The marks on screen: layer, id and how many records."""
        found: list[str] = self.page.evaluate(IN_SIGHT)
        return found

    @property
    def query(self) -> str:
        """The page's query string."""
        return urlsplit(self.page.url).query


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application over the fake store, which has a process of its own."""
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    home = tmp_path_factory.mktemp("home")
    with command_served(["-m", "tests.dashboard.fake_server", str(port), str(home)], base, {}):
        yield base


@pytest.fixture
def opened(browser: Browser, served: str) -> Iterator[Opened]:
    """A fresh visitor of the canned answers."""
    with visiting(browser, served) as made:
        yield made


@contextmanager
def visiting(browser: Browser, base: str, size: tuple[int, int] = SIZE) -> Iterator[Opened]:
    """A fresh visitor. At the end: no console error, no answer of 400 or more, no request off the host."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark")
    page = context.new_page()
    made = Opened(page, base)
    host = urlsplit(base).hostname
    page.on("console", lambda m: made.faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: made.faults.append(str(error)))
    page.on("response", lambda r: made.faults.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.on(
        "request",
        lambda r: (
            made.faults.append(r.url)
            if not r.url.startswith(("data:", "blob:")) and urlsplit(r.url).hostname != host
            else None
        ),
    )
    yield made
    context.close()
    assert not made.faults


@pytest.fixture(scope="session")
def exercise_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the sample exercise, made by the command; with some published counts."""
    folder = tmp_path_factory.mktemp("exercise")
    run_command(folder, "sample")
    publish_counts(Home(folder))
    return Home.open(folder)


@pytest.fixture(scope="session")
def exercise(exercise_home: Home) -> Iterator[str]:
    """The address of the application as people start it, over the sample exercise."""
    with serving(exercise_home.path) as base:
        yield base


@pytest.fixture
def visitor(browser: Browser, exercise: str) -> Iterator[Opened]:
    """A fresh visitor of the exercise."""
    with visiting(browser, exercise) as made:
        yield made


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """`python app.py serve` over a home, until the end."""
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    settings = {"WATCHFLOOR_HOME": str(folder), "PORT": str(port), "HOST": "127.0.0.1"}
    with command_served(["app.py", "serve"], base, settings):
        yield base


def run_command(folder: Path, *words: str) -> str:
    """A command of the command line on a home; its output. Fails the test when the command fails."""
    done = subprocess.run(
        [sys.executable, "app.py", *words],
        cwd=PROJECT,
        env=os.environ | {"WATCHFLOOR_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
