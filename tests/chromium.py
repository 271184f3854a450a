"""Debian's Chromium as tests, bench and pictures use it: no sandbox of its own, nothing in the background."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str:
    """Where Chromium is. Raises FileNotFoundError saying what to install."""
    path = shutil.which("chromium")
    if path is None:
        raise FileNotFoundError(
            "Chromium is not on the PATH as 'chromium' (Debian: apt-get install chromium)."
        )
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(
    command: Sequence[str], url: str, settings: Mapping[str, str], limit: float = 120.0
) -> Iterator[None]:
    """A server of ours, running `command` until the end, once it answers at `url`.

    Raises RuntimeError with the server's last words when it ends or does not answer in `limit` seconds.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WATCHFLOOR_")}
    server = subprocess.Popen(
        [sys.executable, *command],
        cwd=PROJECT,
        env=kept | dict(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _wait_for(server, url, limit)
        yield
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
        try:
            server.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.communicate()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(server: subprocess.Popen[str], url: str, limit: float) -> None:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if server.poll() is not None:
            _, words = server.communicate()
            raise RuntimeError(f"The server ended before it answered: {words[-2_000:]}")
        try:
            with urllib.request.urlopen(url, timeout=limit):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"The server did not answer at {url} within {limit:.0f} s.")
