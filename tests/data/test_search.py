"""Search: names however they are spelt, codes, and records within what is released, never a trace others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from data.clock import fixed_clock
from data.filters import Filter
from data.labels import Label
from data.released import Released
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS
from data.search import MOST_FOUND, Found, search
from data.search_text import MOST_CHARACTERS, SearchText
from data.store import Store
from tests.factories import NOW, T0, a_home, a_publication, a_row, publish

KNOWN = {"ingested_at": T0, "received_at": T0, "start_at": T0}
LABELS = (Label("XAA", "TEST", "OPEN", ("PUBLIC",)), Label("XAA", "TEST", "OPEN", ("XAB",)))
OPEN, FOR_BORLAND = 0, 1
INCIDENT_ROWS = (
    a_row(INCIDENTS, 1, **KNOWN, title="Bridge at Río Claro down", label_id=OPEN),
    a_row(INCIDENTS, 2, **KNOWN, title="Convoy stopped at Zephyrtown", label_id=FOR_BORLAND),
    a_row(INCIDENTS, 3, **KNOWN, title="Flood", location_name="Zephyrtown market", label_id=FOR_BORLAND),
    a_row(INCIDENTS, 4, **KNOWN, title="Flood", source_org="Zephyr Engineers", label_id=OPEN),
)


def wanted(text: object) -> SearchText:
    found = SearchText.of(text)
    assert found is not None
    return found


def a_store(folder: Path, incidents: Sequence[Mapping[str, object]]) -> Store:
    home = a_home(folder)
    home.secret_file.write_bytes(b"one secret, so that opaque ids agree")
    publish(home, a_publication(INCIDENTS, incidents, LABELS))
    publish(home, a_publication(DEPLOYMENTS, [a_row(DEPLOYMENTS, 5, **KNOWN, org_name="Zephyr Sappers")]))
    publish(home, a_publication(DELIVERIES, [a_row(DELIVERIES, 6, **KNOWN, donor_name="Zephyr Fund")]))
    return Store(home, fixed_clock(NOW))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = a_store(tmp_path_factory.mktemp("search"), INCIDENT_ROWS)
    yield made
    made.close()


def released_to(store: Store, persona: str) -> Released:
    return store.released_to(store.policy().viewer(persona))


def look(store: Store, text: str, persona: str = "borland") -> Found:
    return search(released_to(store, persona), wanted(text), Filter())


def records(found: Found) -> list[str]:
    return sorted(record.record_id for record in found.records)


def test_a_record_is_found_by_its_id_name_place_and_organisation(store: Store) -> None:
    assert records(look(store, "zephyr")) == [f"XAA:test:{n}" for n in (2, 3, 4, 5, 6)]
    assert records(look(store, "XAA:test:3")) == ["XAA:test:3"]
    assert records(look(store, "rio claro")) == records(look(store, "RÍO CLARO")) == ["XAA:test:1"]
    assert records(look(store, "rio'; drop")) == []
    assert records(look(store, "%%")) == []


def test_what_is_not_released_is_never_found(store: Store) -> None:
    assert records(look(store, "zephyrtown", "aldara")) == ["XAA:test:2", "XAA:test:3"]
    assert records(look(store, "zephyrtown", "cordia")) == []
    assert records(look(store, "XAA:test:2", "cordia")) == []


def test_what_is_not_released_changes_nothing_in_the_answer(store: Store, tmp_path: Path) -> None:
    less = a_store(tmp_path, [row for row in INCIDENT_ROWS if row["label_id"] == OPEN])
    for text in ("zephyr", "zephyrtown", "XAA:test", "flood", "convoy", "st", "haiti"):
        for persona in ("cordia", "dunmark"):
            assert look(store, text, persona) == look(less, text, persona), (text, persona)
    assert look(store, "zephyr", "borland") != look(less, "zephyr", "borland")
    less.close()


def test_a_withheld_title_is_not_found_by(store: Store) -> None:
    """Dunmark is given the province: titles, places and the id itself are withheld."""
    for text in ("rio claro", "bridge", "XAA:test:1", "zephyr eng"):
        found = look(store, text, "dunmark").records
        assert all(not record.title and record.latitude is None for record in found), text
    assert look(store, "rio claro", "dunmark").records == ()


def test_a_record_that_was_not_known_then_is_not_found(store: Store) -> None:
    then = Filter(known_at=T0.replace(year=2025))
    assert search(released_to(store, "borland"), wanted("zephyr"), then).records == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [("haiti", "HTI"), ("Haïti", "HTI"), ("HTI", "HTI"), ("allemagne", "DEU"), ("cote divoire", "CIV")],
)
def test_a_country_is_found_by_name_alias_or_code(store: Store, text: str, code: str) -> None:
    assert look(store, text).regions[0].region.code == code


def test_towns_are_found_however_they_are_spelt(store: Store) -> None:
    assert look(store, "nzerekore").places[0].town.name == "Nzérékoré"
    assert look(store, "port au prince").places[0].country == "Haiti"


def test_at_most_twenty_are_found(tmp_path: Path) -> None:
    many = a_store(
        tmp_path, [a_row(INCIDENTS, n, **KNOWN, title=f"San {n}", label_id=OPEN) for n in range(60)]
    )
    found = look(many, "san")
    assert len(found) == MOST_FOUND
    assert found.regions
    assert found.places
    assert found.records
    many.close()


@pytest.mark.parametrize(
    "given", [None, 5, ["haiti"], {"a": 1}, "", " ", "a", "x" * (MOST_CHARACTERS + 1), "a\x00b"]
)
def test_what_is_no_text_to_look_for_asks_nothing(given: object) -> None:
    assert SearchText.of(given) is None


def test_signs_alone_find_no_place(store: Store) -> None:
    found = look(store, "--")
    assert (found.regions, found.places) == ((), ())
