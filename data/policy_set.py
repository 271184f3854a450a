"""Everything in the policy that a viewer's decisions hang on, as one hash: part of every cache key.

It moves when something changes for this viewer and stays when something changes for others, so it may
stand in what the viewer gets (release policy, A3 Caches; Amendments, Own version).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from data.labels import Label
from data.partners import Policy, canonical, in_force
from data.viewer import Identity, Viewer


@dataclass(frozen=True)
class PolicySet:
    """A type of its own, so that no cache key can be made without one. `digest` is SHA-256, hex."""

    digest: str

    @property
    def name(self) -> str:
        """What a page may call it."""
        return self.digest[:16]


def policy_set(
    policy: Policy, viewer: Viewer, labels: Iterable[Label], now: datetime, purpose: str
) -> PolicySet:
    """What the decisions for `viewer` hang on at `now`, apart from the labels and records themselves.

    `labels` stay out of the hash on purpose: one that is hidden from the viewer must not move it. The
    lake's version covers them in a cache key.
    """
    del labels
    # A bound that says nothing else of this viewer must not move it either.
    hangs_on = dict.fromkeys(canonical(_hangs_on(each, viewer, now)) for each in policy.whole)
    return PolicySet(hashlib.sha256(canonical([purpose, *hangs_on]).encode()).hexdigest())


def _hangs_on(policy: Policy, viewer: Viewer, now: datetime) -> dict[str, object]:
    return {
        "policy": policy.id,
        "levels": policy.levels,
        "identities": sorted({canonical(_bounds(policy, identity, now)) for identity in viewer.identities}),
        "agreements": [
            agreement
            for agreement in sorted(policy.agreements, key=lambda one: one.id)
            if agreement.parties & viewer.partners and in_force(agreement.from_at, agreement.until_at, now)
        ],
    }


def _bounds(policy: Policy, identity: Identity, now: datetime) -> dict[str, object]:
    partner = policy.partners.get(identity.partner)
    return {
        "partner": identity.partner,
        "service": partner.service if partner else None,
        "groups": policy.groups_of(identity.partner, now),
        "clearance": identity.clearance,
        "categories": identity.categories & policy.categories,
        "regions": identity.regions,
    }
