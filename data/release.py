"""The decision: may this viewer have this record, now, for this purpose, and with what taken away.

One pure function over values (release policy: the Amendments, then A3 R0-R6). Nothing is permitted by
silence: an unknown or missing value and any exception deny.

R0  everything is known                 R4   every required category is held
R1  within the release window           R5   inside the viewer's regions
R1a not withheld on report              R5a  an agreement in force covers it (`data.agreed`)
R2  cleared for the level               R6   all of these, for every identity of the viewer
R3  originator, or on the list

A code in `releasable_to` or `display_only_to` that the register does not know matches nobody: it is no
reason to deny, or shrinking a list could add a reader. An unknown required category is held by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from data.agreed import Agreed, agreed
from data.decision import (
    ALL_WITHHELD,
    Decision,
    Obligations,
    Reason,
    RecordFacts,
    all_must_permit,
)
from data.doubts import doubt
from data.labels import PUBLIC, Label
from data.partners import FILE, SCREEN, Policy, in_force
from data.policy_set import PolicySet, policy_set
from data.viewer import Identity, Viewer

__all__ = [
    "FILE",
    "SCREEN",
    "Decision",
    "Obligations",
    "PolicySet",
    "Reason",
    "RecordFacts",
    "decide",
    "decide_record",
    "in_window",
    "is_own",
    "policy_set",
]

FORCES = frozenset({"military", "police"})
"""Services that get humanitarian presence without its site (formats.md)."""

CLASSES_BY_CATEGORY = frozenset({"protection", "personal"})
"""Field classes that need the category of their name, the originator's people included."""


def decide(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> Decision:
    """Whether every identity of `viewer` may have the record at `now` for `purpose` (screen or file).

    Every bound of the policy must permit too, with the strictest of each obligation. Never raises:
    whatever cannot be decided is denied.
    """
    try:
        if not viewer.identities:
            return _denied("nobody is asking")
        return all_must_permit(
            _decided_for(each, identity, len(viewer.identities) > 1, label, facts, now, purpose)
            for each in policy.whole
            for identity in viewer.identities
        )
    except Exception as error:  # noqa: BLE001 - fail closed: any exception denies (R0)
        return _denied(f"the decision could not be made ({type(error).__name__})")


def decide_record(
    policy: Policy,
    viewer: Viewer,
    shown: tuple[Label, RecordFacts],
    newest: tuple[Label, RecordFacts],
    now: datetime,
    purpose: str,
) -> Decision:
    """The shown revision and the newest one must both permit, with the strictest of each obligation."""
    try:
        if shown[0].originator != newest[0].originator:
            return _denied("its revisions have different originators")
        if shown == newest:
            return decide(policy, viewer, *shown, now, purpose)
        both = [decide(policy, viewer, *revision, now, purpose) for revision in (shown, newest)]
        return all_must_permit(both)
    except Exception as error:  # noqa: BLE001 - fail closed: any exception denies (R0)
        return _denied(f"the decision could not be made ({type(error).__name__})")


def in_window(facts: RecordFacts, now: datetime) -> bool:
    """R1 for those who are not the originator: inside the release window, not past the review date.

    The review date itself still counts; it is over at midnight UTC.
    """
    review = facts.label_review_on
    return in_force(facts.release_from, facts.release_until, now) and (
        review is None or now.astimezone(UTC).date() <= review
    )


def is_own(viewer: Viewer, label: Label) -> bool:
    """Whether everybody who asks is the originator: they alone have what is withheld on report (R1a)."""
    return bool(viewer.identities) and all(_own(identity, label) for identity in viewer.identities)


def _denied(words: str) -> Decision:
    return Decision(False, ALL_WITHHELD, (Reason("R0", False, words),))


def _decided_for(
    policy: Policy,
    identity: Identity,
    named: bool,
    label: Label,
    facts: RecordFacts,
    now: datetime,
    purpose: str,
) -> Decision:
    who = f"{identity.name or identity.id}: " if named else ""
    unknown = doubt(policy, identity, label, facts, now, purpose)
    if unknown:
        return _denied(who + unknown)
    terms = _terms(policy, identity, label, facts, now, purpose)
    rules = (*_rules(policy, identity, label, facts, now, purpose), terms.reason)
    reasons = tuple(Reason(rule.rule, rule.permits, who + rule.words) for rule in rules)
    if not all(reason.permits for reason in reasons):
        return Decision(False, ALL_WITHHELD, reasons)
    return Decision(True, _obligations(policy, identity, label, facts, terms), reasons, terms.agreements)


def _rules(
    policy: Policy, identity: Identity, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> Iterator[Reason]:
    """R0 to R5 for one identity; everything is known by now."""
    yield Reason("R0", True, "viewer, label and policy are known")
    yield _window(identity, label, facts, now)
    yield _reported(identity, label, facts)
    yield _clearance(policy, identity, label)
    yield _listed(policy, identity, label, now, purpose)
    yield _categories(policy, identity, label)
    yield _regions(identity, facts)


def _window(identity: Identity, label: Label, facts: RecordFacts, now: datetime) -> Reason:
    if in_window(facts, now):
        return Reason("R1", True, "within the release window, and not past its review date")
    if _own(identity, label):
        return Reason("R1", True, "outside the release window or past its review date, but its own record")
    return Reason("R1", False, "outside the release window or past its review date: originator only")


def _reported(identity: Identity, label: Label, facts: RecordFacts) -> Reason:
    if not facts.withheld:
        return Reason("R1a", True, "not withheld on report")
    if _own(identity, label):
        return Reason("R1a", True, "withheld on report, but its own record")
    return Reason("R1a", False, "withheld on report until its originator releases it again")


def _clearance(policy: Policy, identity: Identity, label: Label) -> Reason:
    rank = policy.levels.index
    cleared = rank(identity.clearance) >= rank(label.classification)
    verb = "reaches" if cleared else "is below"
    return Reason("R2", cleared, f"clearance {identity.clearance} {verb} level {label.classification}")


def _listed(policy: Policy, identity: Identity, label: Label, now: datetime, purpose: str) -> Reason:
    if _own(identity, label):
        return Reason("R3", True, f"{identity.partner} is the originator")
    codes = {identity.partner, PUBLIC} | policy.groups_of(identity.partner, now)
    named = codes.intersection(label.releasable_to)
    if named:
        return Reason("R3", True, f"releasable to {', '.join(sorted(named))}")
    shown = codes.intersection(label.display_only_to)
    if shown and purpose == SCREEN:
        return Reason("R3", True, f"may be shown to {', '.join(sorted(shown))} on screen")
    if shown:
        return Reason("R3", False, f"may be shown to {', '.join(sorted(shown))} on screen only")
    return Reason("R3", False, f"not released to {identity.partner} or a group it belongs to now")


def _categories(policy: Policy, identity: Identity, label: Label) -> Reason:
    missing = set(label.required_categories) - _held(policy, identity)
    if missing:
        return Reason("R4", False, f"required category not held: {', '.join(sorted(missing))}")
    return Reason("R4", True, "every required category is held")


def _regions(identity: Identity, facts: RecordFacts) -> Reason:
    if identity.regions is None:
        return Reason("R5", True, "not bound to a region")
    if not facts.regions:
        return Reason("R5", False, "bound to regions, and the record has none")
    inside = bool(identity.regions & facts.regions)
    return Reason("R5", inside, f"{'inside' if inside else 'outside'} the regions the viewer is bound to")


def _terms(
    policy: Policy, identity: Identity, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> Agreed:
    if _own(identity, label):
        return Agreed(Reason("R5a", True, "its own record needs no agreement"))
    return agreed(policy, identity.partner, label, facts, now, purpose)


def _obligations(
    policy: Policy, identity: Identity, label: Label, facts: RecordFacts, terms: Agreed
) -> Obligations:
    obligations = terms.obligations.joined(Obligations(hide=CLASSES_BY_CATEGORY - _held(policy, identity)))
    if _own(identity, label):
        return obligations
    obligations = obligations.joined(Obligations(label.release_geo_level))
    force = policy.partners[identity.partner].service in FORCES
    if force and facts.presence_kind == "humanitarian" and not terms.exact_sites:
        obligations = obligations.joined(Obligations("adm2", without_site=True))
    return obligations


def _own(identity: Identity, label: Label) -> bool:
    return identity.partner == label.originator


def _held(policy: Policy, identity: Identity) -> frozenset[str]:
    """Categories the policy knows and the identity holds."""
    return identity.categories & policy.categories
