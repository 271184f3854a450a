"""Kept views: one's own and those a partner's others share, and nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.account import Account
from data.errors import HomeError, NotSaved
from data.home import Home
from data.home_database import state_of
from data.saved_views import MOST_NAME, MOST_QUERY, MOST_VIEWS, TABLE, name_of, remove, save, views_of
from data.viewer import Identity
from tests.factories import a_home

MINE = Identity("analyst", "Analyst", "XAA", "OPEN")
COLLEAGUE = Identity("commander", "Commander", "XAA", "OPEN")
STRANGER = Identity("viewer", "Viewer", "XAB", "OPEN")
HERE = ("/", "region=XQ01&period=7d")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return a_home(tmp_path / "home")


def names(home: Home, who: Identity) -> list[str]:
    return [view.name for view in views_of(home, who)]


def test_a_view_is_seen_by_who_kept_it(home: Home) -> None:
    save(home, MINE, "Morning", HERE, shared=False)
    assert names(home, MINE) == ["Morning"]
    assert views_of(home, MINE)[0].address == "/?region=XQ01&period=7d"
    assert names(home, COLLEAGUE) == names(home, STRANGER) == []


def test_a_shared_view_is_seen_within_the_partner_only(home: Home) -> None:
    save(home, MINE, "Ports", HERE, shared=True)
    assert names(home, COLLEAGUE) == ["Ports"]
    assert names(home, STRANGER) == []


def test_a_persona_that_changed_its_partner_takes_no_shared_view_along(home: Home) -> None:
    save(home, MINE, "Ports", HERE, shared=True)
    moved = Identity(COLLEAGUE.id, COLLEAGUE.name, "XAB", "OPEN")
    assert names(home, moved) == []


def test_a_name_of_theirs_is_replaced(home: Home) -> None:
    save(home, MINE, "Morning", HERE, shared=False)
    save(home, MINE, "  Morning ", ("/table", ""), shared=False)
    (view,) = views_of(home, MINE)
    assert view.address == "/table"


def test_only_ones_own_can_be_removed(home: Home) -> None:
    save(home, MINE, "Ports", HERE, shared=True)
    (view,) = views_of(home, MINE)
    for other in (COLLEAGUE, STRANGER):
        remove(home, other, view.id)
        assert names(home, MINE) == ["Ports"]
    remove(home, MINE, view.id)
    assert names(home, MINE) == []


@pytest.mark.parametrize("name", ["", " ", "a" * (MOST_NAME + 1), "a\x00b", "a\u202eb", None, 5])
def test_what_is_no_name_is_refused(home: Home, name: object) -> None:
    assert name_of(name) == ""
    with pytest.raises(NotSaved) as refused:
        save(home, MINE, name_of(name), HERE, shared=False)
    assert refused.value.reason == "name"


def test_there_is_an_end_to_what_is_kept(home: Home) -> None:
    for n in range(MOST_VIEWS):
        save(home, MINE, f"View {n}", HERE, shared=False)
    with pytest.raises(NotSaved) as refused:
        save(home, MINE, "One more", HERE, shared=False)
    assert refused.value.reason == "many"
    save(home, MINE, "View 3", ("/table", ""), shared=False)
    with pytest.raises(NotSaved) as refused:
        save(home, MINE, "View 3", ("/", "x" * (MOST_QUERY + 1)), shared=False)
    assert refused.value.reason == "long"


def test_texts_stay_texts(home: Home) -> None:
    save(home, MINE, "'); DROP TABLE saved_views; --", HERE, shared=False)
    assert names(home, MINE) == ["'); DROP TABLE saved_views; --"]


def test_a_broken_state_is_one_sentence(home: Home) -> None:
    home.state_file.write_bytes(b"no database at all, whatever it is called" * 30)
    with pytest.raises(HomeError, match=r"state\.sqlite cannot be used"):
        views_of(home, MINE)


def test_an_account_is_not_the_persona_of_the_same_name(home: Home) -> None:
    account = Account("analyst", "Ana Lyst", "XAA", frozenset({"viewer"}), "OPEN").identity()
    save(home, MINE, "Morning", HERE, shared=False)
    assert names(home, account) == []
    save(home, account, "Morning", ("/table", ""), shared=True)
    assert {view.address for view in views_of(home, MINE)} == {"/?region=XQ01&period=7d", "/table"}
    assert [view.person for view in views_of(home, COLLEAGUE)] == ["Ana Lyst"]


def test_a_home_of_an_earlier_version_keeps_its_views(home: Home) -> None:
    with state_of(home) as state:
        state.execute(TABLE)
        row = ("1", MINE.id, "XAA", "Morning", "/", "", 1, "2026-01-01T00:00:00+00:00")
        state.execute("INSERT INTO saved_views VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        state.commit()
    assert [(view.name, view.person) for view in views_of(home, COLLEAGUE)] == [("Morning", "analyst")]
    save(home, MINE, "Morning", HERE, shared=True)
    assert [view.person for view in views_of(home, COLLEAGUE)] == ["Analyst"]
