"""A random operation's cells over many publications, and somebody who tries to solve for what they may not
see.
 The attacker is given more than anybody has: exactly which of the records that they see were counted, each
time. What is hidden from them is the unknown. Every figure bounds the sum of what was hidden until then;
figures only grow. These are constraints on differences of whole numbers, so shortest paths, here two
passes, give the tightest bounds that follow for every sum between two publications.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from data.cube.rules import A3, Kind, Rules, countable, figure

PUBLICATIONS = 30
PARTNERS = tuple("ABCDEFG")
CELLS = 6
MUCH = 10_000


@dataclass(frozen=True)
class Operation:
    """What is the same for all cells: kinds of records, and each partner's eye."""

    kinds: tuple[Kind, ...]
    eyes: Mapping[str, int]


@dataclass
class CellHistory:
    """What came and went in a cell at each publication, by kind."""

    arrivals: list[Counter[int]]
    removals: list[Counter[int]]


@dataclass
class Told:
    """After each publication: the figure (None: suppressed), and what it counts by kind."""

    figures: list[int | None] = field(default_factory=list)
    counted: list[Counter[int]] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """A sum that was solved for: whose eye, which rule it breaks, its bounds and the truth."""

    eye: str
    breaks: str
    bounds: tuple[int, int]
    truth: int


def operation(dice: random.Random) -> Operation:
    """Partners, some of whom contribute; each kind is its owner's alone, or some others' too."""
    partners = PARTNERS[: dice.randint(4, len(PARTNERS))]
    kinds: list[Kind] = []
    eyes = dict.fromkeys((*partners, ""), 0)
    shares = dice.choice((0.0, 0.15, 0.4))
    for owner in partners:
        for _ in range(dice.randint(1, 2)):
            bit = 1 << len(kinds)
            kinds.append(Kind(owner, dice.random() < 0.15))
            for partner in partners:
                if partner == owner or dice.random() < shares:
                    eyes[partner] |= bit
    return Operation(tuple(kinds), eyes)


def history(dice: random.Random, kinds: Sequence[Kind]) -> CellHistory:
    """Few records at a time, sometimes many of one partner, now and then one that goes again."""
    rate, bursts = dice.choice((0.05, 0.2, 0.6)), dice.choice((0.0, 0.03))
    cell = CellHistory([], [])
    for _ in range(PUBLICATIONS):
        came, went = Counter[int](), Counter[int]()
        for kind in range(len(kinds)):
            came[kind] += sum(dice.random() < rate for _ in range(2))
            came[kind] += dice.randint(5, 30) if dice.random() < bursts else 0
            went[kind] += dice.random() < rate / 4
        cell.arrivals.append(came)
        cell.removals.append(went)
    return cell


def published(op: Operation, cell: CellHistory, rules: Rules = A3, *, by_difference: bool = True) -> Told:
    """What is published of a cell. Without `by_difference` each cube counts everything anew."""
    told, eyes = Told(), frozenset(op.eyes.values())
    fresh, counted = Counter[int](), Counter[int]()
    for came, went in zip(cell.arrivals, cell.removals, strict=True):
        fresh = fresh + came
        fresh = fresh - went  # what was counted stays counted
        if not by_difference:
            counted = Counter[int]()
        held = countable(fresh, op.kinds, eyes, rules)
        counted = counted + Counter({kind: fresh[kind] for kind in held})
        if by_difference:
            fresh = Counter({kind: n for kind, n in fresh.items() if kind not in held})
        told.figures.append(figure(counted.total(), rules) if counted else None)
        told.counted.append(counted)
    return told


def attack(op: Operation, told: Told, rules: Rules = A3) -> Iterator[Found]:
    """All that each eye solves for and may not: of one cell, between any two publications."""
    for name, eye in op.eyes.items():
        hidden = [Counter({k: n for k, n in one.items() if not eye >> k & 1}) for one in told.counted]
        seen = [one.total() - rest.total() for one, rest in zip(told.counted, hidden, strict=True)]
        bounds = _bounds(told.figures, seen, rules)
        states = [(Counter[int](), (0, 0)), *zip(hidden, bounds, strict=True)]
        blind = not any(seen)
        for later in range(1, len(states)):
            for earlier in range(later):
                yield from _solved(op, name, states[earlier], states[later], blind=blind)


def _bounds(figures: Sequence[int | None], seen: Sequence[int], rules: Rules) -> list[tuple[int, int]]:
    down, up = rules.rounds_to // 2, (rules.rounds_to - 1) // 2
    least, most = [], []
    for said, known in zip(figures, seen, strict=True):
        least.append(0 if said is None else max(0, said - down - known))
        most.append(MUCH if said is None else said + up - known)
    for place in range(1, len(least)):
        least[place] = max(least[place], least[place - 1])
    for place in reversed(range(len(most) - 1)):
        most[place] = min(most[place], most[place + 1])
    return [
        (0, 0) if said is None else pair
        for said, pair in zip(figures, zip(least, most, strict=True), strict=True)
    ]


State = tuple[Counter[int], tuple[int, int]]


def _solved(op: Operation, name: str, before: State, after: State, *, blind: bool) -> Iterator[Found]:
    rest = after[0] - before[0]
    least, most = after[1][0] - before[1][1], after[1][1] - before[1][0]
    if least < 1 or not rest:
        return
    owners: Counter[str] = Counter()
    for kind, records in rest.items():
        owners[op.kinds[kind].originator] += records
    protected = any(op.kinds[kind].is_protected for kind in rest)
    broken = {
        "k": most < (A3.k_protected if protected else A3.k),
        "originators": len(owners) < A3.originators,
        "share": max(owners.values()) > A3.most_share * rest.total(),
        "rounding": blind and least == most,
    }
    for breaks, is_broken in broken.items():
        if is_broken:
            yield Found(name, breaks, (least, most), rest.total())


def without_few_hidden(op: Operation, cell: CellHistory, eye: int) -> CellHistory:
    """The same cell where what is hidden from an eye never was, if it is too few to be told of at all."""
    hidden = [kind for kind in range(len(op.kinds)) if not eye >> kind & 1]
    came = sum(one[kind] for one in cell.arrivals for kind in hidden)
    owners = {op.kinds[k].originator for k in hidden if any(one[k] for one in cell.arrivals)}
    if came >= A3.k and len(owners) >= A3.originators:
        return cell
    return replace(
        cell, arrivals=[Counter({k: n for k, n in one.items() if k not in hidden}) for one in cell.arrivals]
    )
