"""The decision told rule by rule: every rule is there, and the last word is the decision's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.decision import Obligations, RecordFacts
from data.explain import explain, in_words, lines
from data.labels import Label
from data.partners import Policy
from data.release import decide_record
from data.viewer import NOBODY, Viewer
from tests.data import release_cases as world
from tests.data.release_cases import NOW, a_label, a_policy, a_record, a_viewer, an_agreement

RULES = ["R0", "R1", "R1a", "R2", "R3", "R4", "R5", "R5a", "R6", "R6"]
OPEN = (a_label(), a_record())


def told(policy: Policy, shown: tuple[Label, RecordFacts] = OPEN, purpose: str = "screen") -> list[str]:
    return lines(explain(policy, a_viewer(), shown, shown, NOW, purpose))


def test_what_is_released_is_explained_rule_by_rule() -> None:
    policy = a_policy(
        an_agreement(
            "TERMS", geo_level="adm2", delay=timedelta(hours=30), hide=frozenset({"operational"}),
            allows=frozenset({"screen"}),
        )
    )  # fmt: skip
    text = told(policy)
    assert [line.split()[0] for line in text] == RULES
    assert text[4] == "R3   permits  releasable to PUBLIC"
    assert text[7] == "R5a  permits  released under TERMS, in force between XAA and XAB"
    assert text[8] == (
        "R6   permits  released on screen; place no finer than the second-level area;"
        " as received at least 1 d 6 h ago; without operational columns; under TERMS"
    )
    assert text[9] == "R6   denies   not released in a file"


def test_every_rule_that_denies_is_told_not_only_the_first() -> None:
    label = a_label(classification="SENSITIVE", releasable_to=("XAC",), required_categories=("medical",))
    facts = a_record(regions=frozenset({"XQ02"}), release_until=NOW)
    viewer = a_viewer(clearance="OPEN", categories=frozenset(), regions=frozenset({"XQ01"}))
    reasons = explain(a_policy(), viewer, (label, facts), (label, facts), NOW)
    assert [reason.rule for reason in reasons if not reason.permits] == [
        rule for rule in RULES[1:] if rule != "R1a"
    ], "nobody has reported it"


def test_a_newest_revision_that_differs_is_explained_too() -> None:
    tightened = (a_label(releasable_to=()), a_record())
    reasons = explain(a_policy(an_agreement()), a_viewer(), OPEN, tightened, NOW)
    assert [reason.words.startswith("newest revision: ") for reason in reasons] == [False] * 8 + [
        True
    ] * 8 + [False] * 2
    assert [reason.rule for reason in reasons if not reason.permits] == ["R3", "R6", "R6"]


def test_asked_about_files_it_answers_about_files() -> None:
    text = told(a_policy(an_agreement(allows=frozenset({"file"}))), purpose="file")
    assert text[-2].startswith("R6   permits  released in a file; under A")
    assert text[-1] == "R6   denies   not released on screen"


def test_an_own_record_is_released_whole() -> None:
    reasons = explain(a_policy(), a_viewer("XAA"), OPEN, OPEN, NOW)
    assert reasons[-2].words == "released on screen"


def test_nobody_gets_an_explanation_too() -> None:
    reasons = explain(a_policy(), NOBODY, OPEN, OPEN, NOW)
    assert lines(reasons)[0] == "R0   denies   nobody is asking"
    assert not reasons[-1].permits


def test_revisions_of_different_originators_are_explained() -> None:
    theirs = (a_label(originator="XAC"), a_record())
    reasons = explain(a_policy(an_agreement()), a_viewer(), OPEN, theirs, NOW)
    assert "its revisions have different originators" in [reason.words for reason in reasons]


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        (Obligations(), []),
        (Obligations("adm1"), ["place no finer than the first-level area"]),
        (Obligations("adm0"), ["no place but the country"]),
        (Obligations("none"), ["no place at all"]),
        (
            Obligations("adm2", without_site=True),
            ["place no finer than the second-level area", "without the site"],
        ),
        (Obligations(delay=timedelta(minutes=90)), ["as received at least 1 h 30 min ago"]),
        (Obligations(hide=frozenset({"protection", "personal"})), ["without personal, protection columns"]),
    ],
)
def test_obligations_are_said_in_words(duty: Obligations, words: list[str]) -> None:
    assert in_words(duty) == words


@settings(max_examples=200)
@given(
    policy=world.policies,
    viewer=world.viewers,
    shown=st.tuples(world.labels, world.records),
    newest=st.tuples(world.labels, world.records),
)
def test_the_last_word_is_the_decisions(
    policy: Policy, viewer: Viewer, shown: tuple[Label, RecordFacts], newest: tuple[Label, RecordFacts]
) -> None:
    *rules, screen, file = explain(policy, viewer, shown, newest, NOW)
    final = decide_record(policy, viewer, shown, newest, NOW, "screen")
    assert screen.permits == final.permit == all(reason.permits for reason in rules)
    assert file.permits == decide_record(policy, viewer, shown, newest, NOW, "file").permit
