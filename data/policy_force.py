"""The policy in force: policy.toml, held to what stands beside it in policy.bounds.

Read from the bytes each time, so that a file that was replaced within one tick of the clock, or kept its
time, is seen. What cannot be read as a whole permits nothing: nobody is answered until it can be (decision
0027). Bounds are read first and taken away last, so that no reader meets a policy without its bounds.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import HomeError, PolicyError
from data.policy import content_of, parse_policy, policy_document
from data.policy_bounds import bounded
from data.policy_versions import FOUND, Version, add_version, hash_of, in_force, versions

if TYPE_CHECKING:
    from data.clock import Clock
    from data.home import Home
    from data.partners import Policy

ACTUAL = "actual"
NOBODY_KNOWN = ("", "")


@dataclass(frozen=True)
class Texts:
    """The bytes that say what is in force: of policy.toml, and of each bound in order."""

    policy: bytes
    bounds: tuple[bytes, ...] = ()

    def parsed(self) -> Policy:
        """The policy that they say. Raises PolicyError."""
        return bounded(policy_of(self.policy), (policy_of(text, "policy.bounds") for text in self.bounds))

    @property
    def hashes(self) -> tuple[str, ...]:
        """SHA-256 of each."""
        return tuple(map(hash_of, (self.policy, *self.bounds)))


class InForce:
    """The policy in force in a home, parsed once for each text. The caller sees to threads."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._last: tuple[Texts, Policy] | None = None

    @property
    def digest(self) -> str | None:
        """Of the policy last read; None when what stands there is none."""
        return self._last[1].digest if self._last else None

    def read(self, clock: Clock) -> Policy:
        """The policy as it is now. Raises PolicyError as long as nobody can be served by it."""
        last, self._last = self._last, None
        found = texts_of(self.home)
        if last is not None and last[0] == found:
            self._last = last
        else:
            policy = found.parsed()
            refuse_by_hand(self.home, found, policy, clock)
            self._last = (found, policy)
        return self._last[1]


def policy_of(content: bytes, where: str = "policy.toml") -> Policy:
    """The policy in the bytes of a file. Raises PolicyError."""
    return parse_policy(policy_document(content, where), where)


def texts_of(home: Home) -> Texts:
    """What stands in the home now. Raises PolicyError when it cannot be read."""
    bounds = tuple(content_of(path) for path in _bound_files(home))
    return Texts(content_of(home.policy_file), bounds)


def texts_in_force(home: Home) -> Texts:
    """What was last put in force by the versions recorded; what stands in the home when there are none."""
    known = in_force(versions(home))
    return Texts(known[0].text, tuple(one.text for one in known[1:])) if known else texts_of(home)


def refuse_by_hand(home: Home, found: Texts, policy: Policy, clock: Clock) -> None:
    """Raises PolicyError when an actual operation's policy is not the one that was last put in force.

    The first policy that is found in such a home is recorded as its first version.
    """
    if policy.operation.kind != ACTUAL and not was_actual(versions(home)):
        return
    known = in_force(versions(home))
    if not known:
        add_version(home, found.policy, NOBODY_KNOWN, FOUND, clock())
    elif tuple(one.hash for one in known) != found.hashes:
        raise PolicyError(
            f"policy.toml was edited by hand: it is not version {known[-1].number} that is in force in this"
            " actual operation, and nobody is served by it.",
            "Put your text in force with `python app.py policy apply FILE`.",
        )


def was_actual(known: tuple[Version, ...]) -> bool:
    """Whether the last whole version is of an actual operation: its file cannot say otherwise by hand."""
    last = in_force(known)
    return bool(last) and policy_of(last[0].text).operation.kind == ACTUAL


@contextmanager
def putting(home: Home, text: bytes) -> Iterator[None]:
    """Make this the policy in force, alone, as soon as the block has recorded it.

    It lies on the disk before, so that no full disk comes between: an actual operation whose record and file
    differ serves nobody. Raises HomeError.
    """
    with _ready(home.policy_file.parent, text) as put_at:
        yield
        put_at(home.policy_file)
    for path in _bound_files(home):
        path.unlink()


def restore(home: Home, known: tuple[Version, ...]) -> None:
    """Write what the versions say over what somebody edited by hand."""
    for version in known[1:]:
        hold_to(home, version.text, version.number)
    _written(home.policy_file, known[0].text)
    numbers = {version.number for version in known[1:]}
    for path in _bound_files(home):
        if int(path.stem) not in numbers:
            path.unlink()


@contextmanager
def holding(home: Home, text: bytes) -> Iterator[Callable[[int], None]]:
    """Hold the policy in force to this one too: told the number of its version once that is recorded.

    As in `putting`, the text lies on the disk before.
    """
    home.policy_bounds.mkdir(exist_ok=True)
    with _ready(home.policy_bounds, text) as put_at:
        yield lambda number: put_at(home.policy_bounds / f"{number:09}.toml")


def hold_to(home: Home, text: bytes, number: int) -> None:
    """The same, for a version that is recorded already."""
    with holding(home, text) as hold:
        hold(number)


def _bound_files(home: Home) -> list[Path]:
    return sorted(home.policy_bounds.glob("[0-9]*.toml"))


def _written(path: Path, text: bytes) -> None:
    """The name shows the whole text or the one before, whatever happens meanwhile."""
    with _ready(path.parent, text) as put_at:
        put_at(path)


@contextmanager
def _ready(folder: Path, text: bytes) -> Iterator[Callable[[Path], None]]:
    """The text is on the disk, without a name of its own until it is put at one."""
    name = ""
    try:
        try:
            handle, name = tempfile.mkstemp(dir=folder, prefix=".policy.")
            with os.fdopen(handle, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
        except OSError as error:
            raise HomeError(
                f"The policy cannot be written: {error.strerror}.", "Make room in the home, then do it again."
            ) from error
        yield lambda path: _put_at(Path(name), path)
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


def _put_at(there: Path, path: Path) -> None:
    there.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
