"""What another policy, or other labels, would release to whom: counted by real decisions on the lake.

Records are put into classes by all that a decision hangs on, as in `data.snapshot`; the one decision is asked
for each class under both policies. Counted are the newest revisions that nobody withdrew. Numbers are for
whoever changes the policy, never for a page of a viewer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

import pyarrow as pa

from data.decision import Decision, RecordFacts
from data.labels import Label
from data.lake_tables import ALL_LABELS, label_from_row
from data.partners import SCREEN, Policy
from data.release import decide
from data.released_tables import Asks
from data.schema import DEPLOYMENTS, FEED_NAMES
from data.snapshot_grants import binding_regions
from data.viewer import Identity, Viewer

CLASSES = """
WITH given AS (SELECT ?::TIMESTAMPTZ AS now, ?::DATE AS today, ?::VARCHAR[] AS codes)
SELECT label_id, coalesce(i.relabelled, -1) AS relabelled, {presence} AS presence_kind,
    coalesce(release_from > now, false) AS not_yet, coalesce(release_until <= now, false) AS over,
    coalesce(label_review_on < today, false) AS past_review,
    list_filter([country_iso3, adm1_pcode, adm2_pcode], lambda c: list_contains(codes, c)) AS places,
    count(*) AS records
FROM lake.{feed} AS t LEFT JOIN incoming AS i USING (record_id), given
WHERE superseded_at IS NULL AND msg_type IN ('new', 'update')
GROUP BY ALL
"""
RELABELLED = pa.schema([("record_id", pa.string()), ("relabelled", pa.int32())])


@dataclass(frozen=True)
class Relabelled:
    """Records that would get another label: `of_record` counts in `labels`."""

    labels: tuple[Label, ...] = ()
    of_record: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


UNCHANGED = Relabelled()


@dataclass(frozen=True)
class Effect:
    """What becomes of an originator's records of a feed for somebody.

    `closer`, `coarser`: released both before and after, otherwise.
    """

    who: str
    partner: str
    feed: str
    more: int
    fewer: int
    closer: int
    coarser: int
    originator: str = ""

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """More, fewer, closer, coarser."""
        return self.more, self.fewer, self.closer, self.coarser

    @property
    def widens(self) -> bool:
        """Whether a record becomes permitted, or an obligation weaker."""
        return bool(self.more or self.closer)


def effect(key: tuple[str, str, str], counts: Sequence[int], originator: str = "") -> Effect:
    """Of (who, partner, feed) and the counts in their order."""
    more, fewer, closer, coarser = counts
    return Effect(*key, more, fewer, closer, coarser, originator)


def widest(policy: Policy, partner: str) -> Viewer:
    """Whoever of the partner may see most: what the partner as a whole is released."""
    return Viewer((Identity(partner, "", partner, policy.levels[-1], policy.categories, None),))


def viewers_of(old: Policy, new: Policy) -> dict[tuple[str, str], tuple[Viewer, Viewer]]:
    """By (who, partner): before and after. Partners first, then personas; who is not there is nobody."""
    found: dict[tuple[str, str], tuple[Viewer, Viewer]] = {}
    for code in dict.fromkeys((*old.partners, *new.partners)):
        found["", code] = (widest(old, code), widest(new, code))
    for name in dict.fromkeys((*old.personas, *new.personas)):
        partner = (old.personas.get(name) or new.personas[name]).partner
        before, after = (each.viewer(name) if name in each.personas else Viewer(()) for each in (old, new))
        found[name, partner] = (before, after)
    return found


def effects(
    lake: Asks, old: Policy, new: Policy, now: datetime, relabelled: Relabelled = UNCHANGED
) -> tuple[Effect, ...]:
    """What changes for whom, one for each feed and originator; who sees what they saw is left out."""
    labels = {row["label_id"]: label_from_row(row) for row in lake.table(ALL_LABELS).to_pylist()}
    viewers = viewers_of(old, new)
    codes: set[str] = set()
    for both in viewers.values():
        codes |= binding_regions(old, both[0]) | binding_regions(new, both[1])
    found = []
    for feed in FEED_NAMES:
        classes = _classes(lake, feed, now, sorted(codes), relabelled)
        for (name, partner), both in viewers.items():
            counts: dict[str, list[int]] = {}
            for row in classes:
                facts = _facts(row, feed, now)
                before = labels[int(str(row["label_id"]))]
                number = int(str(row["relabelled"]))
                after = relabelled.labels[number] if number >= 0 else before
                then = decide(old, both[0], before, facts, now, SCREEN)
                kind = _kind(then, decide(new, both[1], after, facts, now, SCREEN))
                if kind is not None:
                    counts.setdefault(before.originator, [0, 0, 0, 0])[kind] += int(str(row["records"]))
            found += [effect((name, partner, feed), each, code) for code, each in sorted(counts.items())]
    return tuple(found)


def _classes(
    lake: Asks, feed: str, now: datetime, codes: list[str], relabelled: Relabelled
) -> list[dict[str, object]]:
    ids = list(relabelled.of_record)
    incoming = pa.table([ids, [relabelled.of_record[one] for one in ids]], schema=RELABELLED)
    presence = "coalesce(presence_kind, '')" if feed == DEPLOYMENTS else "''"
    sql = CLASSES.format(feed=feed, presence=presence)
    return lake.table(sql, (now, now.date(), codes), incoming=incoming).to_pylist()  # type: ignore[no-any-return]


def _facts(row: Mapping[str, object], feed: str, now: datetime) -> RecordFacts:
    places = row["places"]
    return RecordFacts(
        feed=feed,
        regions=frozenset(places) if isinstance(places, list) else frozenset(),
        release_from=now + timedelta(seconds=1) if row["not_yet"] else None,
        release_until=now if row["over"] else None,
        label_review_on=now.date() - timedelta(days=1) if row["past_review"] else None,
        received_at=now,
        presence_kind=str(row["presence_kind"]) or None,
    )


def _kind(then: Decision, now: Decision) -> int | None:
    """Place among more, fewer, closer, coarser. What is looser in one obligation is closer."""
    if then.permit != now.permit:
        return 0 if now.permit else 1
    if not now.permit or then.obligations == now.obligations:
        return None
    return 3 if now.obligations.joined(then.obligations) == now.obligations else 2
