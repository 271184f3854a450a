"""Reading a trail: entry by entry, from the oldest, narrowed before a line is read whole; none emptied."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.audit.chain import whole_lines
from data.audit.entry import Action, Entry, is_emptied, read


@dataclass(frozen=True)
class Wanted:
    """Which entries. Empty and None narrow nothing; times are aware, [since, until)."""

    actions: Collection[Action] = ()
    originator: str | None = None
    partner: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def fits(self, entry: Entry) -> bool:
        """Whether this entry is wanted; of which action was seen before."""
        if self.originator is not None and self.originator not in entry.originators:
            return False
        if self.partner is not None and all(one.partner != self.partner for one in entry.actor):
            return False
        if self.since is not None and entry.utc < self.since:
            return False
        return self.until is None or entry.utc < self.until


def entries(path: Path, wanted: Wanted) -> Iterator[Entry]:
    """The entries that are there now. Raises AuditBroken at a line that is none."""
    begins = tuple(f'{{"action":"{action}",'.encode() for action in wanted.actions)
    with path.open("rb") as file:
        for line in whole_lines(file, path.stat().st_size):
            if begins and not line.startswith(begins):
                continue
            if is_emptied(line):
                continue
            entry = read(line)
            if wanted.fits(entry):
                yield entry
