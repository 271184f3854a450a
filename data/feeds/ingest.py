"""Ingest: a partner's files become revisions in the lake, or are refused in one sentence.

Every file is read and judged before the first is published, so that a refused file leaves nothing behind.
Each file is published in one transaction; the same file again changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import pyarrow as pa

from data.clock import system_clock
from data.errors import FileRefused, SettingError
from data.feeds.prepare import (
    STEPS,
    Desk,
    Prepared,
    Progress,
    prepare,
    refuse_when_too_bad,
    silent,
    without_purged,
)
from data.feeds.publication import Lake, Plan, Times, originators, plan
from data.feeds.recipe import Recipe
from data.feeds.recipe_file import recipe
from data.feeds.report import DUPLICATE, HELD, NEW, REVISED, FileReport, HeldRow, Report
from data.feeds.revision import Outcome
from data.feeds.row_labels import LabelOptions
from data.gazetteer import Gazetteer
from data.home import ACTUAL, REPLAY, Home, home_clock
from data.lake import Delivery, LakeWriter, Publication, SourceState
from data.lake_tables import QUARANTINE
from data.organisations.naming import name_actors
from data.organisations.register import register_of
from data.parsing import DEFAULT_LIMITS, Limits
from data.tombstones import tombstones
from data.whole_file import bytes_of, file_name_of


@dataclass(frozen=True)
class IngestOptions:
    """The options of the command line. `as_of`: when an undated file was known (aware, UTC).

    `limits` come from the settings. `keep`: by column, the patterns of which a row must match one to be taken
    (`Sheet.only`); a case takes its part of a file by them. `delivered_by`: the partner that delivers, whose
    own records alone are taken; None: an operator, who may take anybody's.
    """

    originator: str | None = None
    releasable_to: tuple[str, ...] | None = None
    level: str | None = None
    as_of: datetime | None = None
    dry_run: bool = False
    limits: Limits = DEFAULT_LIMITS
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    delivered_by: str | None = None

    @property
    def label(self) -> LabelOptions:
        """What they say of the label."""
        return LabelOptions(self.originator, self.releasable_to, self.level, self.delivered_by)


@dataclass(frozen=True)
class _Parcel:
    """A file: its name, the SHA-256 of its bytes, and what was read in it."""

    file_name: str
    content_hash: str
    prepared: Prepared


NO_OPTIONS = IngestOptions()
CLOCKS_DIFFER = timedelta(days=1)


def ingest(
    home: Home,
    recipe_name: str,
    files: Sequence[Path],
    options: IngestOptions = NO_OPTIONS,
    progress: Progress = silent,
) -> Report:
    """Take files by a recipe into a home, which is made when it is missing. Waits for the lake's lock.

    Raises RecipeError, FileRefused (nothing of the file was published), HomeError, SettingError (`as_of`).
    """
    asked = recipe(recipe_name)
    contents = [(file_name_of(path), content_of(path, options.limits)) for path in files]
    with _place(home, options.dry_run) as place, LakeWriter(place) as lake:
        return ingest_into(lake, place, asked, contents, options, progress)


@contextmanager
def _place(home: Home, dry_run: bool) -> Iterator[Home]:
    """Where the work is done: a dry run makes no lake, so without one it is done in a copy of the home."""
    if not dry_run:
        yield Home.open(home.path)
    elif home.policy_file.exists() and home.catalog.exists():
        yield home
    else:
        with TemporaryDirectory() as folder:
            yield home.trial(Path(folder))


def ingest_into(
    lake: Lake,
    home: Home,
    asked: Recipe,
    contents: Sequence[tuple[str, bytes]],
    options: IngestOptions = NO_OPTIONS,
    progress: Progress = silent,
) -> Report:
    """`ingest` for a lake that is open for writing, of files given by name and content."""
    policy = home.policy()
    times = _times(home, lake, options)
    gazetteer = Gazetteer.of(lake.regions())
    latest = system_clock() + CLOCKS_DIFFER if options.delivered_by and times.is_replay else None
    desk = Desk(asked, policy, gazetteer, options.label, times.now, options.limits, options.keep, latest)
    parcels = [
        _Parcel(name, hashlib.sha256(content).hexdigest(), prepare(name, content, desk, progress))
        for name, content in contents
    ]
    gone = frozenset(one.record_id for one in tombstones(home))
    parcels = [replace(parcel, prepared=without_purged(parcel.prepared, gone)) for parcel in parcels]
    register = register_of(home)
    for parcel in parcels:
        name_actors(parcel.prepared.draft, register)
    operation = policy.operation.id
    return Report(
        asked.name,
        tuple(_take(lake, parcel, operation, times, options, progress) for parcel in parcels),
        options.dry_run,
    )


def content_of(path: Path, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of a file. Raises FileRefused when it cannot be read, or is too large."""
    return bytes_of(path, limits, FileRefused)


def _times(home: Home, lake: Lake, options: IngestOptions) -> Times:
    """`--as-of` sets the exercise clock; an actual operation's clock cannot be set (formats.md, "A home")."""
    kind = home.kind
    if options.as_of is not None and kind == ACTUAL:
        raise SettingError(
            f"--as-of is {options.as_of:%Y-%m-%dT%H:%MZ}, but this home holds an actual operation, where the"
            " time of receipt is the server's own and is never set: leave --as-of out."
        )
    return Times(options.as_of or _now(home, lake), options.as_of, kind == REPLAY)


def _now(home: Home, lake: Lake) -> datetime:
    """By the home's clock, and never before what the lake knows: a clock can be set back, and an exercise
    that nobody plays begins at its end in each process. What is said later is not older for that."""
    now, known = home_clock(home, lake.knowledge_ends_at)(), lake.knowledge_ends_at()
    return max(now, known) if known is not None else now


def _take(
    lake: Lake,
    parcel: _Parcel,
    operation: str,
    times: Times,
    options: IngestOptions,
    progress: Progress,
) -> FileReport:
    prepared = parcel.prepared
    progress(5, len(STEPS), STEPS[5])
    plans = [plan(prepared, code, lake, operation, times) for code in originators(prepared)]
    held = dict(prepared.held)
    for item in plans:
        held |= item.outcome.stale
    refuse_when_too_bad(parcel.file_name, prepared.sheet.rows, held)
    # Whoever delivers is not told that somebody else had the same file.
    seen = lake.was_taken(parcel.content_hash, prepared.draft.recipe.source, options.delivered_by or "")
    nothing_new = seen and not any(item.rows.num_rows for item in plans)
    if not options.dry_run and not nothing_new:
        progress(6, len(STEPS), STEPS[6])
        lake.publish(*(_publication(parcel, item, held, times, item is plans[0]) for item in plans))
    progress(len(STEPS), len(STEPS), "done")
    return _report(parcel, plans, held, seen, published=not options.dry_run and not nothing_new)


def _publication(
    parcel: _Parcel, item: Plan, held: dict[int, str], times: Times, is_first: bool
) -> Publication:
    """Rows held back that belong to nobody else go to the file's own originator, the first."""
    prepared, asked = parcel.prepared, parcel.prepared.draft.recipe
    mine = {row: reason for row, reason in held.items() if _belongs(prepared, row, item.originator, is_first)}
    rows = [row for row in prepared.taken if _belongs(prepared, row, item.originator, is_first)]
    again = [row for row in prepared.repeated if _belongs(prepared, row, item.originator, is_first)]
    received = (item.received_at if times.is_replay else None) or times.now
    outcome = item.outcome
    return Publication(
        feed=asked.feed,
        rows=item.rows,
        labels=item.labels,
        superseded=item.superseded,
        source=SourceState(
            asked.source, item.originator, asked.feed, asked.name, asked.title, received, item.newest_at
        ),
        quarantined=_quarantined(parcel, item.originator, mine, received),
        delivery=Delivery(
            parcel.content_hash, parcel.file_name, asked.name, asked.source, item.originator, received,
            len(rows) + len(again) + len(prepared.held.keys() & mine.keys()),
            outcome.new, outcome.revised, outcome.duplicate + len(again), len(mine),
        ),
    )  # fmt: skip


def _belongs(prepared: Prepared, row: int, originator: str, is_first: bool) -> bool:
    number = prepared.labelled.of_row[row]
    return prepared.labelled.labels[number].originator == originator if number >= 0 else is_first


def _quarantined(parcel: _Parcel, originator: str, held: dict[int, str], at: datetime) -> pa.Table:
    sheet, asked = parcel.prepared.sheet, parcel.prepared.draft.recipe
    rows = [
        {
            "source": asked.source,
            "originator": originator,
            "file_name": parcel.file_name,
            "row_number": sheet.row_numbers[row],
            "reason": reason,
            "values": json.dumps(sheet.row(row), ensure_ascii=False),
            "at": at,
        }
        for row, reason in sorted(held.items())
    ]
    return pa.Table.from_pylist(rows, schema=QUARANTINE)


def _report(
    parcel: _Parcel, plans: Sequence[Plan], held: dict[int, str], seen: bool, published: bool
) -> FileReport:
    prepared, numbers = parcel.prepared, parcel.prepared.sheet.row_numbers
    outcomes = [item.outcome for item in plans]
    known_before = ("this very file was taken before",) if seen else ()
    return FileReport(
        file_name=parcel.file_name,
        read=prepared.sheet.rows,
        new=sum(outcome.new for outcome in outcomes),
        revised=sum(outcome.revised for outcome in outcomes),
        duplicate=sum(outcome.duplicate for outcome in outcomes) + len(prepared.repeated),
        quarantined=len(held),
        ended=sum(outcome.ended for outcome in outcomes),
        held=tuple(HeldRow(numbers[row], reason) for row, reason in sorted(held.items())),
        unmatched=tuple(prepared.unmatched.most_common()),
        notes=(*known_before, *prepared.notes),
        published=published,
        by_row=_by_row(prepared.sheet.rows, outcomes, held),
    )


def _by_row(rows: int, outcomes: Sequence[Outcome], held: Mapping[int, str]) -> tuple[str, ...]:
    found = [HELD if row in held else DUPLICATE for row in range(rows)]
    for outcome in outcomes:
        for revision in outcome.revisions:
            if revision.row >= 0 and not revision.as_stored:
                found[revision.row] = NEW if revision.revision == 1 else REVISED
    return tuple(found)
