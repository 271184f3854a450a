"""Headline figures in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from data.answers import Total
from layers.msgid import as_written
from layers.totals import display, figure_and_unit, grouped, headlines


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (16058, "persons", ("16,058", "persons")),
        (1_398_849_665, "USD", ("1.40", "bn USD")),
        (219_600_000, "USD", ("219.6", "m USD")),
        (999_949_999, "USD", ("999.9", "m USD")),
        (12_345_678, "USD", ("12.3", "m USD")),
        (99_960_000, "USD", ("100.0", "m USD")),
        (999_960_000, "USD", ("1.00", "bn USD")),
        (950_000, "USD", ("950,000", "USD")),
        (0, "events", ("0", "events")),
        (float("nan"), "events", ("–", "events")),
    ],
)
def test_figures_are_written_in_full_and_money_in_round_units(value: float, unit: str, shown: object) -> None:
    assert figure_and_unit(value, unit, as_written) == shown


def test_change_is_neutral_and_in_words() -> None:
    more = display(Total("events", 427, "events", before=382), as_written)
    assert more.change == "▲ 45 more than in the period before (12 %)"
    fewer = display(Total("events", 10, "events", before=20), as_written)
    assert fewer.change == "▼ 10 fewer than in the period before (50 %)"
    assert (
        display(Total("events", 5, "events", before=5), as_written).change
        == "= as many as in the period before"
    )
    assert display(Total("events", 5, "events"), as_written).change == ""
    assert "%" not in display(Total("events", 5, "events", before=0), as_written).change


def test_unverified_share_is_said() -> None:
    assert (
        display(Total("events", 212, "events", unverified=61), as_written).unverified
        == "of which 61 unverified"
    )
    assert display(Total("events", 212, "events"), as_written).unverified == ""


def test_pledged_stands_apart_from_committed() -> None:
    total = Total("committed", 1_398_849_665, "USD", note_id="pledged_apart", note_value=140_434_012)
    shown = display(total, as_written)
    assert shown.note == "140.4 m USD more pledged, counted apart"
    assert shown.exact == "1,398,849,665 USD"


def test_notes_carry_their_figure() -> None:
    total = Total(
        "cumulative_cases",
        27650,
        "persons",
        note_id="areas",
        note_value=60,
        as_of=datetime(2014, 11, 24, tzinfo=UTC),
    )
    shown = display(total, as_written)
    assert shown.title == "Cumulative cases"
    assert shown.note == "last figure of each of 60 areas, added"
    assert shown.as_of == "reports up to 24 Nov 2014"


def test_unknown_ids_are_named_readably() -> None:
    assert display(Total("beds_free", 3, "beds"), as_written).title == "Beds free"


def test_headlines_keep_their_order() -> None:
    assert [h.id for h in headlines((Total("b", 1, ""), Total("a", 2, "")), as_written)] == ["b", "a"]
    assert grouped(1234.56, as_written) == "1,235"
    assert grouped(2.55, as_written) == "2.5"
