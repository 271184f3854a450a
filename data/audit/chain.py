"""The chain: line after line in its place, following from the one before, hashed into one tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO

from data.audit.entry import NOTHING_BEFORE, Action, read, seal_of
from data.audit.merkle import Frontier, leaf_hash
from data.errors import AuditBroken

KEPT_STEPS = 100
RETENTION = f'{{"action":"{Action.RETENTION}",'.encode()


class Chain:
    """What is known of the trail up to `offset` bytes: as many lines as `tree.size`, the last one's hash."""

    def __init__(self) -> None:
        self.tree = Frontier()
        self.offset = 0
        self.last_hash = NOTHING_BEFORE
        self.first_utc = ""
        self.last_utc = ""
        self.steps_back: list[tuple[int, float]] = []
        """Where the clock went back: the entry, and by how many seconds."""
        self._emptied: tuple[str, int] = ("", 0)
        self._may_be_emptied = ""

    @property
    def size(self) -> int:
        """How many entries."""
        return self.tree.size

    def take(self, line: bytes) -> None:
        """The next line, without its line break. Raises AuditBroken where it does not follow."""
        seal, place = seal_of(line), self.tree.size
        if seal is None:
            raise AuditBroken(f"Line {place + 1} of the trail is no entry; entry {place} was expected.")
        if not seal.fits:
            raise AuditBroken(f"Entry {place} was changed: its hash is not that of its content.")
        if seal.seq != place:
            raise AuditBroken(
                f"Line {place + 1} of the trail holds entry {seal.seq}, and entry {place} was expected:"
                " entries are missing, doubled or in another order."
            )
        if seal.prev_hash != self.last_hash:
            raise AuditBroken(f"Entry {place} does not follow from the one before it.")
        if seal.utc < self.last_utc and len(self.steps_back) < KEPT_STEPS:
            self.steps_back.append((place, _seconds(self.last_utc) - _seconds(seal.utc)))
        self.first_utc = self.first_utc or seal.utc
        self.last_utc, self.last_hash = seal.utc, seal.hash
        self.offset += len(line) + 1
        self.tree.push(leaf_hash(seal.committed))
        if seal.is_emptied:
            self._emptied = max(self._emptied, (seal.utc, place))
        if line.startswith(RETENTION):
            self._may_be_emptied = max(self._may_be_emptied, _before(line, seal.utc))

    def check_emptied(self) -> None:
        """Once all of it is read: a view is emptied only where an entry says that its time was over."""
        utc, place = self._emptied
        if utc and utc >= self._may_be_emptied:
            raise AuditBroken(f"Entry {place} was emptied, and no retention that the trail tells of took it.")

    def follow(self, lines: Iterable[bytes], roots: Mapping[int, bytes]) -> None:
        """Take these lines; `roots` are those that the tree had at sizes, as checkpoints say."""
        self._compare(roots)
        for line in lines:
            self.take(line)
            if self.tree.size in roots:
                self._compare(roots)

    def _compare(self, roots: Mapping[int, bytes]) -> None:
        size = self.tree.size
        if size in roots and roots[size] != self.tree.root():
            before = max((known for known in roots if known < size), default=0)
            raise AuditBroken(
                f"Entries {before} to {size - 1} are not those that were there"
                f" when the checkpoint of {size} entries was signed."
            )


def whole_lines(file: IO[bytes], end: int) -> Iterator[bytes]:
    """The lines from here up to `end` (bytes) that have their line break, without it."""
    left = end - file.tell()
    for line in file:
        left -= len(line)
        if left < 0 or not line.endswith(b"\n"):
            return
        yield line[:-1]


def _seconds(utc: str) -> float:
    return datetime.fromisoformat(utc).timestamp()


def _before(line: bytes, utc: str) -> str:
    """Of a retention: the time before which views were emptied, as `utc` says times; not after its own.

    So no single entry lets what comes after it be emptied.
    """
    told = read(line).details.get("before")
    return min(told, utc) if isinstance(told, str) else ""
