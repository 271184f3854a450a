"""One process alone at something of a home, by a lock that ends with the process that holds it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import HomeError


@contextmanager
def only_one(lock_file: Path, already: str) -> Iterator[None]:
    """Hold the lock; its folder is made. Raises HomeError: another has it (`already` says so), or no room."""
    try:
        lock_file.parent.mkdir(parents=True, exist_ok=True)
        with lock_file.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
    except BlockingIOError as error:
        raise HomeError(already, "One is enough: end it first.") from error
    except OSError as error:
        raise HomeError(
            f"The folder {lock_file.parent} cannot be used: {error.strerror}.",
            "Check that it may be written to.",
        ) from error
