"""Who takes part and what they agreed: the values of a policy.toml, as `data.policy` reads them.

Times are UTC and half-open [from, until); an `until_at` of None has no end. Every reference between
the values has been checked when they come from `data.policy`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from functools import cached_property

from data.errors import PolicyError
from data.viewer import Identity, Viewer, without_data

OPERATION_KINDS = ("exercise", "replay", "actual")
MARKING_PROFILES = ("nato", "eu", "un", "national", "humanitarian")
PARTNER_KINDS = ("state", "io", "un", "red_cross", "ngo", "other")
SERVICES = ("military", "police", "civil", "relief")
ROLES = ("viewer", "analyst", "releaser", "overseer", "operator", "administrator")
ANALYST, RELEASER, OVERSEER = "analyst", "releaser", "overseer"
"""Who may take what it sees along in a file."""

OPERATOR = "operator"
"""A feed operator: delivers its partner's records, and sees what was held back of them."""

AGREEMENT_KINDS = BILATERAL, MULTILATERAL = ("bilateral", "multilateral")
PURPOSES = SCREEN, FILE = ("screen", "file")
ENDINGS = ("delete", "return", "keep_aggregate")
HUMANITARIAN_SITES = ("adm2", "exact")


def in_force(from_at: datetime | None, until_at: datetime | None, now: datetime) -> bool:
    """Half-open: the first instant counts, the last does not; None is no bound."""
    return (from_at is None or from_at <= now) and (until_at is None or now < until_at)


@dataclass(frozen=True)
class Operation:
    """What the home is about. Its times are shown, they do not decide."""

    id: str
    title: str
    kind: str
    from_at: datetime | None
    until_at: datetime | None
    marking: str


@dataclass(frozen=True)
class Partner:
    """A registered organisation or state. `service` decides what of humanitarian presence it gets."""

    code: str
    name: str
    kind: str
    service: str


@dataclass(frozen=True)
class Membership:
    """A partner belongs to a group for a time."""

    partner: str
    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True)
class Group:
    """A sharing group: labels name it, and who belongs to it is decided when somebody asks."""

    code: str
    members: tuple[Membership, ...]


@dataclass(frozen=True)
class Persona:
    """Somebody who can be tried in an exercise or a replay. `regions` None: bound to none ("all")."""

    id: str
    name: str
    partner: str
    roles: frozenset[str]
    clearance: str
    categories: frozenset[str] = frozenset()
    regions: frozenset[str] | None = frozenset()


@dataclass(frozen=True)
class Agreement:
    """What partners agreed to give each other; it only subtracts (release policy, R5a).

    `level` is a ceiling, `regions` None means everywhere, `delay` counts from `received_at`, `hide` are
    field classes, `allows` are purposes. `use`, `retention` and `legal_basis` are words for people.
    """

    id: str
    kind: str
    parties: frozenset[str]
    feeds: frozenset[str]
    level: str
    regions: frozenset[str] | None
    from_at: datetime
    until_at: datetime | None
    geo_level: str
    delay: timedelta = timedelta()
    hide: frozenset[str] = frozenset()
    allows: frozenset[str] = frozenset(PURPOSES)
    use: str = ""
    retention: str = ""
    at_end: str = "delete"
    humanitarian_sites: str = "adm2"
    legal_basis: str = ""


@dataclass(frozen=True)
class Policy:
    """A whole policy. `levels` rise; `partners`, `groups` and `personas` go by code or id.

    `bounds`: other policies that must permit too, as long as somebody's approval of what differs is missing
    (`data.policy_bounds`). Whoever decides by this policy alone decides wrongly: `whole` holds all of them.
    """

    operation: Operation
    id: str
    version: str
    levels: tuple[str, ...]
    categories: frozenset[str]
    partners: Mapping[str, Partner]
    groups: Mapping[str, Group]
    personas: Mapping[str, Persona]
    agreements: tuple[Agreement, ...]
    bounds: tuple[Policy, ...] = ()

    @property
    def whole(self) -> tuple[Policy, ...]:
        """Every policy that must permit: this one, then its bounds."""
        return (self, *self.bounds)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the content; neither the order of tables nor comments change it."""
        return hashlib.sha256(canonical(self).encode()).hexdigest()

    def viewer(self, persona_id: str) -> Viewer:
        """The viewer that a persona is. Raises PolicyError when there is no such persona."""
        persona = self.personas.get(persona_id)
        if persona is None:
            known = ", ".join(self.personas) or "none"
            raise PolicyError(f"There is no persona {persona_id!r}.", f"The policy has these: {known}.")
        others = [bound.personas[persona_id] for bound in self.bounds if persona_id in bound.personas]
        return Viewer(tuple(dict.fromkeys(_identity(one) for one in (persona, *others))))

    def groups_of(self, partner: str, now: datetime) -> frozenset[str]:
        """Codes of the groups the partner belongs to now."""
        return frozenset(
            group.code
            for group in self.groups.values()
            for member in group.members
            if member.partner == partner and in_force(member.from_at, member.until_at, now)
        )

    def next_change_after(self, now: datetime) -> datetime | None:
        """The next instant at which an agreement, a membership or the operation begins or ends."""
        return min((at for at in self._boundaries() if at is not None and at > now), default=None)

    def _boundaries(self) -> Iterator[datetime | None]:
        for policy in self.whole:
            members = [member for group in policy.groups.values() for member in group.members]
            spans: list[Operation | Membership | Agreement] = [policy.operation, *members, *policy.agreements]
            for span in spans:
                yield span.from_at
                yield span.until_at


def _identity(persona: Persona) -> Identity:
    identity = Identity(
        id=persona.id,
        name=persona.name,
        partner=persona.partner,
        clearance=persona.clearance,
        categories=persona.categories,
        regions=persona.regions,
        roles=persona.roles,
    )
    return without_data(identity)


def canonical(value: object) -> str:
    """The value as JSON that is the same for the same content: what digests are taken of."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")
