"""Verifying a trail: every line in its place, all of them as every checkpoint says. Changes nothing."""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from data.audit.chain import Chain, whole_lines
from data.audit.checkpoints import Checkpoint, checkpoints_in, roots_of
from data.audit.entry import Action
from data.audit.keys import signing_key
from data.audit.places import checkpoints_of, emptying_of, trail_of
from data.errors import AuditBroken
from data.home import Home

EMPTYING_TRIES, EMPTYING_PAUSE_SECONDS = 40, 0.25
"""While views are being emptied a line may be read half old and half new: then it is read again."""


@dataclass(frozen=True)
class Verified:
    """What was checked. Times are as the entries say them; `outside` counts checkpoints from elsewhere."""

    entries: int
    first_utc: str
    last_utc: str
    checkpoints: int
    outside: int
    last_outside: int
    """How many entries the largest checkpoint from outside covers."""

    torn_bytes: int
    """Of half a line at the end, which a crash left and the next start sets aside."""

    steps_back: tuple[tuple[int, float], ...]
    """Where the clock went back: the entry, and by how many seconds."""


def verify(home: Home, outside: Path | None = None, key: Ed25519PublicKey | None = None) -> Verified:
    """Check the trail of a home, also while others write to it.

    `outside`: a file of checkpoints from elsewhere. `key`: who must have signed; else the home's own. Raises
    AuditBroken with the first fault in words, and where.
    """
    for _again in range(EMPTYING_TRIES):
        try:
            return _verify(home, outside, key)
        except AuditBroken:
            if not emptying_of(home).exists():
                raise
        time.sleep(EMPTYING_PAUSE_SECONDS)
    return _verify(home, outside, key)


def _verify(home: Home, outside: Path | None, key: Ed25519PublicKey | None) -> Verified:
    path = trail_of(home)
    if not path.exists():
        raise AuditBroken(f"There is no audit trail at {path}.")
    known = key if key is not None else _own_key(home)
    beside = checkpoints_in(checkpoints_of(home), known)
    given = _given(outside, known)
    # checkpoints first: what they cover is in the trail before they are signed
    roots = roots_of((*beside, *given))
    chain, end = Chain(), _end_of(path)
    with path.open("rb") as file:
        chain.follow(whole_lines(file, end), roots)
    chain.check_emptied()
    _check_end(chain, (*beside, *given))
    return Verified(
        entries=chain.size,
        first_utc=chain.first_utc,
        last_utc=chain.last_utc,
        checkpoints=len({*beside, *given}),
        outside=len(set(given)),
        last_outside=max((one.size for one in given), default=0),
        torn_bytes=end - chain.offset,
        steps_back=tuple(chain.steps_back),
    )


def _own_key(home: Home) -> Ed25519PublicKey:
    if not home.audit_key_file.exists():
        raise AuditBroken(f"The key of the trail, {home.audit_key_file}, is gone: give the public one.")
    return signing_key(home).public_key()


def torn_lines(home: Home) -> int:
    """How many entries say that half a line was set aside."""
    begin = f'{{"action":"{Action.TORN_LINE}",'.encode()
    with trail_of(home).open("rb") as file:
        return sum(line.startswith(begin) for line in file)


def _given(outside: Path | None, key: Ed25519PublicKey) -> tuple[Checkpoint, ...]:
    if outside is None:
        return ()
    if not outside.exists():
        raise AuditBroken(f"There are no checkpoints at {outside}.")
    return checkpoints_in(outside, key)


def _end_of(path: Path) -> int:
    """How long the trail is at a moment at which nobody writes."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        return os.fstat(handle).st_size
    finally:
        os.close(handle)


def _check_end(chain: Chain, checkpoints: tuple[Checkpoint, ...]) -> None:
    latest = max(checkpoints, key=lambda one: one.size, default=None)
    if latest is not None and latest.size > chain.size:
        raise AuditBroken(
            f"The trail holds {chain.size} entries, and there were {latest.size} when the checkpoint of"
            f" {latest.utc} was signed: its end is missing from entry {chain.size} on."
        )
