"""What of the policy a viewer may know: the agreements its partner is a party to, the groups it is in.

Who agreed what with whom is the parties' own business. An overseer audits and an administrator keeps the
registers: both know all of them, which releases no record to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.partners import Agreement, Group, Partner, Policy, in_force
from data.viewer import Viewer

KNOW_ALL = frozenset({"overseer", "administrator"})


class Standing(StrEnum):
    """Where a thing with dates stands now."""

    IN_FORCE = "in force"
    TO_COME = "to come"
    ENDED = "ended"


@dataclass(frozen=True)
class KnownPolicy:
    """Partners by code, the viewer's own first among them; groups and agreements by their ids."""

    own: frozenset[str]
    partners: Mapping[str, Partner]
    groups: tuple[Group, ...]
    agreements: tuple[Agreement, ...]

    def between(self, one: str, other: str) -> tuple[Agreement, ...]:
        """The known agreements of two partners, whatever their dates."""
        return tuple(each for each in self.agreements if {one, other} <= each.parties)


def known_policy(policy: Policy, viewer: Viewer, now: datetime) -> KnownPolicy:
    """The part of the policy that every identity of the viewer may know; a group while it is a member."""
    own = viewer.partners
    every = bool(viewer.roles & KNOW_ALL)
    agreements = tuple(each for each in policy.agreements if own and (every or own <= each.parties))
    groups = tuple(each for each in policy.groups.values() if own and (every or own <= _members(each, now)))
    codes = {*own, *_codes(agreements, groups), *(policy.partners if every else ())}
    known = sorted(codes & policy.partners.keys(), key=lambda code: (code not in own, code))
    return KnownPolicy(own, {code: policy.partners[code] for code in known}, groups, agreements)


def standing(from_at: datetime, until_at: datetime | None, now: datetime) -> Standing:
    """Half-open, as everywhere: it ends at `until_at`."""
    if now < from_at:
        return Standing.TO_COME
    return Standing.ENDED if until_at is not None and now >= until_at else Standing.IN_FORCE


def _members(group: Group, now: datetime) -> set[str]:
    return {one.partner for one in group.members if in_force(one.from_at, one.until_at, now)}


def _codes(agreements: Iterable[Agreement], groups: Iterable[Group]) -> set[str]:
    parties = (each.parties for each in agreements)
    return set().union(*parties, *({one.partner for one in each.members} for each in groups))
