"""What a newer policy may permit that an older one does not: told from the texts, for all data there will be.

A reason given here means that two releasers must approve. It errs to that side: what cannot be shown to
narrow counts as widening (agreements that overlap, for the strictest of several binds while all of them
permit; regions inside of others, for the register of regions is not part of a policy).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from data.labels import GEO_LEVELS
from data.partners import Agreement, Membership, Persona, Policy
from data.policy_bounds import common_members

FORCES = frozenset({"military", "police"})


def why_wider(old: Policy, new: Policy) -> tuple[str, ...]:
    """Why `new` may permit more than `old` (with its bounds), a phrase a reason; none: it only narrows."""
    return tuple(dict.fromkeys(reason for each in old.whole for reason in _reasons(each, new)))


def _reasons(old: Policy, new: Policy) -> Iterator[str]:
    yield from _levels(old, new)
    for code in sorted(new.categories - old.categories):
        yield f"category {code} is new"
    for code, partner in new.partners.items():
        if code not in old.partners:
            yield f"partner {code} is new"
        elif old.partners[code].service in FORCES and partner.service not in FORCES:
            yield f"partner {code} is no longer {old.partners[code].service}"
    yield from _groups(old, new)
    for name, person in new.personas.items():
        if name not in old.personas:
            yield f"persona {name} is new"
        else:
            yield from (f"persona {name}: {more}" for more in _more(old.personas[name], person, old, new))
    yield from _agreements(old, new)


def _levels(old: Policy, new: Policy) -> Iterator[str]:
    kept = [level for level in old.levels if level in new.levels]
    if kept != [level for level in new.levels if level in old.levels]:
        yield "the levels stand in another order"


def _groups(old: Policy, new: Policy) -> Iterator[str]:
    for code, group in new.groups.items():
        if code not in old.groups:
            yield f"group {code} is new"
            continue
        for member in group.members:
            if not _within(member, old.groups[code].members):
                yield f"{member.partner} is in {code} for longer"


def _within(member: Membership, others: tuple[Membership, ...]) -> bool:
    return member in common_members((member,), others)


def _more(old: Persona, new: Persona, before: Policy, after: Policy) -> Iterator[str]:
    if old.partner != new.partner:
        yield f"of {new.partner}, not {old.partner}"
    if new.roles - old.roles:
        yield f"the role {', '.join(sorted(new.roles - old.roles))}"
    if not _not_above(new.clearance, old.clearance, before, after):
        yield f"cleared for {new.clearance}"
    if new.categories - old.categories:
        yield f"the category {', '.join(sorted(new.categories - old.categories))}"
    if not _inside(new.regions, old.regions):
        yield "other regions"


def _inside(inner: frozenset[str] | None, outer: frozenset[str] | None) -> bool:
    return outer is None or (inner is not None and inner <= outer)


def _not_above(level: str, other: str, before: Policy, after: Policy) -> bool:
    """Whether a level of the newer policy reaches no further than another of the older one."""
    reached = before.levels[: before.levels.index(other) + 1]
    return level in reached and set(after.levels[: after.levels.index(level) + 1]) <= set(reached)


def _agreements(old: Policy, new: Policy) -> Iterator[str]:
    before = {one.id: one for one in old.agreements}
    after = {one.id: one for one in new.agreements}
    for name in sorted(before.keys() | after.keys()):
        then, now = before.get(name), after.get(name)
        if then is None and now is not None:
            yield f"agreement {name} is new"
        elif now is None and then is not None:
            yield from (f"agreement {name} ends, and {other} holds" for other in _beside(then, old, new))
        elif then is not None and now is not None and _terms(then) != _terms(now):
            yield from (f"agreement {name}: {more}" for more in _looser(then, now, old, new))
            yield from (f"agreement {name} changes beside {other}" for other in _moved(then, now, old, new))


def _terms(agreement: Agreement) -> Agreement:
    """What of an agreement decides; the rest are words and what comes after its end."""
    return replace(agreement, use="", retention="", legal_basis="", at_end="")


def _moved(then: Agreement, now: Agreement, old: Policy, new: Policy) -> list[str]:
    """Others that the change lets show: when only parties leave, those of the ones that leave."""
    beside = _beside(then, old, new)
    if replace(_terms(then), parties=now.parties) != _terms(now):
        return beside
    others = {one.id: one.parties for policy in (new, old) for one in policy.agreements}
    return [name for name in beside if (then.parties - now.parties) & others[name]]


def _beside(agreement: Agreement, old: Policy, new: Policy) -> list[str]:
    """Others about the same feed between two of its parties: what it loses they may give, or bind no more."""
    others = {one.id for policy in (old, new) for one in policy.agreements if _overlaps(agreement, one)}
    return sorted(others - {agreement.id})


def _overlaps(one: Agreement, other: Agreement) -> bool:
    return len(one.parties & other.parties) > 1 and bool(one.feeds & other.feeds)


def _looser(then: Agreement, now: Agreement, old: Policy, new: Policy) -> Iterator[str]:
    checks: Mapping[str, bool] = {
        "of another kind": then.kind == now.kind,
        "more parties": now.parties <= then.parties,
        "more feeds": now.feeds <= then.feeds,
        "a higher level": _not_above(now.level, then.level, old, new),
        "other regions": _inside(now.regions, then.regions),
        "begins earlier": now.from_at >= then.from_at,
        "ends later": _ends_no_later(now.until_at, then.until_at),
        "finer places": GEO_LEVELS.index(now.geo_level) >= GEO_LEVELS.index(then.geo_level),
        "a shorter delay": now.delay >= then.delay,
        "hides less": now.hide >= then.hide,
        "more purposes": now.allows <= then.allows,
        "exact humanitarian sites": now.humanitarian_sites in ("adm2", then.humanitarian_sites),
    }
    yield from (words for words, holds in checks.items() if not holds)


def _ends_no_later(now: datetime | None, then: datetime | None) -> bool:
    return then is None or (now is not None and now <= then)
