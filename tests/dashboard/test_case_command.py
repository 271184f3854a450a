"""`case NAME FOLDER` as it is typed, and what the README says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data.cases.case import case, case_names
from data.errors import CaseRefused


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WATCHFLOOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_case_says_what_it_loaded_and_again_that_it_was_there(home: Path, real_files: Path) -> None:
    first = CliRunner().invoke(app, ["case", "haiti", str(real_files)])
    assert first.exit_code == 0
    lines = first.stdout.strip().splitlines()
    assert lines[0] == "Haiti, earthquake response 2010: REPLAY 12 Jan 2010 – 31 Dec 2010"
    assert lines[1].split() == ["regions", "11", "new"]
    assert lines[-2].split(maxsplit=2)[2] == "read 510, new 510, revised 0, duplicate 0, quarantined 0"
    assert lines[-1].startswith("Personas: ocha-coordination, ngo-logistics")
    again = CliRunner().invoke(app, ["case", "haiti", str(real_files)])
    assert "everything had been loaded before" in again.stdout
    assert "read 510, new 0, revised 0, duplicate 510, quarantined 0" in again.stdout


def test_a_folder_without_the_files_is_refused(home: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["case", "minusma", str(tmp_path)])
    assert isinstance(ran.exception, CaseRefused)
    assert ran.exit_code == 1
    assert not home.exists()


@pytest.mark.parametrize("name", case_names())
def test_the_readme_lists_every_file_of_a_case_and_where_it_was_published(project: Path, name: str) -> None:
    text = (project / "README.md").read_text("utf-8")
    assert f"`{name}`" in text
    for item in case(name).files:
        (line,) = [line for line in text.splitlines() if line.startswith(f"| `{item.name}` |")]
        assert item.published in line
        wanted_by = [other for other in case_names() if item in case(other).files]
        assert f"| {', '.join(wanted_by)} |" in line
