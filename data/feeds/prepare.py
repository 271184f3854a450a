"""One file, read and judged, before it is laid on what the store knows. Touches no store.

read -> values -> places -> check -> labels -> free text. A bad record is held back with its reasons; a file
of which more than a fifth would be held back is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from data.errors import FileRefused
from data.feeds.check import check, doubles
from data.feeds.contents import content_hashes
from data.feeds.free_text import FINER_NAMES, FREE_TEXT, PLACE_IS_SAID, finer_place, forbidden
from data.feeds.parsed_sheet import parsed_sheet
from data.feeds.places import place_records
from data.feeds.recipe import ONE, OWN_COLUMNS, SEVERAL, Recipe
from data.feeds.revision import Source
from data.feeds.revisions import record_id
from data.feeds.row_labels import Labelled, LabelOptions, label_records
from data.feeds.sheet import Sheet
from data.feeds.transform import Draft, draft_of, falls
from data.gazetteer import Gazetteer
from data.parsing import DEFAULT_LIMITS, Limits
from data.policy import Policy
from data.schema import LONGEST_RECORD_ID

MOST_BAD = 0.20
"""A file with a greater share of bad rows is refused as a whole."""

VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")
"""What differs between reasons of one kind."""

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and what is being done."""

STEPS = ("reading", "reading values", "matching places", "checking", "labelling", "revising", "publishing")


def silent(done: int, total: int, what: str) -> None:
    """No progress shown."""


@dataclass(frozen=True)
class Prepared:
    """A file ready to be laid on the store. All indices are row indices of the draft's sheet.

    `held`: by row, why it is held back. `repeated`: rows that say a fact again. `taken`: all others.
    """

    draft: Draft
    labelled: Labelled
    hashes: list[str]
    taken: list[int]
    repeated: list[int]
    held: Mapping[int, str]
    unmatched: Counter[str]
    notes: tuple[str, ...]

    @property
    def sheet(self) -> Sheet:
        """The file as text."""
        return self.draft.sheet


@dataclass(frozen=True)
class Desk:
    """What judging a file needs beside the file. `keep`: see `Sheet.only`; empty keeps all rows.

    `latest`: no row can be of a version after it. A replay stands at its newest record, so a partner's row
    of some later year would move everybody's clock, with all releases and agreements that hang on it.
    """

    recipe: Recipe
    policy: Policy
    gazetteer: Gazetteer
    label: LabelOptions
    now: datetime
    limits: Limits = DEFAULT_LIMITS
    keep: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    latest: datetime | None = None


def prepare(file_name: str, content: bytes, desk: Desk, progress: Progress = silent) -> Prepared:
    """Read and judge a file. Raises FileRefused with one sentence when it cannot be taken as a whole."""
    _step(progress, 0)
    sheet = parsed_sheet(file_name, content, desk.recipe.file, desk.limits)
    sheet = sheet.only(desk.keep) if desk.keep else sheet
    _step(progress, 1)
    draft = draft_of(sheet, desk.recipe, desk.now)
    _check_versions(draft, desk.latest)
    _step(progress, 2)
    unmatched, doubts = place_records(draft, desk.gazetteer)
    _step(progress, 3)
    check(draft)
    _step(progress, 4)
    labelled = label_records(draft, desk.policy, desk.label, desk.now)
    _check_ids(draft, labelled)
    if desk.recipe.name == OWN_COLUMNS:
        _check_speaker(draft, desk)
    _check_texts(draft, labelled)
    hashes = content_hashes(draft.values, sheet.rows, desk.recipe.kept_first)
    repeated = _check_doubles(draft, labelled, hashes) if desk.recipe.identical == ONE else set()
    held = {row: "; ".join(problems) for row, problems in sorted(draft.problems.items())}
    refuse_when_too_bad(file_name, sheet.rows, held)
    taken = [row for row in range(sheet.rows) if row not in held and row not in repeated]
    return Prepared(draft, labelled, hashes, taken, sorted(repeated), held, unmatched, _notes(draft, doubts))


def _check_versions(draft: Draft, latest: datetime | None) -> None:
    for row, version in enumerate(draft.versions if latest else ()):
        if version is not None and latest is not None and version > latest:
            draft.note(row, f"its version, {version:%Y-%m-%d %H:%M} UTC, lies in the future")


def without_purged(prepared: Prepared, gone: Collection[str]) -> Prepared:
    """Without rows of records that were purged: they do not come back with the next delivery."""
    draft, several = prepared.draft, prepared.draft.recipe.identical == SEVERAL
    known = {identity.rpartition(".")[0] if several else identity for identity in gone}
    source = draft.recipe.source
    out = {
        row
        for row in (prepared.taken if known else ())
        if f"{_owner(prepared.labelled, row)}:{source}:{draft.natives[row]}" in known
    }
    if not out:
        return prepared
    return replace(
        prepared,
        taken=[row for row in prepared.taken if row not in out],
        repeated=sorted({*prepared.repeated, *out}),
        notes=(*prepared.notes, f"{len(out):,} of records that were purged: they stay out"),
    )


def _step(progress: Progress, place: int) -> None:
    progress(place, len(STEPS), STEPS[place])


def _check_ids(draft: Draft, labelled: Labelled) -> None:
    """A record whose id is longer than an address may name is held back: nobody could open it."""
    recipe = draft.recipe
    for row, native in enumerate(draft.natives):
        if labelled.of_row[row] < 0:
            continue
        prefix = f"{_owner(labelled, row)}:{recipe.source}:"
        source = Source(prefix, recipe.identical == SEVERAL, recipe.complete)
        length = len(record_id(source, native, draft.sheet.rows))
        if length > LONGEST_RECORD_ID:
            draft.note(row, f"its id would have {length} letters; at most {LONGEST_RECORD_ID} are taken")


def _check_speaker(draft: Draft, desk: Desk) -> None:
    """Whoever says itself who published a record does not say another registered partner."""
    partners, own = desk.policy.partners, desk.label.delivered_by
    others = {
        word.casefold(): code
        for code, partner in partners.items()
        for word in (code, partner.name)
        if code != own
    }
    for name in ("source_org", "source_org_code"):
        for row, said in enumerate(draft.values.get(name, ())):
            whose = others.get(str(said).casefold())
            if said and whose:
                draft.note(row, f"{name}: {said!r} is {whose}, and {own} delivers its own records only")


def _check_texts(draft: Draft, labelled: Labelled) -> None:
    for name in FREE_TEXT:
        known: dict[tuple[object, str], str] = {}
        for row, text in enumerate(draft.values.get(name, ())):
            number = labelled.of_row[row]
            if not text or number < 0:
                continue
            level = labelled.labels[number].release_geo_level
            if (text, level) not in known:
                known[text, level] = forbidden(str(text), level)
            why = known[text, level]
            if not why and level != "exact" and name not in PLACE_IS_SAID:
                why = finer_place(str(text), level, _places(draft, row))
            if why:
                draft.note(row, f"{name} {why}")


def _places(draft: Draft, row: int) -> dict[str, str]:
    columns = {name: draft.values[name] for name in FINER_NAMES["none"] if draft.values.get(name)}
    return {name: str(values[row]) for name, values in columns.items() if values[row]}


def _check_doubles(draft: Draft, labelled: Labelled, hashes: list[str]) -> set[int]:
    """Within each version: exact repetitions are one fact; the same id with other content is held back."""
    groups: dict[datetime | None, list[int]] = {}
    for row, version in enumerate(draft.versions):
        if row not in draft.problems:
            groups.setdefault(version, []).append(row)
    repeated: set[int] = set()
    for rows in groups.values():
        ids = [(_owner(labelled, row), draft.natives[row]) for row in rows]
        contents = [(hashes[row], labelled.of_row[row]) for row in rows]
        again, problems = doubles(ids, contents, [draft.sheet.row_numbers[row] for row in rows])
        repeated.update(rows[place] for place in again)
        for place, problem in problems.items():
            draft.note(rows[place], problem)
    return repeated


def _owner(labelled: Labelled, row: int) -> str:
    return labelled.labels[labelled.of_row[row]].originator


def refuse_when_too_bad(file_name: str, read: int, held: Mapping[int, str]) -> None:
    """Raises FileRefused when more than a fifth of the rows are held back, with the commonest reasons."""
    if len(held) <= MOST_BAD * read:
        return
    kinds: Counter[str] = Counter()
    first: dict[str, str] = {}
    for reason in held.values():
        kind = VALUE.sub("…", reason)
        kinds[kind] += 1
        first.setdefault(kind, reason)
    common = "; ".join(f"{count:,} × {first[kind]}" for kind, count in kinds.most_common(3))
    raise FileRefused(
        f"{len(held):,} of the {read:,} rows of {file_name} ({len(held) / read:.0%}) cannot be taken, more"
        f" than {MOST_BAD:.0%} – the commonest reasons: {common}.",
        "Nothing of it was published. Check the recipe, or ask the partner to mend the file.",
    )


def _notes(draft: Draft, doubts: Counter[str]) -> tuple[str, ...]:
    fallen = [
        f"{count:,} cumulative figures fall ({metric}): kept"
        for metric, count in sorted(falls(draft).items())
    ]
    return (*draft.sheet.notes, *fallen, *(f"{count:,} × {words}" for words, count in doubts.most_common()))
