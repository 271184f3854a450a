"""A session ends when it should, wherever it should, and its id is nowhere but in the browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.home import Home
from data.sessions import ABSOLUTE, IDLE, Session, Sessions

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


class Hands:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def sessions(tmp_path: Path, clock: Hands) -> Sessions:
    return Sessions(Home(tmp_path), clock)


ALICE = Session("account:alice")


def test_a_session_says_who_signed_in(sessions: Sessions) -> None:
    token = sessions.begin(Session("oidc:1", {"groups": ["a"]}))
    assert sessions.of(token) == Session("oidc:1", {"groups": ["a"]})
    assert sessions.begin(ALICE) != token


def test_the_id_is_long_and_is_not_kept(sessions: Sessions, tmp_path: Path) -> None:
    tokens = {sessions.begin(ALICE) for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) >= 22 for token in tokens)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not any(token.encode() in kept for token in tokens)


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "\x00", "' or 1=1 --", "\udcff", "é" * 20])
def test_no_other_id_is_a_session(sessions: Sessions, token: str) -> None:
    assert sessions.of(token) is None
    sessions.begin(ALICE)
    assert sessions.of(token) is None


def test_the_former_id_ends_when_somebody_signs_in(sessions: Sessions) -> None:
    first = sessions.begin(ALICE)
    second = sessions.begin(ALICE, former=first)
    assert sessions.of(first) is None
    assert sessions.of(second) == ALICE


def test_an_id_brought_along_is_never_taken(sessions: Sessions) -> None:
    assert sessions.begin(ALICE, former="chosen-by-another") != "chosen-by-another"
    assert sessions.of("chosen-by-another") is None


@pytest.mark.parametrize(("after", "is_there"), [(IDLE - timedelta(seconds=1), True), (IDLE, False)])
def test_an_idle_session_ends(sessions: Sessions, clock: Hands, after: timedelta, is_there: bool) -> None:
    token = sessions.begin(ALICE)
    clock.now += after
    assert (sessions.of(token) is not None) is is_there


def test_a_used_session_goes_on_but_not_for_ever(sessions: Sessions, clock: Hands) -> None:
    token = sessions.begin(ALICE)
    while clock.now < START + ABSOLUTE - timedelta(hours=1):
        clock.now += timedelta(hours=1)
        assert sessions.of(token) is not None
    clock.now = START + ABSOLUTE
    assert sessions.of(token) is None


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(sessions: Sessions, clock: Hands) -> None:
    token = sessions.begin(ALICE)
    while clock.now < START + IDLE - timedelta(hours=1):
        clock.now += timedelta(hours=1)
        assert sessions.of(token, used=False) is not None
    clock.now += timedelta(hours=1)
    assert sessions.of(token, used=False) is None


def test_what_ended_does_not_come_back_when_the_clock_is_set_back(sessions: Sessions, clock: Hands) -> None:
    token = sessions.begin(ALICE)
    clock.now += IDLE
    assert sessions.of(token) is None
    clock.now = START
    assert sessions.of(token) is None


def test_a_session_of_a_time_to_come_is_none(sessions: Sessions, clock: Hands) -> None:
    token = sessions.begin(ALICE)
    clock.now -= timedelta(hours=1)
    assert sessions.of(token) is None


def test_a_clock_set_right_by_a_minute_signs_nobody_out(sessions: Sessions, clock: Hands) -> None:
    token = sessions.begin(ALICE)
    clock.now -= timedelta(minutes=1)
    assert sessions.of(token) == ALICE


def test_signing_out_ends_one_and_everywhere_ends_all(sessions: Sessions) -> None:
    here, there, other = sessions.begin(ALICE), sessions.begin(ALICE), sessions.begin(Session("account:bob"))
    sessions.end(here)
    assert [sessions.of(token) is not None for token in (here, there, other)] == [False, True, True]
    sessions.end_all("account:alice")
    assert [sessions.of(token) is not None for token in (here, there, other)] == [False, False, True]


def test_old_sessions_are_cleared_away(sessions: Sessions, clock: Hands, tmp_path: Path) -> None:
    for _ in range(5):
        sessions.begin(ALICE)
    clock.now += IDLE
    sessions.begin(ALICE)
    with sessions._state() as state:
        assert state.execute("SELECT count(*) FROM sessions").fetchone() == (1,)
