"""Screens: enrolled by a code, known by a credential, released what all who stand before them are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.clock import fixed_clock
from data.errors import ScreenRefused
from data.home import Home
from data.labels import Label
from data.schema import INCIDENTS
from data.screens import CODE_HOLDS, UNUSED, Screen, Screens, a_code, is_screen
from data.store import Store
from data.viewer import Identity, Viewer
from tests.factories import NOW, a_home, a_publication, a_row, publish

WALL = Screen("wall", "Passage wall", ("XAA", "XAB"), "OPEN")
FOR_ALL = Label("XAA", "TEST", "OPEN", ("PUBLIC",))
OWN = Label("XAA", "TEST", "OPEN", ())
FOR_XAB = Label("XAC", "TEST", "OPEN", ("XAB",))
SENSITIVE = Label("XAA", "TEST", "SENSITIVE", ("PUBLIC",))


class Hands:
    now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def screens(tmp_path: Path, clock: Hands) -> Screens:
    return Screens(a_home(tmp_path), clock)


def enrolled(screens: Screens, screen: Screen = WALL) -> str:
    code = a_code()
    screens.enrol(code, screen)
    token = screens.redeem(code)
    assert token is not None
    return token


def test_a_code_is_redeemed_once_for_a_credential(screens: Screens) -> None:
    code = a_code()
    assert screens.redeem(code) is None, "nobody has said which screen it is"
    screens.enrol(code, WALL)
    assert screens.all()[0].seen_at is None
    token = screens.redeem(code)
    assert token is not None
    assert screens.all()[0].seen_at is not None
    assert screens.redeem(code) is None
    found = screens.of(token)
    assert found is not None
    assert replace(found, seen_at=None) == WALL
    assert token.encode() not in screens.home.state_file.read_bytes()


def test_a_code_holds_for_fifteen_minutes(screens: Screens, clock: Hands) -> None:
    code = a_code()
    screens.enrol(code, WALL)
    clock.now += CODE_HOLDS
    assert screens.redeem(code) is None


def test_a_screen_that_is_enrolled_again_is_the_new_one_alone(screens: Screens) -> None:
    first = enrolled(screens)
    second = enrolled(screens, replace(WALL, partners=("XAC",)))
    assert screens.of(first) is None
    found = screens.of(second)
    assert found is not None
    assert found.partners == ("XAC",)
    assert len(screens.all()) == 1


def test_a_screen_is_taken_back(screens: Screens) -> None:
    token, code = enrolled(screens), a_code()
    screens.enrol(code, WALL)
    screens.revoke("wall")
    assert screens.of(token) is None
    assert screens.redeem(code) is None, "a code that was open goes with it"
    with pytest.raises(ScreenRefused, match="no screen 'wall'"):
        screens.revoke("wall")


def test_a_screen_in_use_stays_and_one_that_is_not_ends(screens: Screens, clock: Hands) -> None:
    token = enrolled(screens)
    for _ in range(5):
        clock.now += UNUSED - timedelta(days=1)
        assert screens.of(token) is not None
    clock.now += UNUSED
    assert screens.of(token) is None


@pytest.mark.parametrize(
    ("screen", "code", "words"),
    [
        (WALL, "abc", "no code of a screen"),
        (WALL, "ABCD EFG", "no code of a screen"),
        (replace(WALL, id="../x"), "", "the id"),
        (replace(WALL, name=" "), "", "the name"),
        (replace(WALL, name="a\nb"), "", "the name"),
        (replace(WALL, partners=()), "", "no partner"),
        (replace(WALL, partners=("XAA", "XZZ")), "", "the partners XAA, XZZ"),
        (replace(WALL, clearance="SECRET"), "", "the clearance 'SECRET'"),
        (replace(WALL, categories=frozenset({"x"})), "", "the categories x"),
    ],
)
def test_what_the_policy_does_not_know_is_refused(
    screens: Screens, screen: Screen, code: str, words: str
) -> None:
    with pytest.raises(ScreenRefused, match=words):
        screens.enrol(code or a_code(), screen)
    assert screens.all() == ()


@pytest.mark.parametrize("token", ["", "x", "x" * 65, "' OR 1=1 --"])
def test_any_other_credential_is_nobody(screens: Screens, token: str) -> None:
    enrolled(screens)
    assert screens.of(token) is None


def test_a_screen_that_nobody_redeemed_has_no_credential(screens: Screens) -> None:
    screens.enrol(a_code(), WALL)
    assert screens.of("") is None
    assert len(screens.all()) == 1


def test_it_shows_what_every_partner_before_it_may_see(tmp_path: Path) -> None:
    home: Home = a_home(tmp_path)
    rows = [a_row(INCIDENTS, n + 1, label_id=n) for n in range(4)]
    publish(home, a_publication(INCIDENTS, rows, (FOR_ALL, OWN, FOR_XAB, SENSITIVE)))
    store = Store(home, fixed_clock(NOW))

    def seen(viewer: Viewer) -> int:
        return int(
            store.released_to(viewer).ask("SELECT count(*) FROM released.incidents").column(0)[0].as_py()
        )

    viewer = WALL.viewer()
    assert is_screen(viewer)
    assert not is_screen(Viewer((Identity("aldara", "", "XAA", "OPEN"),)))
    assert viewer.roles == {"viewer"}
    assert seen(viewer) == 1
    assert seen(replace(WALL, partners=("XAA",)).viewer()) == 2
    assert seen(replace(WALL, partners=("XAA",), clearance="SENSITIVE").viewer()) == 3
    store.close()


def test_what_a_screen_was_shows_nothing_once_somebody_said_that_it_is_another(screens: Screens) -> None:
    first = enrolled(screens)
    screens.enrol(a_code(), replace(WALL, partners=("XAC",), clearance="SENSITIVE"))
    assert screens.of(first) is None, "the old room would look with the rights of the new one"
