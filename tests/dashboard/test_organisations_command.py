"""`organisations …` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboard.cli import app
from data.errors import WatchfloorError
from tests.factories import a_home, a_publication, a_row, publish

NAMES = ("Cordia Relief", "Médecins du Nord", "MdN", "Medecins du Nord Suisse", "Bad\x1bName")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Presences under five names, of a source whose recipe ships."""
    folder = tmp_path / "home"
    monkeypatch.setenv("WATCHFLOOR_HOME", str(folder))
    rows = [
        a_row("deployments", n, org_name=name, source="unhcr-3w", presence_kind="civil")
        for n, name in enumerate(NAMES)
    ]
    publish(a_home(folder), a_publication("deployments", rows))
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["organisations", *words])


def test_a_review_from_suggestion_to_log(home: Path) -> None:
    suggested = run("suggest", "--as", "aldara")
    assert "score 90, 3 records: no organisation yet" in suggested.stdout
    assert "1 × Médecins du Nord  (fr)" in suggested.stdout
    assert "python app.py organisations merge" in suggested.stdout
    assert "1 group among the 5 names released to aldara." in suggested.stdout
    merged = run("merge", "medecins du nord", "MdN", "--into", "MDN", "--as", "aldara")
    assert merged.stdout.splitlines() == ["Médecins du Nord: now MDN, 1 record", "MdN: now MDN, 1 record"]
    assert "MDN" in run("list").stdout
    assert run("split", "MdN", "--as", "aldara").stdout == "MdN: on its own, 1 record\n"
    lines = run("log", "--as", "aldara").stdout.splitlines()
    assert [line.split("UTC  ")[1] for line in lines] == [
        "aldara (XAA)  merged into MDN: Médecins du Nord, MdN",
        "aldara (XAA)  split from MDN: MdN",
    ]
    assert run("apply").stdout.splitlines()[1] == "deployments: 0 records named again"


def test_a_name_of_a_partner_cannot_command_the_terminal(home: Path) -> None:
    assert run("merge", "Bad Name", "--into", "BAD", "--as", "aldara").exit_code == 0
    told = run("list").stdout + run("log").stdout
    assert told.count("Bad Name") == 3
    assert "\x1b" not in told


@pytest.mark.parametrize(
    "words",
    [
        ("merge", "Nobody", "--into", "MDN", "--as", "aldara"),
        ("merge", "MdN", "--into", "no code", "--as", "aldara"),
        ("merge", "MdN", "--into", "MDN", "--as", "stranger"),
        ("suggest", "--as", "stranger"),
        ("split", "MdN", "--as", "aldara"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(home: Path, words: tuple[str, ...]) -> None:
    ran = run(*words)
    assert ran.exit_code == 1
    assert isinstance(ran.exception, WatchfloorError)
    assert str(ran.exception).endswith(".")


def test_merging_needs_a_persona_and_a_code(home: Path) -> None:
    assert run("merge", "MdN", "--into", "MDN").exit_code == 2
    assert run("merge", "MdN", "--as", "aldara").exit_code == 2


def test_records_without_a_recipe_are_merged_as_is_said_and_split_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample has no recipe: its records are named by the decision, but where they state a code."""
    folder = tmp_path / "home"
    monkeypatch.setenv("WATCHFLOOR_HOME", str(folder))
    rows = [
        a_row("deployments", n, org_name="Banes", org_code=code, source="sample-list", presence_kind="civil")
        for n, code in enumerate((None, None, "OWN"))
    ]
    publish(a_home(folder), a_publication("deployments", rows))
    stated = "Not changed, for the code is the originator's own word: 1 record."
    merged = run("merge", "Banes", "--into", "BRC", "--as", "aldara")
    assert merged.stdout.splitlines() == ["Banes: now BRC, 2 records", stated]
    assert "BRC  Banes: 2 records" in run("list").stdout
    assert run("split", "Banes", "--as", "aldara").stdout.splitlines() == [
        "Banes: on its own, 2 records",
        stated,
    ]
    assert "BRC" not in run("list").stdout
    assert run("split", "Banes", "--as", "aldara").exit_code == 1


def test_a_decision_that_reached_no_record_can_be_taken_back(home: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data.organisations.review.rename_into", lambda *_: {})
        assert run("merge", "MdN", "--into", "MDN", "--as", "aldara").stdout.startswith(
            "MdN: now MDN, 0 records"
        )
    assert run("split", "MdN", "--as", "aldara").stdout == "MdN: on its own, 1 record\n"
