"""The retention of views: what somebody looked at is emptied when its time is over; that they looked stays.

An entry says first that it is done, and up to when. Then each view before that is overwritten in its place,
as long as it was, by what the chain and the tree are bound to (`data.audit.entry`); nothing moves, so others
may read and write meanwhile. What a power cut leaves half done is done again from a note beside the trail.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from data.audit.chain import whole_lines
from data.audit.entry import emptied, seal_of, stamp, utc_of
from data.audit.places import emptying_of, trail_of
from data.audit.trail_file import keep_apart, sync_folder
from data.home import Home

AT_ONCE = 2_000
"""Views that one note holds."""

MOST_OFFSET = 2**62

Overwriting = tuple[int, str]
"""Where in the trail, in bytes, and the line that goes there."""


def due(home: Home, before: datetime, start: int = 0) -> Iterator[Overwriting]:
    """The views before a time that still say what was looked at, from an offset on."""
    limit, path = stamp(before), trail_of(home)
    with path.open("rb") as file:
        file.seek(start)
        offset = start
        for line in whole_lines(file, path.stat().st_size):
            if not utc_of(line) < limit:
                return  # they stand in the order of their times
            shorter = emptied(line)
            if shorter is not None:
                yield offset, shorter.decode()
            offset += len(line) + 1


def empty(home: Home, found: Sequence[Overwriting]) -> None:
    """Overwrite these lines, AT_ONCE at a time; on the disk when this returns. Raises OSError."""
    for first in range(0, len(found), AT_ONCE):
        some = found[first : first + AT_ONCE]
        keep_apart(emptying_of(home), "".join(json.dumps(one) + "\n" for one in some).encode())
        _overwrite(trail_of(home), some)
        _forget_note(home)


def finish(home: Home) -> None:
    """Do again what was broken off. A note that does not fit the trail changes nothing."""
    note = emptying_of(home)
    if note.exists():
        _overwrite(trail_of(home), tuple(_noted(note)))
        _forget_note(home)


def _noted(note: Path) -> Iterator[Overwriting]:
    for line in note.read_bytes().split(b"\n")[:-1]:
        try:
            offset, text = json.loads(line)
        except (ValueError, TypeError):
            return  # half a note: nothing of it was begun
        if isinstance(offset, int) and 0 <= offset < MOST_OFFSET and isinstance(text, str) and text.isascii():
            yield offset, text


def _overwrite(path: Path, found: Sequence[Overwriting]) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        for offset, text in found:
            line = text.encode()
            if _is_its_place(os.pread(handle, len(line) + 1, offset), line):
                os.pwrite(handle, line, offset)
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_its_place(there: bytes, line: bytes) -> bool:
    """Whether the entry that stands there, or half of it, is this view: its end is its own."""
    seal = seal_of(line)
    if seal is None or not (seal.fits and seal.is_emptied) or not there.endswith(b"\n"):
        return False
    end = line[line.rindex(b',"hash":"') :]
    return len(there) == len(line) + 1 and there[:-1].endswith(end)


def _forget_note(home: Home) -> None:
    emptying_of(home).unlink(missing_ok=True)
    sync_folder(home.audit)
