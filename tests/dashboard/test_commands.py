"""The command line, as it is typed: what it prints, its exit status, and what it leaves in the home."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from dashboard.cli import main
from data.home import SHIPPED_POLICY, Home
from data.labels import Label
from data.lake import LakeWriter
from data.sample.load import Loaded
from data.sample.scenario import POLICY_FILE
from data.schema import INCIDENTS
from tests.factories import OPEN_TO_ALL, POLICY, T0, a_home, a_publication, a_row, publish

COLUMNS = (
    "week_date,Country,Region,NewCases,NewDeaths,CumulativeCases,CumulativeDeaths"
    ",NewConfirmedCases,CumulativeConfirmedCases,MortalityRate,PCodeAdmin1,PCodeUse"
)
WEEK = "2014-04-07,Guinea,Boffa,1,0,1,0,,,,GIN001,GIN001001"
RECORD = "XAA:test:1"
CLOSED = Label("XAA", "TEST", "SENSITIVE", ())


class Ran(NamedTuple):
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the home of the commands will be; it is missing."""
    path = tmp_path / "home"
    monkeypatch.setenv("WATCHFLOOR_HOME", str(path))
    return path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as `python app.py` does."""

    def run_it(*words: str | Path) -> Ran:
        monkeypatch.setattr("sys.argv", ["app.py", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(ended.value.code, said.out, said.err)

    return run_it


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A small file that only the recipe ebola-cases fits."""
    path = tmp_path / "cases.csv"
    path.write_text(f"{COLUMNS}\n{WEEK}\n")
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A file that is refused: of its only record no date can be read."""
    path = tmp_path / "bad.csv"
    path.write_text(f"{COLUMNS}\n{WEEK.replace('2014-04-07', 'soon')}\n")
    return path


@pytest.fixture
def no_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    """`sample` claims the home, but the exercise is left out: it takes seconds."""
    monkeypatch.setattr("data.sample.load._load", lambda *_: Loaded({"incidents": 7}, {"incidents": 9}))


def tree(folder: Path) -> dict[str, int]:
    """What is in a folder, with the sizes of its files."""
    return {
        str(path.relative_to(folder)): path.stat().st_size if path.is_file() else 0
        for path in folder.rglob("*")
    }


def refused(ran: Ran, title: str, *words: str) -> None:
    """One sentence or two on one line of the error stream, nothing else, status 1."""
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.strip().startswith(f"{title}: ")
    assert "\n" not in ran.err.strip()
    for word in words:
        assert word in ran.err


def test_recipes_are_listed_by_name_without_a_home(run: Run, folder: Path) -> None:
    ran = run("recipes")
    assert ran.status == 0
    assert [line.split()[0] for line in ran.lines] == [
        *("ebola-3w", "ebola-cases", "ebola-centres", "ebola-fts", "ebola-restrictions"),
        *("ebola-restrictions-hxl", "fts-incoming", "gdacs", "geo-pko", "iati-transactions"),
        *("insecurity-aid-workers", "insecurity-education", "rowca-5w", "scms", "ucdp-ged", "ucdp-ged-hxl"),
        *("unhcr-3w", "usgs-quakes"),
    ]
    assert ran.lines[1].split()[:2] == ["ebola-cases", "incidents:"]
    assert not folder.exists()


def test_personas_are_listed_by_id(run: Run, folder: Path) -> None:
    a_home(folder)
    before = tree(folder)
    ran = run("personas")
    assert [line.split()[0] for line in ran.lines] == ["aldara", "borland", "cordia", "dunmark"]
    assert ran.lines[2].endswith("Cordia viewer: viewer; XQ01")
    assert (ran.status, ran.err, tree(folder)) == (0, "", before)


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("words", [("personas",), ("explain", RECORD, "--as", "aldara")])
def test_looking_makes_nothing(run: Run, folder: Path, words: tuple[str, ...], there: bool) -> None:
    if there:
        folder.mkdir()
    refused(run(*words), "Home not usable", f"The home {folder} is empty.", "`serve` or `sample`")
    assert list(folder.parent.rglob("*")) == ([folder] if there else [])


def test_the_sample_is_made_after_looking_and_after_a_refused_file(
    run: Run, folder: Path, bad: Path, no_scenario: None
) -> None:
    run("personas")
    refused(run("ingest", "ebola-cases", bad), "File refused", "bad.csv")
    assert Home(folder).is_unused
    run("personas")
    ran = run("sample")
    assert (ran.status, ran.lines) == (0, ["incidents: 7 records in 9 revisions"])
    assert Home(folder).policy().operation.id == "EX-NORTHERN-PASSAGE"


@pytest.mark.parametrize("before", ["nothing", "looked", "refused", "broken off"])
def test_serve_makes_the_sample_in_a_home_with_nothing_in_it(
    run: Run, folder: Path, bad: Path, no_scenario: None, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    commands = {"looked": ["personas"], "refused": ["ingest", "ebola-cases", bad], "broken off": ["sample"]}
    if before in commands:
        run(*commands[before])
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: None)
    ran = run("serve")
    assert ran.lines[:2] == [
        f"The home {folder} is empty: making the sample exercise.",
        "incidents: 7 records in 9 revisions",
    ]
    assert Home(folder).kind == "exercise"


def test_serve_keeps_what_was_taken(
    run: Run, folder: Path, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("ingest", cases).status == 0
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: None)
    assert run("serve").lines == ["Watchfloor is at http://127.0.0.1:8050/  (Ctrl+C ends it)"]
    assert Home(folder).kind == "replay"


def test_the_sample_is_refused_in_a_home_of_another_operation(run: Run, folder: Path) -> None:
    a_home(folder)
    refused(run("sample"), "Home not usable", "holds the operation 'EX-TEST'", "another, empty folder")


def test_a_file_tells_its_recipe_by_its_columns(run: Run, folder: Path, cases: Path) -> None:
    ran = run("ingest", cases)
    assert ran.status == 0
    assert ran.lines[0] == "cases.csv: read 1, new 1, revised 0, duplicate 0, quarantined 0"
    again = run("ingest", "ebola-cases", cases)
    assert again.lines[0].startswith("cases.csv: read 1, new 0, revised 0, duplicate 1, quarantined 0")


def test_a_file_nobody_can_read_is_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    refused(run("ingest", tmp_path), "File refused", "cannot be read: Is a directory.")
    refused(run("ingest", "ebola-cases", tmp_path / "no.csv"), "File refused", "no.csv cannot be read")
    refused(run("ingest", "ebola-cases"), "File refused", "No file was named")
    assert not folder.exists()


def test_an_unknown_recipe_is_refused(run: Run, folder: Path, cases: Path) -> None:
    refused(run("ingest", "nonsense", cases), "Recipe not usable", "'nonsense'", "ebola-cases")
    assert not folder.exists()


@pytest.mark.parametrize("there", [False, True])
def test_a_dry_run_makes_nothing(run: Run, folder: Path, cases: Path, there: bool) -> None:
    if there:
        Home.open(folder)
    before = tree(folder)
    ran = run("ingest", cases, "--dry-run")
    assert ran.status == 0
    assert ran.lines[0] == (
        "cases.csv: read 1, new 1, revised 0, duplicate 0, quarantined 0 (dry run: nothing was written)"
    )
    assert tree(folder) == before
    assert folder.exists() is there


def test_a_dry_run_knows_what_was_taken_and_writes_nothing(run: Run, folder: Path, cases: Path) -> None:
    run("ingest", cases)
    cases.write_text(f"{COLUMNS}\n{WEEK}\n{WEEK.replace('Boffa', 'Coyah').replace('001001', '001002')}\n")
    before = tree(folder)
    assert "read 2, new 1, revised 0, duplicate 1" in run("ingest", cases, "--dry-run").out
    assert tree(folder) == before


def test_a_time_that_is_none_or_may_not_be_set_is_refused(run: Run, folder: Path, cases: Path) -> None:
    refused(run("ingest", cases, "--as-of", "monday"), "Setting not usable", "--as-of is 'monday'")
    policy = SHIPPED_POLICY.read_text(encoding="utf-8").replace('kind = "replay"', 'kind = "actual"')
    a_home(folder, policy)
    ran = run("ingest", cases, "--as-of", "2014-05-01T12:00")
    refused(ran, "Setting not usable", "--as-of is 2014-05-01T12:00Z", "actual operation", "never set")
    assert not Home(folder).holds_rows()


@pytest.mark.parametrize(
    ("options", "releasable_to"),
    [((), ("PUBLIC",)), (("--releasable-to", ""), ()), (("--releasable-to", "WHO, OCHA"), ("OCHA", "WHO"))],
)
def test_an_empty_releasable_to_is_nobody_but_the_originator(
    run: Run, folder: Path, cases: Path, options: tuple[str, ...], releasable_to: tuple[str, ...]
) -> None:
    assert run("ingest", cases, *options).status == 0
    with LakeWriter(Home(folder)) as lake:
        (row,) = lake.newest_rows(INCIDENTS).to_pylist()
        assert tuple(sorted(lake.label(row["label_id"]).releasable_to)) == releasable_to


def test_regions_are_loaded_and_records_matched_again(
    run: Run, folder: Path, cases: Path, tmp_path: Path
) -> None:
    run("ingest", cases)
    ring = [[-14.4, 10], [-13.5, 10], [-13.5, 10.8], [-14.4, 10.8], [-14.4, 10]]
    feature = {
        "type": "Feature",
        "properties": {"CODE": "GIN001001", "NAME": "Boffa", "UP": "GIN001"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = tmp_path / "districts.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    fields = ("--code", "CODE", "--name", "NAME", "--parent", "UP", "--level", "2")
    refused(run("regions", "load", path, *fields, "--version", "once"), "Setting not usable", "--version")
    ran = run("regions", "load", path, *fields, "--version", "2014-01-31")
    assert (ran.status, ran.lines[-1]) == (0, "incidents: 1 records matched again")
    assert any(line.startswith("districts.geojson: ") for line in ran.lines)


@pytest.fixture
def records(folder: Path) -> None:
    """An open record, a closed one, one that was narrowed, one that was recalled."""
    later = T0 + timedelta(days=9)
    known = {"ingested_at": T0, "received_at": T0}
    ended = {**known, "superseded_at": later, "superseded_received_at": later}
    since = {"ingested_at": later, "received_at": later, "revision": 2}
    rows = [
        a_row(INCIDENTS, 1, **known),
        a_row(INCIDENTS, 2, **known, label_id=1),
        a_row(INCIDENTS, 3, **ended),
        a_row(INCIDENTS, 3, **since, msg_type="update", label_id=1),
        a_row(INCIDENTS, 4, **ended),
        a_row(INCIDENTS, 4, **since, msg_type="recall"),
    ]
    publish(a_home(folder), a_publication(INCIDENTS, rows, (OPEN_TO_ALL, CLOSED)))


@pytest.mark.parametrize(
    ("number", "who", "outcome"), [(1, "borland", True), (2, "borland", False), (2, "aldara", True)]
)
def test_a_decision_is_told_for_screen_and_file(
    run: Run, records: None, number: int, who: str, outcome: bool
) -> None:
    ran = run("explain", f"XAA:test:{number}", "--as", who)
    assert (ran.status, ran.lines[0]) == (0, f"XAA:test:{number}, revision 1, for {who}")
    assert [line for line in ran.lines if not line.startswith(" ")][1:] == ["", "screen:", "", "file:"]
    verdict = "permits  released" if outcome else "denies   not released"
    assert f"  R6   {verdict} on screen" in ran.out
    assert f"  R6   {verdict} in a file" in ran.out


def test_who_and_what_is_unknown_is_refused(run: Run, records: None) -> None:
    refused(run("explain", "XAA:test:99", "--as", "aldara"), "Nothing to show", "no such record")
    refused(run("explain", RECORD, "--as", "zulu"), "Policy refused", "no persona 'zulu'", "aldara, borland")
    refused(run("explain", RECORD, "--as", "aldara", "--known", "x"), "Setting not usable", "--known is 'x'")


def test_a_record_without_a_lake_is_unknown(run: Run, folder: Path) -> None:
    a_home(folder)
    refused(run("explain", RECORD, "--as", "aldara"), "Nothing to show", "no such record")
    assert not (folder / "lake").exists()


def test_the_revision_known_then_needs_the_newest_to_permit_too(run: Run, records: None) -> None:
    newest = run("explain", "XAA:test:3", "--as", "borland")
    assert newest.lines[0] == "XAA:test:3, revision 2, for borland"
    assert "newest revision:" not in newest.out
    then = run("explain", "XAA:test:3", "--as", "borland", "--known", "2026-09-05")
    assert then.lines[0] == "XAA:test:3, revision 1 (the newest is 2), for borland"
    assert "newest revision:" in then.out
    assert "not released on screen" in then.out
    early = run("explain", "XAA:test:3", "--as", "borland", "--known", "2026-08-05")
    assert early.lines == ["The record was not known at 2026-08-05: nothing of it is shown for that time."]


@pytest.mark.parametrize("known", [(), ("--known", "2026-09-05")])
def test_a_recalled_record_is_released_to_nobody_at_any_time(
    run: Run, records: None, known: tuple[str, ...]
) -> None:
    ran = run("explain", "XAA:test:4", "--as", "aldara", *known)
    assert ran.lines == ["The record was recalled: it is released to nobody, at any knowledge time."]


def test_the_entry_hands_over_status_and_sentence(project: Path, folder: Path) -> None:
    command = [sys.executable, "app.py", "ingest", "nonsense", "x.csv"]
    ran = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=60)
    refused(Ran(ran.returncode, ran.stdout, ran.stderr), "Recipe not usable", "'nonsense'")


def test_only_the_sample_exercise_can_be_played(run: Run, folder: Path) -> None:
    a_home(folder)
    refused(
        run("exercise", "play"),
        "Home not usable",
        "holds 'EX-TEST'",
        "only the sample exercise can be played",
    )
    assert not (folder / "exercise_clock.json").exists()


@pytest.mark.parametrize("speed", ["0", "-1", "3601", "fast", "nan"])
def test_a_speed_that_is_none_is_refused(run: Run, folder: Path, speed: str) -> None:
    assert run("exercise", "play", "--speed", speed).status == 2
    assert not folder.exists()


@pytest.mark.parametrize(
    ("words", "speed", "policy", "plays"),
    [
        ((), "60", None, ["60"]),
        ((), "7.5", None, ["7.5"]),
        ((), "0", None, []),
        (("--no-play",), "60", None, []),
        ((), "60", POLICY, []),
    ],
)
def test_run_plays_the_sample_and_nothing_else(
    run: Run,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    speed: str,
    policy: str | None,
    plays: list[str],
) -> None:
    begun: dict[str, list[str]] = {}
    monkeypatch.setattr("dashboard.supervising.supervise", lambda commands: begun.update(commands) or 0)
    monkeypatch.setenv("WATCHFLOOR_EXERCISE_SPEED", speed)
    if policy is not None:
        a_home(folder, policy)
    assert run("run", *words).status == 0
    assert list(begun)[:2] == ["serve", "work"]
    assert [command[-1] for name, command in begun.items() if name == "play"] == plays


def test_play_is_ended_by_an_interrupt(project: Path, tmp_path: Path) -> None:
    """The sample's home, and nothing in it yet: play waits for it."""
    home = a_home(tmp_path / "home", POLICY_FILE.read_text("utf-8"))
    process = subprocess.Popen(
        [sys.executable, "app.py", "exercise", "play"],
        cwd=project,
        env=os.environ | {"WATCHFLOOR_HOME": str(home.path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Waiting for the sample exercise")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()
