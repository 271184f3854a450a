"""The application where people sign in, and somebody who can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from dash import Dash
from httpx2 import Response
from starlette.testclient import TestClient

from dashboard.application import create_app
from dashboard.settings import Settings
from data import accounts, passwords
from data.account import Account
from data.viewer import Viewer
from tests.dashboard.conftest import ORIGIN
from tests.dashboard.fakes import FakeStore
from tests.factories import a_home

PASSWORD = "correct horse battery"
COOKIE = "watchfloor_session"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Hands:
    """A clock that the test turns."""

    now: datetime = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Kept:
    """A trail that a test reads."""

    entries: list[tuple[str, tuple[str, ...], Mapping[str, object], bool]] = field(default_factory=list)
    fault: Exception | None = None
    views_kept: timedelta | None = None

    def record(self, action: str, who: Viewer, details: Mapping[str, object], *, durable: bool) -> None:
        if self.fault is not None:
            raise self.fault
        self.entries.append((action, tuple(one.id for one in who.identities), details, durable))

    def close(self) -> None:
        """Nothing is open."""

    @property
    def actions(self) -> list[str]:
        return [action for action, *_rest in self.entries]


def a_store(folder: Path) -> FakeStore:
    """With the accounts alice of XAB, zoe of XAC, and root, who administers."""
    home = a_home(folder)
    for account_id, partner, role in (
        ("alice", "XAB", "viewer"),
        ("zoe", "XAC", "analyst"),
        ("root", "XAB", "administrator"),
    ):
        account = Account(
            account_id, account_id.title(), partner, frozenset({role}), "SENSITIVE", frozenset(), None
        )
        accounts.add(home, account, PASSWORD)
    return FakeStore(home)


def an_app(store: FakeStore, trail: Kept | None = None, **settings: object) -> Dash:
    chosen = {"WATCHFLOOR_IDENTITY": "accounts", **settings}
    return create_app(Settings(**chosen), store, trail)  # type: ignore[arg-type]


def a_client(app: Dash, base: str = ORIGIN) -> TestClient:
    return TestClient(app.server, base_url=base, headers={"Origin": base}, follow_redirects=False)


def enter(
    client: TestClient, account: str = "alice", password: str = PASSWORD, cookie: str = "", **more: str
) -> Response:
    """Post the form."""
    fields = {"account": account, "password": password, **more}
    return client.post("/sign-in", data=fields, headers={"Cookie": cookie} if cookie else {})


def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that are made at once; what hashing must cost is no question of the tests that sign in."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: cheap)
    monkeypatch.setattr(passwords, "_nobodys", lambda: cheap.hash("nobody's"))
