"""The marking: what holds for all rows together, in the profile's words, with the viewer's own codes only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.labels import Label
from data.marking import Marking, in_order, marking
from data.partners import Operation, Partner, Policy
from data.viewer import NOBODY, Viewer
from tests.data import release_cases as world
from tests.data.release_cases import NOW, PARTNERS, a_label, a_person, a_policy, a_viewer


def policy_of(profile: str = "national", **changes: object) -> Policy:
    operation = replace(world.OPERATION, marking=profile, **changes)  # type: ignore[arg-type]
    return a_policy(operation=operation)


def banner(*labels: Label, viewer: Viewer | None = None, profile: str = "un") -> str:
    return marking(policy_of(profile), labels, viewer or a_viewer("XAA"), NOW).banner


@pytest.mark.parametrize(
    ("profile", "level", "expected"),
    [
        ("un", "OPEN", "OPEN · Releasable to XAB, XAC · Display only to XAD"),
        ("un", "UNCLASSIFIED", "UN UNCLASSIFIED · Releasable to XAB, XAC · Display only to XAD"),
        ("nato", "OPEN", "OPEN · Releasable to XAB, XAC · Display only to XAD"),
        ("nato", "UNCLASSIFIED", "NATO UNCLASSIFIED Releasable to XAB, XAC Display only to XAD"),
        ("eu", "OPEN", "OPEN · RELEASABLE TO: XAB, XAC · DISPLAY ONLY TO: XAD"),
        ("national", "UNCLASSIFIED", "UNCLASSIFIED//REL TO XAB, XAC/DISPLAY ONLY XAD"),
        ("humanitarian", "OPEN", "OPEN · Shared with XAB, XAC · On screen only for XAD"),
    ],
)
def test_each_profile_has_its_words(profile: str, level: str, expected: str) -> None:
    policy = replace(policy_of(profile), levels=("UNCLASSIFIED", "OPEN"))
    label = a_label(classification=level, releasable_to=("XAB", "XAC"), display_only_to=("XAD",))
    assert marking(policy, [label], a_viewer("XAA"), NOW).banner == expected


def test_originator_only_names_nobody() -> None:
    assert banner(a_label(releasable_to=())) == "OPEN"
    assert banner(a_label(releasable_to=()), profile="national") == "OPEN"


def test_codes_stand_in_their_order() -> None:
    given_ = ["NATO", "MLI", "UN", "USA", "FRA", "AFUN", "FRA"]
    assert in_order(given_) == ("USA", "FRA", "MLI", "AFUN", "NATO", "UN")


def test_rows_together_are_marked_by_the_strictest_of_them() -> None:
    rows = [
        a_label(tlp="GREEN", sensitivity="low", caveats=("EXERCISE",)),
        a_label(
            classification="SENSITIVE",
            releasable_to=("XAB", "XAC"),
            tlp="AMBER",
            required_categories=("medical",),
            caveats=("ORCON",),
        ),
    ]
    assert marking(policy_of("un"), rows, a_viewer("XAA"), NOW) == Marking(
        strip="EXERCISE – FICTITIOUS",
        banner="SENSITIVE · Releasable to XAB, XAC · categories medical · ORCON",
        tlp="AMBER",
        sensitivity="Sensitivity: low",
    )


def test_others_read_only_their_own_code_and_groups() -> None:
    label = a_label(releasable_to=("EAST", "XAB", "XAC", "XAD"))
    assert banner(label, viewer=a_viewer("XAB")) == "OPEN · Releasable to XAB"
    assert banner(label, viewer=a_viewer("XAC")) == "OPEN · Releasable to XAC, EAST"
    assert banner(label, viewer=a_viewer("XAA")) == "OPEN · Releasable to XAB, XAC, XAD, EAST"
    assert banner(label, viewer=NOBODY) == "OPEN"
    company = Viewer((a_person("XAA"), a_person("XAB")))
    assert banner(label, viewer=company) == "OPEN · Releasable to XAA, XAB, EAST"


def test_what_is_open_to_everybody_says_so() -> None:
    assert banner(a_label(), viewer=a_viewer("XAB")) == "OPEN · Releasable to all partners"
    mixed = [a_label(), a_label(originator="XAD")]
    assert banner(*mixed, viewer=a_viewer("XAB")) == "OPEN · Releasable to all partners"


def test_rows_that_came_by_different_ways_are_still_the_viewers() -> None:
    by_group = a_label(releasable_to=("EAST",))
    by_name = a_label(originator="XAD", releasable_to=("XAC",))
    own = a_label(originator="XAC", releasable_to=())
    assert banner(by_group, by_name, own, viewer=a_viewer("XAC")) == "OPEN · Releasable to XAC"


def test_what_is_for_the_screen_only_says_so_even_among_others() -> None:
    rows = [a_label(), a_label(releasable_to=(), display_only_to=("XAB",))]
    assert banner(*rows, viewer=a_viewer("XAB")) == "OPEN · Display only to XAB"


@settings(max_examples=300)
@given(
    st.lists(world.labels, max_size=4), st.sampled_from(PARTNERS), st.sampled_from(["nato", "national", "un"])
)
def test_no_code_of_others_reaches_who_is_not_the_originator(
    labels: list[Label], partner: str, profile: str
) -> None:
    others = set(PARTNERS) - {partner}
    if {label.originator for label in labels} != {partner}:
        line = marking(policy_of(profile), labels, a_viewer(partner), NOW).line
        assert not [code for code in others if code in line]


def test_with_nothing_shown_the_lowest_level_stands() -> None:
    nothing = marking(policy_of("un"), [], a_viewer("XAA"), NOW)
    assert nothing == Marking("EXERCISE – FICTITIOUS", "OPEN · no records shown")
    assert marking(policy_of("un"), [], NOBODY, NOW) == nothing


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "exercise"}, "EXERCISE – FICTITIOUS"),
        ({"kind": "actual"}, ""),
        ({"kind": "replay"}, "REPLAY 1 Sep 2026 – 30 Sep 2026"),
        ({"kind": "replay", "until_at": None}, "REPLAY 1 Sep 2026 – 15 Sep 2026"),
        ({"kind": "replay", "from_at": None, "until_at": None}, "REPLAY 15 Sep 2026"),
        ({"kind": "replay", "until_at": datetime(2026, 9, 2, tzinfo=UTC)}, "REPLAY 1 Sep 2026"),
    ],
)
def test_the_strip_says_what_kind_of_home_it_is(changes: dict[str, object], expected: str) -> None:
    assert marking(policy_of("un", **changes), [a_label()], a_viewer(), NOW).strip == expected


def test_one_line_for_files_says_all_of_it() -> None:
    label = a_label(tlp="AMBER+STRICT", sensitivity="severe")
    line = marking(policy_of("humanitarian"), [label], a_viewer("XAB"), NOW).line
    expected = (
        "EXERCISE – FICTITIOUS · OPEN · Shared with all partners · TLP:AMBER+STRICT · Sensitivity: severe"
    )
    assert line == expected


def test_the_usa_stand_first() -> None:
    partners = {code: Partner(code, code, "state", "civil") for code in ("USA", "FRA", "MLI", "UN")}
    operation = Operation("X", "X", "actual", None, None, "national")
    policy = replace(a_policy(), partners=partners, groups={}, levels=("UNCLASSIFIED",), operation=operation)
    label = Label("FRA", "TEST", "UNCLASSIFIED", ("FRA", "MLI", "UN", "USA"), tlp="AMBER")
    said = marking(policy, [label], a_viewer("FRA"), NOW)
    assert said.line == "UNCLASSIFIED//REL TO USA, FRA, MLI, UN · TLP:AMBER"
