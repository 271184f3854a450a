"""Rates as fills: classes never overlap, and zero, no report and outside are three looks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.answers import FillValues, RegionNode
from layers.msgid import as_written
from layers.regions import FILLS, HATCH, RAMPS, classes, hideout, inside, legend, legend_title, value_words
from layers.symbols import contrast

NODES = (
    RegionNode("LBR", "Liberia", 0, None, None),
    RegionNode("LR01", "Bomi", 1, "LBR", None),
    RegionNode("LR02", "Bong", 1, "LBR", None),
    RegionNode("GIN", "Guinea", 0, None, None),
    RegionNode("GN01", "Boke", 1, "GIN", None),
)


def rates(**values: float | None) -> FillValues:
    """A fill of records per area."""
    return FillValues("records_per_1000_km2", 1, values, "records per 1,000 km²")


@pytest.mark.parametrize("scheme", sorted(RAMPS))
def test_fills_can_be_told_apart(scheme: str) -> None:
    ramp, (ground, lines) = RAMPS[scheme], HATCH[scheme]
    assert all(contrast(one, other) >= 1.5 for one, other in pairwise(ramp))
    assert all(max(contrast(fill, ground), contrast(fill, lines)) >= 3 for fill in ramp)
    assert contrast(ground, lines) >= 3


@given(st.lists(st.floats(0, 1e9), max_size=60))
def test_every_value_has_exactly_one_class(values: list[float]) -> None:
    fill = rates(**{f"r{index}": value for index, value in enumerate(values)})
    cut = classes(fill)
    assert list(cut.breaks) == sorted(set(cut.breaks))
    assert len(cut.breaks) <= 3
    assert all((cut.of(value) == 0) == (value <= 0) for value in values)
    assert all(0 <= cut.of(value) < len(RAMPS["dark"]) for value in values)
    rows = legend(fill, 0, as_written)
    assert sum(row.count for row in rows) == len(values)
    assert len({row.words for row in rows}) == len(rows)


def test_classes_are_said_without_overlap() -> None:
    weeks = FillValues("weeks_since_report", 1, {"a": 0.0, "b": 1.0, "c": 3.0, "d": 30.0, "e": None}, "weeks")
    said = {row.words: row.count for row in legend(weeks, 2, as_written)}
    assert said == {
        "none": 1,
        "under 2": 1,
        "2 – 3": 1,
        "4 – 7": 0,
        "8 and over": 1,
        "no report": 1,
        "outside the filter": 2,
    }


def test_zero_no_report_and_outside_are_three_looks() -> None:
    rows = legend(rates(a=0.0, b=None, c=2.0), 1, as_written)
    assert {row.look for row in rows} == {"zero", "no_report", "outside", "class"}
    told = hideout(rates(LR01=0.0, LR02=None, GN01=2.0), NODES, ("LBR",), as_written)
    assert told["classes"] == {"LR01": 0, "LR02": None}
    assert told["inside"] == ["LBR", "LR01", "LR02"]


def test_a_region_covers_what_lies_in_it() -> None:
    assert inside(NODES, ["LBR@2014-01-01"]) == {"LBR", "LR01", "LR02"}
    assert inside(NODES, ["GN01"]) == {"GN01"}


def test_without_a_choice_nothing_is_dimmed() -> None:
    told = hideout(None, NODES, (), as_written)
    assert told["inside"] is None
    assert told["classes"] == {}
    assert told["parents"] == ["GIN", "LBR"]


def test_values_are_said_with_their_unit() -> None:
    deaths = FillValues("deaths_per_case", 1, {"LR01": 0.456}, "deaths per case")
    assert value_words(deaths, 0.456, as_written) == "45.6 deaths per 100 cases"
    assert value_words(deaths, None, as_written) == "no report"
    assert set(FILLS) == {"deaths_per_case", "records_per_1000_km2", "weeks_since_report"}


def test_the_legend_says_when_districts_have_the_value_of_their_province() -> None:
    plain = rates(LR01=1.0, LR02=2.0)
    assert legend_title(plain, as_written) == "Incidents per 1,000 km²"
    coarse = replace(plain, by_province=frozenset({"LR02", "GN01"}))
    assert legend_title(coarse, as_written) == (
        "Incidents per 1,000 km² (by province where places are coarser)"
    )
    elsewhere = replace(plain, by_province=frozenset({"GN01"}))
    assert legend_title(elsewhere, as_written) == "Incidents per 1,000 km²"
