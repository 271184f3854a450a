"""Which files hold records that their originator has since withdrawn, withheld, or given a stricter label.

By the trail's entries of what was taken, and the lake's newest revisions. Asked by an originator's releaser,
about its own records alone: of a file that holds others' too it learns neither their ids nor their number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from data.audit.entry import Action, Entry
from data.became import Row, became, revisions_of
from data.errors import ReportRefused
from data.home import Home
from data.partners import RELEASER
from data.recalls import Recall, add_recall, recalls
from data.recording import Record
from data.released import Released
from data.reports import withheld_records
from data.viewer import Viewer
from data.words import msgid


@dataclass(frozen=True)
class Held:
    """A file that was taken. `records`: how many of the asker's own are in it; `changed`: what became of
    which since, by the id under which it was told. `recall`: when the asker recalled it."""

    extract: str
    at: datetime
    partners: tuple[str, ...]
    roles: tuple[str, ...]
    names: tuple[str, ...]
    format: str
    agreements: tuple[str, ...]
    records: int
    changed: Mapping[str, str]
    recall: Recall | None = None


@dataclass(frozen=True)
class ToDestroy:
    """To the partner that took a file: who recalled it."""

    extract: str
    taken_at: datetime
    roles: tuple[str, ...]
    recall: Recall


def is_owner(viewer: Viewer) -> bool:
    """Whoever decides what becomes of what was taken: a releaser, as one partner."""
    return len(viewer.partners) == 1 and RELEASER in viewer.roles


def held(home: Home, released: Released, exports: Iterable[Entry]) -> tuple[Held, ...]:
    """The files with changed records of the asker's own, and those recalled; the newest first.

    `exports`: entries about the asker's data. Empty for who is no releaser.
    """
    viewer = released.viewer
    if not is_owner(viewer):
        return ()
    [own] = viewer.partners
    taken = [entry for entry in exports if own in entry.originators]
    known = {one.extract: one for one in recalls(home) if one.originator == own}
    found = revisions_of(home, released, own, {one for entry in taken for one in _ids(entry)})
    withheld = {one.record_id for one in withheld_records(home) if one.originator == own}
    listed = [_held(entry, own, released, found, withheld, known) for entry in reversed(taken)]
    return tuple(one for one in listed if one.changed or one.recall)


def to_destroy(home: Home, viewer: Viewer, exports: Iterable[Entry]) -> tuple[ToDestroy, ...]:
    """Of the files that the viewer's partner took, those that somebody recalled; the newest recall first."""
    known = defaultdict(list)
    for one in recalls(home):
        known[one.extract].append(one)
    mine = [entry for entry in exports if viewer.partners == {one.partner for one in entry.actor}]
    found = [
        ToDestroy(str(entry.details["extract_id"]), entry.utc, _roles(entry), recall)
        for entry in mine
        for recall in known.get(str(entry.details.get("extract_id")), ())
    ]
    return tuple(sorted(found, key=lambda one: one.recall.at, reverse=True))


def recall_extract(
    home: Home, released: Released, exports: Iterable[Entry], extract: str, record: Record, now: datetime
) -> Recall:
    """Mark a file as recalled. The trail has it first. `now` is real time.

    Raises ReportRefused when the asker has no changed record in such a file, whether there is one or not.
    """
    meant = next((one for one in held(home, released, exports) if one.extract == extract), None)
    if meant is None:
        raise ReportRefused(
            msgid("There is no such file that you can recall."),
            msgid("A releaser of the partner whose records it holds recalls it."),
        )
    if meant.recall is not None:
        return meant.recall
    viewer = released.viewer
    [own] = viewer.partners
    ids = sorted(meant.changed)
    details = {"extract_id": extract, "originators": [own], "partners": list(meant.partners)}
    record(Action.RECALL, viewer, details | {"record_ids": ids}, durable=True)
    made = Recall(extract, own, now, viewer.identities[0].id, tuple(sorted(viewer.roles)), len(ids))
    add_recall(home, made)
    return made


def _held(
    entry: Entry,
    own: str,
    released: Released,
    found: Mapping[str, Sequence[Row]],
    withheld: Collection[str],
    known: Mapping[str, Recall],
) -> Held:
    ids = [one for one in _ids(entry) if one in found]
    said = {one: became(found[one], entry, own, released, withheld) for one in ids}
    extract = str(entry.details.get("extract_id") or "")
    partners = tuple(sorted({one.partner for one in entry.actor}))
    return Held(
        extract=extract,
        at=entry.utc,
        partners=partners,
        roles=_roles(entry),
        names=tuple(one.subject for one in entry.actor if one.partner == own),
        format=str(entry.details.get("format") or ""),
        agreements=_agreements(entry, released, own, partners),
        records=len(ids),
        changed={one: what for one, what in said.items() if what},
        recall=known.get(extract),
    )


def _agreements(entry: Entry, released: Released, own: str, partners: Sequence[str]) -> tuple[str, ...]:
    """Those of the asker's own with who took it: agreements of others stay theirs."""
    told = entry.details.get("agreements")
    ids = set(told) if isinstance(told, list) else set()
    known = (each for each in released.policy.agreements if own in each.parties)
    return tuple(sorted(each.id for each in known if each.id in ids and each.parties.intersection(partners)))


def _roles(entry: Entry) -> tuple[str, ...]:
    return tuple(sorted({role for actor in entry.actor for role in actor.roles}))


def _ids(entry: Entry) -> list[str]:
    told = entry.details.get("record_ids")
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []
