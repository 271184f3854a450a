"""Labels: what is refused (T8), what binds one to a record, what is joined, what a viewer sees of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import LabelMissing, LabelRefused, WatchfloorError
from data.label_join import nobody_in_common, strictest
from data.labels import Label, cut_for, label_hash, parse_label
from data.viewer import NOBODY, Viewer
from tests.data import release_cases as world
from tests.data.release_cases import NOW, a_label, a_person, a_policy, a_viewer

POLICY = a_policy()
SAID = {"originator": "XAA", "policy_id": "TEST", "classification": "OPEN"}
CYRILLIC_A = "\u0410"


def parsed(**given_: object) -> Label:
    return parse_label(SAID | given_, POLICY)


def test_a_label_needs_only_whose_which_policy_and_what_level() -> None:
    assert parsed() == Label("XAA", "TEST", "OPEN", policy_version="1")


def test_every_field_that_is_said_is_kept() -> None:
    label = parsed(
        releasable_to=["XAC", "EAST"],
        required_categories=["protection", "medical"],
        display_only_to=("XAD",),
        release_geo_level="adm2",
        agg_release="cube_k",
        policy_version="0.9",
        caveats=["ORCON", "Not for press"],
        tlp="AMBER+STRICT",
        sensitivity="high",
        release_from=NOW,
        release_until=NOW + timedelta(days=1),
        label_review_on=NOW.date(),
    )
    assert label == Label(
        originator="XAA",
        policy_id="TEST",
        classification="OPEN",
        releasable_to=("EAST", "XAC"),
        required_categories=("medical", "protection"),
        display_only_to=("XAD",),
        release_geo_level="adm2",
        agg_release="cube_k",
        policy_version="0.9",
        caveats=("Not for press", "ORCON"),
        tlp="AMBER+STRICT",
        sensitivity="high",
    )


@pytest.mark.parametrize("name", ["originator", "policy_id", "classification"])
@pytest.mark.parametrize("value", [None, "", "absent"])
def test_a_label_without_these_is_missing(name: str, value: str | None) -> None:
    given_: dict[str, object] = dict(SAID)
    if value == "absent":
        del given_[name]
    else:
        given_[name] = value
    with pytest.raises(LabelMissing, match=f"no {name}") as refusal:
        parse_label(given_, POLICY)
    assert refusal.value.field == name
    assert isinstance(refusal.value, LabelRefused)


def test_an_empty_list_is_a_list() -> None:
    assert parsed(releasable_to=[]).releasable_to == ()
    assert parsed(releasable_to=("PUBLIC",)).releasable_to == ("PUBLIC",)


def test_the_obsolete_white_is_read_as_clear() -> None:
    assert parsed(tlp="WHITE").tlp == "CLEAR"
    assert parsed(tlp="", sensitivity=None).tlp is None


HOSTILE: list[tuple[str, object]] = [
    ("originator", "xaa"),
    ("originator", "XAA "),
    ("originator", " XAA"),
    ("originator", "XZZ"),
    ("originator", "EAST"),
    ("originator", "PUBLIC"),
    ("originator", "X" + CYRILLIC_A + "A"),
    ("originator", ["XAA"]),
    ("originator", 7),
    ("originator", b"XAA"),
    ("policy_id", "OTHER"),
    ("policy_id", "test"),
    ("policy_id", "TEST\x00"),
    ("classification", "open"),
    ("classification", "NATO SECRET"),
    ("classification", "OPEN "),
    ("classification", 0),
    ("classification", ["OPEN"]),
    *(
        (name, value)
        for name in ("releasable_to", "display_only_to")
        for value in (
            None,
            [None],
            "XAB",
            "aaa",
            "",
            {"XAB"},
            {"XAB": 1},
            7,
            ["xab"],
            ["XAB "],
            ["XAB", None],
            ["XAB", ""],
            ["XAB", "XAC", "XAB"],
            [["XAB"]],
            ["XZZ"],
            ["ALL"],
            ["public"],
            ["XAB,XAC"],
            ["X" + CYRILLIC_A + "B"],
            ["XAB\u200b"],
            ["*"],
        )
    ),
    ("required_categories", None),
    ("required_categories", [None]),
    ("required_categories", "medical"),
    ("required_categories", ["Medical"]),
    ("required_categories", ["unknown"]),
    ("required_categories", ["medical", "medical"]),
    ("caveats", None),
    ("caveats", "ORCON"),
    ("caveats", [""]),
    ("caveats", ["two\nlines"]),
    ("caveats", ["x" * 65]),
    ("caveats", [7]),
    ("release_geo_level", None),
    ("release_geo_level", "admin2"),
    ("release_geo_level", ""),
    ("release_geo_level", 2),
    ("agg_release", None),
    ("agg_release", "all"),
    ("policy_version", 7),
    ("tlp", "amber"),
    ("tlp", "TLP:AMBER"),
    ("tlp", ["AMBER"]),
    ("sensitivity", "HIGH"),
    ("sensitivity", "NON_SENSITIVE"),
    ("release_from", "2026-09-01"),
    ("release_from", date(2026, 9, 1)),
    ("release_from", datetime(2026, 9, 1)),  # noqa: DTZ001
    ("release_until", "never"),
    ("label_review_on", "2026-09-01"),
    ("label_review_on", NOW),
    ("clearance", "OPEN"),
    ("label_id", 3),
]


@pytest.mark.parametrize(("name", "value"), HOSTILE)
def test_a_hostile_value_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(LabelRefused) as refusal:
        parsed(**{name: value})
    assert refusal.value.field == name
    assert refusal.value.expected
    assert name in str(refusal.value)
    assert isinstance(refusal.value, WatchfloorError)


def test_there_are_sixty_hostile_labels_at_least() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("length", [timedelta(0), timedelta(seconds=-1)])
def test_a_window_that_never_opens_is_refused(length: timedelta) -> None:
    with pytest.raises(LabelRefused, match="after release_from"):
        parsed(release_from=NOW, release_until=NOW + length)
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5)))
    with pytest.raises(LabelRefused, match="after release_from"):
        parsed(release_from=NOW, release_until=elsewhere + length)


@pytest.mark.parametrize(
    ("released", "shown"), [(["XAB"], ["XAB"]), (["PUBLIC"], ["XAC"]), (["PUBLIC"], ["PUBLIC"])]
)
def test_lists_that_contradict_each_other_are_refused(released: list[str], shown: list[str]) -> None:
    with pytest.raises(LabelRefused, match="display_only_to"):
        parsed(releasable_to=released, display_only_to=shown)


def test_a_long_value_is_not_repeated_whole() -> None:
    with pytest.raises(LabelRefused) as refusal:
        parsed(classification="S" * 10_000)
    assert len(str(refusal.value)) < 300


# --- the hash ---------------------------------------------------------------------------------------------


def test_the_hash_binds_label_content_and_record() -> None:
    label = a_label()
    bound = label_hash(label, "content", "XAA:s:1")
    assert bound == label_hash(replace(label), "content", "XAA:s:1")
    assert len(bound) == 64
    others = {
        label_hash(label, "other", "XAA:s:1"),
        label_hash(label, "content", "XAA:s:2"),
        label_hash(replace(label, releasable_to=("XAB",)), "content", "XAA:s:1"),
        label_hash(replace(label, tlp="RED"), "content", "XAA:s:1"),
        label_hash(replace(label, releasable_to=(), display_only_to=("PUBLIC",)), "content", "XAA:s:1"),
    }
    assert len(others) == 5
    assert bound not in others


# --- the join ---------------------------------------------------------------------------------------------

EXAMPLES = settings(max_examples=300)


@EXAMPLES
@given(st.lists(world.labels, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_join_does_not_depend_on_order(labels: list[Label], random: object) -> None:
    mixed = list(labels)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert strictest(mixed, POLICY) == strictest(labels, POLICY)


@EXAMPLES
@given(world.labels, world.labels, world.labels)
def test_the_join_does_not_depend_on_grouping(one: Label, two: Label, three: Label) -> None:
    first = strictest([strictest([one, two], POLICY), three], POLICY)
    last = strictest([one, strictest([two, three], POLICY)], POLICY)
    assert first == last == strictest([one, two, three], POLICY)


@EXAMPLES
@given(world.labels, world.labels)
def test_the_join_of_the_same_is_the_same(one: Label, other: Label) -> None:
    assert strictest([one, one], POLICY) == strictest([one], POLICY)
    both = strictest([one, other], POLICY)
    assert strictest([both, one], POLICY) == both
    assert strictest([both, both, other], POLICY) == both


def test_a_label_in_its_normal_form_is_its_own_join() -> None:
    label = parsed(releasable_to=["XAB", "EAST"], display_only_to=["XAD"], tlp="RED", caveats=["ORCON"])
    assert strictest([label], POLICY) == label


def test_the_join_is_the_strictest_of_everything() -> None:
    one = a_label(
        releasable_to=("EAST", "XAB", "XAC"),
        display_only_to=("XAD",),
        required_categories=("medical",),
        caveats=("A",),
        tlp="GREEN",
        sensitivity="severe",
        agg_release="cube_k",
        policy_version="1",
    )
    two = a_label(
        classification="SENSITIVE",
        releasable_to=("XAC", "XAD"),
        required_categories=("protection",),
        release_geo_level="adm1",
        caveats=("B",),
        tlp="RED",
        policy_version="2",
    )
    assert strictest([one, two], POLICY) == Label(
        originator="XAA",
        policy_id="TEST",
        classification="SENSITIVE",
        releasable_to=("XAC",),
        required_categories=("medical", "protection"),
        display_only_to=("XAD",),
        release_geo_level="adm1",
        agg_release="none",
        policy_version="",
        caveats=("A", "B"),
        tlp="RED",
        sensitivity="severe",
    )


def test_public_gives_way_to_any_list() -> None:
    public, listed = a_label(), a_label(releasable_to=("XAB",))
    assert strictest([public, listed], POLICY).releasable_to == ("XAB",)
    assert strictest([public, public], POLICY).releasable_to == ("PUBLIC",)


def test_originators_that_differ_are_recipients_like_others() -> None:
    one = a_label(releasable_to=("XAB", "XAC"))
    two = a_label(originator="XAB", releasable_to=("XAA", "XAC"))
    joined = strictest([one, two], POLICY)
    assert (joined.originator, joined.releasable_to) == ("", ("XAA", "XAB", "XAC"))


def test_an_empty_intersection_is_flagged() -> None:
    one = a_label(releasable_to=("XAC",))
    two = a_label(originator="XAB", releasable_to=("XAD",))
    assert nobody_in_common(strictest([one, two], POLICY))
    assert not nobody_in_common(strictest([one], POLICY))
    assert not nobody_in_common(strictest([one, a_label(releasable_to=("XAD",))], POLICY)), (
        "the originator is left"
    )
    group = a_label(originator="XAB", releasable_to=("EAST",))
    assert nobody_in_common(strictest([one, group], POLICY)), "a group is not resolved"
    assert not nobody_in_common(strictest([a_label(), two], POLICY))


def test_nothing_has_no_join() -> None:
    with pytest.raises(ValueError, match="no labels"):
        strictest([], POLICY)


def test_an_unknown_level_stays_the_highest() -> None:
    odd = a_label(classification="HIGH")
    assert strictest([odd, a_label(classification="SENSITIVE")], POLICY).classification == "HIGH"


# --- what a viewer sees of it -----------------------------------------------------------------------------


def lists(label: Label, viewer: Viewer) -> tuple[object, object]:
    shown = cut_for(label, POLICY, viewer, NOW)
    return shown["releasable_to"], shown["display_only_to"]


def test_others_see_only_their_own_code_and_groups() -> None:
    label = a_label(releasable_to=("EAST", "WEST", "XAB", "XAC"), display_only_to=("XAD",))
    assert lists(label, a_viewer("XAA")) == (label.releasable_to, label.display_only_to)
    assert lists(label, a_viewer("XAB")) == (("WEST", "XAB"), ())
    assert lists(label, a_viewer("XAC")) == (("EAST", "XAC"), ())
    assert lists(label, a_viewer("XAD")) == ((), ("XAD",))
    assert lists(label, NOBODY) == ((), ())
    assert lists(a_label(), a_viewer("XAD")) == (("PUBLIC",), ())


def test_in_company_the_originator_sees_no_more_than_the_company() -> None:
    label = a_label(releasable_to=("EAST", "XAB", "XAC", "XAD"))
    both = Viewer((a_person("XAA"), a_person("XAB")))
    assert lists(label, both) == (("EAST", "XAB"), ())


def test_the_rest_of_the_label_is_shown() -> None:
    label = a_label(tlp="AMBER", caveats=("ORCON",), required_categories=("medical",))
    shown = cut_for(label, POLICY, a_viewer("XAB"), datetime(2026, 9, 15, tzinfo=UTC))
    assert (shown["originator"], shown["tlp"], shown["caveats"]) == ("XAA", "AMBER", ("ORCON",))
    assert shown["required_categories"] == ("medical",)
