"""A policy held to others: what is in force while the widening part of a newer file waits for approval.

A file that narrows here and widens there cannot be cut in two: agreements hang together (a bilateral one
replaces multilateral ones, the strictest of several binds). So both policies must permit. That is exact: no
record is released that either withholds, and every obligation is the stricter one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from data.partners import Group, Membership, Persona, Policy


def bounded(base: Policy, bounds: Iterable[Policy]) -> Policy:
    """`base`, held to each of `bounds`: groups, categories and people have what all of them say."""
    each = tuple(bounds)
    if not each:
        return base
    everyone = (base, *each)
    people = _people(everyone)
    shared: dict[str, object] = {
        "personas": people,
        "groups": _groups(everyone),
        "categories": frozenset.intersection(*(policy.categories for policy in everyone)),
    }
    held = tuple(replace(policy, bounds=(), **_with_own(policy, shared)) for policy in everyone)  # type: ignore[arg-type]
    return replace(held[0], bounds=held[1:])


def _with_own(policy: Policy, shared: Mapping[str, object]) -> dict[str, object]:
    """What is shared; but somebody who cannot be made one of several stays what each policy says."""
    people: Mapping[str, Persona | None] = shared["personas"]  # type: ignore[assignment]
    own = {name: person or policy.personas[name] for name, person in people.items()}
    return {**shared, "personas": MappingProxyType(own)}


def _people(policies: tuple[Policy, ...]) -> dict[str, Persona | None]:
    names = [name for name in policies[0].personas if all(name in one.personas for one in policies)]
    return {name: _person([one.personas[name] for one in policies], policies) for name in names}


def _person(said: list[Persona], policies: tuple[Policy, ...]) -> Persona | None:
    """The person with the least of everything; None when there is no such one (partners, regions)."""
    regions = [one.regions for one in said if one.regions is not None]
    least = min(regions, key=len, default=None)
    levels = policies[0].levels
    alike = len({one.partner for one in said}) == 1 and len({policy.levels for policy in policies}) == 1
    if not alike or (least is not None and any(not least <= other for other in regions)):
        return None
    return replace(
        said[0],
        roles=frozenset.intersection(*(one.roles for one in said)),
        clearance=min((one.clearance for one in said), key=levels.index),
        categories=frozenset.intersection(*(one.categories for one in said)),
        regions=least,
    )


def _groups(policies: tuple[Policy, ...]) -> Mapping[str, Group]:
    """A partner belongs to a group while it does by every policy."""
    found: dict[str, Group] = {}
    for code, group in policies[0].groups.items():
        members = group.members
        for other in policies[1:]:
            theirs = other.groups[code].members if code in other.groups else ()
            members = common_members(members, theirs)
        found[code] = Group(code, members)
    return MappingProxyType(found)


def common_members(one: Iterable[Membership], other: Iterable[Membership]) -> tuple[Membership, ...]:
    """The spans in which a partner is a member by both."""
    theirs = tuple(other)
    pairs = [(mine, its) for mine in one for its in theirs if mine.partner == its.partner]
    met = [_common_span(mine, its) for mine, its in pairs]
    return tuple(span for span in met if span is not None)


def _common_span(one: Membership, other: Membership) -> Membership | None:
    begin = max(one.from_at, other.from_at)
    ends = [at for at in (one.until_at, other.until_at) if at is not None]
    end = min(ends, default=None)
    return Membership(one.partner, begin, end) if end is None or begin < end else None
