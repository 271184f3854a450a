"""T14: over thirty publications nobody solves for a cell of too few, and each rule is what keeps them from
it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from data.cube.rules import A3, Kind, Rules, countable, figure
from tests.release.cube_attack import CELLS, Found, attack, history, operation, published, without_few_hidden
from tests.sizes import size

DROPPED = {
    "k": replace(A3, k=1, k_protected=1),
    "originators": replace(A3, originators=1),
    "share": replace(A3, most_share=1.0),
    "rounding": replace(A3, rounds_to=1),
}


def solved(seed: int, rules: Rules = A3, *, by_difference: bool = True) -> list[Found]:
    dice = random.Random(seed)
    op = operation(dice)
    found: list[Found] = []
    for _ in range(CELLS):
        told = published(op, history(dice, op.kinds), rules, by_difference=by_difference)
        found += attack(op, told, rules)
    return found


@pytest.mark.full_size
def test_nobody_solves_for_what_is_too_few(record_property: Callable[[str, object], None]) -> None:
    cubes, figures = size("cubes"), 0
    for seed in range(cubes):
        assert solved(seed) == [], f"cube {seed}"
        dice = random.Random(seed)
        op = operation(dice)
        for _ in range(CELLS):
            figures += sum(said is not None for said in published(op, history(dice, op.kinds)).figures)
    assert figures > cubes  # an empty cube keeps every secret
    record_property("note", f"{cubes} cubes, {figures} figures, 0 recovered")


@pytest.mark.parametrize("rule", DROPPED)
def test_without_a_rule_the_attack_finds_what_it_keeps(rule: str) -> None:
    found = {one.breaks for seed in range(20) for one in solved(seed, DROPPED[rule])}
    assert rule in found


def test_without_the_rule_of_differences_one_more_record_shows() -> None:
    assert [one for seed in range(20) for one in solved(seed, by_difference=False)]


def test_without_the_rule_of_remainders_who_sees_some_solves_for_the_rest() -> None:
    dropped = replace(A3, leaves_remainders_out=False)
    found = [one for seed in range(20) for one in solved(seed, dropped)]
    assert {"originators", "k"} <= {one.breaks for one in found}
    assert all(one.eye for one in found if one.breaks != "k"), "who sees nothing has nothing to subtract"


@pytest.mark.full_size
def test_hidden_records_that_are_too_few_change_no_figure() -> None:
    for seed in range(size("cubes")):
        dice = random.Random(seed)
        op = operation(dice)
        for _ in range(CELLS):
            cell = history(dice, op.kinds)
            told = published(op, cell).figures
            for name, eye in op.eyes.items():
                assert published(op, without_few_hidden(op, cell, eye)).figures == told, (seed, name)


KINDS = tuple(Kind(owner) for owner in "ABCD")


@pytest.mark.parametrize(
    ("counts", "held"),
    [
        ((2, 2, 1, 0), True),
        ((2, 1, 1, 0), False),  # four records
        ((5, 5, 0, 0), False),  # two originators
        ((8, 1, 1, 0), True),  # exactly four fifths
        ((9, 1, 1, 0), False),
    ],
)
def test_a_cell_is_told_from_k_records_three_originators_and_four_fifths(
    counts: tuple[int, ...], held: bool
) -> None:
    assert bool(countable(dict(enumerate(counts)), KINDS, [0])) is held


def test_a_contributor_does_not_find_two_others_by_its_own_records() -> None:
    counts = {0: 4, 1: 3, 2: 3}
    assert countable(counts, KINDS, [0])
    assert not countable(counts, KINDS, [0, 1])


def test_who_sees_all_but_a_few_is_told_as_if_they_were_not() -> None:
    seen = {0: 4, 1: 3, 2: 3}
    eye = 0b0111
    assert countable(seen, KINDS, [0, eye]) == countable({**seen, 3: 2}, KINDS, [0, eye]) == {0, 1, 2}


def test_protection_needs_ten_and_is_left_out_before_the_rest_is() -> None:
    kinds = (*KINDS, Kind("E", True))
    assert countable({0: 2, 1: 2, 2: 2, 4: 2}, kinds, [0]) == {0, 1, 2}
    assert countable({0: 3, 1: 3, 2: 2, 4: 2}, kinds, [0]) == {0, 1, 2, 4}


def test_a_figure_is_rounded_to_five_and_never_nought() -> None:
    assert [figure(records) for records in (5, 7, 8, 12, 13)] == [5, 5, 10, 10, 15]


def test_empty_kinds_are_nothing() -> None:
    assert countable(Counter({0: 0, 1: 0, 2: 0}), KINDS, [0]) == frozenset()
