"""Who saw or took whose data: the trail as an owner, or an overseer, may read it.

An owner reads the entries about its own data: which partner and role, when, how many of its records, under
which of the agreements between the two. Names of people are told of its own partner only; an overseer reads
all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from data.audit.entry import Action, Actor, Entry
from data.partners import OVERSEER, RELEASER
from data.policy import Policy
from data.viewer import Viewer

DAYS = 30
"""How far back an account goes."""

MOST_USES = 200
"""Entries that are listed one by one, the newest; totals count all."""

OWNERS_ACTIONS = frozenset({Action.VIEW, Action.EXPORT})


@dataclass(frozen=True)
class Use:
    """One entry as it may be read.

    `records`: of the reader's own (an overseer: of all); `names`: of people, as far as they may be told;
    `detail`: the page, or the id of the extract.
    """

    at: datetime
    action: Action
    partners: tuple[str, ...]
    roles: tuple[str, ...]
    names: tuple[str, ...]
    records: int
    agreements: tuple[str, ...]
    detail: str


@dataclass(frozen=True)
class Used:
    """What a partner did: how often it looked, how many files it took with how many records."""

    views: int = 0
    files: int = 0
    records: int = 0

    def and_(self, use: Use) -> Used:
        """This one added."""
        is_file = use.action is Action.EXPORT
        return Used(
            self.views + (use.action is Action.VIEW),
            self.files + is_file,
            self.records + (use.records if is_file else 0),
        )


@dataclass(frozen=True)
class Account:
    """`by_partner` and `per_day` (views and files a day, oldest first) count everything since `since`."""

    since: datetime
    every: bool
    uses: tuple[Use, ...] = ()
    total: int = 0
    by_partner: Mapping[str, Used] = field(default_factory=dict)
    per_day: tuple[tuple[datetime, int], ...] = ()
    actions: Mapping[Action, int] = field(default_factory=dict)


def may_read(viewer: Viewer) -> bool:
    """Whoever decides what is released, and whoever oversees it; as one partner, not as a common viewer."""
    return len(viewer.partners) == 1 and bool(viewer.roles & {OVERSEER, RELEASER})


def reads_all(viewer: Viewer) -> bool:
    """Whether the reader is an overseer."""
    return may_read(viewer) and OVERSEER in viewer.roles


def account(
    entries: Iterable[Entry], policy: Policy, viewer: Viewer, now: datetime, most: int = MOST_USES
) -> Account:
    """Of the entries of the last DAYS before `now`; of anybody who may not read them an empty one.

    `entries` come from the oldest. `now` is real time, as the trail's own; `most` uses are listed one by one.
    """
    since, every = now - timedelta(days=DAYS), reads_all(viewer)
    if not may_read(viewer):
        return Account(since, every=False)
    [own] = viewer.partners
    reading = _Reading(policy, own, every)
    uses = [use for entry in entries if entry.utc >= since and (use := reading.use(entry)) is not None]
    by_partner: dict[str, Used] = {}
    for use in uses:
        for code in use.partners:
            by_partner[code] = by_partner.get(code, Used()).and_(use)
    return Account(
        since=since,
        every=every,
        uses=tuple(reversed(uses[-most:])),
        total=len(uses),
        by_partner=dict(sorted(by_partner.items())),
        per_day=_per_day(uses, since, now),
        actions=Counter(use.action for use in uses),
    )


@dataclass(frozen=True)
class _Reading:
    """Who reads: the partner, or an overseer."""

    policy: Policy
    own: str
    every: bool

    def use(self, entry: Entry) -> Use | None:
        """The entry as it may be read; None where it may not."""
        if not self.every and (entry.action not in OWNERS_ACTIONS or self.own not in entry.originators):
            return None
        partners = tuple(dict.fromkeys(actor.partner for actor in entry.actor))
        return Use(
            at=entry.utc,
            action=entry.action,
            partners=partners,
            roles=tuple(sorted({role for actor in entry.actor for role in actor.roles})),
            names=tuple(actor.subject for actor in entry.actor if self._is_told(actor)),
            records=self._records(entry),
            agreements=self._agreements(entry, partners),
            detail=_text(entry, "extract_id" if entry.action is Action.EXPORT else "preview")
            or _text(entry, "page"),
        )

    def _is_told(self, actor: Actor) -> bool:
        return self.every or actor.partner == self.own

    def _records(self, entry: Entry) -> int:
        """By the labels of the entry: of the owner's own, how many records were shown or taken."""
        labels = entry.details.get("labels")
        told = [label for label in labels if isinstance(label, dict)] if isinstance(labels, list) else []
        return sum(
            int(label.get("count") or 0)
            for label in told
            if self.every or label.get("originator") == self.own
        )

    def _agreements(self, entry: Entry, partners: tuple[str, ...]) -> tuple[str, ...]:
        """Those under which the owner's data went to these partners: agreements of others stay theirs."""
        told = entry.details.get("agreements")
        ids = set(told) if isinstance(told, list) else set()
        known = (each for each in self.policy.agreements if self.own in each.parties)
        between = {each.id for each in known if each.parties.intersection(partners) - {self.own}}
        return tuple(sorted(ids if self.every else ids & between))


def _text(entry: Entry, name: str) -> str:
    value = entry.details.get(name)
    return value if isinstance(value, str) else ""


def _per_day(uses: Iterable[Use], since: datetime, now: datetime) -> tuple[tuple[datetime, int], ...]:
    counts = Counter(_midnight(use.at) for use in uses)
    first, days = _midnight(since), (now.date() - since.date()).days
    return tuple((day, counts[day]) for day in (first + timedelta(days=n) for n in range(days + 1)))


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
