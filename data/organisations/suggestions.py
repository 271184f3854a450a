"""Groups of names that look like one organisation, for a person to decide about. Nothing is applied here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from data.names import plain
from data.organisations.register import Register, shipped
from data.organisations.seen import SeenName
from data.organisations.spelling import Spelling, alike, language, likeness, nobody, spelling

LEAST_LIKENESS = 90

Parted = Collection[tuple[str, str]]
"""(plain name, code) of names that somebody took out of an organisation: not suggested for it again."""


@dataclass(frozen=True)
class Suggestion:
    """Names that look like one. `code`: the organisation that is known already, or a proposal, or empty.

    `score`: of the weakest likeness that holds the group together. `names`: the commonest first.
    """

    code: str
    is_known: bool
    score: int
    names: tuple[SeenName, ...]

    @property
    def count(self) -> int:
        """Records."""
        return sum(item.count for item in self.names)

    @property
    def open_names(self) -> tuple[str, ...]:
        """Names that are not yet the organisation's."""
        return tuple(dict.fromkeys(item.name for item in self.names if item.code is None))


@dataclass
class _Group:
    """While groups grow. `code`: of the organisation it is, where one is known."""

    code: str
    names: list[SeenName]
    score: int = 100


def suggestions(
    seen: Sequence[SeenName], known: Register, parted: Parted = (), least: int = LEAST_LIKENESS
) -> tuple[Suggestion, ...]:
    """Groups of `seen` names, the most records first. `known` must hold nothing that may not be shown."""
    items = [item for item in seen if item.key not in nobody()]
    groups: dict[int, _Group] = {}
    by_code: dict[str, _Group] = {}
    for number, item in enumerate(items):
        group = by_code.get(item.code or "") or _Group(item.code or "", [])
        group.names.append(item)
        groups[number] = group
        if item.code:
            by_code[item.code] = group
    near = alike([spelling(item.name) for item in items], least)
    for score, one, other in sorted(near, key=lambda pair: (-pair[0], pair[1:])):
        _join(groups, one, other, score, parted)
    _join_known(groups, by_code, least, parted)
    whole = {id(group): group for group in groups.values()}.values()
    found = [_suggestion(group, known) for group in whole if _is_open(group)]
    return tuple(sorted(found, key=lambda item: (-item.count, item.names[0].name)))


def _join(groups: dict[int, _Group], one: int, other: int, score: int, parted: Parted) -> None:
    """Two organisations that are known are two."""
    left, right = groups[one], groups[other]
    if left is right or (left.code and right.code) or _is_parted(left, right, parted):
        return
    left.code = left.code or right.code
    left.score = min(left.score, right.score, score)
    left.names += right.names
    for number, group in groups.items():
        if group is right:
            groups[number] = left


def _is_parted(left: _Group, right: _Group, parted: Parted) -> bool:
    code, names = left.code or right.code, [*left.names, *right.names]
    return any((item.key, code) in parted for item in names if item.code is None)


def _join_known(groups: dict[int, _Group], by_code: dict[str, _Group], least: int, parted: Parted) -> None:
    """Groups without an organisation, against those that ship with Watchfloor and are not in sight."""
    public: list[tuple[str, Spelling]] = [
        (code, spelling(name))
        for code, organisation in shipped().items()
        for name in (code, *(said for _, said in organisation.names))
    ]
    for group in {id(g): g for g in groups.values() if not g.code}.values():
        near = [
            (likeness(spelling(item.name), other), code)
            for item in group.names
            for code, other in public
            if (item.key, code) not in parted
        ]
        score, code = max(near, default=(0, ""))
        if score < least:
            continue
        group.code, group.score = code, min(group.score, score)
        held = by_code.setdefault(code, group)
        if held is not group:
            held.names += group.names
            held.score = min(held.score, group.score)
            group.names = []


def _is_open(group: _Group) -> bool:
    """Something is left to decide: a name without a code, beside another name or a known organisation."""
    names = {item.name for item in group.names}
    has_open = any(item.code is None for item in group.names)
    return has_open and (len(names) > 1 or bool(group.code))


def _suggestion(group: _Group, known: Register) -> Suggestion:
    names = tuple(sorted(group.names, key=lambda item: (-item.count, item.name)))
    return Suggestion(group.code or _proposal(names, known), bool(group.code), group.score, names)


def _proposal(names: Iterable[SeenName], known: Register) -> str:
    """A short form among the names in capitals, that is nobody's code yet."""
    short = [
        item.name for item in names if item.name.isalpha() and item.name.isascii() and item.name.isupper()
    ]
    free = [name for name in short if len(name) <= 12 and known.titles.get(name) is None]
    return min(free, key=len, default="")


def languages(name: str) -> tuple[str, ...]:
    """The languages of a name: those of the register, else what its words tell."""
    key = plain(name)
    said = {
        code
        for organisation in shipped().values()
        for code, other in organisation.names
        if plain(other) == key and code != "mixed"
    }
    told = language(name)
    return tuple(sorted(said)) or ((told,) if told else ())
