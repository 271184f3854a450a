"""The background of a trail: views are brought to the disk together, and checkpoints are due by time."""

from __future__ import annotations

import threading
from collections.abc import Callable

GATHER_SECONDS = 0.15
"""What comes within this time is brought to the disk at once; with the writing it stays below 200 ms."""

LOOK_SECONDS = 5.0
"""How often a checkpoint may become due without an entry."""


class Committer:
    """One thread that runs `commit` soon after it was woken, and every few seconds while nothing happens."""

    def __init__(self, commit: Callable[[], None]) -> None:
        self._commit = commit
        self._woken = threading.Event()
        self._hurry = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def wake(self, *, hurry: bool = False) -> None:
        """There is something to bring to the disk, soon or with `hurry` at once. Never waits for it."""
        if self._thread is None:
            self._start()
        if hurry:
            self._hurry.set()
        self._woken.set()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._ending.is_set():
                self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._ending.is_set():
            if self._woken.wait(LOOK_SECONDS):
                self._hurry.wait(GATHER_SECONDS)
                self._hurry.clear()
                self._woken.clear()
            self._commit()

    def end(self) -> None:
        """Stop, after what is under way."""
        self._ending.set()
        self._hurry.set()
        self._woken.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
