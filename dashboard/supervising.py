"""Processes side by side, each begun again when it ends: whoever watches the pages does not see the other's
end, and what was delivered meanwhile is not lost.
"""

from __future__ import annotations

import ctypes
import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

log = logging.getLogger("watchfloor.run")

LOOKS_EVERY_SECONDS = 0.2
BEGINS_WITHIN_SECONDS = 5.0
"""What ends sooner than this after its very first start could not begin: its sentence is on the screen."""

LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
"""Whoever lived as long begins again at once."""

ENDS_WITHIN_SECONDS = 10.0
PR_SET_PDEATHSIG = 1
"""prctl(2)."""


@dataclass
class Child:
    """One process of those that are watched."""

    name: str
    command: Sequence[str]
    leads: bool = False
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    starts: int = 0
    pause: float = 0.0
    due: float = 0.0

    def begin(self) -> None:
        """Start it, or try again later where the machine has no room for it."""
        self.began, self.starts = time.monotonic(), self.starts + 1
        try:
            self.process = subprocess.Popen(self.command, preexec_fn=_end_with_parent)
        except OSError as error:
            log.error("%s could not be started: %s", self.name, error.strerror)
            self.plan()

    def end(self) -> None:
        """Ask it to end, and end it where it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(ENDS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def could_not_begin(self, status: int) -> bool:
        """Whether its first start failed by itself: it would only say the same sentence once more."""
        return (
            self.leads
            and status > 0
            and self.starts == 1
            and time.monotonic() - self.began < BEGINS_WITHIN_SECONDS
        )

    def plan(self) -> None:
        """When it begins again: at once when it had lived long, else after longer and longer pauses."""
        lived = time.monotonic() - self.began
        self.pause = 0.0 if lived >= STEADY_SECONDS else min(max(1.0, self.pause * 2), LONGEST_PAUSE_SECONDS)
        self.process, self.due = None, time.monotonic() + self.pause


def supervise(commands: Mapping[str, Sequence[str]]) -> int:
    """Keep these commands running until a signal ends them; the status that the whole ends with.

    The first of them leads: where it cannot even begin, the whole ends, and what it said is on the screen.
    """
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    children = [Child(name, command) for name, command in commands.items()]
    children[0].leads = True
    try:
        for child in children:
            child.begin()
        while not ended.wait(LOOKS_EVERY_SECONDS):
            for child in children:
                status = _looked_after(child)
                if status is not None:
                    return status
        return 0
    finally:
        for child in reversed(children):
            child.end()


def _looked_after(child: Child) -> int | None:
    """Begin it again where it is due; a status when all is to end with it."""
    if child.process is None:
        if time.monotonic() >= child.due:
            child.begin()
        return None
    status = child.process.poll()
    if status is None:
        return None
    if child.could_not_begin(status):
        return status
    child.plan()
    log.error("%s ended with status %s and begins again in %.0f s", child.name, status, child.pause)
    return None


def _end_with_parent() -> None:
    """In the child: be told to end when whoever watches is killed, else it would keep port and lock."""
    with suppress(OSError, AttributeError):  # Linux alone has it
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def own_command(*words: str) -> list[str]:
    """A command of this command line, as a process of its own."""
    return [sys.executable, sys.argv[0], *words]
