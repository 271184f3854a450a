"""`audit verify` and its neighbours, as they are typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.cli import main
from data.audit.checkpoints import checkpoints_in
from data.audit.entry import Action
from data.audit.keys import public_key
from data.audit.trail import Trail
from data.home import Home
from tests.data.audit.trails import ANALYST, chained, lines_of, put, sign_again
from tests.factories import a_home

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("WATCHFLOOR_HOME", str(tmp_path / "home"))
    return a_home(tmp_path / "home")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_it(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["app.py", "audit", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    return run_it


def entries(home: Home, many: int, outside: Path | None = None) -> None:
    trail = Trail.open(home, outside=outside)
    for _number in range(many):
        trail.record(Action.VIEW, ANALYST, {"view": ""}, durable=False)
    trail.close()


def test_a_whole_trail_is_told_in_one_sentence(home: Home, run: Run) -> None:
    entries(home, 12)
    status, said, _error = run("verify")
    assert status == 0
    first, second = said.splitlines()
    assert first.startswith("Checked 12 entries from 2")
    assert "against 1 checkpoint: every entry is in its place, as it was written." in first
    assert second == "There is no checkpoint from outside: a truncated tail would not be noticed."


def test_the_first_fault_is_told_and_the_status_is_1(home: Home, run: Run) -> None:
    entries(home, 12)
    lines = lines_of(home)
    put(home, [*lines[:4], *lines[5:]])
    status, said, error = run("verify")
    assert (status, said) == (1, "")
    assert error.startswith("The audit trail does not verify: Line 5 of the trail holds entry 5, and entry 4")
    assert error.count("\n") == 1


def test_a_cut_tail_is_found_with_what_was_kept_outside(
    home: Home, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries(home, 12)
    status, line, _error = run("checkpoint")
    assert status == 0
    outside = tmp_path / "kept.jsonl"
    outside.write_text(line)
    assert "2 checkpoints, 1 of them from outside" in run("verify", "--checkpoints", outside)[1]
    put(home, chained(lines_of(home)[:9]))
    sign_again(home)
    assert run("verify")[0] == 0
    for words in (("verify", "--checkpoints", outside), ("verify",)):
        status, said, error = run(*words)
        assert (status, said) == (1, "")
        assert "its end is missing from entry 9 on" in error
        monkeypatch.setenv("WATCHFLOOR_CHECKPOINTS", str(outside))


def test_what_no_checkpoint_from_outside_covers_is_said(home: Home, run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "kept.jsonl"
    entries(home, 3, outside)
    entries(home, 2)
    said = run("verify", "--checkpoints", outside)[1]
    assert "The last checkpoint from outside does not cover the last 2 entries." in said


def test_the_key_is_printed_and_asked_for(home: Home, run: Run, tmp_path: Path) -> None:
    entries(home, 1)
    key = tmp_path / "key.pem"
    key.write_text(run("key")[1])
    assert len(checkpoints_in(home.audit / "checkpoints.jsonl", public_key(key))) == 1
    assert run("verify", "--key", key)[0] == 0
    home.audit_key_file.unlink()
    assert run("verify", "--key", key)[0] == 0
    status, _said, error = run("verify")
    assert (status, "is gone" in error) == (1, True)
    key.write_text("no key")
    assert "holds no Ed25519 key" in run("verify", "--key", key)[2]


def test_a_home_without_a_trail_is_told(home: Home, run: Run) -> None:
    status, _said, error = run("verify")
    assert status == 1
    assert "There is no audit trail" in error
    assert not home.audit.exists()


def test_a_crash_and_a_clock_are_told_beside(home: Home, run: Run) -> None:
    entries(home, 2)
    with (home.audit / "trail.jsonl").open("ab") as file:
        file.write(b'{"action"')
    assert "Half a line of 9 bytes stands at the end" in run("verify")[1]
    entries(home, 1)
    assert "Half a line was set aside after a crash 1 time." in run("verify")[1]


def test_a_trail_that_does_not_verify_is_put_away_by_a_person(home: Home, run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "kept.jsonl"
    entries(home, 5, outside)
    status, said, error = run("anew", "--reason", "why not")
    assert (status, said) == (1, "")
    assert "there is no reason to begin another" in error
    old = lines_of(home)[:3]
    put(home, old)
    status, said, _error = run("anew", "--reason", "a disk was swapped", "--checkpoints", outside)
    assert status == 0
    assert "its end is missing from entry 3 on" in said
    (folder,) = home.audit.glob("put-away-*")
    assert (folder / "trail.jsonl").read_bytes() == b"".join(old)
    trail = Trail.open(home)
    (entry,) = trail.entries()
    assert (entry.action, entry.details["reasons"]) == (Action.BEGUN_ANEW, ["a disk was swapped"])
    trail.close()
    assert run("verify")[0] == 0
    assert run("verify", "--checkpoints", outside)[0] == 1
    assert Trail.open(home, outside=outside).fault
