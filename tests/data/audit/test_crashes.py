"""What real processes do to a trail: they are killed, they write at once, and their disk is full."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from data.audit.entry import Action
from data.audit.places import trail_of
from data.audit.trail import Trail
from data.audit.verify import torn_lines, verify
from data.home import Home
from tests.data.audit.trails import ANALYST, lines_of
from tests.sizes import figure, size

PROJECT = Path(__file__).resolve().parents[3]
KILLS_A_HOME = 5
Acknowledged = dict[int, tuple[str, int]]
"""What an entry at a place was acknowledged to be: whose, and its number."""


def child(home: Home, name: str, count: int, room: int = 0, tear: int = 0) -> subprocess.Popen[str]:
    words = [str(home.path), name, *map(str, (count, room, tear))]
    command = [sys.executable, "-m", "tests.data.audit.writer_child", *words]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def lines_until_end(process: subprocess.Popen[str]) -> list[str]:
    said, _nothing = process.communicate(timeout=120)
    return said.splitlines()


def lines_until_killed(home: Home, name: str, tear: int, seconds: float) -> list[str]:
    """What it said before it was killed: in the middle of its entry `tear`, or from here after a while."""
    with child(home, name, 0, tear=tear) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if not tear:
            time.sleep(seconds)
            process.kill()
        said = lines_until_end(process)
    assert process.returncode == -signal.SIGKILL
    return said


def acknowledged(said: list[str], name: str) -> tuple[Acknowledged, Acknowledged]:
    """Of whole lines only: durable entries, and views."""
    durable: Acknowledged = {}
    views: Acknowledged = {}
    for line in said:
        words = line.split()
        if len(words) == 3 and words[0].isdigit():
            (durable if words[2] == "1" else views)[int(words[0])] = (name, int(words[1]))
    return durable, views


def held(home: Home) -> Acknowledged:
    trail = Trail.open(home)
    found = {entry.seq: entry for entry in trail.entries(actions=[Action.VIEW, Action.EXPORT])}
    trail.close()
    assert trail.fault == ""
    return {seq: (str(one.details["name"]), int(str(one.details["number"]))) for seq, one in found.items()}


@pytest.mark.full_size
def test_nothing_that_was_acknowledged_is_lost_by_a_kill(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    kills, chance = size("audit_kills"), random.Random(4)
    said_of: Acknowledged = {}
    torn = entries = exports = 0
    for number in range(kills):
        home = Home(tmp_path / f"home-{number // KILLS_A_HOME}")
        home.path.mkdir(exist_ok=True)
        said_of = {} if number % KILLS_A_HOME == 0 else said_of
        tear = chance.randrange(1, 60) if number % 2 else 0
        said = lines_until_killed(home, f"child-{number}", tear, chance.uniform(0, 0.2))
        durable, views = acknowledged(said, f"child-{number}")
        said_of |= durable | views
        exports += len(durable)
        torn += verify(home).torn_bytes > 0
        found = held(home)
        assert {seq: found.get(seq) for seq in said_of} == said_of
        assert verify(home).torn_bytes == 0
        entries += len(durable) + len(views)
    record_property(
        "note",
        f"{kills} processes were killed while they wrote the audit trail: all of {entries} acknowledged"
        f" entries ({exports} durable) were there, {torn} times half a line was set aside",
    )
    figure(
        record_property, "T16 kills while the audit trail is written", kills, "0 acknowledged entries lost"
    )
    assert exports
    assert torn


def test_processes_that_write_at_once_make_one_chain(tmp_path: Path) -> None:
    home, count = Home(tmp_path), 150
    said: Acknowledged = {}
    writers = {name: child(home, name, count) for name in ("one", "two", "three")}
    for name, process in writers.items():
        lines = lines_until_end(process)
        assert lines[-1] == "closed"
        durable, views = acknowledged(lines, name)
        assert len(durable) + len(views) == count
        assert not said.keys() & (durable | views).keys()
        said |= durable | views
    assert verify(home).entries == len(writers) * count
    assert held(home) == said


def test_a_full_disk_refuses_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    home = Home(tmp_path)
    said = lines_until_end(child(home, "full", 60, room=12_000))
    refused = next(number for number, line in enumerate(said) if line.startswith("refused"))
    assert "File too large" in said[refused]
    assert said[-1] == "closed"
    before, after = acknowledged(said[:refused], "full"), acknowledged(said[refused:], "full")
    assert before[0]
    assert after[0]
    assert verify(home).torn_bytes == 0
    assert torn_lines(home) == 0
    found = held(home)
    for durable, views in (before, after):
        expected = durable | views
        expected.pop(-1, None)
        assert {seq: found.get(seq) for seq in expected} == expected


def test_half_a_line_is_set_aside_and_said(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trail = Trail.open(home)
    trail.record(Action.VIEW, ANALYST, {"number": 0}, durable=False)
    trail.close()
    whole, torn = lines_of(home), b'{"action":"export","actor":[{"par'
    with trail_of(home).open("ab") as file:
        file.write(torn)
    assert verify(home).torn_bytes == len(torn)
    assert verify(home).entries == 1
    again = Trail.open(home)
    assert again.fault == ""
    (entry,) = again.entries(actions=[Action.TORN_LINE])
    assert entry.details["bytes"] == len(torn)
    assert (home.audit / str(entry.details["file"])).read_bytes() == torn
    again.close()
    assert lines_of(home)[:1] == whole
    assert verify(home).entries == 2


def test_half_a_line_of_another_process_is_set_aside_in_use(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trail = Trail.open(home)
    with trail_of(home).open("ab") as file:
        file.write(b'{"action":')
    seq = trail.record(Action.EXPORT, ANALYST, {"record_ids": []}, durable=True)
    assert [entry.action for entry in trail.entries()] == [Action.TORN_LINE, Action.EXPORT]
    assert seq == 1
    trail.close()
    assert verify(home).entries == 2
