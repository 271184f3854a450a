"""The legend shows what is on the map, and nothing else."""

from __future__ import annotations

from data.answers import Mark, Marks
from layers.base import LAYERS_BY_ID
from layers.legend import layer_legend
from layers.msgid import as_written
from layers.sizes import AREA_MOST, LEAST_TOP_OF_COUNTS, SizeScale, nice_ceiling, size_scale

INCIDENTS = LAYERS_BY_ID["incidents"]


def test_variants_appear_only_when_drawn() -> None:
    plain = Marks("incidents", (Mark("point", "1", 1, 1),), 1, 0)
    assert layer_legend(INCIDENTS, plain, "dark", as_written).variants == ()
    doubted = Marks(
        "incidents", (Mark("point", "1", 1, 1, unverified=1), Mark("point", "2", 1, 2, disputed=1)), 2, 0
    )
    said = [row.words for row in layer_legend(INCIDENTS, doubted, "dark", as_written).variants]
    assert said == ["unverified", "disputed"]


def test_police_are_told_from_military() -> None:
    marks = Marks("military", (Mark("point", "1", 1, 1, category="police"),), 1, 0)
    said = [row.words for row in layer_legend(LAYERS_BY_ID["military"], marks, "dark", as_written).variants]
    assert said == ["police"]


def test_records_without_a_place_are_said() -> None:
    legend = layer_legend(
        INCIDENTS, Marks("incidents", (), 5, 1234), "dark", as_written, ["partner", "sector"]
    )
    assert legend.notes[0].startswith("1,234 without a place on the map")
    assert len(legend.notes) == 3


def test_size_legend_has_round_figures_largest_first() -> None:
    marks = Marks("incidents", (Mark("area", "a", 1, 1, value=4010.0),), 1, 0, metric="cumulative_cases")
    legend = layer_legend(INCIDENTS, marks, "dark", as_written)
    assert [row.words for row in legend.sizes] == ["5,000", "1,000", "100"]
    assert legend.sizes_title == "Cumulative cases, one an area"
    diameters = [row.diameter for row in legend.sizes]
    assert diameters == sorted(diameters, reverse=True)


def test_the_head_of_a_size_legend_begins_with_a_capital_whatever_it_is_of() -> None:
    for layer in ("incidents", "military", "presence"):
        marks = Marks(layer, (Mark("area", "a", 1, 1, value=40.0),), 1, 0)
        title = layer_legend(LAYERS_BY_ID[layer], marks, "dark", as_written).sizes_title
        assert title == f"{LAYERS_BY_ID[layer].noun_key.capitalize()}, one an area"


def test_the_size_legend_is_of_the_scale_that_the_marks_are_drawn_by() -> None:
    small = Marks("incidents", (Mark("area", "a", 1, 1, value=800.0),), 1, 0, metric="cumulative_cases")
    large = SizeScale(2_000, "cumulative_cases")
    said = layer_legend(INCIDENTS, small, "dark", as_written, scale=large).sizes
    assert [row.words for row in said] == ["2,000", "500", "50"]
    nothing = Marks("incidents", (), 0, 0)
    assert layer_legend(INCIDENTS, nothing, "dark", as_written, scale=large).sizes == ()


def test_a_layer_that_is_off_has_its_own_row_alone() -> None:
    legend = layer_legend(INCIDENTS, None, "light", as_written)
    assert (legend.title, legend.variants, legend.sizes, legend.notes) == (
        "Incidents and reports",
        (),
        (),
        (),
    )


def test_symbols_are_proportional_by_area() -> None:
    scale = SizeScale(100.0)
    assert scale.diameter(100) == AREA_MOST
    assert scale.diameter(25) == AREA_MOST / 2
    assert [nice_ceiling(value) for value in (0, 1, 1.1, 4010, 0.03, 1000)] == [1, 1, 2, 5000, 0.05, 1000]
    unknown = Marks("incidents", (Mark("area", "a", 1, 1, count=9),), 9, 0, metric="cases")
    assert size_scale(unknown) == SizeScale(LEAST_TOP_OF_COUNTS, "")
