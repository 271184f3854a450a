"""What is new, what is a revision, what has ended: versions of a source laid on what is known of it. Pure.

Versions are laid in the order in which they were known. A version older than what is known of a record
says nothing new: it is a repetition of what was known then, or it is held back. When it repeats the content
but not the label, and is the last that a delivery says of the record, the newest revision gets its label.
With `complete`, what a version no longer lists ends at that version's date.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import count

from data.feeds.revision import WITHDRAWN, Incoming, Known, Outcome, Past, Revision, Source, Superseded
from data.labels import Label


@dataclass
class _Head:
    """The newest revision of a record while versions are laid on. `written`: its place in what is written."""

    native: str
    occurrence: int
    revision: int
    content_hash: str
    label: Label
    ingested_at: datetime
    received_at: datetime
    ended: bool
    recalled: bool
    row: int
    first_row: int
    written: int | None = None


def record_id(source: Source, native: str, occurrence: int) -> str:
    """`<originator>:<source>:<native id>`; rows that share an id are numbered."""
    return f"{source.prefix}{native}.{occurrence}" if source.several else f"{source.prefix}{native}"


def ended_hash(content_hash: str) -> str:
    """The hash of the end of a record that is no longer listed: unlike that of anything said."""
    return hashlib.sha256(f"ended {content_hash}".encode()).hexdigest()


@cache
def _without_version(label: Label) -> Label:
    """The version of the policy informs only: a new one does not make every record a revision."""
    return replace(label, policy_version="")


def same_label(one: Label, other: Label) -> bool:
    """Whether two labels say the same."""
    return one == other or _without_version(one) == _without_version(other)


def revise(
    known: Iterable[Known], past: Iterable[Past], incoming: Iterable[Incoming], source: Source
) -> Outcome:
    """Lay the incoming versions on what is known."""
    laying = _Laying(source, known, past)
    versions: dict[datetime, list[Incoming]] = {}
    for item in incoming:
        versions.setdefault(item.ingested_at, []).append(item)
    for at in sorted(versions):
        laying.lay(at, versions[at])
    laying.relabel()
    return laying.outcome()


class _Laying:
    """The state while versions are laid on one after the other."""

    def __init__(self, source: Source, known: Iterable[Known], past: Iterable[Past]) -> None:
        self.source = source
        self.heads: dict[str, _Head] = {}
        self.known: dict[str, Known] = {}
        self.past: dict[str, list[Past]] = {}
        self.by_native: dict[str, list[str]] = {}
        self.revisions: list[Revision] = []
        self.superseded: list[Superseded] = []
        self.counts: Counter[str] = Counter()
        self.stale: dict[int, str] = {}
        self.other_labels: dict[str, Incoming] = {}
        for item in known:
            self._remember(item)
        self.newest = max((item.ingested_at for item in self.known.values()), default=None)
        for old in sorted(past, key=lambda item: item.ingested_at):
            self.past.setdefault(old.record_id, []).append(old)

    def _remember(self, item: Known) -> None:
        occurrence = int(item.native.rpartition(".")[2]) if self.source.several else 1
        native = item.native.rpartition(".")[0] if self.source.several else item.native
        self.known[item.record_id] = item
        self.by_native.setdefault(native, []).append(item.record_id)
        self.heads[item.record_id] = _Head(
            native, occurrence, item.revision, item.content_hash, item.label, item.ingested_at,
            item.received_at, item.ended or item.msg_type in WITHDRAWN, item.msg_type == "recall",
            item.row, item.row,
        )  # fmt: skip

    def lay(self, at: datetime, rows: Sequence[Incoming]) -> None:
        """One version on top of what is known."""
        listed: set[str] = set()
        for item, identity, occurrence in self._identified(at, rows):
            listed.add(identity)
            self._take(item, identity, occurrence)
        if self.source.complete and (self.newest is None or at >= self.newest):
            self._end_others(at, rows[0].received_at, listed)
        self.newest = max(at, self.newest) if self.newest else at

    def _identified(self, at: datetime, rows: Sequence[Incoming]) -> Iterable[tuple[Incoming, str, int]]:
        if not self.source.several:
            return [(item, record_id(self.source, item.native, 1), 1) for item in rows]
        groups: dict[str, list[Incoming]] = {}
        for item in rows:
            groups.setdefault(item.native, []).append(item)
        return [
            (item, record_id(self.source, native, number), number)
            for native, group in groups.items()
            for item, number in self._numbered(at, native, group)
        ]

    def _numbered(self, at: datetime, native: str, group: Sequence[Incoming]) -> list[tuple[Incoming, int]]:
        """Numbers for rows that share an id: who says what was known keeps its number, in whatever order."""
        free: dict[str, list[int]] = {}
        for identity in self.by_native.get(native, ()):
            said = self._said_at(identity, at)
            if said is not None:
                free.setdefault(said[0], []).append(self.heads[identity].occurrence)
        numbers: dict[int, int] = {}
        for place, item in enumerate(group):
            if free.get(item.content_hash):
                numbers[place] = free[item.content_hash].pop(0)
        taken = set(numbers.values())
        unused = (number for number in count(1) if number not in taken)
        for place in range(len(group)):
            if place not in numbers:
                numbers[place] = next(unused)
        return [(item, numbers[place]) for place, item in enumerate(group)]

    def _said_at(self, identity: str, at: datetime) -> tuple[str, Label] | None:
        """Content and label of a record as known at a time; None when it was not known."""
        head = self.heads[identity]
        if head.ingested_at <= at:
            return (head.content_hash, head.label)
        older = self.past.get(identity, ())
        place = bisect_right([item.ingested_at for item in older], at)
        return (older[place - 1].content_hash, older[place - 1].label) if place else None

    def _take(self, item: Incoming, identity: str, occurrence: int) -> None:
        head = self.heads.get(identity)
        if head is None:
            self._write(item, identity, occurrence, None)
            self.counts["new"] += 1
            return
        if self.other_labels.pop(identity, None):
            self.counts["duplicate"] += 1
        said = self._said_at(identity, item.ingested_at)
        if said and said[0] == item.content_hash and same_label(said[1], item.label):
            self.counts["duplicate"] += 1
        elif head.recalled:
            self.stale[item.row] = f"the record {identity} was recalled by its originator"
        elif item.ingested_at < head.ingested_at and said and said[0] == item.content_hash:
            self.other_labels[identity] = item
        elif item.ingested_at < head.ingested_at:
            self.stale[item.row] = (
                f"it is of {item.ingested_at:%Y-%m-%d}, older than what is known of the record"
                f" {identity} ({head.ingested_at:%Y-%m-%d}), and says something else than was known then"
            )
        else:
            self._write(item, identity, occurrence, head)
            self.counts["revised"] += 1

    def _write(self, item: Incoming, identity: str, occurrence: int, head: _Head | None) -> None:
        first_row = head.first_row if head else item.row
        self._append(
            Revision(
                identity, occurrence, head.revision + 1 if head else 1, item.row, first_row,
                item.content_hash, item.label, item.ingested_at, item.received_at, False,
            ),
            item.native,
        )  # fmt: skip

    def relabel(self) -> None:
        """Labels of older versions, where nothing newer was said of the record: only the label changes."""
        for identity, item in self.other_labels.items():
            head = self.heads[identity]
            if same_label(head.label, item.label):
                self.counts["duplicate"] += 1
                continue
            self.counts["revised"] += 1
            if head.written is not None:
                self.revisions[head.written] = replace(self.revisions[head.written], label=item.label)
                continue
            received = max(item.received_at, head.received_at)
            self._append(
                Revision(
                    identity, head.occurrence, head.revision + 1, head.row, head.first_row, head.content_hash,
                    item.label, head.ingested_at, received, head.ended, as_stored=True,
                ),
                head.native,
            )  # fmt: skip

    def _end_others(self, at: datetime, received: datetime, listed: set[str]) -> None:
        held_back = {native for known_at, native in self.source.held_back if known_at == at}
        for identity, head in list(self.heads.items()):
            if identity in listed or head.ended or head.native in held_back:
                continue
            self._append(
                Revision(
                    identity, head.occurrence, head.revision + 1, head.row, head.first_row,
                    ended_hash(head.content_hash), head.label, at, received, True,
                ),
                head.native,
            )  # fmt: skip
            self.counts["ended"] += 1

    def _append(self, revision: Revision, native: str) -> None:
        before = self.heads.get(revision.record_id)
        if before is None:
            self.by_native.setdefault(native, []).append(revision.record_id)
        else:
            self._supersede(revision, before)
        self.revisions.append(revision)
        self.heads[revision.record_id] = _Head(
            native, revision.occurrence, revision.revision, revision.content_hash, revision.label,
            revision.ingested_at, revision.received_at, revision.ended, False,
            revision.row, revision.first_row, len(self.revisions) - 1,
        )  # fmt: skip

    def _supersede(self, revision: Revision, before: _Head) -> None:
        at, received = revision.ingested_at, revision.received_at
        if before.written is None:
            self.superseded.append(Superseded(revision.record_id, before.revision, at, received))
            return
        old = self.revisions[before.written]
        self.revisions[before.written] = replace(old, superseded_at=at, superseded_received_at=received)

    def outcome(self) -> Outcome:
        """What was found."""
        return Outcome(
            revisions=tuple(self.revisions),
            superseded=tuple(self.superseded),
            new=self.counts["new"],
            revised=self.counts["revised"],
            duplicate=self.counts["duplicate"],
            ended=self.counts["ended"],
            stale=self.stale,
        )
