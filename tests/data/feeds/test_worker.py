"""The worker takes what rests, goes on when a file makes it fail, and loses nothing when it is killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.errors import HomeError, StoreUnavailable
from data.feeds import inbox, worker
from data.feeds.inbox import make_folders
from data.feeds.worker import Worker
from data.home import Home
from data.lake import LakeWriter
from data.sources import Sources
from tests.data.feeds.attacks import a_file, attack
from tests.sizes import figure, size

APP = Path(__file__).resolve().parents[3] / "app.py"
PATIENCE_SECONDS = 60.0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.open(tmp_path / "home")
    make_folders(made)
    return made


def put(home: Home, name: str, first: int, last: int) -> None:
    path = home.inbox / "II" / f"{name}.part"
    path.write_bytes(a_file(*(attack(n) for n in range(first, last))))
    path.rename(path.with_suffix(""))


def records(home: Home) -> list[int]:
    with LakeWriter(home) as lake:
        return sorted(
            int(each.split(":")[2]) for each in lake.newest_rows("incidents")["record_id"].to_pylist()
        )


def files(home: Home, outcome: str) -> list[str]:
    return sorted(path.name for path in (home.inbox / "II" / outcome).glob("*.csv"))


def left(home: Home) -> list[str]:
    return [path.name for path in (home.inbox / "II").iterdir() if path.is_file()]


def test_a_file_is_taken_once_nobody_writes_to_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(worker.time, "monotonic", lambda: now)
    one = Worker(home, rests_seconds=1.0)
    put(home, "x.csv", 0, 2)
    one.looked()
    now += 0.9
    with (home.inbox / "II" / "x.csv").open("ab") as file:
        file.write(a_file(attack(2)).splitlines(keepends=True)[1])
    one.looked()
    now += 0.9
    one.looked()
    assert left(home) == ["x.csv"]
    now += 0.2
    one.looked()
    assert (left(home), records(home)) == ([], [0, 1, 2])


def test_a_file_that_makes_the_program_fail_is_refused_the_second_time(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, "a.csv", 0, 2)
    put(home, "b.csv", 2, 4)
    taken = inbox.ingest_into

    def fails(
        lake: LakeWriter, home: Home, asked: object, contents: list[tuple[str, bytes]], *more: object
    ) -> object:
        if contents[0][0] == "a.csv":
            raise ZeroDivisionError("the secret of a record")
        return taken(lake, home, asked, contents, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "ingest_into", fails)
    one = Worker(home, rests_seconds=0.0)
    assert one.looked()
    assert (left(home), records(home)) == (["a.csv"], [2, 3])
    assert one.looked()
    assert (left(home), len(files(home, "refused"))) == ([], 1)
    told = next((home.inbox / "II" / "refused").glob("*.json")).read_text("utf-8")
    assert "the program failed on it" in told
    assert "secret" not in told


def test_what_cannot_be_written_waits_and_is_taken_later(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "x.csv", 0, 2)
    taken = inbox.ingest_into

    def full(*_told: object) -> object:
        raise StoreUnavailable("The disk is full.")

    monkeypatch.setattr(inbox, "ingest_into", full)
    one = Worker(home, rests_seconds=0.0)
    assert not one.looked()
    assert left(home) == ["x.csv"]
    monkeypatch.setattr(inbox, "ingest_into", taken)
    assert one.looked()
    assert records(home) == [0, 1]


def test_while_no_policy_can_be_read_nothing_is_taken(home: Home) -> None:
    put(home, "x.csv", 0, 2)
    before = home.policy_file.read_bytes()
    home.policy_file.write_text("this is none")
    one = Worker(home, rests_seconds=0.0)
    assert not one.looked()
    assert left(home) == ["x.csv"]
    home.policy_file.write_bytes(before)
    assert one.looked()
    assert records(home) == [0, 1]


def test_a_folder_in_which_something_is_in_the_way_holds_up_nobody_else(home: Home) -> None:
    Sources(home).load(
        b'[[source]]\nid = "a"\npartner = "OCHA"\nrecipe = "insecurity-aid-workers"\n', "s.toml"
    )
    put(home, "x.csv", 0, 2)
    (home.inbox / "II" / "taken").symlink_to("nowhere")
    os.utime(home.inbox / "II" / "taken", (2**32, 2**32), follow_symlinks=False)  # its turn comes last
    (home.inbox / "OCHA" / "x.csv").write_bytes(a_file(attack(7)))
    one = Worker(home, rests_seconds=0.0)
    assert one.looked()
    assert one.looked()
    assert not (home.inbox / "OCHA" / "x.csv").exists()
    assert "x.csv" in left(home)


def test_there_is_one_worker_at_a_home(home: Home) -> None:
    ended = threading.Event()
    first = threading.Thread(target=Worker(home).run, args=(ended,))
    first.start()
    try:
        until(lambda: (home.inbox / ".worker.lock").exists())
        time.sleep(0.2)
        with pytest.raises(HomeError, match="Another worker is at the home"):
            Worker(home).run(threading.Event())
    finally:
        ended.set()
        first.join()


def until(claim: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@contextmanager
def working(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """`python app.py work`, ended with the test."""
    process = subprocess.Popen(
        [sys.executable, str(APP), "work"],
        env=os.environ | {"WATCHFLOOR_HOME": str(home.path), "WATCHFLOOR_INBOX_RESTS_SECONDS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_the_process_takes_what_comes_and_ends_when_it_is_told(home: Home) -> None:
    with working(home) as process:
        put(home, "x.csv", 0, 3)
        until(lambda: not left(home) and bool(files(home, "taken")))
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert records(home) == [0, 1, 2]


@pytest.mark.full_size
def test_a_worker_that_is_killed_loses_nothing_and_takes_nothing_twice(
    home: Home, record_property: Callable[[str, object], None]
) -> None:
    dice, kills, given = random.Random(5), size("worker_kills"), 0
    for _ in range(kills):
        with working(home) as process:
            put(home, f"{given}.csv", given * 10, given * 10 + 10)
            given += 1
            time.sleep(1.0 + dice.random() * 3)
            process.kill()
            process.wait()
    with working(home):
        until(lambda: not left(home), PATIENCE_SECONDS + 5 * given)  # a slow machine took few in between
    assert records(home) == list(range(given * 10))
    assert len(files(home, "taken")) == given
    assert files(home, "refused") == []
    with LakeWriter(home) as lake:
        rows = lake.newest_rows("incidents")
    assert rows["revision"].to_pylist() == [1] * (given * 10)
    figure(record_property, "Kills of the worker while files come", kills, "0 records lost, 0 twice")
