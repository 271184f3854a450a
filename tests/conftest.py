"""What every test stands on: no network, no settings of the developer's, the real files where they are."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.sizes import FIGURE, is_full

PROJECT = Path(__file__).resolve().parents[1]
REAL_FILES = PROJECT.parent / "shared" / "data"
NO_REAL_FILES = f"the real files are not here: the folder {REAL_FILES} is missing"
OWN_SETTINGS = ("PORT", "HOST")

MARKER = "real_files"
OUTCOMES = ("passed", "failed", "skipped")

# The same examples in every run, and no deadline: a slow machine is not a fault of the code.
# `pytest --hypothesis-profile=explore` looks further.
settings.register_profile("house", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None, max_examples=2_000)
settings.load_profile("house")


class OutsideRequest(AssertionError):
    """A test tried to reach another machine."""


def _is_here(host: object) -> bool:
    """Whether an address stays on this machine."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Connections and name look-ups that would leave this machine fail the test that makes them."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(family: int, address: object) -> None:
        if family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):  # type: ignore[index]
            raise OutsideRequest(f"A test tried to connect to {address}; tests stay on this machine.")

    def guarded_connect(self: socket.socket, address: object) -> None:
        check(self.family, address)
        connect(self, address)  # type: ignore[arg-type]

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        check(self.family, address)
        return connect_ex(self, address)  # type: ignore[arg-type]

    def guarded_look_up(host: object, *rest: object, **options: object) -> object:
        if not _is_here(host):
            raise OutsideRequest(f"A test tried to look up {host!r}; tests stay on this machine.")
        return look_up(host, *rest, **options)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_own_settings() -> Iterator[None]:
    """The developer's own settings stay outside; a test sets what it wants with monkeypatch."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("WATCHFLOOR_") or name in OWN_SETTINGS:
                patch.delenv(name)
        yield


@pytest.fixture
def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's folder."""
    return PROJECT


@pytest.fixture(scope="session")
def real_files() -> Path:
    """The folder of the real files; the test is skipped, saying so, where it is missing."""
    if not REAL_FILES.is_dir():
        pytest.skip(NO_REAL_FILES)
    return REAL_FILES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if MARKER in getattr(item, "fixturenames", ()):
            item.add_marker(MARKER)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker(MARKER) and not REAL_FILES.is_dir():
        pytest.skip(NO_REAL_FILES)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Counted from the reports, which are here of whichever process a test ran in."""
    found = [r for outcome in OUTCOMES for r in terminalreporter.getreports(outcome)]
    reports = [report for report in found if isinstance(report, pytest.TestReport)]
    notes = [said for report in reports for name, said in report.user_properties if name == "note"]
    real = [report for report in reports if MARKER in report.keywords]
    used = sum(not report.skipped for report in real)
    missed = 0 if REAL_FILES.is_dir() else len(real) - used
    line = f"{used} tests used the real files of {REAL_FILES}"
    if missed:
        line = f"{line}; {missed} were skipped because that folder is missing"
    for sentence in (*notes, line):
        terminalreporter.write_line(f"{sentence}.")
    figures = [said for report in reports for name, said in report.user_properties if name == FIGURE]
    if figures:
        _table(terminalreporter, figures)


def _table(terminalreporter: pytest.TerminalReporter, figures: list[tuple[str, int, str]]) -> None:
    """What was done in how many cases, and what was found; the same thing done in parts is added up."""
    done: dict[tuple[str, str], int] = {}
    for what, count, found in figures:
        done[what, found] = done.get((what, found), 0) + count
    size = "full sizes" if is_full() else "the sizes of CI"
    terminalreporter.section(f"what was tried, in {size}")
    wide = max(len(what) for what, _found in done)
    for (what, found), count in sorted(done.items()):
        terminalreporter.write_line(f"{what:<{wide}}  {count:>9,}  {found}")
