"""R0: whatever is unknown, missing or of the wrong kind is a doubt, and a doubt denies.

Labels and facts in the store were checked when they came in; this is the second lock.
"""

from __future__ import annotations

from datetime import date, datetime

from data.decision import RecordFacts
from data.labels import GEO_LEVELS, Label
from data.partners import PURPOSES, SERVICES, Policy
from data.schema import DEPLOYMENTS, FEED_NAMES, PRESENCE_KINDS
from data.viewer import Identity

KNOWN_PRESENCE = frozenset(PRESENCE_KINDS.split())


def doubt(
    policy: Policy, identity: Identity, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> str:
    """The first doubt in words, empty when there is none. Repeats no value from outside the policy."""
    checks = (
        (purpose in PURPOSES and _is_time(now), "the purpose or the time of asking is unknown"),
        (_known_identity(policy, identity), "the viewer's partner, clearance or bounds are unknown"),
        (label.policy_id == policy.id, "the label belongs to another policy"),
        (label.originator in policy.partners, "the originator is not a registered partner"),
        (label.classification in policy.levels, "the label's level is unknown"),
        (label.release_geo_level in GEO_LEVELS, "the label's geo level is unknown"),
        (_known_lists(label), "a list of the label is not a list of codes"),
        (_known_facts(facts), "the record's feed, regions, presence, reports or release times are unknown"),
    )
    return next((words for known, words in checks if not known), "")


def _known_identity(policy: Policy, identity: Identity) -> bool:
    partner = policy.partners.get(identity.partner)
    return (
        partner is not None
        and partner.service in SERVICES
        and identity.clearance in policy.levels
        and isinstance(identity.categories, frozenset)
        and (identity.regions is None or _codes(identity.regions, frozenset))
    )


def _known_lists(label: Label) -> bool:
    lists = (label.releasable_to, label.display_only_to, label.required_categories)
    return all(_codes(values, tuple) for values in lists)


def _known_facts(facts: RecordFacts) -> bool:
    kind = facts.presence_kind
    review = facts.label_review_on
    return (
        facts.feed in FEED_NAMES
        and isinstance(facts.withheld, bool)
        and _codes(facts.regions, frozenset)
        and (kind in KNOWN_PRESENCE or (kind is None and facts.feed != DEPLOYMENTS))
        and all(at is None or _is_time(at) for at in (facts.release_from, facts.release_until))
        and (review is None or (isinstance(review, date) and not isinstance(review, datetime)))
    )


def _codes(values: object, kind: type[tuple[object, ...]] | type[frozenset[object]]) -> bool:
    return isinstance(values, kind) and all(isinstance(value, str) and value for value in values)


def _is_time(value: object) -> bool:
    """An instant: a time without its zone could be any of many."""
    return isinstance(value, datetime) and value.utcoffset() is not None
