"""A second release decision, written from the text of the release policy alone.

It shares no rule with `data.release`, only the types of what goes in. Where the two differ on a viewer, a
record and a time, one of them has misread the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from data.decision import RecordFacts
from data.labels import Label
from data.partners import Agreement, Policy
from data.viewer import Identity, Viewer

COARSENESS = {"exact": 0, "adm2": 1, "adm1": 2, "adm0": 3, "none": 4}
PRESENCE = {"military", "police", "humanitarian", "civil", "private"}
SERVICES = {"military", "police", "civil", "relief"}
GUARDED = frozenset({"protection", "personal"})

Duty = tuple[str, float, frozenset[str], bool]
"""Finest place, delay in seconds, hidden field classes, without site."""


def oracle(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> Duty | None:
    """What is owed when the record is released to every identity; None when it is not released."""
    try:
        duties = [_Case(policy, who, label, facts, now, purpose).duty() for who in viewer.identities]
    except (KeyError, TypeError, ValueError):
        return None
    owed = [duty for duty in duties if duty is not None]
    return _strictest(owed) if owed and len(owed) == len(duties) else None


@dataclass(frozen=True)
class _Case:
    """One identity before one record."""

    policy: Policy
    who: Identity
    label: Label
    facts: RecordFacts
    now: datetime
    purpose: str

    def duty(self) -> Duty | None:
        held = self.who.categories & self.policy.categories
        if self._unknown() or set(self.label.required_categories) - held:
            return None
        if self._rank(self.who.clearance) < self._rank(self.label.classification):
            return None
        if not self._inside(self.who.regions):
            return None
        if self.who.partner == self.label.originator:
            return "exact", 0.0, GUARDED - held, False  # decision note 0007
        if self.facts.withheld:
            return None  # reported, and its originator has not released it again
        duties: list[Duty] = [(self.label.release_geo_level, 0.0, GUARDED - held, False)]
        agreed = self._agreed()
        if not agreed or not self._timely() or not self._named():
            return None
        asking = [one for one in self._about() if self._inside(one.regions)]  # decision note 0036
        duties += [(one.geo_level, one.delay.total_seconds(), one.hide, False) for one in asking]
        armed = self.policy.partners[self.who.partner].service in {"military", "police"}
        exact = all(one.humanitarian_sites == "exact" for one in asking)
        if armed and self.facts.presence_kind == "humanitarian" and not exact:
            duties.append(("adm2", 0.0, frozenset(), True))
        return _strictest(duties)

    def _unknown(self) -> bool:
        feed, kind = self.facts.feed, self.facts.presence_kind
        kinds = PRESENCE if feed == "deployments" else PRESENCE | {None}
        strangers = {self.who.partner, self.label.originator} - set(self.policy.partners)
        return (
            bool(strangers)
            or self.policy.partners[self.who.partner].service not in SERVICES
            or self.label.policy_id != self.policy.id
            or self.purpose not in {"screen", "file"}
            or feed not in {"incidents", "deployments", "deliveries"}
            or kind not in kinds
            or self.facts.withheld not in {True, False}
            or self.now.tzinfo is None
            or self.label.release_geo_level not in COARSENESS
        )

    def _rank(self, level: str) -> int:
        return self.policy.levels.index(level)

    def _inside(self, regions: frozenset[str] | None) -> bool:
        return regions is None or bool(regions & self.facts.regions)

    def _timely(self) -> bool:
        """Inside the window, and the review date not yet over at midnight UTC."""
        review = self.facts.label_review_on
        stale = review is not None and self.now.astimezone(UTC).date() > review
        return not stale and self._between(self.facts.release_from, self.facts.release_until)

    def _between(self, start: datetime | None, end: datetime | None) -> bool:
        return (start is None or start <= self.now) and (end is None or self.now < end)

    def _named(self) -> bool:
        named = set(self.label.releasable_to)
        if self.purpose == "screen":
            named |= set(self.label.display_only_to)
        codes = {self.who.partner, "PUBLIC"}
        for code, group in self.policy.groups.items():
            mine = [one for one in group.members if one.partner == self.who.partner]
            codes |= {code for one in mine if self._between(one.from_at, one.until_at)}
        return bool(named & codes)

    def _about(self) -> list[Agreement]:
        """Those of the pair and the feed: a bilateral one in force replaces the multilateral ones."""
        pair, feed = {self.who.partner, self.label.originator}, self.facts.feed
        here = [one for one in self.policy.agreements if pair <= one.parties and feed in one.feeds]
        force = [one for one in here if self._between(one.from_at, one.until_at)]
        return [one for one in force if one.kind == "bilateral"] or force

    def _agreed(self) -> list[Agreement]:
        """Those that permit."""
        return [
            one
            for one in self._about()
            if self._rank(one.level) >= self._rank(self.label.classification)
            and self._inside(one.regions)
            and self.purpose in one.allows
        ]


def _strictest(duties: list[Duty]) -> Duty:
    places, delays, hidden, siteless = zip(*duties, strict=True)
    coarsest = max(places, key=COARSENESS.__getitem__)
    return coarsest, max(delays), frozenset().union(*hidden), any(siteless)
