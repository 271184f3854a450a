"""`screens …` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data.audit.entry import Action
from data.audit.trail import Trail
from data.home import Home
from data.screens import a_code
from tests.factories import a_home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("WATCHFLOOR_HOME", str(tmp_path / "home"))
    return a_home(tmp_path / "home")


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["screens", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_screen_from_first_to_last(home: Home) -> None:
    assert "No screen is enrolled" in run("list")
    code = a_code()
    written = f"{code[:4].lower()} {code[4:]}"
    terms = ("--partner", "XAA", "--partner", "XAB", "--clearance", home.policy().levels[0])
    assert "XAA, XAB" in run("enrol", written, "hall", *terms)
    assert "hall" in run("list")
    assert "revoked" in run("revoke", "hall")
    assert "No screen is enrolled" in run("list")
    trail = Trail.open(home)
    changes = [entry.details["how"] for entry in trail.entries(actions=[Action.USER_CHANGE])]
    trail.close()
    assert changes == ["enrolled", "revoked"]
