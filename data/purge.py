"""`policy purge`: records leave the home, every revision and every byte; a tombstone stays.

By id, or by an agreement that has ended: then all that was given under it and that no agreement in force
releases to anybody. What happens at its end is in the agreement: delete; return, which needs somebody's word
that it was handed back; keep_aggregate, which leaves counts by month and first-level area of at least five.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.agreed import agreed
from data.audit.details import MOST_RECORD_IDS, RECORD_IDS
from data.audit.entry import Action
from data.clock import Clock, system_clock
from data.decision import RecordFacts
from data.errors import NotPurged
from data.feeds.delivered import forget_delivered
from data.home import Home, home_clock
from data.labels import Label
from data.lake import LakeWriter
from data.lake_purge import compact
from data.partners import PURPOSES, Agreement, Policy
from data.policy_change import current
from data.recording import Record
from data.reports import forget_remarks
from data.schema import DEPLOYMENTS, FEED_NAMES
from data.tombstones import Aggregate, Tombstone, lay, note_end, tombstones
from data.viewer import Identity, Viewer

FEWEST = 5
"""Records in a count that may stay (release policy, A3: k)."""

COLUMNS = [
    *("record_id", "revision", "label_id", "country_iso3", "adm1_pcode", "adm2_pcode", "start_at"),
]


@dataclass(frozen=True)
class Purge:
    """What would be taken out: by record its feed and revisions.

    `again`: purged before, files to be emptied once more. `aggregates`: the counts that stay. `agreement`:
    the one whose end this is, or empty.
    """

    why: str
    records: Mapping[str, tuple[str, int]]
    again: tuple[str, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    agreement: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing goes, and no agreement ends by it."""
        return not (self.records or self.again or self.agreement)

    @property
    def by_feed(self) -> dict[str, list[str]]:
        """Record ids by feed."""
        found: dict[str, list[str]] = {}
        for record, (feed, _) in self.records.items():
            found.setdefault(feed, []).append(record)
        return found


def purge_of_records(home: Home, record_ids: Sequence[str]) -> Purge:
    """What purging these records is. Raises NotPurged when one is not there and never was."""
    asked = set(record_ids)
    with LakeWriter(home) as lake:
        records = {
            row["record_id"]: (feed, row["revision"])
            for feed, row in _newest(lake)
            if row["record_id"] in asked
        }
    gone = {one.record_id for one in tombstones(home)}
    unknown = sorted(asked - records.keys() - gone)
    if unknown:
        raise NotPurged(f"There is no record {unknown[0]!r}.", "See the id in the drawer's last line.")
    return Purge("asked for", records, tuple(sorted(asked & gone - records.keys())))


def purge_of_agreement(home: Home, agreement_id: str, *, handed_back: bool = False) -> Purge:
    """What the end of an agreement takes out. Raises NotPurged while it is in force, or not handed back."""
    policy = current(home).parsed()
    agreement = next((one for one in policy.agreements if one.id == agreement_id), None)
    if agreement is None:
        known = ", ".join(one.id for one in policy.agreements) or "none"
        raise NotPurged(f"There is no agreement {agreement_id!r}.", f"The policy has these: {known}.")
    with LakeWriter(home) as lake:
        now = home_clock(home, lake.knowledge_ends_at)()
        if agreement.until_at is None or agreement.until_at > now:
            end = f"until {agreement.until_at:%Y-%m-%dT%H:%MZ}" if agreement.until_at else "without an end"
            raise NotPurged(f"The agreement {agreement_id} is in force {end}.", "Let it end first.")
        if agreement.at_end == "return" and not handed_back:
            raise NotPurged(
                f"The agreement {agreement_id} says that its data is returned at its end.",
                "Hand it back, and say so with --returned.",
            )
        found = [(feed, row) for feed, row in _newest(lake) if feed in agreement.feeds]
        judge = _Judge(policy, agreement, lake)
        gone = [(feed, row) for feed, row in found if judge.ends(feed, row, now)]
    records = {str(row["record_id"]): (feed, int(row["revision"])) for feed, row in gone}
    kept = tuple(_aggregates(gone)) if agreement.at_end == "keep_aggregate" else ()
    why = f"agreement {agreement_id} ended: {agreement.at_end}"
    return Purge(why, records, aggregates=kept, agreement=agreement_id)


def carry_out(home: Home, purge: Purge, who: Identity, *, clock: Clock = system_clock, record: Record) -> int:
    """Take the records out; the number of them. Reported before the first byte goes; the tombstones, and the
    counts that stay, are laid before too. Raises NotPurged when bytes may be left."""
    at = clock()
    ids = sorted({*purge.records, *purge.again})
    details = {"why": purge.why, "records": len(ids), RECORD_IDS: ids[:MOST_RECORD_IDS]}
    with LakeWriter(home) as lake:
        record(Action.PURGE, Viewer((who,)), details, durable=True)
        stones = [
            Tombstone(one, feed, revisions, at, who.id, purge.why)
            for one, (feed, revisions) in purge.records.items()
        ]
        lay(home, stones, purge.why, purge.aggregates)
        forget_remarks(home, ids)
        forget_delivered(home, {one.partition(":")[0] for one in ids})
        lake.erase(purge.by_feed)
        if purge.agreement:
            note_end(home, purge.agreement, at)
        compact(home.state_file)
    return len(purge.records)


def _newest(lake: LakeWriter) -> Iterator[tuple[str, dict[str, Any]]]:
    for feed in FEED_NAMES:
        names = [*COLUMNS, *(["presence_kind"] if feed == DEPLOYMENTS else [])]
        for row in lake.newest_rows(feed).select(names).to_pylist():
            yield feed, row


class _Judge:
    """Whether a record goes with the agreement: it was covered by it, and nothing in force covers it now."""

    def __init__(self, policy: Policy, agreement: Agreement, lake: LakeWriter) -> None:
        self.policy, self.agreement, self.lake = policy, agreement, lake
        self.labels: dict[int, Label] = {}
        self.known: dict[tuple[object, ...], bool] = {}

    def ends(self, feed: str, row: Mapping[str, Any], now: datetime) -> bool:
        number = int(str(row["label_id"]))
        if number not in self.labels:
            self.labels[number] = self.lake.label(number)
        places = frozenset(str(row[n]) for n in ("country_iso3", "adm1_pcode", "adm2_pcode") if row[n])
        key = (feed, number, places)
        if key not in self.known:
            facts = RecordFacts(feed, places)
            self.known[key] = self._covered(self.labels[number], facts) and not self._held(
                self.labels[number], facts, now
            )
        return self.known[key]

    def _covered(self, label: Label, facts: RecordFacts) -> bool:
        levels, terms = self.policy.levels, self.agreement
        return (
            label.originator in terms.parties
            and label.classification in levels
            and levels.index(label.classification) <= levels.index(terms.level)
            and (terms.regions is None or bool(terms.regions & facts.regions))
        )

    def _held(self, label: Label, facts: RecordFacts, now: datetime) -> bool:
        return any(
            agreed(self.policy, partner, label, facts, now, purpose).reason.permits
            for partner in self.policy.partners
            if partner != label.originator
            for purpose in PURPOSES
        )


def _aggregates(gone: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[Aggregate]:
    counts = Counter(
        (feed, str(row["adm1_pcode"] or ""), f"{row['start_at']:%Y-%m}")
        for feed, row in gone
        if row["start_at"]
    )
    for (feed, area, month), records in sorted(counts.items()):
        if records >= FEWEST:
            yield Aggregate(feed, area, month, records)
