"""Whatever somebody here is released, and whatever a partner's people could be, is one of the eyes."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from data.cube.counting import longest_delay
from data.cube.known import Countable, eyes
from data.decision import RecordFacts
from data.labels import Label
from data.partners import Policy
from data.policy import parse_policy
from data.release import SCREEN, decide
from data.schema import INCIDENTS
from data.viewer import Viewer
from tests.factories import NOW, POLICY

LABELS = (
    Label("XAA", "TEST", "OPEN", ("PUBLIC",)),
    Label("XAA", "TEST", "SENSITIVE", ("XGR",)),
    Label("XAB", "TEST", "OPEN", ("XAC",), ("protection",)),
    Label("XAC", "TEST", "SENSITIVE", ("XAA", "XAB"), ("medical", "protection")),
    Label("XAD", "TEST", "OPEN", display_only_to=("XAA",)),
)
PLACES: tuple[frozenset[str], ...] = (frozenset(), frozenset({"XQ01"}))
EACH = tuple(
    Countable(label, RecordFacts(INCIDENTS, places), bool(label.required_categories))
    for label in LABELS
    for places in PLACES
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return parse_policy(tomllib.loads(POLICY), "test")


def seen(policy: Policy, viewer: Viewer, now: datetime = NOW) -> int:
    return sum(
        1 << place
        for place, one in enumerate(EACH)
        if decide(policy, viewer, one.label, one.facts, now, SCREEN).permit
    )


def test_what_every_persona_is_released_is_an_eye(policy: Policy) -> None:
    bound = frozenset(one.regions for one in policy.personas.values() if one.regions)
    found = eyes(policy, EACH, bound, NOW)
    for persona in policy.personas:
        assert seen(policy, policy.viewer(persona)) in found, persona


@pytest.mark.parametrize("clearance", ["OPEN", "SENSITIVE"])
@pytest.mark.parametrize(
    "categories", [(), ("protection",), ("medical",), ("medical", "protection")], ids=str
)
def test_so_is_what_anybody_of_a_partner_could_be_with_its_own_records(
    policy: Policy, clearance: str, categories: tuple[str, ...]
) -> None:
    found = eyes(policy, EACH, frozenset(), NOW)
    for persona in policy.personas:
        who = policy.viewer(persona).identities[0]
        could = replace(who, clearance=clearance, categories=frozenset(categories), regions=None)
        own = sum(1 << place for place, one in enumerate(EACH) if one.label.originator == who.partner)
        assert {seen(policy, Viewer((could,))), seen(policy, Viewer((could,))) | own} <= found


def test_who_is_given_no_place_may_know_the_cell_or_not(policy: Policy) -> None:
    coarse = [Countable(replace(LABELS[0], release_geo_level="adm0"), RecordFacts(INCIDENTS), False)]
    assert eyes(policy, coarse, frozenset(), NOW) == {0, 1}
    two = [Countable(LABELS[0], RecordFacts(INCIDENTS), False), *coarse]
    assert 0b01 in eyes(policy, two, frozenset(), NOW)
    released = [Countable(LABELS[0], RecordFacts(INCIDENTS), False)]
    ended = NOW + timedelta(days=365)
    assert eyes(policy, released, frozenset(), ended) == {0, 1}, "its own it knows without an agreement"


def test_no_record_is_counted_while_a_delay_can_run(policy: Policy) -> None:
    assert longest_delay(policy) == timedelta(days=2)
    assert longest_delay(replace(policy, agreements=())) == timedelta()
    slower = replace(policy, agreements=(replace(policy.agreements[0], delay=timedelta(days=9)),))
    assert longest_delay(replace(policy, bounds=(slower,))) == timedelta(days=9)
