"""`users …` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboard.cli import app
from data.accounts import signed_in
from data.audit.entry import Action
from data.audit.trail import Trail
from data.errors import AccountRefused, AuditUnavailable
from data.home import Home
from tests.factories import a_home

PASSWORD = "correct horse battery"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("WATCHFLOOR_HOME", str(tmp_path / "home"))
    return a_home(tmp_path / "home")


def run(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, ["users", *words], input=typed)


def added(home: Home, *more: str) -> Result:
    words = (
        "--partner",
        "XAA",
        "--role",
        "viewer",
        "--role",
        "analyst",
        "--clearance",
        home.policy().levels[0],
    )
    return run("add", "alice", *words, *more, "--password-stdin", typed=f"{PASSWORD}\n")


def test_an_account_from_first_to_last(home: Home) -> None:
    assert added(home, "--region", "all", "--name", "Alice Ames").exit_code == 0
    assert signed_in(home, "alice", PASSWORD) is not None
    assert "Alice Ames: analyst, viewer; all regions" in run("list").stdout
    assert run("password", "alice", "--password-stdin", typed="quite another one\n").exit_code == 0
    assert signed_in(home, "alice", PASSWORD) is None
    assert signed_in(home, "alice", "quite another one") is not None
    assert run("remove", "alice").exit_code == 0
    assert run("list").stdout == ""


def test_without_a_region_there_is_none(home: Home) -> None:
    added(home)
    assert run("list").stdout.endswith("; no region\n")


def test_the_password_is_asked_twice(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    added(home)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answers, taken in (
        (["quite another one", "quite another on"], False),
        (["quite another one"] * 2, True),
    ):
        given = iter(answers)
        monkeypatch.setattr("getpass.getpass", lambda _said, given=given: next(given))
        monkeypatch.setattr(
            "dashboard.commands.users.sys.stdin", type("Terminal", (), {"isatty": lambda _s: True})()
        )
        from dashboard.commands.users import password

        if taken:
            password("alice")
        else:
            with pytest.raises(AccountRefused, match="not the same"):
                password("alice")
        assert (signed_in(home, "alice", "quite another one") is not None) is taken


def test_without_a_terminal_it_says_what_to_do(home: Home) -> None:
    failed = run("password", "alice", typed="")
    assert isinstance(failed.exception, AccountRefused)
    assert "--password-stdin" in str(failed.exception)


def test_no_option_takes_a_password(home: Home) -> None:
    told = run("add", "--help").stdout
    assert "--password-stdin" in told
    assert "--password " not in told


def test_every_change_of_an_account_is_in_the_trail(home: Home) -> None:
    added(home, "--region", "all")
    run("password", "alice", "--password-stdin", typed=f"another {PASSWORD}\n")
    run("remove", "alice")
    trail = Trail.open(home)
    told = [entry.details for entry in trail.entries(actions=[Action.USER_CHANGE])]
    trail.close()
    assert [one["how"] for one in told] == ["added", "password", "removed"]
    assert told[0]["roles"] == ["analyst", "viewer"]
    assert PASSWORD not in str(told)


def test_no_account_changes_without_an_entry(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: object, **_more: object) -> int:
        raise AuditUnavailable("The audit trail cannot be written.", "Make room.")

    monkeypatch.setattr(Trail, "record", full)
    assert added(home, "--region", "all").exit_code != 0
    assert signed_in(home, "alice", PASSWORD) is None
