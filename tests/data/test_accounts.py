"""Accounts: what is taken, who signs in, and that a change signs out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data import accounts, passwords
from data.account import Account
from data.errors import AccountRefused
from data.home import Home
from data.release import RecordFacts, decide
from data.sessions import Session, Sessions
from data.viewer import Viewer
from tests.factories import OPEN_TO_ALL, a_home

PASSWORD = "correct horse battery"
NOW = datetime(2026, 9, 1, tzinfo=UTC)
FACTS = RecordFacts("incidents", frozenset({"XQA"}), received_at=datetime(2026, 8, 1, tzinfo=UTC))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return a_home(tmp_path)


@pytest.fixture
def alice(home: Home) -> Account:
    policy = home.policy()
    return Account(
        "alice", "Alice Ames", "XAA", frozenset({"viewer"}), policy.levels[-1], policy.categories, None
    )


def test_who_knows_the_password_signs_in(home: Home, alice: Account) -> None:
    accounts.add(home, alice, PASSWORD)
    assert accounts.signed_in(home, "alice", PASSWORD) == alice
    for account_id, password in (
        ("alice", "correct horse batterx"),
        ("bob", PASSWORD),
        ("alice", ""),
        ("", ""),
    ):
        assert accounts.signed_in(home, account_id, password) is None


def test_one_password_in_two_forms_of_its_letters(home: Home, alice: Account) -> None:
    accounts.add(home, alice, "cafe\u0301 au lait noir")
    assert accounts.signed_in(home, "alice", "caf\u00e9 au lait noir") is not None


def test_a_password_is_nowhere_in_the_home(home: Home, alice: Account) -> None:
    accounts.add(home, alice, PASSWORD)
    assert not any(PASSWORD.encode() in p.read_bytes() for p in home.path.iterdir() if p.is_file())


def test_an_unknown_id_is_compared_as_a_known_one_is(
    home: Home, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As much work: one verification of one hash with the same parameters."""
    accounts.add(home, alice, PASSWORD)
    verified: list[str] = []

    class Counting:
        def hash(self, password: bytes | str) -> str:
            return real.hash(password)

        def verify(self, kept: str, password: bytes) -> bool:
            verified.append(kept.rsplit("$", 2)[0])
            return real.verify(kept, password)

    real = passwords._hasher()
    monkeypatch.setattr(passwords, "_hasher", Counting)
    for account_id in ("alice", "nobody"):
        accounts.signed_in(home, account_id, "wrong password")
    assert len(verified) == 2
    assert len(set(verified)) == 1


@pytest.mark.parametrize("password", ["", "short", "x" * 1025, "with\x00control sign", "two\nlines of text"])
def test_no_such_password_is_taken(home: Home, alice: Account, password: str) -> None:
    with pytest.raises(AccountRefused):
        accounts.add(home, alice, password)
    assert accounts.accounts_of(home) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "Alice"),
        ("id", "a:b"),
        ("id", "a" * 65),
        ("id", "a\n"),
        ("name", ""),
        ("name", "a\x1b"),
        ("partner", "XZZ"),
        ("roles", frozenset()),
        ("roles", frozenset({"root"})),
        ("clearance", "COSMIC"),
        ("categories", frozenset({"none"})),
        ("issuer", "https://idp.example"),
    ],
)
def test_what_the_policy_does_not_know_is_refused(
    home: Home, alice: Account, field: str, value: object
) -> None:
    with pytest.raises(AccountRefused):
        accounts.add(home, replace(alice, **{field: value}), PASSWORD)  # type: ignore[arg-type]
    assert accounts.accounts_of(home) == ()


def test_an_id_and_a_subject_belong_to_one_account(home: Home, alice: Account) -> None:
    subject = replace(alice, issuer="https://idp.example", subject="7")
    accounts.add(home, subject, None)
    assert accounts.account_of_subject(home, "https://idp.example", "7") == subject
    assert accounts.account_of_subject(home, "https://other.example", "7") is None
    for again in (alice, replace(subject, id="bob")):
        with pytest.raises(AccountRefused, match="already"):
            accounts.add(home, again, PASSWORD)


def test_an_account_without_a_password_has_none_that_fits(home: Home, alice: Account) -> None:
    accounts.add(home, replace(alice, issuer="https://idp.example", subject="7"), None)
    for password in ("", "\N{NULL}nobody's", PASSWORD):
        assert accounts.signed_in(home, "alice", password) is None


def test_a_change_of_an_account_ends_its_sessions(home: Home, alice: Account) -> None:
    sessions = Sessions(home)
    accounts.add(home, alice, PASSWORD)
    for change in (
        lambda: accounts.set_password(home, "alice", "another long password"),
        lambda: accounts.remove(home, "alice"),
        lambda: accounts.add(home, alice, PASSWORD),
    ):
        token, other = sessions.begin(Session(alice.who)), sessions.begin(Session("account:bob"))
        change()
        assert sessions.of(token) is None
        assert sessions.of(other) is not None
    assert accounts.account_of(home, alice.who) == alice
    assert accounts.account_of(home, "alice") is None


def test_no_account_is_changed_that_is_not_there(home: Home) -> None:
    for change in (lambda: accounts.remove(home, "x"), lambda: accounts.set_password(home, "x", PASSWORD)):
        with pytest.raises(AccountRefused, match="no account"):
            change()


def test_an_administrator_alone_is_released_nothing(home: Home, alice: Account) -> None:
    policy = home.policy()
    for roles, released in (
        ({"administrator"}, False),
        ({"administrator", "viewer"}, True),
        ({"viewer"}, True),
    ):
        viewer = Viewer((replace(alice, roles=frozenset(roles)).identity(),))
        permits = decide(
            policy, viewer, replace(OPEN_TO_ALL, policy_id=policy.id), FACTS, NOW, "screen"
        ).permit
        assert permits is released, roles


def test_no_account_belongs_to_a_subject_without_a_name(home: Home, alice: Account) -> None:
    accounts.add(home, alice, PASSWORD)
    for issuer, subject in (("", ""), ("https://idp.example", ""), ("", "7")):
        assert accounts.account_of_subject(home, issuer, subject) is None
