"""Signed checkpoints: how many entries there were at a time, and the one hash of all of them.

A chain alone does not tell that its end is missing; a checkpoint that lies elsewhere does.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from data.audit.keys import id_of
from data.errors import AuditBroken, AuditUnavailable
from data.partners import canonical


@dataclass(frozen=True)
class Checkpoint:
    """`size` entries had the Merkle root `root` (hex) at `utc`. `key` names the key that signed it."""

    size: int
    root: str
    utc: str
    key: str
    signature: str

    def line(self) -> str:
        """One line of JSON, to be kept elsewhere or printed in what is handed out."""
        return canonical(asdict(self))

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Whether this key signed just this."""
        try:
            key.verify(bytes.fromhex(self.signature), _said(self.size, self.root, self.utc, self.key))
        except (InvalidSignature, ValueError):
            return False
        return self.key == id_of(key)


def signed(key: Ed25519PrivateKey, size: int, root: bytes, utc: str) -> Checkpoint:
    """A checkpoint of a tree."""
    name = id_of(key.public_key())
    signature = key.sign(_said(size, root.hex(), utc, name)).hex()
    return Checkpoint(size, root.hex(), utc, name, signature)


def _said(size: int, root: str, utc: str, key: str) -> bytes:
    said = {"what": "watchfloor audit checkpoint", "size": size, "root": root, "utc": utc, "key": key}
    return canonical(said).encode()


def checkpoints_in(path: Path, key: Ed25519PublicKey) -> tuple[Checkpoint, ...]:
    """Those of a file, each with a valid signature; half a line at the end, which a crash leaves, is none.

    No file: none. Raises AuditBroken at the first line that is no checkpoint of this key, AuditUnavailable
    when the file cannot be read.
    """
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise AuditUnavailable(f"The checkpoints {path} cannot be read: {error.strerror}.") from error
    return tuple(_checked(path, key, lines))


def _checked(path: Path, key: Ed25519PublicKey, lines: Iterable[bytes]) -> Iterator[Checkpoint]:
    for number, line in enumerate(lines, 1):
        found = _read(line)
        if found is None:
            raise AuditBroken(f"Line {number} of {path} is no checkpoint.")
        if found.key != id_of(key):
            raise AuditBroken(f"The checkpoint in line {number} of {path} was signed with another key.")
        if not found.is_signed_by(key):
            raise AuditBroken(f"The checkpoint in line {number} of {path} was changed after it was signed.")
        yield found


def _read(line: bytes) -> Checkpoint | None:
    try:
        told = json.loads(line)
        found = Checkpoint(**told)
    except (ValueError, TypeError):
        return None
    texts = (found.root, found.utc, found.key, found.signature)
    is_whole = isinstance(found.size, int) and all(isinstance(text, str) for text in texts)
    return found if is_whole and found.line().encode() == line else None


def roots_of(checkpoints: Iterable[Checkpoint]) -> dict[int, bytes]:
    """Root by size. Raises AuditBroken when two of them contradict each other."""
    found: dict[int, bytes] = {}
    for checkpoint in checkpoints:
        root = bytes.fromhex(checkpoint.root)
        if found.setdefault(checkpoint.size, root) != root:
            raise AuditBroken(
                f"Two checkpoints of {checkpoint.size} entries contradict each other: there were two trails."
            )
    return found


def append(path: Path, checkpoint: Checkpoint) -> None:
    """Add a checkpoint to a file and keep it; half a line that a crash left is cut off first.

    One process at a time. Raises OSError.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end = _end_of_lines(file.fileno())
        file.truncate(end)
        file.seek(end)
        file.write(checkpoint.line().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _end_of_lines(handle: int) -> int:
    """Where the last whole line ends. A line is much shorter than what is looked at."""
    size = os.fstat(handle).st_size
    start = max(0, size - 4096)
    return start + os.pread(handle, size - start, start).rfind(b"\n") + 1
