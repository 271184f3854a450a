"""However a session ends, at whatever step: the answer is never 200, and never data (release policy, T10).

Every way to end is tried against every route and a callback of each kind, read from the application itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from dash import Dash
from httpx2 import Response
from starlette.testclient import TestClient

from dashboard import entrance
from dashboard.access.census import ROUTES
from dashboard.access.requests import NOT_SIGNED_IN
from data import accounts
from data.sessions import ABSOLUTE, IDLE, Sessions
from tests.dashboard import fakes
from tests.dashboard.conftest import body_for, output_of, post
from tests.dashboard.fakes import FakeStore
from tests.dashboard.signing_in import COOKIE, Hands, a_client, a_store, an_app, enter, quick_hashes
from tests.dashboard.test_census import declared, example

HOUR = timedelta(hours=1)


@dataclass
class Open:
    """Somebody who has signed in and looks at a page, and what a test may do to them."""

    app: Dash
    store: FakeStore
    clock: Hands
    tab: TestClient

    @property
    def token(self) -> str:
        return str(self.tab.cookies[COOKIE])

    def second_tab(self) -> TestClient:
        """Another tab of the same browser: the same cookie."""
        tab = a_client(self.app)
        tab.cookies.set(COOKIE, self.token, "127.0.0.1")
        return tab


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    fakes.install(monkeypatch.setattr)
    quick_hashes(monkeypatch)
    clock = Hands()
    monkeypatch.setattr(entrance, "Sessions", lambda home: Sessions(home, clock))
    store = a_store(tmp_path)
    app = an_app(store)
    tab = a_client(app)
    assert enter(tab).status_code == 303
    return Open(app, store, clock, tab)


def idle(one: Open) -> None:
    one.clock.now += IDLE


def old(one: Open) -> None:
    begun = one.clock.now
    while one.clock.now < begun + ABSOLUTE:
        one.tab.get("/_dash-dependencies")
        one.clock.now += HOUR


def signed_out_in_a_second_tab(one: Open) -> None:
    assert one.second_tab().post("/sign-out", json={}).status_code == 204


def signed_out_everywhere(one: Open) -> None:
    other = a_client(one.app)
    enter(other)
    assert other.post("/sign-out", json={"everywhere": True}).status_code == 204


def signed_in_anew(one: Open) -> None:
    """In a second tab: the first one's id is no id any more."""
    assert enter(one.second_tab(), "zoe").status_code == 303


def password_changed(one: Open) -> None:
    accounts.set_password(one.store.home, "alice", "another long password")


def account_removed(one: Open) -> None:
    accounts.remove(one.store.home, "alice")


def partner_left(one: Open) -> None:
    policy = one.store.policy()
    left = {code: partner for code, partner in policy.partners.items() if code != "XAB"}
    one.store._policy = replace(policy, partners=left)


def clock_set_back(one: Open) -> None:
    one.clock.now -= HOUR


def idle_then_set_back(one: Open) -> None:
    """What was over stays over, once somebody has seen it."""
    one.clock.now += IDLE
    one.tab.get("/_dash-layout")
    one.clock.now -= HOUR


ENDS: tuple[Callable[[Open], None], ...] = (
    *(idle, old, signed_out_in_a_second_tab, signed_out_everywhere, signed_in_anew, password_changed),
    *(account_removed, partner_left, clock_set_back, idle_then_set_back),
)
CALLBACKS_TRIED = (
    *("totals.data-drawn", "timeline.figure", "details.data-drawn", "map-legend.data-drawn"),
    *("records.getRowsResponse", "play-steps.data-steps", "found.data-drawn", "saved.data-drawn"),
    *("changes-list.data-drawn", "compared-head.data-drawn", "page.children"),
)


def refused(answer: Response, what: str) -> None:
    assert answer.status_code in (303, 401, 404, 405), what
    assert answer.text in ("", NOT_SIGNED_IN.body, "There is nothing at this address."), what
    assert answer.headers.get("location", "/sign-in").startswith("/sign-in"), what


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_nothing_is_answered_when_a_session_is_over(opened: Open, end: Callable[[Open], None]) -> None:
    end(opened)
    opened.tab.cookies.set(COOKIE, opened.token, "127.0.0.1")
    asked = len(opened.store.asked_by)
    for route in opened.app.server.routes:
        path = declared(route)
        if not ROUTES[path].anyone and not ROUTES[path].is_for_programs:  # these no page may ask at all
            refused(opened.tab.get(example(path)), f"GET {path}")
            refused(opened.tab.head(example(path)), f"HEAD {path}")
    for part in CALLBACKS_TRIED:
        body = body_for(opened.app, output_of(opened.app, part), view="", frame=[0, 0, 1, 1, 5])
        refused(post(opened.tab, body), part)
    refused(opened.tab.post("/language", json={"language": "fr"}), "language")
    refused(opened.tab.post("/sign-out", json={"everywhere": True}), "sign-out")
    assert len(opened.store.asked_by) == asked


@pytest.mark.parametrize("part", CALLBACKS_TRIED)
def test_a_session_that_ends_between_two_questions(opened: Open, part: str) -> None:
    """The first is answered, so the refusal of the second is the session's end and nothing else."""
    body = body_for(opened.app, output_of(opened.app, part), view="", frame=[0, 0, 1, 1, 5])
    assert post(opened.tab, body).status_code in (200, 204)
    signed_out_in_a_second_tab(opened)
    refused(post(opened.tab, body), part)


@pytest.mark.parametrize("path", ["/", "/table", "/changes", "/compare"])
def test_a_page_that_is_loaded_after_the_end_leads_to_the_sign_in(opened: Open, path: str) -> None:
    assert opened.tab.get(f"{path}?region=XQA").status_code == 200
    idle(opened)
    answer = opened.tab.get(f"{path}?region=XQA")
    assert answer.status_code == 303
    assert answer.content == b""


@pytest.mark.parametrize(
    ("turned", "status"),
    [
        (HOUR, 200),
        (IDLE - timedelta(seconds=1), 200),
        (IDLE, 401),
        (IDLE + HOUR, 401),
        (ABSOLUTE, 401),
        (-HOUR, 401),
        (timedelta(seconds=-60), 200),
        (timedelta(days=-365), 401),
        (timedelta(days=365), 401),
    ],
)
def test_a_clock_that_is_turned(opened: Open, turned: timedelta, status: int) -> None:
    opened.clock.now += turned
    assert opened.tab.get("/_dash-layout").status_code == status


@pytest.mark.parametrize("token", ["", "x", "fixed-by-another", "0" * 22, "a" * 5_000, "%00", "../..", "é"])
def test_an_id_that_another_chose_is_nobodys_before_and_after(opened: Open, token: str) -> None:
    """Fixation: whoever makes a browser sign in with an id of their own has nothing by it."""
    chosen = {"Cookie": f"{COOKIE}={token}".encode()}
    stranger = a_client(opened.app)
    assert stranger.get("/_dash-layout", headers=chosen).status_code == 401  # type: ignore[arg-type]
    fields = {"account": "alice", "password": "correct horse battery"}
    signed = a_client(opened.app).post("/sign-in", data=fields, headers=chosen)  # type: ignore[arg-type]
    assert signed.status_code == 303
    assert not token or f"{COOKIE}={token};" not in signed.headers["set-cookie"]
    assert a_client(opened.app).get("/_dash-layout", headers=chosen).status_code == 401  # type: ignore[arg-type]


def test_an_open_page_does_not_keep_itself_signed_in(opened: Open) -> None:
    begun = opened.clock.now
    while opened.clock.now < begun + IDLE:
        assert opened.tab.get("/signed-in").status_code == 204
        opened.clock.now += HOUR
    assert opened.tab.get("/signed-in").status_code == 401
    assert opened.tab.get("/events").status_code == 401


BY_ITSELF = {"X-Watchfloor-By-Itself": "1"}


def test_a_page_that_renews_itself_keeps_nobody_signed_in(opened: Open) -> None:
    """It asks again and again, and says that nobody touched it; with a touch it goes on."""
    one = opened
    body = body_for(one.app, output_of(one.app, "totals.data-drawn"), view="")
    for _hour in range(6):
        one.clock.now += HOUR
        assert post(one.tab, body, **BY_ITSELF).status_code == 200
    assert post(one.tab, body).status_code == 200, "somebody is there"
    for _hour in range(7):
        one.clock.now += HOUR
        assert post(one.tab, body, **BY_ITSELF).status_code == 200
    one.clock.now += HOUR
    assert post(one.tab, body, **BY_ITSELF).status_code == 401
