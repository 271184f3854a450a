"""The timeline's figure: honest about what is incomplete and what must not be added."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from data.answers import Series, Timeline, TimelineRow
from layers.charts import Period
from layers.msgid import as_written
from layers.symbols import Scheme
from layers.timeline import empty_figure, figure

START = datetime(2026, 8, 20, tzinfo=UTC)
STARTS = tuple(START + timedelta(days=n) for n in range(4))


Picture = dict[str, dict]  # type: ignore[type-arg]


def drawn(
    *rows: TimelineRow, until: datetime | None = None, chosen: Period | None = None, days: float = 1.0
) -> Picture:
    """The figure of some rows."""
    timeline = Timeline(STARTS, days, rows, until or STARTS[-1] + timedelta(days=days))
    return cast(Picture, figure(timeline, chosen, "dark", as_written))


def row(*names: str, metric: str = "", windows_overlap: bool = False) -> TimelineRow:
    """A row of incidents with a series for each name."""
    return TimelineRow(
        "incidents", tuple(Series(name, (1.0, 2.0, 3.0, 4.0)) for name in names), metric, windows_overlap
    )


def texts(picture: Picture) -> str:
    return " ".join(note["text"] for note in picture["layout"]["annotations"])


def test_bars_are_stacked_by_category_in_the_layer_s_order() -> None:
    picture = drawn(row("flood", "storm"))
    assert [trace["name"] for trace in picture["data"]] == ["storm", "flood"]
    assert picture["layout"]["barmode"] == "stack"
    assert json.loads(json.dumps(picture))["data"][0]["y"] == [1, 2, 3, 4]


def test_each_row_has_its_own_axis_over_one_time() -> None:
    picture = drawn(row("storm"), TimelineRow("deliveries", (Series("arrived", (1.0,) * 4),)))
    assert {trace["yaxis"] for trace in picture["data"]} == {"y", "y2"}
    assert {trace["xaxis"] for trace in picture["data"]} == {"x"}
    upper, lower = (picture["layout"][axis]["domain"] for axis in ("yaxis", "yaxis2"))
    assert 0 <= lower[0] < lower[1] < upper[0] < upper[1] <= 1


def test_a_bin_beyond_what_is_known_is_hatched() -> None:
    picture = drawn(row("storm"), until=STARTS[2] + timedelta(hours=6))
    assert picture["data"][0]["marker"]["pattern"]["shape"] == ["", "", "/", "/"]
    assert "pattern" not in drawn(row("storm"))["data"][0]["marker"]


def test_what_a_look_of_a_bar_means_is_said_where_there_is_one() -> None:
    assert "▨ not over yet" in texts(drawn(row("storm"), until=STARTS[2] + timedelta(hours=6)))
    corrected = TimelineRow("incidents", row("storm").series, revised=(0, 1, 0, 0))
    assert "◇ corrected since" in texts(drawn(corrected))
    assert "▨" not in texts(drawn(row("storm")))
    assert "◇" not in texts(drawn(row("storm")))


@pytest.mark.parametrize("most", [0.0, 1.0, 3.0])
def test_no_axis_has_halves_of_what_is_counted(most: float) -> None:
    axis = drawn(TimelineRow("incidents", (Series("storm", (0.0, 0.0, 0.0, most)),)))["layout"]["yaxis"]
    assert axis["dtick"] == 1
    assert axis["range"][1] >= most


def test_overlapping_windows_are_named_in_the_title() -> None:
    picture = drawn(row("Guinea", metric="new_cases", windows_overlap=True), days=7.0)
    assert "New cases reported per week (windows overlap: bars are not to be added)" in texts(picture)
    assert "not to be added" not in texts(drawn(row("storm")))


def test_the_period_is_shaded_and_clipped_to_the_bins() -> None:
    far = datetime(1999, 1, 1, tzinfo=UTC)
    shapes = drawn(row("storm"), chosen=(far, STARTS[1]))["layout"]["shapes"]
    box = next(shape for shape in shapes if shape["type"] == "rect")
    assert (box["x0"], box["x1"]) == ("2026-08-20 00:00:00", "2026-08-21 00:00:00")
    assert not [s for s in drawn(row("storm"))["layout"]["shapes"] if s["type"] == "rect"]
    open_ended = drawn(row("storm"), chosen=(None, None))["layout"]["shapes"]
    assert len(open_ended) == 2


def test_knowledge_time_ends_the_axis() -> None:
    until = STARTS[-1] + timedelta(days=3)
    picture = drawn(row("storm"), until=until)
    assert picture["layout"]["xaxis"]["range"][1] == "2026-08-26 00:00:00"
    assert "known until 26 Aug" in texts(picture)


def test_more_categories_than_colours_become_other() -> None:
    names = [f"kind_{n}" for n in range(12)]
    picture = drawn(row(*names))
    assert len(picture["data"]) == 8
    assert picture["data"][-1]["name"] == "other"
    assert sum(sum(trace["y"]) for trace in picture["data"]) == 12 * 10


def test_names_from_data_are_escaped() -> None:
    hostile = "<a href='javascript:1'>x</a>"
    picture = drawn(row("storm", hostile))
    assert "<a" not in json.dumps(picture)
    assert "&lt;a" in json.dumps(picture)


def test_what_is_not_a_number_counts_as_nothing() -> None:
    picture = drawn(TimelineRow("incidents", (Series("storm", (float("nan"), 1.0, float("inf"), 2.0)),)))
    assert json.loads(json.dumps(picture, allow_nan=False))["data"][0]["y"] == [0, 1, 0, 2]


def test_brush_is_along_time_only_and_keeps_no_state() -> None:
    layout = drawn(row("storm"), chosen=(STARTS[0], STARTS[1]))["layout"]
    assert (layout["dragmode"], layout["selectdirection"]) == ("select", "h")
    assert "selections" not in layout
    # With a transition, even of no duration, plotly takes a short way at the first bars and breaks on it.
    assert "transition" not in layout
    other = drawn(row("storm"), chosen=(STARTS[1], STARTS[2]))["layout"]
    assert layout["uirevision"] == other["uirevision"]
    assert layout["selectionrevision"] != other["selectionrevision"]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_an_empty_timeline_says_so(scheme: Scheme) -> None:
    assert "No layer is on" in texts(cast(Picture, empty_figure("No layer is on", scheme)))
    nothing = cast(Picture, figure(Timeline((), 1.0, (), START), None, scheme, as_written))
    assert "Nothing found" in texts(nothing)
    assert not nothing["data"]


def test_figures_that_were_corrected_carry_a_mark() -> None:
    starts = tuple(datetime(2014, 9, 1, tzinfo=UTC) + timedelta(weeks=n) for n in range(3))
    row = TimelineRow("incidents", (Series("GIN", (5.0, 7.0, 0.0)),), "new_cases", True, (0, 4, 0))
    drawn = figure(Timeline(starts, 7.0, (row,), starts[-1] + timedelta(weeks=1)), None, "dark", as_written)
    marks = [trace for trace in drawn["data"] if trace["type"] == "scatter"]  # type: ignore[index, union-attr]
    assert [mark["customdata"] for mark in marks] == [[4]]
    assert marks[0]["y"] == [7.0]
    plain = Timeline(starts, 7.0, (TimelineRow("incidents", row.series, "new_cases", True),), starts[-1])
    assert not [t for t in figure(plain, None, "dark", as_written)["data"] if t["type"] == "scatter"]  # type: ignore[index, union-attr]
