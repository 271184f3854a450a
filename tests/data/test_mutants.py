"""T15: whatever is changed in a rule of the decision, the tests of the decision see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from tests.data import release_cases as world
from tests.data.mutants import loaded, mutants
from tests.data.release_oracle import oracle
from tests.sizes import figure, size

TESTS = Path(__file__).with_name("test_release.py")
EXAMPLES = 'size("property_examples")', str(size("mutant_examples"))
"""As there, and as many as are drawn here."""

CODE = compile(TESTS.read_text("utf-8").replace(*EXAMPLES), str(TESTS), "exec")
OWN_PACE = {"test_a_second_implementation_decides_the_same"}
"""Tried here on fewer cases, always the same."""


def cases(count: int) -> list[tuple[object, ...]]:
    random = Random(15)
    found = []
    for _ in range(count // 10):
        policy = world.random_policy(random)
        for _ in range(10):
            viewer, label = world.random_viewer(random), world.random_label(random)
            facts, now = world.random_record(random), random.choice(world.TIMES)
            found.append(
                (policy, viewer, label, facts, now, random.choice(("screen", "file", "screen", "print")))
            )
    return found


CASES = [(case, oracle(*case)) for case in cases(2_000)]  # type: ignore[arg-type]


def calls(function: Callable[..., None]) -> Iterator[dict[str, object]]:
    """The arguments of each call that pytest makes of a parametrized test."""
    sets = []
    for mark in getattr(function, "pytestmark", []):
        if mark.name != "parametrize":
            continue
        names = (
            mark.args[0] if not isinstance(mark.args[0], str) else mark.args[0].replace(" ", "").split(",")
        )
        values = [one if len(names) > 1 else (one,) for one in mark.args[1]]
        sets.append([dict(zip(names, one, strict=True)) for one in values])
    for chosen in product(*sets):
        yield {name: value for one in chosen for name, value in one.items()}


def survives(modules: dict[str, ModuleType]) -> bool:
    """Whether no test of the decision fails against these modules."""
    tests = ModuleType("tests_of_the_decision")
    try:
        exec(CODE, tests.__dict__)
        found = [
            one for name, one in vars(tests).items() if name.startswith("test_") and name not in OWN_PACE
        ]
        drawn = [one for one in found if hasattr(one, "hypothesis")]
        for test in found:
            if test not in drawn:
                for arguments in calls(test):
                    test(**arguments)
        decide = modules["release"].decide
        for case, expected in CASES:
            ours = decide(*case)
            duty = ours.obligations
            said = (duty.geo_level, duty.delay.total_seconds(), duty.hide, duty.without_site)
            if (said if ours.permit else None) != expected:
                return False
        for test in drawn:
            test()
    except (Exception, pytest.fail.Exception):  # noqa: BLE001 - any failure is a mutant killed
        return False
    return True


def test_the_decision_as_it_is_survives() -> None:
    with loaded(None) as modules:
        assert survives(modules)


@pytest.mark.full_size
def test_every_mutant_of_the_decision_is_killed(record_property: Callable[[str, object], None]) -> None:
    alive, every = [], mutants()
    for mutant in every:
        try:
            with loaded(mutant) as modules:
                if survives(modules):
                    alive.append(str(mutant))
        except Exception:  # noqa: BLE001 - it cannot even be loaded
            continue
    killed = len(every) - len(alive)
    record_property("note", f"{killed} of {len(every)} mutants of the decision killed")
    figure(record_property, "T15 mutants of the decision", len(every), f"{killed} killed")
    assert alive == []


@pytest.mark.parametrize("kind", ["a rule is dropped", "And is Or", "NotEq is Eq", "max is min"])
def test_there_are_mutants_of_every_kind(kind: str) -> None:
    assert any(mutant.what == kind for mutant in mutants())
