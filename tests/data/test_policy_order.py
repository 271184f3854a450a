"""What counts as widening, and what a policy that is held to another one permits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from data.decision import all_must_permit
from data.partners import Group, Membership, Persona, Policy
from data.policy_bounds import bounded
from data.policy_order import why_wider
from data.policy_set import policy_set
from data.release import decide
from tests.data import release_cases as world
from tests.data.release_cases import END, LEVELS, NOW, PARTNERS, START, a_policy, a_viewer, an_agreement

DAY = timedelta(days=1)
TERMS = (
    *("kind", "parties", "feeds", "level", "regions", "from_at", "until_at", "geo_level", "delay", "hide"),
    *("allows", "humanitarian_sites"),
)


def edited(policy: Policy, random: Random) -> Policy:
    """The policy with one thing else in it, narrower or wider by lot."""
    agreements = list(policy.agreements)
    place = random.randrange(len(agreements)) if agreements else 0
    kind = random.choice(
        ["goes", "comes", "terms", "terms", "terms", "group", "service", "categories", "partner"]
    )
    if kind == "comes":
        return replace(policy, agreements=(*agreements, world._random_agreement(random, 9)))
    if kind == "goes" and agreements:
        return replace(policy, agreements=(*agreements[:place], *agreements[place + 1 :]))
    if kind == "terms" and agreements:
        other = world._random_agreement(random, 0)
        name = random.choice(TERMS)
        agreements[place] = replace(agreements[place], **{name: getattr(other, name)})
        return replace(policy, agreements=tuple(agreements))
    if kind == "group":
        members = (
            Membership(random.choice(PARTNERS), random.choice(world.TIMES), random.choice([None, END])),
        )
        return replace(
            policy, groups={**policy.groups, random.choice(["EAST", "WEST", "NEW"]): Group("X", members)}
        )
    if kind == "service":
        code = random.choice(PARTNERS)
        partner = replace(policy.partners[code], service=random.choice(["civil", "police", "military"]))
        return replace(policy, partners={**policy.partners, code: partner})
    if kind == "partner":
        partners = dict(policy.partners)
        partners.pop(random.choice(PARTNERS))
        return replace(policy, partners=partners)
    if kind == "categories":
        return replace(
            policy, categories=world.some(random, ("medical", "protection", "personal", "stale"), 0.6)
        )
    return policy


def test_what_is_said_to_narrow_never_permits_more() -> None:
    random = Random(20261127)
    narrower = 0
    for _ in range(1_500):
        old = world.random_policy(random)
        new = edited(old, random)
        if old == new or why_wider(old, new):
            continue
        narrower += 1
        for _ in range(60):
            viewer, label = world.random_viewer(random), world.random_label(random)
            facts, now = world.random_record(random), random.choice(world.TIMES)
            then, after = (decide(one, viewer, label, facts, now, "screen") for one in (old, new))
            assert then.permit or not after.permit, (old, new, viewer, label, facts)
            if after.permit:
                assert after.obligations.joined(then.obligations) == after.obligations, (old, new)
    assert narrower > 100, "enough of them must narrow to mean something"


PERSON = Persona(
    "someone",
    "Someone",
    "XAB",
    frozenset({"viewer"}),
    "INTERNAL",
    frozenset({"medical"}),
    frozenset({"XQ01"}),
)


def with_person(**changes: object) -> Policy:
    return a_policy(an_agreement(), personas={"someone": replace(PERSON, **changes)})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"clearance": "OPEN"}, ""),
        ({"categories": frozenset()}, ""),
        ({"name": "Somebody"}, ""),
        ({"clearance": "SENSITIVE"}, "cleared for SENSITIVE"),
        ({"categories": frozenset({"medical", "personal"})}, "the category personal"),
        ({"roles": frozenset({"viewer", "administrator"})}, "the role administrator"),
        ({"roles": frozenset({"analyst"})}, "the role analyst"),
        ({"regions": frozenset({"XQ02"})}, "other regions"),
        ({"regions": None}, "other regions"),
        ({"partner": "XAA"}, "of XAA, not XAB"),
    ],
)
def test_what_a_person_gains_widens(changes: dict[str, object], reason: str) -> None:
    expected = (f"persona someone: {reason}",) if reason else ()
    assert why_wider(with_person(), with_person(**changes)) == expected


def terms(**changes: object) -> Policy:
    plain: dict[str, object] = {
        "geo_level": "adm1", "delay": DAY, "hide": frozenset({"operational"}), "level": "INTERNAL",
        "feeds": frozenset({"incidents"}), "allows": frozenset({"screen"}), "regions": frozenset({"XQ01"}),
        "parties": frozenset({"XAA", "XAB"}),
    }  # fmt: skip
    return a_policy(an_agreement(**(plain | changes)))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"geo_level": "adm0"}, ""),
        ({"geo_level": "adm2"}, "finer places"),
        ({"delay": 2 * DAY}, ""),
        ({"delay": timedelta()}, "a shorter delay"),
        ({"hide": frozenset({"operational", "personal"})}, ""),
        ({"hide": frozenset()}, "hides less"),
        ({"level": "OPEN"}, ""),
        ({"level": "SENSITIVE"}, "a higher level"),
        ({"feeds": frozenset({"incidents", "deliveries"})}, "more feeds"),
        ({"allows": frozenset({"screen", "file"})}, "more purposes"),
        ({"regions": None}, "other regions"),
        ({"parties": frozenset({"XAA", "XAB", "XAC"})}, "more parties"),
        ({"from_at": START + DAY, "until_at": END - DAY}, ""),
        ({"from_at": START - DAY}, "begins earlier"),
        ({"until_at": None}, "ends later"),
        ({"humanitarian_sites": "exact"}, "exact humanitarian sites"),
        ({"kind": "bilateral"}, "of another kind"),
        ({"use": "x", "retention": "y", "legal_basis": "z", "at_end": "return"}, ""),
    ],
)
def test_what_an_agreement_gives_more_widens(changes: dict[str, object], reason: str) -> None:
    assert why_wider(terms(), terms(**changes)) == ((f"agreement A: {reason}",) if reason else ())


def test_an_agreement_that_ends_widens_when_another_takes_its_place() -> None:
    multi, pair = an_agreement("M"), an_agreement("P", "XAA", "XAB", kind="bilateral", geo_level="none")
    assert why_wider(a_policy(multi, pair), a_policy(multi)) == ("agreement P ends, and M holds",)
    assert why_wider(a_policy(multi), a_policy()) == ()
    other = replace(pair, parties=frozenset({"XAA", "XAC"}))
    leaves = replace(multi, parties=frozenset({"XAA", "XAB", "XAC"}))
    assert why_wider(a_policy(multi, other), a_policy(leaves, other)) == (), "XAD leaves; XAA and XAC stay"


def test_a_newer_level_in_between_widens_for_who_is_cleared_above_it() -> None:
    finer = replace(with_person(), levels=("OPEN", "NEW", "INTERNAL", "SENSITIVE"))
    assert why_wider(with_person(), finer) == ("persona someone: cleared for INTERNAL",)
    assert "the levels stand in another order" in why_wider(
        with_person(), replace(finer, levels=LEVELS[::-1])
    )


@pytest.mark.parametrize("turn", [lambda one, other: (one, other), lambda one, other: (other, one)])
def test_held_to_another_both_must_permit_with_the_strictest_of_each(
    turn: Callable[[Policy, Policy], tuple[Policy, Policy]],
) -> None:
    random = Random(7)
    released = 0
    for _ in range(300):
        one, other = turn(world.random_policy(random), world.random_policy(random))
        held = bounded(one, (other,))
        for _ in range(40):
            viewer, label = world.random_viewer(random), world.random_label(random)
            facts, now = world.random_record(random), random.choice(world.TIMES)
            ours = decide(held, viewer, label, facts, now, "screen")
            each = all_must_permit(decide(p, viewer, label, facts, now, "screen") for p in (one, other))
            assert (ours.permit, ours.obligations) == (each.permit, each.obligations)
            released += ours.permit
    assert released > 200


def test_in_a_policy_that_is_held_everybody_has_the_least() -> None:
    wide = with_person(roles=frozenset({"viewer", "releaser"}), clearance="SENSITIVE", regions=None)
    for held in (bounded(wide, (with_person(),)), bounded(with_person(), (wide,))):
        (identity,) = held.viewer("someone").identities
        assert (identity.roles, identity.clearance) == (frozenset({"viewer"}), "INTERNAL")
        assert (identity.categories, identity.regions) == (PERSON.categories, PERSON.regions)
    apart = bounded(with_person(), (with_person(regions=frozenset({"XQ0101"})),))
    assert [one.regions for one in apart.viewer("someone").identities] == [{"XQ01"}, {"XQ0101"}]
    gone = bounded(wide, (replace(wide, personas={}),))
    assert gone.personas == {}


def test_in_a_policy_that_is_held_a_group_has_who_is_in_it_by_both() -> None:
    one = a_policy()
    other = replace(
        one, groups={"EAST": Group("EAST", (Membership("XAC", NOW, END + DAY), Membership("XAD", START)))}
    )
    held = bounded(one, (other,))
    assert held.groups["EAST"].members == (Membership("XAC", NOW, END),)
    assert held.groups["WEST"].members == ()
    assert held.groups_of("XAC", NOW) == {"EAST"}


def test_every_bound_moves_digest_version_and_the_next_change() -> None:
    one, other = a_policy(an_agreement()), a_policy(an_agreement(until_at=NOW + DAY))
    held = bounded(one, (other,))
    assert held.digest not in (one.digest, other.digest)
    assert policy_set(held, a_viewer(), (), NOW, "screen") != policy_set(one, a_viewer(), (), NOW, "screen")
    assert held.next_change_after(NOW + timedelta(hours=2)) == NOW + DAY
    assert why_wider(held, one) == ("agreement A: ends later",)
    assert why_wider(held, other) == ()
