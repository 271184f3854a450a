"""The release decision: its properties (T1), against a second implementation (T2), rule by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.agreed import agreed
from data.decision import ALL_WITHHELD, NO_OBLIGATIONS, Obligations, Reason, all_must_permit
from data.label_join import strictest
from data.labels import GEO_LEVELS, Label
from data.partners import Group, Membership, Policy
from data.release import Decision, RecordFacts, decide, decide_record, is_own, policy_set
from data.viewer import NOBODY, Identity, Viewer
from tests.data import release_cases as world
from tests.data.release_cases import (
    CATEGORIES,
    CODES,
    END,
    LEVELS,
    NOW,
    PARTNERS,
    START,
    a_label,
    a_person,
    a_policy,
    a_record,
    a_viewer,
    an_agreement,
)
from tests.data.release_oracle import oracle
from tests.sizes import figure, size

MANY = size("property_examples")
A_POLICY = 100
"""Pairs that are asked of each random policy."""

HOUR = timedelta(hours=1)
EVERYBODY = a_policy(an_agreement())


def examples(test: Callable[..., None]) -> Callable[..., None]:
    """A property of the decision (T1), over as many cases as this run draws."""
    return pytest.mark.full_size(settings(max_examples=MANY)(test))


@pytest.fixture(autouse=True)
def counted(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    """A line for each property in the table that ends the run."""
    if hasattr(request.function, "hypothesis"):
        figure(record_property, f"T1 properties of the decision, {MANY:,} cases each", 1, "held")


def decided(policy: Policy = EVERYBODY, **changes: object) -> Decision:
    """An incident of XAA's, open to everybody, asked for by XAB on screen, but for what is changed."""
    asked: dict[str, object] = {
        "viewer": a_viewer(),
        "label": a_label(),
        "facts": a_record(),
        "now": NOW,
        "purpose": "screen",
    }
    return decide(policy, **(asked | changes))  # type: ignore[arg-type]


def permits(policy: Policy = EVERYBODY, **changes: object) -> bool:
    return decided(policy, **changes).permit


def denied_by(decision: Decision) -> set[str]:
    return {reason.rule for reason in decision.reasons if not reason.permits}


def is_no_weaker(one: Obligations, other: Obligations) -> bool:
    return one.joined(other) == one


# --- T1: properties ---------------------------------------------------------------------------------------

asked = given(
    policy=world.policies,
    viewer=world.viewers,
    label=world.labels,
    facts=world.records,
    now=world.times,
    purpose=world.purposes,
)


@examples
@asked
def test_nobody_is_released_anything(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    decision = decide(policy, NOBODY, label, facts, now, purpose)
    assert not decision.permit
    assert denied_by(decision) == {"R0"}


BROKEN: list[tuple[str, str, object]] = [
    ("label", "originator", "XZZ"),
    ("label", "originator", "EAST"),
    ("label", "originator", None),
    ("label", "policy_id", "OTHER"),
    ("label", "policy_id", None),
    ("label", "classification", "COSMIC"),
    ("label", "classification", None),
    *(
        ("label", name, value)
        for name in ("releasable_to", "display_only_to", "required_categories")
        for value in (None, [], "", "PUBLIC", ["XAB"], (None,), ("",), ("XAB", 7))
    ),
    ("label", "release_geo_level", "village"),
    ("label", "release_geo_level", None),
    ("facts", "feed", "rumours"),
    ("facts", "feed", None),
    ("facts", "regions", None),
    ("facts", "regions", ("XQA",)),
    ("facts", "regions", frozenset({None})),
    ("facts", "regions", frozenset({"", "XQA"})),
    ("facts", "presence_kind", "alien"),
    ("facts", "withheld", None),
    ("facts", "withheld", 0),
    ("facts", "release_from", "2026-09-01"),
    ("facts", "release_from", date(2026, 9, 1)),
    ("facts", "release_from", START.replace(tzinfo=None)),
    ("facts", "release_until", END.replace(tzinfo=None)),
    ("facts", "label_review_on", END),
    ("facts", "label_review_on", "2026-09-30"),
    ("person", "partner", "XZZ"),
    ("person", "partner", "EAST"),
    ("person", "partner", None),
    ("person", "clearance", "COSMIC"),
    ("person", "clearance", None),
    ("person", "categories", None),
    ("person", "categories", list(CATEGORIES)),
    ("person", "regions", ["XQA"]),
    ("person", "regions", "all"),
    ("person", "regions", frozenset({None, "XQA"})),
    ("call", "purpose", "preview"),
    ("call", "purpose", None),
    ("call", "now", NOW.replace(tzinfo=None)),
    ("call", "now", None),
]


@pytest.mark.parametrize(("where", "name", "value"), BROKEN)
@pytest.mark.parametrize("partner", ["XAA", "XAB"])
def test_whatever_is_unknown_or_missing_denies_the_originator_too(
    where: str, name: str, value: object, partner: str
) -> None:
    call: dict[str, object] = {"viewer": a_viewer(partner), "label": a_label(), "facts": a_record()}
    assert permits(**call)
    if where == "call":
        call[name] = value
    elif where == "person":
        call["viewer"] = Viewer((replace(a_person(partner), **{name: value}),))  # type: ignore[arg-type]
    else:
        call[where] = replace(call[where], **{name: value})  # type: ignore[type-var]
    decision = decided(**call)
    assert not decision.permit
    assert decision.obligations == ALL_WITHHELD
    assert [reason.rule for reason in decision.reasons] == ["R0"]
    assert "could not be made" not in decision.reasons[0].words, "a check finds it, not an accident"


@pytest.mark.parametrize("name", ["policy", "viewer", "label", "facts"])
def test_an_exception_denies(name: str) -> None:
    call: dict[str, object] = {
        "policy": EVERYBODY,
        "viewer": a_viewer(),
        "label": a_label(),
        "facts": a_record(),
        "now": NOW,
        "purpose": "screen",
        name: None,
    }
    decision = decide(**call)  # type: ignore[arg-type]
    assert not decision.permit
    assert "could not be made" in decision.reasons[0].words


def test_a_partner_of_an_unknown_service_is_denied() -> None:
    odd = replace(EVERYBODY.partners["XAB"], service="navy")
    assert denied_by(decided(replace(EVERYBODY, partners={**EVERYBODY.partners, "XAB": odd}))) == {"R0"}


def test_no_decision_at_all_is_a_denial() -> None:
    assert not all_must_permit(()).permit


@examples
@asked
def test_more_rights_never_take_a_record_away(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    assume(decide(policy, viewer, label, facts, now, purpose).permit)
    for more in (
        {"clearance": LEVELS[-1]},
        {"categories": frozenset(CATEGORIES)},
        {"regions": None},
    ):
        wider = Viewer(tuple(replace(one, **more) for one in viewer.identities))  # type: ignore[arg-type]
        assert decide(policy, wider, label, facts, now, purpose).permit


@examples
@asked
def test_fewer_rights_never_add_a_record(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    before = decide(policy, viewer, label, facts, now, purpose)
    for fewer in ({"clearance": LEVELS[0]}, {"categories": frozenset()}, {"regions": frozenset({"XQ02"})}):
        narrower = Viewer(tuple(replace(one, **fewer) for one in viewer.identities))  # type: ignore[arg-type]
        if fewer.get("regions") and not all(one.regions is None for one in viewer.identities):
            continue
        after = decide(policy, narrower, label, facts, now, purpose)
        assert before.permit or not after.permit
        assert is_no_weaker(after.obligations, before.obligations) or not before.permit


@examples
@asked
def test_a_stricter_label_never_adds_a_record(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    before = decide(policy, viewer, label, facts, now, purpose)
    rank = LEVELS.index(label.classification)
    stricter = [replace(label, classification=level) for level in LEVELS[rank:]]
    stricter += [
        replace(label, required_categories=tuple(sorted({*label.required_categories, category})))
        for category in (*CATEGORIES, "unknown")
    ]
    stricter += [replace(label, releasable_to=_without(label.releasable_to, code)) for code in CODES]
    stricter += [replace(label, display_only_to=_without(label.display_only_to, code)) for code in CODES]
    coarser = GEO_LEVELS[GEO_LEVELS.index(label.release_geo_level) :]
    stricter += [replace(label, release_geo_level=level) for level in coarser]
    for other in stricter:
        after = decide(policy, viewer, other, facts, now, purpose)
        assert before.permit or not after.permit
        assert not after.permit or is_no_weaker(after.obligations, before.obligations)


def _without(codes: tuple[str, ...], code: str) -> tuple[str, ...]:
    return tuple(one for one in codes if one != code)


@examples
@asked
def test_a_report_takes_a_record_from_everybody_but_its_originator(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    before, after = (
        decide(policy, viewer, label, replace(facts, withheld=said), now, purpose) for said in (False, True)
    )
    assert after.permit == (before.permit and is_own(viewer, label))
    assert after.obligations == before.obligations or not after.permit
    assert after.permit == before.permit or "R1a" in denied_by(after)
    assert is_own(viewer, label) == (viewer.partners == {label.originator})


@examples
@asked
def test_joining_a_group_only_adds_and_leaving_only_takes(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    everyone = tuple(Membership(partner, START) for partner in PARTNERS)
    nobody: dict[str, Group] = {name: Group(name, ()) for name in policy.groups}
    full = {name: Group(name, everyone) for name in policy.groups}
    without = decide(replace(policy, groups=nobody), viewer, label, facts, now, purpose).permit
    now_in = decide(policy, viewer, label, facts, now, purpose).permit
    all_in = decide(replace(policy, groups=full), viewer, label, facts, now, purpose).permit
    assert without <= now_in <= all_in


@examples
@asked
def test_every_further_identity_only_subtracts(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    together = decide(policy, viewer, label, facts, now, purpose)
    each = [decide(policy, Viewer((one,)), label, facts, now, purpose) for one in viewer.identities]
    assert together.permit == all(one.permit for one in each)
    if together.permit:
        for one in each:
            assert is_no_weaker(together.obligations, one.obligations)


@examples
@asked
def test_order_and_repetition_change_nothing(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    mixed = replace(
        label,
        releasable_to=(label.releasable_to * 2)[::-1],
        display_only_to=(label.display_only_to * 2)[::-1],
        required_categories=(label.required_categories * 2)[::-1],
    )
    other_policy = replace(policy, agreements=policy.agreements[::-1])
    other_viewer = Viewer((viewer.identities * 2)[::-1])
    one = decide(policy, viewer, label, facts, now, purpose)
    other = decide(other_policy, other_viewer, mixed, facts, now, purpose)
    assert (one.permit, one.obligations) == (other.permit, other.obligations)
    assert set(one.agreements) == set(other.agreements)


@examples
@asked
def test_codes_are_told_apart_by_case(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    lower = replace(
        label,
        releasable_to=tuple(code.lower() for code in label.releasable_to),
        display_only_to=tuple(code.lower() for code in label.display_only_to),
    )
    own = viewer.partners == {label.originator}
    assert own or not decide(policy, viewer, lower, facts, now, purpose).permit


@examples
@given(
    policy=world.policies,
    viewer=world.viewers,
    labels=st.lists(world.labels, min_size=2, max_size=3),
    alike=st.booleans(),
    facts=world.records,
    purpose=world.purposes,
)
def test_what_the_join_permits_each_label_permits(
    policy: Policy, viewer: Viewer, labels: list[Label], alike: bool, facts: RecordFacts, purpose: str
) -> None:
    each = [replace(one, originator="XAA", policy_version="1") for one in labels] if alike else labels
    joined = decide(policy, viewer, strictest(each, policy), facts, NOW, purpose)
    decisions = [decide(policy, viewer, label, facts, NOW, purpose) for label in each]
    assert not joined.permit or all(one.permit for one in decisions)
    for one in decisions:
        assert not joined.permit or is_no_weaker(joined.obligations, one.obligations)


@examples
@asked
def test_without_agreements_only_own_records_are_released(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    decision = decide(replace(policy, agreements=()), viewer, label, facts, now, purpose)
    assert not decision.permit or viewer.partners == {label.originator}
    assert decision.agreements == ()


@examples
@asked
def test_what_a_file_may_hold_the_screen_may_show(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    both = [replace(one, allows=frozenset({"screen", "file"})) for one in policy.agreements]
    even = replace(policy, agreements=tuple(both))
    in_a_file = decide(even, viewer, label, facts, now, "file").permit
    assert decide(even, viewer, label, facts, now, "screen").permit or not in_a_file


@examples
@asked
def test_a_file_never_tells_more_than_the_screen(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    """Where both are permitted, whatever each agreement allows it for."""
    del purpose
    screen, file = (decide(policy, viewer, label, facts, now, each) for each in ("screen", "file"))
    both = screen.permit and file.permit
    assert not both or is_no_weaker(file.obligations, screen.obligations)


@examples
@given(
    policy=world.policies,
    viewer=world.viewers,
    shown=st.tuples(world.labels, world.records),
    newest=st.tuples(world.labels, world.records),
    purpose=world.purposes,
)
def test_a_record_needs_its_shown_and_its_newest_revision(
    policy: Policy,
    viewer: Viewer,
    shown: tuple[Label, RecordFacts],
    newest: tuple[Label, RecordFacts],
    purpose: str,
) -> None:
    newest = (replace(newest[0], originator=shown[0].originator), newest[1])
    both = decide_record(policy, viewer, shown, newest, NOW, purpose)
    each = [decide(policy, viewer, *one, NOW, purpose) for one in (shown, newest)]
    assert both.permit == all(one.permit for one in each)
    if both.permit:
        assert all(is_no_weaker(both.obligations, one.obligations) for one in each)


@examples
@asked
def test_the_reasons_agree_with_the_outcome(
    policy: Policy, viewer: Viewer, label: Label, facts: RecordFacts, now: datetime, purpose: str
) -> None:
    decision = decide(policy, viewer, label, facts, now, purpose)
    assert decision.permit == all(reason.permits for reason in decision.reasons)
    assert all(reason.words for reason in decision.reasons)
    own = viewer.partners == {label.originator}
    assert not decision.permit or own or decision.agreements


# --- T2: a second implementation --------------------------------------------------------------------------


@pytest.mark.full_size
def test_a_second_implementation_decides_the_same(record_property: Callable[[str, object], None]) -> None:
    pairs, random = size("oracle_pairs"), Random(20260915)
    released = 0
    for _ in range(pairs // A_POLICY):
        policy = world.random_policy(random)
        for _ in range(A_POLICY):
            viewer, label = world.random_viewer(random), world.random_label(random)
            facts, now = world.random_record(random), random.choice(world.TIMES)
            purpose = random.choice(("screen", "file") * 6 + ("print",))
            ours = decide(policy, viewer, label, facts, now, purpose)
            duty = ours.obligations
            said = (duty.geo_level, duty.delay.total_seconds(), duty.hide, duty.without_site)
            theirs = oracle(policy, viewer, label, facts, now, purpose)
            assert (said if ours.permit else None) == theirs, (viewer, label, facts, now, purpose, policy)
            released += ours.permit
    figure(record_property, "T2 decisions against a second implementation", pairs, "0 differences")
    assert released > pairs // 15, "the random world must release often enough to compare obligations"


# --- what a decision says ---------------------------------------------------------------------------------


def words_of(decision: Decision, rule: str) -> str:
    (words,) = (reason.words for reason in decision.reasons if reason.rule == rule)
    return words


def test_every_rule_says_what_it_found() -> None:
    own = decided(viewer=a_viewer("XAA"))
    assert [reason.rule for reason in own.reasons] == ["R0", "R1", "R1a", "R2", "R3", "R4", "R5", "R5a"]
    shown = decided(label=a_label(releasable_to=(), display_only_to=("XAB",)))
    assert [reason.rule for reason in shown.reasons] == [reason.rule for reason in own.reasons]
    assert [reason.words for reason in decided(viewer=NOBODY).reasons] == ["nobody is asking"]
    past = decided(viewer=a_viewer("XAA"), facts=a_record(release_until=NOW))
    assert [reason.rule for reason in past.reasons] == [reason.rule for reason in own.reasons]
    assert words_of(decided(), "R2") == "clearance SENSITIVE reaches level OPEN"
    low = decided(viewer=a_viewer(clearance="OPEN"), label=a_label(classification="SENSITIVE"))
    assert words_of(low, "R2") == "clearance OPEN is below level SENSITIVE"
    assert words_of(decided(a_policy()), "R5a") == (
        "no agreement about incidents is in force between XAA and XAB"
    )


def test_a_refusal_says_which_of_several_it_was() -> None:
    on_screen = decided(label=a_label(releasable_to=(), display_only_to=("XAB",)), purpose="file")
    assert words_of(on_screen, "R3") == "may be shown to XAB on screen only"
    unlisted = decided(label=a_label(releasable_to=("XAC",), display_only_to=("XAD",)), purpose="file")
    assert words_of(unlisted, "R3").startswith("not released to XAB")
    nowhere = decided(viewer=a_viewer(regions=frozenset({"XQA"})), facts=a_record(regions=frozenset()))
    assert words_of(nowhere, "R5") == "bound to regions, and the record has none"


def test_of_several_people_each_reason_says_whose_it_is() -> None:
    alone, both = decided(), decided(viewer=Viewer((a_person("XAB"), a_person("XAC", name=""))))
    assert all(not reason.words.startswith("Xab: ") for reason in alone.reasons)
    assert [reason.words.split(": ")[0] for reason in both.reasons] == ["Xab"] * 8 + ["xac"] * 8


def test_one_revision_is_decided_once() -> None:
    one = (a_label(), a_record())
    assert len(decide_record(EVERYBODY, a_viewer(), one, one, NOW, "screen").reasons) == 8
    other = (a_label(tlp="RED"), a_record())
    assert len(decide_record(EVERYBODY, a_viewer(), one, other, NOW, "screen").reasons) == 16


def test_a_denial_withholds_everything() -> None:
    classes = frozenset({"public", "operational", "protection", "personal"})
    assert Obligations("none", timedelta.max, classes, True) == ALL_WITHHELD
    assert decided(viewer=NOBODY).obligations == ALL_WITHHELD


def test_nothing_that_was_decided_can_be_changed() -> None:
    terms = agreed(a_policy(), "XAB", a_label(), a_record(), NOW, "screen")
    assert not terms.exact_sites
    known = policy_set(EVERYBODY, a_viewer("XZZ"), (), NOW, "screen")
    decision = decided()
    for value, name in (
        *((decision, "permit"), (decision.obligations, "hide"), (decision.reasons[0], "permits")),
        *((a_record(), "feed"), (terms, "agreements"), (known, "digest")),
    ):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)
    for kind in (RecordFacts, Obligations, Decision, Reason):
        assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


# --- rule by rule -----------------------------------------------------------------------------------------


def test_what_is_open_to_everybody_under_an_agreement_is_released_whole() -> None:
    decision = decided()
    assert decision.permit
    assert decision.obligations == NO_OBLIGATIONS
    assert decision.agreements == ("A",)
    assert [reason.rule for reason in decision.reasons] == ["R0", "R1", "R1a", "R2", "R3", "R4", "R5", "R5a"]


@pytest.mark.parametrize(
    ("times", "inside"),
    [
        ({}, True),
        ({"release_from": NOW}, True),
        ({"release_from": NOW + timedelta(microseconds=1)}, False),
        ({"release_until": NOW}, False),
        ({"release_until": NOW + timedelta(microseconds=1)}, True),
        ({"release_from": NOW - HOUR, "release_until": NOW + HOUR}, True),
        ({"release_from": NOW + HOUR, "release_until": NOW - HOUR}, False),
        ({"label_review_on": date(2026, 9, 16)}, True),
        ({"label_review_on": date(2026, 9, 15)}, True),
        ({"label_review_on": date(2026, 9, 14)}, False),
    ],
)
def test_outside_its_window_a_record_is_its_originators_only(times: dict[str, object], inside: bool) -> None:
    decision = decided(facts=a_record(**times))
    assert decision.permit is inside
    assert denied_by(decision) == (set() if inside else {"R1"})
    assert permits(facts=a_record(**times), viewer=a_viewer("XAA"))


@pytest.mark.parametrize("purpose", ["screen", "file"])
def test_what_is_withheld_on_report_is_its_originators_only(purpose: str) -> None:
    reported = a_record(withheld=True)
    decision = decided(facts=reported, purpose=purpose)
    assert denied_by(decision) == {"R1a"}
    assert "until its originator releases it again" in words_of(decision, "R1a")
    own = decided(facts=reported, purpose=purpose, viewer=a_viewer("XAA"))
    assert own.permit
    assert words_of(own, "R1a") == "withheld on report, but its own record"
    assert words_of(decided(), "R1a") == "not withheld on report"
    assert permits(facts=RecordFacts("incidents")), "a record that nobody reported is not withheld"
    assert not is_own(NOBODY, a_label())
    assert not is_own(Viewer((a_person("XAA"), a_person("XAB"))), a_label())


@pytest.mark.parametrize("clearance", LEVELS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("partner", ["XAA", "XAB"])
def test_clearance_must_reach_the_level(clearance: str, level: str, partner: str) -> None:
    decision = decided(viewer=a_viewer(partner, clearance=clearance), label=a_label(classification=level))
    enough = LEVELS.index(clearance) >= LEVELS.index(level)
    assert decision.permit is enough
    assert denied_by(decision) == (set() if enough else {"R2"})


@pytest.mark.parametrize(
    ("partner", "listed", "released"),
    [
        ("XAA", (), True),
        ("XAB", (), False),
        ("XAB", ("PUBLIC",), True),
        ("XAB", ("XAB",), True),
        ("XAB", ("XAC",), False),
        ("XAB", ("XAC", "XAB"), True),
        ("XAB", ("WEST",), True),
        ("XAB", ("EAST",), False),
        ("XAC", ("EAST",), True),
        ("XAD", ("WEST",), False),
        ("XAB", ("ALL",), False),
        ("XAB", ("GONE",), False),
        ("XAB", ("GONE", "XAB"), True),
    ],
)
def test_a_record_goes_to_its_originator_and_to_whom_its_list_names(
    partner: str, listed: tuple[str, ...], released: bool
) -> None:
    decision = decided(viewer=a_viewer(partner), label=a_label(releasable_to=listed))
    assert decision.permit is released
    assert denied_by(decision) == (set() if released else {"R3"})


def test_a_group_counts_while_the_partner_belongs_to_it() -> None:
    west = a_label(releasable_to=("WEST",))
    joined = NOW + HOUR
    assert not permits(viewer=a_viewer("XAD"), label=west, now=joined - timedelta(microseconds=1))
    assert permits(viewer=a_viewer("XAD"), label=west, now=joined)
    east = a_label(releasable_to=("EAST",))
    assert permits(viewer=a_viewer("XAB"), label=east, now=NOW - timedelta(microseconds=1))
    assert not permits(viewer=a_viewer("XAB"), label=east, now=NOW)


@pytest.mark.parametrize(("purpose", "released"), [("screen", True), ("file", False)])
@pytest.mark.parametrize("listed", ["XAB", "WEST", "PUBLIC"])
def test_display_only_is_for_the_screen(purpose: str, released: bool, listed: str) -> None:
    label = a_label(releasable_to=(), display_only_to=(listed,))
    decision = decided(label=label, purpose=purpose)
    assert decision.permit is released
    assert denied_by(decision) == (set() if released else {"R3"})


@pytest.mark.parametrize("partner", ["XAA", "XAB"])
def test_every_required_category_must_be_held_by_the_originators_people_too(partner: str) -> None:
    label = a_label(required_categories=("medical", "protection"))
    assert permits(label=label, viewer=a_viewer(partner))
    lacking = a_viewer(partner, categories=frozenset({"medical", "personal"}))
    assert denied_by(decided(label=label, viewer=lacking)) == {"R4"}


def test_a_category_that_the_policy_does_not_know_is_held_by_nobody() -> None:
    label = a_label(required_categories=("stale",))
    assert not permits(label=label, viewer=a_viewer("XAA", categories=frozenset({"stale"})))


@pytest.mark.parametrize("partner", ["XAA", "XAB"])
@pytest.mark.parametrize(
    ("bound", "places", "inside"),
    [
        (None, frozenset(), True),
        (None, frozenset({"XQA"}), True),
        (frozenset(), frozenset({"XQA"}), False),
        (frozenset({"XQA"}), frozenset(), False),
        (frozenset({"XQA"}), frozenset({"XQA", "XQ01", "XQ0101"}), True),
        (frozenset({"XQ01"}), frozenset({"XQA", "XQ01", "XQ0101"}), True),
        (frozenset({"XQ01"}), frozenset({"XQA"}), False),
        (frozenset({"XQ02"}), frozenset({"XQA", "XQ01"}), False),
    ],
)
def test_a_region_covers_its_descendants_and_nothing_else(
    partner: str, bound: frozenset[str] | None, places: frozenset[str], inside: bool
) -> None:
    decision = decided(viewer=a_viewer(partner, regions=bound), facts=a_record(regions=places))
    assert decision.permit is inside
    assert denied_by(decision) == (set() if inside else {"R5"})


@pytest.mark.parametrize(
    ("terms", "released"),
    [
        ({}, True),
        ({"parties": frozenset({"XAA", "XAC"})}, False),
        ({"parties": frozenset({"XAB", "XAC"})}, False),
        ({"feeds": frozenset({"deliveries"})}, False),
        ({"level": "OPEN"}, True),
        ({"from_at": NOW}, True),
        ({"from_at": NOW + timedelta(microseconds=1)}, False),
        ({"until_at": NOW}, False),
        ({"until_at": None}, True),
        ({"regions": frozenset({"XQ01"})}, True),
        ({"regions": frozenset({"XQ02"})}, False),
        ({"allows": frozenset({"file"})}, False),
        ({"kind": "handshake"}, False),
    ],
)
def test_release_to_another_needs_an_agreement_that_covers_it(
    terms: dict[str, object], released: bool
) -> None:
    decision = decided(a_policy(an_agreement(**terms)))
    assert decision.permit is released
    assert denied_by(decision) == (set() if released else {"R5a"})
    assert permits(a_policy(an_agreement(**terms)), viewer=a_viewer("XAA"))


def test_an_agreement_has_a_ceiling() -> None:
    policy = a_policy(an_agreement(level="INTERNAL"))
    released = [permits(policy, label=a_label(classification=level)) for level in LEVELS]
    assert released == [True, True, False]


def test_an_agreement_bound_to_regions_does_not_cover_a_record_without_one() -> None:
    policy = a_policy(an_agreement(regions=frozenset({"XQA"})))
    assert not permits(policy, facts=a_record(regions=frozenset()))


def test_a_bilateral_agreement_replaces_multilateral_ones_even_when_it_denies() -> None:
    narrow = an_agreement("B", "XAA", "XAB", kind="bilateral", allows=frozenset({"file"}))
    policy = a_policy(an_agreement("A", hide=frozenset({"operational"})), narrow)
    assert not permits(policy)
    in_a_file = decided(policy, purpose="file")
    assert in_a_file.agreements == ("B",)
    assert in_a_file.obligations == NO_OBLIGATIONS
    assert permits(policy, viewer=a_viewer("XAC")), "the other pairs keep the multilateral one"
    assert permits(policy, facts=a_record(feed="deliveries")) is False
    other_feed = replace(narrow, feeds=frozenset({"deliveries"}))
    assert permits(a_policy(an_agreement(), other_feed)), "it replaces for its feeds only"
    over = replace(narrow, until_at=NOW)
    assert permits(a_policy(an_agreement(), over)), "and only while it is in force"


def test_of_several_agreements_one_is_enough_and_all_of_the_feed_and_place_bind() -> None:
    policy = a_policy(
        an_agreement("A", geo_level="adm2", delay=timedelta(hours=6)),
        an_agreement("B", hide=frozenset({"operational"}), delay=timedelta(hours=2)),
        an_agreement("C", allows=frozenset({"file"}), hide=frozenset({"personal"})),
        an_agreement("D", level=LEVELS[0], geo_level="adm1"),
        an_agreement("E", regions=frozenset({"XQ02"}), geo_level="none"),
    )
    decision = decided(policy, label=a_label(classification=LEVELS[1]))
    assert decision.agreements == ("A", "B")
    assert decision.obligations == Obligations(
        "adm1", timedelta(hours=6), frozenset({"operational", "personal"})
    )


def test_the_place_is_as_coarse_as_label_or_agreement_says_but_not_for_the_originator() -> None:
    policy = a_policy(an_agreement(geo_level="adm2", delay=HOUR, hide=frozenset({"operational"})))
    for level, expected in (("exact", "adm2"), ("adm2", "adm2"), ("adm1", "adm1"), ("none", "none")):
        label = a_label(release_geo_level=level)
        assert decided(policy, label=label).obligations.geo_level == expected
        assert decided(policy, label=label, viewer=a_viewer("XAA")).obligations == NO_OBLIGATIONS


@pytest.mark.parametrize("partner", ["XAA", "XAB"])
@pytest.mark.parametrize(
    "held", [frozenset(), frozenset({"protection"}), frozenset({"protection", "personal"})]
)
def test_protected_columns_need_the_category_of_their_name(partner: str, held: frozenset[str]) -> None:
    decision = decided(viewer=a_viewer(partner, categories=held))
    assert decision.obligations.hide == frozenset({"protection", "personal"}) - held


def test_a_category_taken_out_of_the_policy_hides_its_columns_again() -> None:
    policy = a_policy(an_agreement(), categories=frozenset({"medical"}))
    assert decided(policy).obligations.hide == {"protection", "personal"}


@pytest.mark.parametrize("kind", ["military", "police", "humanitarian", "civil", "private"])
@pytest.mark.parametrize("sites", ["adm2", "exact"])
@pytest.mark.parametrize("partner", ["XAB", "XAC", "XAD"])
def test_forces_get_humanitarian_presence_without_its_site(kind: str, sites: str, partner: str) -> None:
    policy = a_policy(an_agreement(humanitarian_sites=sites))
    presence = a_record(feed="deployments", presence_kind=kind)
    duty = decided(policy, viewer=a_viewer(partner), facts=presence).obligations
    bound = partner != "XAC" and kind == "humanitarian" and sites == "adm2"
    assert duty == (Obligations("adm2", without_site=True) if bound else NO_OBLIGATIONS)


def test_sites_are_exact_only_when_every_agreement_that_permits_says_so() -> None:
    policy = a_policy(an_agreement("A", humanitarian_sites="exact"), an_agreement("B"))
    presence = a_record(feed="deployments", presence_kind="humanitarian")
    assert decided(policy, facts=presence).obligations.without_site
    own = decided(policy, facts=presence, label=a_label(originator="XAB"))
    assert own.obligations == NO_OBLIGATIONS


def test_coarser_than_adm2_stays_so_for_forces() -> None:
    presence = a_record(feed="deployments", presence_kind="humanitarian")
    duty = decided(facts=presence, label=a_label(release_geo_level="adm0")).obligations
    assert duty == Obligations("adm0", without_site=True)


def test_a_deployment_whose_kind_of_presence_is_missing_is_denied() -> None:
    decision = decided(facts=a_record(feed="deployments", presence_kind=None))
    assert denied_by(decision) == {"R0"}


def test_a_tightened_revision_takes_its_earlier_one_away() -> None:
    wide, tight = (a_label(), a_record()), (a_label(releasable_to=("XAC",)), a_record())
    for shown, newest in ((wide, tight), (tight, wide), (tight, tight)):
        assert not decide_record(EVERYBODY, a_viewer(), shown, newest, NOW, "screen").permit
    assert decide_record(EVERYBODY, a_viewer(), wide, wide, NOW, "screen").permit
    closed = (a_label(), a_record(release_until=NOW))
    assert not decide_record(EVERYBODY, a_viewer(), wide, closed, NOW, "screen").permit


def test_revisions_of_different_originators_are_denied() -> None:
    mine, theirs = (a_label(originator="XAB"), a_record()), (a_label(), a_record())
    assert not decide_record(EVERYBODY, a_viewer(), mine, theirs, NOW, "screen").permit
    broken = decide_record(EVERYBODY, a_viewer(), mine, None, NOW, "screen")  # type: ignore[arg-type]
    assert not broken.permit


def test_several_identities_all_need_it_and_the_strictest_obligation_holds() -> None:
    wall = Viewer((a_person("XAA"), a_person("XAB"), a_person("XAC", categories=frozenset({"protection"}))))
    decision = decided(a_policy(an_agreement(geo_level="adm1")), viewer=wall)
    assert decision.permit
    assert decision.obligations == Obligations("adm1", hide=frozenset({"personal"}))
    assert not permits(viewer=wall, label=a_label(releasable_to=("XAB",)))
    names = {reason.words.split(":")[0] for reason in decision.reasons}
    assert names == {"Xaa", "Xab", "Xac"}


def test_roles_grant_nothing() -> None:
    admin = a_viewer(roles=frozenset({"administrator", "overseer", "releaser"}))
    assert not permits(viewer=admin, label=a_label(releasable_to=("XAC",)))


def test_a_denial_says_nothing_of_other_recipients() -> None:
    decision = decided(label=a_label(releasable_to=("EAST", "XAC", "XAD")))
    words = " ".join(reason.words for reason in decision.reasons)
    assert not decision.permit
    for other in ("EAST", "XAC", "XAD"):
        assert other not in words


# --- the viewer's policy set ------------------------------------------------------------------------------


def the_set(policy: Policy, viewer: Viewer | None = None, purpose: str = "screen") -> str:
    return policy_set(policy, viewer or a_viewer(), [a_label()], NOW, purpose).digest


@pytest.mark.parametrize(
    "change",
    [
        {"clearance": "OPEN"},
        {"categories": frozenset({"medical"})},
        {"regions": frozenset({"XQA"})},
        {"regions": frozenset()},
        {"partner": "XAC"},
    ],
)
def test_the_policy_set_moves_with_the_viewer(change: dict[str, object]) -> None:
    person = replace(a_person(), **change)  # type: ignore[arg-type]
    assert the_set(EVERYBODY, Viewer((person,))) != the_set(EVERYBODY)


def test_the_policy_set_moves_with_what_binds_the_viewer() -> None:
    before = the_set(EVERYBODY)
    assert the_set(EVERYBODY, purpose="file") != before
    assert the_set(a_policy()) != before
    assert the_set(a_policy(an_agreement(geo_level="adm1"))) != before
    assert the_set(replace(EVERYBODY, groups={})) != before
    assert the_set(replace(EVERYBODY, levels=LEVELS[::-1])) != before
    service = replace(EVERYBODY.partners["XAB"], service="relief")
    assert the_set(replace(EVERYBODY, partners={**EVERYBODY.partners, "XAB": service})) != before


def test_the_policy_set_does_not_move_with_what_binds_others() -> None:
    before = the_set(EVERYBODY)
    theirs = an_agreement("Z", "XAA", "XAC", kind="bilateral")
    assert the_set(a_policy(an_agreement(), theirs)) == before
    over = an_agreement("Y", "XAA", "XAB", until_at=NOW)
    assert the_set(a_policy(an_agreement(), over)) == before
    assert the_set(replace(EVERYBODY, version="2")) == before
    assert policy_set(EVERYBODY, a_viewer(), [], NOW, "screen").digest == before
    renamed: Identity = a_person(name="Somebody else", id="else", roles=frozenset({"viewer"}))
    assert the_set(EVERYBODY, Viewer((renamed, a_person()))) == before


def test_a_policy_set_is_called_by_the_first_sixteen_of_its_digest() -> None:
    rules = policy_set(EVERYBODY, a_viewer(), [], NOW, "screen")
    assert len(rules.name) == 16
    assert rules.digest.startswith(rules.name)


@settings(max_examples=150)
@given(
    one=world.policies, other=world.policies, viewer=world.viewers, label=world.labels, facts=world.records
)
def test_the_same_policy_set_means_the_same_decision(
    one: Policy, other: Policy, viewer: Viewer, label: Label, facts: RecordFacts
) -> None:
    assume(
        policy_set(one, viewer, [label], NOW, "screen") == policy_set(other, viewer, [label], NOW, "screen")
    )
    decisions = [decide(policy, viewer, label, facts, NOW, "screen") for policy in (one, other)]
    assert decisions[0] == decisions[1]


def test_the_world_of_these_tests_ends_after_now() -> None:
    assert START < NOW < END
