"""The file of the trail: one writer at a time over all processes, whole lines or none."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import AuditBroken, AuditUnavailable

PAUSE_SECONDS = 0.001


class TrailFile:
    """An open file that is only ever added to, `locked` while it is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(path, flags, 0o600)
        sync_folder(path.parent)

    @contextmanager
    def locked(self, wait_seconds: float) -> Iterator[None]:
        """Nobody else writes meanwhile. Raises AuditUnavailable when others do for so long."""
        until = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise AuditUnavailable(
                        f"The audit trail {self.path} is held by another process.", "Try again."
                    ) from None
                time.sleep(PAUSE_SECONDS)
        try:
            self._check_place()
            yield
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def _check_place(self) -> None:
        """The file under the trail's name is still the one that is open."""
        try:
            there = self.path.stat()
        except FileNotFoundError:
            raise AuditBroken(f"The audit trail {self.path} was taken away while it was in use.") from None
        if not os.path.samestat(there, os.fstat(self._handle)):
            raise AuditBroken(f"The audit trail {self.path} was replaced while it was in use.")

    def size(self) -> int:
        """In bytes."""
        return os.fstat(self._handle).st_size

    def part(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`."""
        return os.pread(self._handle, end - start, start)

    def append(self, content: bytes) -> None:
        """Add all of it, or nothing of it. Only while locked. Raises OSError when it cannot be written."""
        before = self.size()
        left = memoryview(content)
        try:
            while left:
                left = left[os.write(self._handle, left) :]
        except OSError:
            os.ftruncate(self._handle, before)
            raise

    def cut(self, end: int) -> None:
        """Take away what comes after `end` bytes. Only while locked."""
        os.ftruncate(self._handle, end)
        self.sync()

    def sync(self) -> None:
        """What was added is on the disk. Raises OSError when it cannot be."""
        os.fsync(self._handle)

    def close(self) -> None:
        """Done with it."""
        os.close(self._handle)


def sync_folder(folder: Path) -> None:
    """The names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep_apart(path: Path, content: bytes) -> None:
    """Write a file of its own and keep it; one that is there already is never written over."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
