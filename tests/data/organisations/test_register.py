"""Which organisation a name is: exactly, in several languages, and what people decided on top."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime

import pytest

from data.errors import OrganisationRefused
from data.names import plain
from data.organisations.decisions import MERGE, SPLIT, Decision
from data.organisations.register import parse_register, public_register, register, shipped
from data.policy import parse_policy
from tests.factories import POLICY

AT = datetime(2026, 11, 27, tzinfo=UTC)


def decided(action: str, code: str, *names: str) -> Decision:
    return Decision(AT, "aldara", "XAA", action, code, names)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("WHO", ["WHO", "OMS", "organisation mondiale de la sante", "Organización Mundial de la Salud"]),
        ("WFP", ["World Food Programme", "Programme Alimentaire Mondial", "PROGRAMA MUNDIAL DE ALIMENTOS"]),
        ("UNHCR", ["UNHCR", "HCR", "ACNUR", "Haut-Commissariat des Nations-Unies pour les Réfugiés"]),
        ("UNDP", ["UNDP", "PNUD", "Programa de las Naciones Unidas para el Desarrollo"]),
        ("MSF", ["Medecins sans Frontieres", "MSF", "Médicos Sin Fronteras", "Doctors without borders"]),
        ("GBR", ["United Kingdom", "Royaume-Uni"]),
    ],
)
def test_a_name_in_any_of_its_languages_is_the_organisation(code: str, names: list[str]) -> None:
    assert {public_register().code_of(name) for name in names} == {code}


@pytest.mark.parametrize(
    "name",
    ["World Health Organisations", "MSF-B", "Medecins sans Frontieres Belgique", "SC", "DRC", "US", "", "?"],
)
def test_a_name_that_is_only_near_or_short_is_nobody(name: str) -> None:
    assert public_register().code_of(name) is None


def test_every_organisation_that_ships_has_a_name_and_a_code_of_its_own() -> None:
    for code, organisation in shipped().items():
        assert plain(code).upper() == code
        assert organisation.names
        assert public_register().code_of(organisation.title) == code


def test_a_name_of_two_organisations_is_refused() -> None:
    text = """
    [[organisation]]
    code = "ONE"
    names = { en = ["Relief of the World"] }
    [[organisation]]
    code = "TWO"
    names = { en = ["Relief of the world!"] }
    """
    with pytest.raises(OrganisationRefused, match="stands for ONE and TWO"):
        parse_register(tomllib.loads(text))


def test_partners_of_the_policy_are_known_by_code_and_name() -> None:
    known = register(parse_policy(tomllib.loads(POLICY), "policy.toml"))
    assert (known.code_of("cordia relief"), known.code_of("XAC")) == ("XAC", "XAC")


def test_the_last_decision_about_a_name_holds() -> None:
    policy = parse_policy(tomllib.loads(POLICY), "policy.toml")
    past = [decided(MERGE, "MSF", "MSF-B", "MSF"), decided(SPLIT, "MSF", "msf b")]
    assert register(policy, past[:1]).code_of("MSF B") == "MSF"
    assert register(policy, past).code_of("MSF-B") is None
    assert register(policy, past).code_of("MSF") == "MSF"
    assert register(policy, [*past, decided(MERGE, "MSFB", "MSF-B")]).code_of("MSF-B") == "MSFB"


def test_a_name_that_ships_can_be_split_off_too() -> None:
    policy = parse_policy(tomllib.loads(POLICY), "policy.toml")
    assert (
        register(policy, [decided(SPLIT, "HI", "Handicap International")]).code_of("Handicap International")
        is None
    )
