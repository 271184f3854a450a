"""Addresses and telephone numbers are found; grant numbers and amounts are not taken for them."""

from __future__ import annotations

import pytest

from data.feeds.free_text import finer_place, forbidden


@pytest.mark.parametrize(
    "text",
    [
        "Call +231 77 123 4567",
        "Focal point: +22462212345",
        "0033 1 42 68 53 00 for details",
        "(020) 7946 0958",
        "555-123-4567 hmm".replace("123", "223"),
        "Tel: 77123456",
        "WhatsApp 0771234567",
        "téléphone 622 12 34 56",
    ],
)
def test_a_telephone_number_is_found(text: str) -> None:
    assert forbidden(text, "exact") == "holds a telephone number"


@pytest.mark.parametrize("text", ["j.doe@relief.example", "to <ops+ebola@a-b.example.org>", "x @ relief.org"])
def test_an_e_mail_address_is_found(text: str) -> None:
    assert forbidden(text, "exact") == "holds an e-mail address"


@pytest.mark.parametrize(
    "text",
    [
        "(Guinea) Small-scale/epid. / Ebola outbreak (ECHO/DRF/BUD/2014/93002)",
        "(46.H.7-4-147)",
        "NH/2014/08 - 3016237",
        "VN05 321.50 SLE 03/14",
        "(26837 (DSH0118706)",
        "donated LE225.000.000 (USD 50.000)",
        "60 million 2014-2016 grant",
        "2760-00/2014",
        "USD 1,986,025 + 593,997",
        "week 2014-09-08 to 2014-09-15",
        "MSF @ Foya",
        "a cell of 400 beds",
    ],
)
def test_numbers_of_grants_amounts_and_dates_are_not(text: str) -> None:
    assert forbidden(text, "exact") == ""


@pytest.mark.parametrize("text", ["at 6.8673, -10.8309", "8°24'30 N", "29PKL 1234 5678"])
def test_a_position_is_refused_only_where_the_label_is_coarser(text: str) -> None:
    assert forbidden(text, "exact") == ""
    assert forbidden(text, "adm2") == "holds a position, finer than the label allows (adm2)"


def test_a_decimal_number_is_no_position() -> None:
    assert forbidden("3.5 tonnes, 1.25 million", "adm1") == ""


@pytest.mark.parametrize(
    ("level", "held"),
    [("exact", ""), ("adm2", "location_name"), ("adm1", "location_name"), ("adm0", "location_name")],
)
def test_a_text_that_names_the_site_is_finer_than_its_label(level: str, held: str) -> None:
    places = {"location_name": "Foya Clinic", "adm2_name": "Foya", "adm1_name": "Lofa", "country_iso3": "LBR"}
    said = finer_place("supplies for foya clinic arrived", level, places)
    assert said == (f"names its {held}, finer than the label allows ({level})" if held else "")


@pytest.mark.parametrize(
    ("text", "level", "is_held"),
    [
        ("in Foya", "adm2", False),
        ("in Foya", "adm1", True),
        ("in LR0101", "adm1", True),
        ("in Lofa", "adm1", False),
        ("in Lofa", "adm0", True),
        ("Foyan people", "adm1", False),
        ("it is in the north", "adm1", False),
    ],
)
def test_names_of_regions_below_the_level_are_finer(text: str, level: str, is_held: bool) -> None:
    places = {"adm2_name": "Foya", "adm2_pcode": "LR0101", "adm1_name": "Lofa", "location_name": "the"}
    assert bool(finer_place(text, level, places)) is is_held
