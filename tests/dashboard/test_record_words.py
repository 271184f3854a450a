"""The words of a record: units, figures, places, agreements, names of columns; and as French has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dashboard.asked import Asked, asked_of
from dashboard.controls.agreements import agreement_words
from dashboard.controls.codes import code_words
from dashboard.controls.facts import main_facts
from dashboard.controls.places import name_of
from dashboard.controls.record import record_parts
from dashboard.controls.records import title_of
from dashboard.controls.regions import region_tree
from dashboard.languages import ENGLISH, LANGUAGES, set_language
from dashboard.panels import details as drawer
from dashboard.panels.records_table import _count
from dashboard.table_request import TableRequest
from data import details
from data.answers import RecordDetails, RegionNode
from data.basemap.world import countries
from data.conditions import Condition
from data.listed import CATEGORY_COLUMN, CORE, KNOWN, LAYER, OWN
from data.listing import Listing
from data.partners import Agreement, Policy
from data.policy import parse_policy
from data.schema import DELIVERIES, FEEDS
from data.transform import released_columns
from data.viewer import NOBODY, Identity, Viewer
from tests.dashboard import fakes

BEGIN = datetime(2026, 8, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    set_language(ENGLISH)


@pytest.fixture
def french() -> None:
    set_language(LANGUAGES["fr"])


def said(*parts: object) -> str:
    """All texts of some components, with a blank between two."""
    found = []
    for part in parts:
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, list | tuple):
            found.append(said(*part))
        elif part is not None:
            found.append(said(getattr(part, "children", None)))
    return " ".join(text for text in found if text)


def released() -> fakes.FakeReleased:
    return fakes.FakeReleased(NOBODY, parse_policy(fakes.POLICY, "test"), fakes.region_index())


def a_record(**changes: object) -> RecordDetails:
    return replace(fakes.record(None, "XAB:incidents:1", None), **changes)  # type: ignore[arg-type]


def facts(details: RecordDetails) -> str:
    return said(main_facts(details, released(), "humanitarian"))  # type: ignore[arg-type]


# ---- units and figures ---------------------------------------------------------------------------


def test_every_unit_that_a_delivery_may_have_is_a_word() -> None:
    (unit,) = (column for column in released_columns(DELIVERIES) if column.name == "unit")
    for code in unit.allowed:
        assert code_words("unit", code) != code
    goods = a_record(feed=DELIVERIES, layer=DELIVERIES, values={"quantity": 3300, "unit": "C62"})
    assert "Quantity 3,300 pieces" in facts(goods)


def test_a_share_is_written_with_its_sign_in_both_languages() -> None:
    share = a_record(values={"metric": "attack_rate", "metric_value": 42.3, "metric_unit": "percent"})
    assert "Attack rate: 42.3 %" in facts(share)
    set_language(LANGUAGES["fr"])
    assert "\N{NO-BREAK SPACE}: 42,3 %" in facts(share)


# ---- places --------------------------------------------------------------------------------------


def test_a_position_is_written_as_in_the_language() -> None:
    assert "18.3000° N, 76.9000° W" in facts(a_record())
    set_language(LANGUAGES["fr"])
    assert "18,3000° N 76,9000° O" in facts(a_record())


def test_a_country_is_called_as_on_the_map(french: None) -> None:
    assert name_of("DOM", countries()["DOM"].en) == "République dominicaine"
    assert name_of("DOM", "Quisqueya") == "Quisqueya"
    assert name_of("DO01", "Distrito Nacional") == "Distrito Nacional"
    nodes = [RegionNode(code, countries()[code].en, 0, None, None, 3) for code in ("PRI", "DOM")]
    assert "République dominicaine 3" in said(region_tree(nodes, ()))


def test_the_countries_of_the_tree_go_by_their_names_in_the_language(french: None) -> None:
    nodes = [RegionNode(code, countries()[code].en, 0, None, None, 3) for code in ("DEU", "AUT", "USA")]
    words = said(region_tree(nodes, ()))
    assert words.index("Allemagne") < words.index("Autriche") < words.index("États-Unis")


# ---- release -------------------------------------------------------------------------------------


def policy_with(*agreements: Agreement) -> Policy:
    return replace(parse_policy(fakes.POLICY, "test"), agreements=agreements)


def agreement(kind: str, *parties: str, basis: str) -> Agreement:
    return Agreement(
        *("AGR", kind, frozenset(parties), frozenset(FEEDS), "OPEN", None, BEGIN, None, "exact"),
        legal_basis=basis,
    )


def somebody(*partners: str) -> Viewer:
    return Viewer(tuple(Identity(partner, partner, partner, "OPEN") for partner in partners))


def test_a_bilateral_agreement_says_between_whom_it_is() -> None:
    policy = policy_with(agreement("bilateral", "XAB", "XAC", basis="Exchange of notes"))
    words = "the agreement “Exchange of notes” between Aberia and Acoria Relief"
    assert agreement_words("AGR", policy, somebody("XAC")) == words


def test_a_multilateral_agreement_does_not_tell_who_else_takes_part() -> None:
    policy = policy_with(agreement("multilateral", "XAB", "XAC", "XAD", basis="Memorandum"))
    assert agreement_words("AGR", policy, somebody("XAC")) == "the multilateral agreement “Memorandum”"


@pytest.mark.parametrize("partners", [(), ("XAD",), ("XAC", "XAD")])
def test_who_is_no_party_is_told_the_name_alone(partners: tuple[str, ...]) -> None:
    policy = policy_with(agreement("bilateral", "XAB", "XAC", basis="Exchange of notes"))
    assert agreement_words("AGR", policy, somebody(*partners)) == "the agreement AGR"
    assert agreement_words("GONE", policy, somebody("XAC")) == "the agreement GONE"


# ---- outside the filter --------------------------------------------------------------------------

OUTSIDE = "Outside your filter: not counted, not on the map."


@pytest.mark.parametrize(
    ("inside", "query", "told"),
    [(True, "", False), (False, "", True), (True, "layer=military", True)],
)
def test_a_record_outside_the_filter_says_so(
    monkeypatch: pytest.MonkeyPatch, inside: bool, query: str, told: bool
) -> None:
    monkeypatch.setattr(details, "record", lambda *_: a_record(inside=inside))
    at: Asked = asked_of(released(), f"{query}&sel=XAB:incidents:1")  # type: ignore[arg-type]
    assert (OUTSIDE in said(drawer.opened(released(), at))) is told  # type: ignore[arg-type]


def test_what_stands_outside_is_said_right_under_the_title() -> None:
    parts = record_parts(a_record(inside=False), released())  # type: ignore[arg-type]
    assert said(parts[1]) == OUTSIDE


@pytest.mark.parametrize(
    ("changes", "badge"),
    [
        ({}, "released"),
        ({"geo_level": "adm2"}, "by district"),
        ({"own": True}, "yours, shared"),
        ({"own": True, "label": {"display_only_to": ["XAC"]}}, "yours, shared"),
        ({"own": True, "label": {"releasable_to": []}}, "yours alone"),
    ],
)
def test_an_item_has_the_badge_of_its_release(changes: dict[str, object], badge: str) -> None:
    told = record_parts(replace(a_record(), **changes), released())  # type: ignore[arg-type]
    assert badge in said(told[0])


# ---- the table -----------------------------------------------------------------------------------


def test_no_two_columns_of_the_table_have_one_name() -> None:
    everywhere = (LAYER, CATEGORY_COLUMN, *CORE, KNOWN)
    for own in OWN.values():
        names = Counter(title_of(name) for name in dict.fromkeys((*everywhere, *own)))
        assert [name for name, count in names.items() if count > 1] == []


def test_no_column_has_a_figure_grown_to_its_word() -> None:
    words = [title_of(column.name) for feed in FEEDS for column in released_columns(feed)]
    assert [name for name in words if name.startswith("Actor") and name[5:6].isdigit()] == []


@pytest.mark.parametrize(
    ("columns", "words", "button"),
    [
        (("title",), "meet the condition;", "Clear the condition"),
        (("title", "severity"), "meet the conditions;", "Clear the conditions"),
    ],
)
def test_conditions_of_columns_narrow_the_table_only(
    columns: tuple[str, ...], words: str, button: str
) -> None:
    conditions = tuple(Condition(name, "filled") for name in columns)
    at: Asked = asked_of(released(), "")  # type: ignore[arg-type]
    parts = _count(released(), at, TableRequest(0, 1, (), conditions), Listing(50, (), 8_288))  # type: ignore[arg-type]
    assert said(*parts) == f"50 of 8,288 records released to you {words} the map is not narrowed {button}"
