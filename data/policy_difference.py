"""The difference between two policies in words, for whoever is about to put one in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime, timedelta

from data.partners import Membership, Policy
from data.policy_effect import Effect, effect
from data.policy_relabel import Relabelling

NAMES = {"from_at": "from", "until_at": "until"}


def difference(old: Policy, new: Policy) -> tuple[str, ...]:
    """What comes, goes and changes, a line each; nothing when they say the same."""
    return tuple(_lines(old, new))


def _lines(old: Policy, new: Policy) -> Iterator[str]:
    yield from _changed("operation", old.operation, new.operation)
    for name in ("version", "levels", "categories"):
        then, now = getattr(old, name), getattr(new, name)
        if then != now:
            yield f"{name} {_said(then)} becomes {_said(now)}"
    yield from _tables("partner", old.partners, new.partners)
    yield from _groups(old, new)
    yield from _tables("persona", old.personas, new.personas)
    agreements = [{one.id: one for one in policy.agreements} for policy in (old, new)]
    yield from _tables("agreement", *agreements)


def _tables(what: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for name in old:
        if name not in new:
            yield f"{what} {name} goes{_span(old[name])}"
    for name, now in new.items():
        if name not in old:
            yield f"{what} {name} comes{_span(now)}"
        else:
            yield from _changed(f"{what} {name}", old[name], now)


def _span(value: object) -> str:
    if not hasattr(value, "until_at"):
        return ""
    parties = f": {_said(value.parties)}" if hasattr(value, "parties") else ""
    return f"{parties}, {_from_until(value)}"


def _from_until(value: object) -> str:
    begin, end = getattr(value, "from_at", None), getattr(value, "until_at", None)
    return f"from {_said(begin)}" + (f" until {_said(end)}" if end else " without an end")


def _changed(what: str, old: object, new: object) -> Iterator[str]:
    for item in fields(new):  # type: ignore[arg-type]
        then, now = getattr(old, item.name), getattr(new, item.name)
        if then != now:
            yield f"{what}: {NAMES.get(item.name, item.name)} {_said(then)} becomes {_said(now)}"


def _groups(old: Policy, new: Policy) -> Iterator[str]:
    for code in dict.fromkeys((*old.groups, *new.groups)):
        then = set(old.groups[code].members) if code in old.groups else set()
        now = set(new.groups[code].members) if code in new.groups else set()
        if code not in old.groups or code not in new.groups:
            yield f"group {code} {'comes' if code in new.groups else 'goes'}"
        for member in _in_order(then - now):
            yield f"group {code}: {member.partner} is no longer in it {_from_until(member)}"
        for member in _in_order(now - then):
            yield f"group {code}: {member.partner} is in it {_from_until(member)}"


def _in_order(members: Iterable[Membership]) -> list[Membership]:
    return sorted(members, key=lambda one: (one.partner, one.from_at))


def _said(value: object) -> str:
    if value is None:
        return "open"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%MZ}"
    if isinstance(value, timedelta):
        return str(value) if value else "none"
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(map(str, value))) or "none"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value) or "nothing"


def told_effects(effects: Iterable[Effect]) -> tuple[str, ...]:
    """ "GBR will see 214 more incidents, 12 fewer": a line for each partner, and for each persona whose
    figures are not those of its partner."""
    found: dict[tuple[str, str], list[Effect]] = {}
    for one in _by_feed(effects):
        found.setdefault((one.who, one.partner), []).append(one)
    lines = []
    for (who, partner), feeds in found.items():
        if who and _figures(feeds) == _figures(found.get(("", partner), ())):
            continue
        named = f"{partner} ({who})" if who else partner
        lines.append(f"{named} will see {'; '.join(map(_told, feeds))}")
    return tuple(lines)


def _by_feed(effects: Iterable[Effect]) -> Iterable[Effect]:
    """The records of all originators together."""
    found: dict[tuple[str, str, str], Effect] = {}
    for one in effects:
        key = (one.who, one.partner, one.feed)
        before = found.get(key, effect(key, (0, 0, 0, 0)))
        counts = zip(before.counts, one.counts, strict=True)
        found[key] = effect(key, [then + more for then, more in counts])
    return found.values()


def _figures(feeds: Iterable[Effect]) -> list[tuple[object, ...]]:
    return [(one.feed, *one.counts) for one in feeds]


def _told(one: Effect) -> str:
    counts = (
        (one.more, "{:,} more {}"),
        (one.fewer, "{:,} fewer {}"),
        (one.closer, "more of {:,} {}"),
        (one.coarser, "less of {:,} {}"),
    )
    said = [words.format(count, one.feed) for count, words in counts if count]
    return ", ".join([said[0], *(words.removesuffix(f" {one.feed}") for words in said[1:])])


def told_labels(changes: Iterable[Relabelling]) -> tuple[str, ...]:
    """How many records get another label, by feed and originator, and for how many of them a part waits."""
    counts: dict[tuple[str, str], list[int]] = {}
    for one in changes:
        both = counts.setdefault((one.feed, one.label.originator), [0, 0])
        both[0] += 1
        both[1] += one.waits
    return tuple(
        f"{count:,} {feed} of {originator} get another label" + (f"; {waits:,} wait in part" if waits else "")
        for (feed, originator), (count, waits) in counts.items()
    )


def overview(policy: Policy) -> tuple[str, ...]:
    """What is in force, for people: the operation, then partners, groups and agreements with their dates."""
    lines = [f"{policy.operation.title}: policy {policy.id}, version {policy.version}, {policy.digest[:16]}"]
    lines += [f"held to version {bound.version} until it is approved" for bound in policy.bounds]
    lines += [
        f"partner {one.code}: {one.name}, {one.kind}, {one.service}" for one in policy.partners.values()
    ]
    for code, group in policy.groups.items():
        lines += [f"group {code}: {one.partner} {_from_until(one)}" for one in group.members]
    for one in policy.agreements:
        terms = f"{_said(one.feeds)}, up to {one.level}, {_from_until(one)}"
        lines.append(f"agreement {one.id}, {one.kind}: {_said(one.parties)} about {terms}")
    return tuple(lines)
