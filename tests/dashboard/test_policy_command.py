"""`policy …` as it is typed: it tells first, asks, and says what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.cli import main
from data.home import Home
from data.schema import INCIDENTS
from tests.data.test_policy_change import MIXED, NARROWER
from tests.factories import POLICY, a_home, a_publication, a_row, publish


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = a_home(tmp_path / "home")
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, n) for n in (1, 2)]))
    monkeypatch.setenv("WATCHFLOOR_HOME", str(home.path))
    return home


def ran(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str]:
    monkeypatch.setattr("sys.argv", ["app.py", "policy", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(str(ended.value.code)), said.out + said.err


def test_it_tells_asks_and_applies(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "new.toml"
    file.write_text(MIXED)
    monkeypatch.setattr("typer.confirm", lambda words: False)
    status, out = ran(capsys, monkeypatch, "apply", str(file))
    assert (status, "Nothing was changed." in out) == (1, True)
    assert home.policy_file.read_text() == POLICY
    status, out = ran(capsys, monkeypatch, "apply", str(file), "--yes", "--as", "aldara")
    assert status == 0
    assert "agreement MULTI: parties XAA, XAB, XAC becomes XAA, XAC" in out
    assert "XAB will see 2 fewer incidents" in out
    assert "What narrows is in force." in out
    assert "staged as 1: two releasers must approve it" in out
    assert "waits already, staged as 1" in ran(capsys, monkeypatch, "apply", str(file))[1]
    assert "agreement AD-COARSE: more purposes" in ran(capsys, monkeypatch, "staged")[1]
    assert "held to  " in ran(capsys, monkeypatch, "versions")[1]
    assert "aldara (XAA)" in ran(capsys, monkeypatch, "versions")[1]
    status, out = ran(capsys, monkeypatch, "show")
    assert "held to version 1 until it is approved" in out
    assert "agreement MULTI, multilateral: XAA, XAB, XAC" in out
    assert "1 staged" in out


def test_a_wrong_file_and_an_empty_home_are_one_sentence(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "new.toml"
    file.write_text(NARROWER.replace('kind = "multilateral"', 'kind = "secret"'))
    status, out = ran(capsys, monkeypatch, "apply", str(file))
    assert (status, out.count("\n")) == (1, 1)
    assert out.startswith("Policy refused: new.toml, [[agreement]] 1 (MULTI): kind is 'secret'")
    monkeypatch.setenv("WATCHFLOOR_HOME", str(tmp_path / "nothing"))
    assert ran(capsys, monkeypatch, "show") == (
        1,
        f"Home not usable: The home {tmp_path / 'nothing'} is empty. Begin one with `serve`, `sample` or"
        " `ingest`.\n",
    )


def test_purge_tells_asks_and_takes_away(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out = ran(capsys, monkeypatch, "purge", "XAA:test:1", "--dry-run")
    assert (status, out) == (
        0,
        "incidents: 1 record, every revision (asked for)\n1 record would go. Nothing was changed.\n",
    )
    assert "1 record purged." in ran(capsys, monkeypatch, "purge", "XAA:test:1", "--yes")[1]
    assert "no record 'XAA:test:7'" in ran(capsys, monkeypatch, "purge", "XAA:test:7")[1]
    assert "was not said" in ran(capsys, monkeypatch, "purge")[1]
    assert "in force until" in ran(capsys, monkeypatch, "purge", "--agreement", "MULTI")[1]
