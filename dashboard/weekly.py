"""Publishes the cube when a week begins, in a process of its own: the one that serves never reads it all."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from data.cube.published import published
from data.cube.weeks import is_due
from data.errors import WatchfloorError
from data.home import EXERCISE
from data.store import Store

log = logging.getLogger("watchfloor.cube")

APP = Path(__file__).resolve().parent.parent / "app.py"
LOOKS_EVERY_SECONDS = 60.0
LONGEST_SECONDS = 600.0


def keep_weekly(store: Store) -> None:
    """Look from now on, as long as the process lives, whether a cube is due."""
    threading.Thread(target=_keep, args=(store,), name="weekly cube", daemon=True).start()


def publish_when_due(store: Store, publish: Callable[[Store, datetime], None]) -> bool:
    """Publish if a week has begun that has no cube; whether it had to."""
    now = store.now()
    due = is_due(published(store.home).as_of, now)
    if due:
        publish(store, now)
    return due


def _keep(store: Store) -> None:
    never = threading.Event()
    while not never.wait(LOOKS_EVERY_SECONDS if _looked(store) else LONGEST_SECONDS):
        pass


def _looked(store: Store) -> bool:
    try:
        publish_when_due(store, in_a_child)
    except (WatchfloorError, OSError, subprocess.SubprocessError) as error:
        log.error("the weekly cube was not published: %s", type(error).__name__)
        return False
    return True


def in_a_child(store: Store, now: datetime) -> None:
    """`cube publish` as an operator would do it; only an exercise's clock is the server's own."""
    command = [sys.executable, str(APP), "cube", "publish"]
    if store.home.kind == EXERCISE:
        command += ["--at", now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")]
    subprocess.run(command, check=True, timeout=LONGEST_SECONDS, stdout=subprocess.DEVNULL)
