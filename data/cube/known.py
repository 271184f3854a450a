"""What of the countable records each registered partner can know exactly, by the policy's own decision.

Not who has an account today is asked, but who could: each partner's people at every clearance, with few, one
and all of the categories, bound to no region and to each set of regions that anybody here is bound to. Who is
bound to none knows the partner's own records in any case; who is bound, what is shown to them. A record whose
place is coarser than the cube's may be known to be in the cell or not, so both are asked. The delay of an
agreement is no matter: no record is counted while one can run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from data.cube.rules import Eye, Kind
from data.decision import RecordFacts
from data.labels import GEO_LEVELS, Label
from data.partners import PURPOSES, Policy
from data.release import decide
from data.viewer import Identity, Viewer

COARSEST_KNOWN = GEO_LEVELS.index("adm1")
Regions = frozenset[str] | None


@dataclass(frozen=True)
class Countable:
    """What a decision about some countable records hangs on, beside the viewer; `is_protected`: of the cell's
    category or by the label's own."""

    label: Label
    facts: RecordFacts
    is_protected: bool

    @property
    def kind(self) -> Kind:
        """What the rules need to know of it."""
        return Kind(self.label.originator, self.is_protected)


def eyes(
    policy: Policy, each: Sequence[Countable], bound_to: Collection[Regions], now: datetime
) -> frozenset[Eye]:
    """The distinct eyes of all registered partners; bit n is the n-th of `each`."""
    found: set[Eye] = {0}
    for partner in policy.partners:
        own = sum(1 << n for n, one in enumerate(each) if one.label.originator == partner)
        for identity in _people(policy, partner, each, bound_to):
            for seen in _seen(policy, identity, each, now):
                found |= {seen, seen | own} if identity.regions is None else {seen}
    return frozenset(found)


def _people(
    policy: Policy, partner: str, each: Sequence[Countable], bound_to: Collection[Regions]
) -> Iterator[Identity]:
    levels = [level for level in policy.levels if any(one.label.classification == level for one in each)]
    used = frozenset(name for one in each for name in one.label.required_categories)
    held = {frozenset(), used, *(frozenset({name}) for name in used), *(used - {name} for name in used)}
    for clearance in levels:
        for categories in sorted(held, key=sorted):
            for regions in {None, *bound_to}:
                yield Identity("somebody", "", partner, clearance, categories, regions)


def _seen(policy: Policy, who: Identity, each: Sequence[Countable], now: datetime) -> Iterator[Eye]:
    """What somebody is released at all, and what of it with its first-level area."""
    released, placed = 0, 0
    for place, one in enumerate(each):
        decisions = [decide(policy, Viewer((who,)), one.label, one.facts, now, use) for use in PURPOSES]
        permitted = [decision for decision in decisions if decision.permit]
        if permitted:
            released |= 1 << place
        if any(GEO_LEVELS.index(one.obligations.geo_level) <= COARSEST_KNOWN for one in permitted):
            placed |= 1 << place
    yield released
    yield placed
