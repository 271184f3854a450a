"""What an ingest did, and the lines that tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from data.shown import shown

MOST_LISTED = 20
"""Held rows and places listed in full; the rest is counted."""


NEW, REVISED, DUPLICATE, HELD = "new", "revised", "duplicate", "held"


@dataclass(frozen=True)
class HeldRow:
    """A row that was held back. `number`: its line in the file."""

    number: int
    reason: str


@dataclass(frozen=True)
class FileReport:
    """What became of one file. `read` = new + revised + duplicate + quarantined; ends come on top.

    `unmatched`: places that match no region, and how often each was named. `published` is False for a dry
    run and for a file that brought nothing new. `by_row`: what became of each row.
    """

    file_name: str
    read: int
    new: int
    revised: int
    duplicate: int
    quarantined: int
    ended: int
    held: tuple[HeldRow, ...]
    unmatched: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    published: bool
    by_row: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What an ingest of some files did."""

    recipe: str
    files: tuple[FileReport, ...]
    dry_run: bool = False

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(item.read for item in self.files)

    @property
    def new(self) -> int:
        """Records that were not known."""
        return sum(item.new for item in self.files)

    @property
    def revised(self) -> int:
        """Revisions of known records, ends not counted."""
        return sum(item.revised for item in self.files)

    @property
    def duplicate(self) -> int:
        """Rows that say what was known."""
        return sum(item.duplicate for item in self.files)

    @property
    def quarantined(self) -> int:
        """Rows held back."""
        return sum(item.quarantined for item in self.files)

    @property
    def ended(self) -> int:
        """Records that the next complete list no longer had."""
        return sum(item.ended for item in self.files)

    @property
    def unmatched(self) -> tuple[tuple[str, int], ...]:
        """Places that match no region, the commonest first."""
        counts: Counter[str] = Counter()
        for item in self.files:
            counts.update(dict(item.unmatched))
        return tuple(counts.most_common())

    @property
    def notes(self) -> tuple[str, ...]:
        """What else there is to know."""
        return tuple(note for item in self.files for note in item.notes)


def report_lines(report: Report) -> tuple[str, ...]:
    """The report as lines of text for the command line."""
    return tuple(shown(line) for item in report.files for line in _file_lines(item, report.dry_run))


def _file_lines(item: FileReport, dry_run: bool) -> Iterator[str]:
    end = " (dry run: nothing was written)" if dry_run else "" if item.published else " (nothing was written)"
    yield (
        f"{item.file_name}: read {item.read:,}, new {item.new:,}, revised {item.revised:,}, duplicate"
        f" {item.duplicate:,}, quarantined {item.quarantined:,}{end}"
    )
    if item.ended:
        yield f"  ended {item.ended:,}: no longer in the next list"
    for note in item.notes:
        yield f"  note: {note}"
    for held in item.held[:MOST_LISTED]:
        yield f"  held back, row {held.number}: {held.reason}"
    if len(item.held) > MOST_LISTED:
        yield f"  held back, and {len(item.held) - MOST_LISTED:,} rows more"
    if item.unmatched:
        total = sum(count for _, count in item.unmatched)
        yield f"  {total:,} records name a place that matches no region; they are listed, not guessed:"
        for name, count in item.unmatched[:MOST_LISTED]:
            yield f"    {count:,} × {name}"
        if len(item.unmatched) > MOST_LISTED:
            yield f"    and {len(item.unmatched) - MOST_LISTED:,} names more"
