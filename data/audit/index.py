"""Where the entries of a few actions stand in a trail, so that nobody reads it from its beginning each time.

Made from the trail, held in memory, and followed from where it was read to. The last line read is compared
before it goes on: where that is another, or the trail is shorter, the index is made anew. An entry is read
where it stands, and must be the one that was met there.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from data.audit.chain import whole_lines
from data.audit.entry import Action, Entry, read, seal_of
from data.errors import AuditBroken


@dataclass(frozen=True)
class _Place:
    """An entry: where its line begins, how long it is, its hash; whose data, and who did it."""

    offset: int
    length: int
    hash: str
    originators: frozenset[str]
    partners: frozenset[str]


class TrailIndex:
    """Of one trail, for these actions. Safe to use from several threads."""

    def __init__(self, path: Path, actions: Collection[Action]) -> None:
        self._path = path
        self._begins = tuple(f'{{"action":"{action}",'.encode() for action in actions)
        self._lock = threading.Lock()
        self._forget()

    def entries(self, *, originator: str | None = None, partner: str | None = None) -> Iterator[Entry]:
        """Those there are now, from the oldest, narrowed as in `data.audit.reading`. Raises AuditBroken."""
        with self._lock, self._path.open("rb") as file:
            self._follow(file)
            places = [
                place
                for place in self._places
                if (originator is None or originator in place.originators)
                and (partner is None or partner in place.partners)
            ]
        with self._path.open("rb") as file:
            for place in places:
                yield _entry_at(file, place)

    def _forget(self) -> None:
        self._places: list[_Place] = []
        self._offset, self._last = 0, b""

    def _follow(self, file: IO[bytes]) -> None:
        size = file.seek(0, 2)
        file.seek(max(0, self._offset - len(self._last)))
        if size < self._offset or file.read(len(self._last)) != self._last:
            self._forget()
        file.seek(self._offset)
        for line in whole_lines(file, size):
            if line.startswith(self._begins):
                self._places.append(_placed(line, self._offset))
            self._offset += len(line) + 1
            self._last = line + b"\n"


def _placed(line: bytes, offset: int) -> _Place:
    entry = read(line)
    partners = frozenset(one.partner for one in entry.actor)
    return _Place(offset, len(line), entry.hash, entry.originators, partners)


def _entry_at(file: IO[bytes], place: _Place) -> Entry:
    file.seek(place.offset)
    line = file.read(place.length)
    seal = seal_of(line)
    if seal is None or not seal.fits or seal.hash != place.hash:
        raise AuditBroken("A line of the audit trail is not the one that was read there before.")
    return read(line)
