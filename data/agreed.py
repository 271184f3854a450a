"""R5a: what an agreement in force between the originator and the viewer's partner allows.

An agreement only subtracts. A bilateral one in force for the feed replaces the multilateral ones of that
pair, whether it permits or not; among several of one kind one that permits is enough, and the strictest of
each obligation holds (release policy, Amendments): of all that cover the feed and the place, so that a label
of a higher level or a stricter purpose never lifts what another agreement asks for (decision 0036).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.decision import NO_OBLIGATIONS, Obligations, Reason, RecordFacts
from data.labels import Label
from data.partners import BILATERAL, MULTILATERAL, Agreement, Policy, in_force


@dataclass(frozen=True)
class Agreed:
    """What the agreements say. `agreements`: those that permit. `exact_sites`: all let humanitarian sites be
    exact."""

    reason: Reason
    agreements: tuple[str, ...] = ()
    obligations: Obligations = NO_OBLIGATIONS
    exact_sites: bool = False


def agreed(
    policy: Policy, partner: str, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> Agreed:
    """What the agreements between the label's originator and another `partner` say of the record."""
    between = f"{label.originator} and {partner}"
    candidates = agreements_for(policy, label.originator, partner, facts.feed, now)
    if not candidates:
        words = f"no agreement about {facts.feed} is in force between {between}"
        return Agreed(Reason("R5a", False, words))
    lacks = {agreement.id: _lacking(policy, agreement, label, facts, purpose) for agreement in candidates}
    permitting = [agreement for agreement in candidates if not lacks[agreement.id]]
    if not permitting:
        return Agreed(Reason("R5a", False, "; ".join(lacks.values())))
    ids = tuple(sorted(agreement.id for agreement in permitting))
    binding = [agreement for agreement in candidates if _covers_place(agreement, facts)]
    obligations = NO_OBLIGATIONS
    for agreement in binding:
        asked = Obligations(agreement.geo_level, agreement.delay, agreement.hide)
        obligations = obligations.joined(asked)
    exact_sites = all(agreement.humanitarian_sites == "exact" for agreement in binding)
    words = f"released under {', '.join(ids)}, in force between {between}"
    return Agreed(Reason("R5a", True, words), ids, obligations, exact_sites)


def agreements_for(
    policy: Policy, originator: str, partner: str, feed: str, now: datetime
) -> tuple[Agreement, ...]:
    """Those in force for the pair and the feed: the bilateral ones, else the multilateral ones."""
    in_reach = [
        agreement
        for agreement in policy.agreements
        if originator in agreement.parties
        and partner in agreement.parties
        and feed in agreement.feeds
        and in_force(agreement.from_at, agreement.until_at, now)
    ]
    bilateral = tuple(agreement for agreement in in_reach if agreement.kind == BILATERAL)
    return bilateral or tuple(agreement for agreement in in_reach if agreement.kind == MULTILATERAL)


def _lacking(policy: Policy, agreement: Agreement, label: Label, facts: RecordFacts, purpose: str) -> str:
    """What the agreement lacks to cover the record, in words; empty when it covers it."""
    rank = policy.levels.index
    if rank(label.classification) > rank(agreement.level):
        return f"{agreement.id} goes up to {agreement.level} only"
    if not _covers_place(agreement, facts):
        return f"{agreement.id} does not cover the place of the record"
    if purpose not in agreement.allows:
        return f"{agreement.id} does not allow the purpose {purpose}"
    return ""


def _covers_place(agreement: Agreement, facts: RecordFacts) -> bool:
    return agreement.regions is None or bool(agreement.regions & facts.regions)
