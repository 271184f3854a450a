"""`run` begins again what ends, and ends all that it began."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LIVES = (
    "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(60)"
)
WATCHED = """
import sys
from dashboard.supervising import supervise
lives, folder = sys.argv[1:]
sys.exit(supervise({name: [sys.executable, "-c", lives, f"{folder}/{name}"] for name in "ab"}))
"""
BROKEN = """
import sys
from dashboard.supervising import supervise
sys.exit(supervise({
    "cannot": [sys.executable, "-c", "import sys; sys.exit('the port is taken')"],
    "lives": [sys.executable, "-c", "import time; time.sleep(60)"],
}))
"""
PATIENCE_SECONDS = 30.0


@contextmanager
def supervising(program: str, *given: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, *given], cwd=PROJECT, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def until(claim: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not claim():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def id_of(path: Path) -> int:
    until(lambda: path.exists() and path.read_text().isdigit())
    return int(path.read_text())


def test_each_survives_the_other_and_begins_again(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    with supervising(WATCHED, LIVES, str(tmp_path)) as process:
        first, other = id_of(a), id_of(b)
        os.kill(first, signal.SIGKILL)
        until(lambda: id_of(a) != first)
        again = id_of(a)
        assert lives(other)
        assert lives(again)
        process.terminate()
        assert process.wait(20) == 0
        until(lambda: not lives(other) and not lives(again))


def test_what_cannot_begin_ends_the_whole_and_says_why() -> None:
    with supervising(BROKEN) as process:
        _out, said = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "the port is taken" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all(tmp_path: Path, number: signal.Signals) -> None:
    with supervising(WATCHED, LIVES, str(tmp_path)) as process:
        every = [id_of(tmp_path / name) for name in "ab"]
        process.send_signal(number)
        assert process.wait(20) == 0
        assert not any(map(lives, every))
