"""What looks like one organisation is brought together, and what is another is not."""

from __future__ import annotations

import pytest

from data.organisations.register import public_register
from data.organisations.seen import SeenName
from data.organisations.spelling import likeness, spelling
from data.organisations.suggestions import LEAST_LIKENESS, Parted, Suggestion, languages, suggestions

KNOWN = public_register()


def suggested(*names: str, parted: Parted = ()) -> list[Suggestion]:
    return list(suggestions([SeenName(name, 1, KNOWN.code_of(name)) for name in names], KNOWN, parted))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MSF-B", "MSF"),
        ("Medecins sans Frontieres Switzerland", "Médecins Sans Frontières"),
        ("MSF Belgique", "Medecins sans Frontieres"),
        ("Catholic Agency For Overseas Development", "CAFOD"),
        ("International Rescue Committee", "IRC"),
        ("iLab", "ilab"),
        ("Living Water", "Living Water International Sierra Leone"),
        ("Community Volonteers", "Community Volunteers"),
        ("MoH Liberia", "Liberia MOH"),
        ("Action Aid Liberia", "ActionAid Liberia"),
    ],
)
def test_spellings_of_one_are_alike(one: str, other: str) -> None:
    assert likeness(spelling(one), spelling(other)) >= LEAST_LIKENESS
    assert likeness(spelling(other), spelling(one)) == likeness(spelling(one), spelling(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Guinea MOH", "Liberia MOH"),
        ("Guinea MOH", "Ministry of Health"),
        ("Danish Refugee Council", "Finnish Refugee Council"),
        ("British Red Cross", "American Red Cross"),
        ("Ministry of Health of Niger", "Ministry of Health of Nigeria"),
        ("World Food Programme", "World Hope International"),
        ("UNDP", "UNFPA"),
        ("SC", "SL"),
    ],
)
def test_names_of_two_are_not(one: str, other: str) -> None:
    assert likeness(spelling(one), spelling(other)) < LEAST_LIKENESS


def test_a_group_says_its_organisation_its_weakest_score_and_what_is_open() -> None:
    (found,) = suggested("MSF", "Medecins sans Frontieres", "MSF-B", "MSF Belgique", "Oxfam")
    assert (found.code, found.is_known, found.score, found.count) == ("MSF", True, 94, 4)
    assert sorted(found.open_names) == ["MSF Belgique", "MSF-B"]


def test_a_known_organisation_is_found_though_none_of_its_names_is_in_sight() -> None:
    (found,) = suggested("United Nations High Commissioner for Refugee")
    assert (found.code, found.open_names) == ("UNHCR", ("United Nations High Commissioner for Refugee",))


def test_a_name_between_two_known_organisations_makes_them_no_group() -> None:
    seen = [SeenName("Relief North", 3, "AAA"), SeenName("Relief North Int.", 2, None)]
    seen.append(SeenName("Relief North Liberia", 1, "BBB"))
    found = suggestions(seen, KNOWN)
    assert [(group.code, [item.code for item in group.names]) for group in found] == [("AAA", ["AAA", None])]


def test_a_short_form_in_capitals_is_proposed_as_the_code() -> None:
    (found,) = suggested("Catholic Agency For Overseas Development", "CAFOD")
    assert (found.code, found.is_known) == ("CAFOD", False)


def test_what_somebody_split_is_not_suggested_again() -> None:
    assert suggested("MSF", "MSF-B", parted={("msfb", "MSF")}) == []


def test_nothing_is_suggested_of_nothing_and_of_nobody() -> None:
    assert suggested() == []
    assert suggested("not stated", "Not Stated", "unknown", "Unknown") == []


def test_languages_come_from_the_register_or_from_the_words() -> None:
    assert languages("Organisation mondiale de la Santé") == ("fr",)
    assert languages("Médicos del Mundo") == ("es",)
    assert languages("Croix Rouge française") == ("fr",)
    assert languages("GOAL") == ()
