"""The part of a sheet that is taken: whole rows, each with its line and its fault."""

from __future__ import annotations

import pytest

from data.errors import FileRefused
from data.feeds.sheet import Sheet

ROWS = Sheet(
    "rows.csv",
    {
        "country": ["Mali", "Mali", "Niger"],
        "when": ["1-Jul-13", "2-Aug-14", "3-Sep-14"],
        "what": ["a", "b", "c"],
    },
    [3, 4, 6],
    {2: "a cell more"},
    ("one line was empty",),
)


def test_only_rows_that_match_in_every_column_are_taken() -> None:
    part = ROWS.only({"country": ["Mali", "Niger"], "when": ["*-14"]})
    assert part.columns == {
        "country": ["Mali", "Niger"],
        "when": ["2-Aug-14", "3-Sep-14"],
        "what": ["b", "c"],
    }
    assert part.row_numbers == [4, 6]
    assert part.problems == {1: "a cell more"}
    assert part.notes == ROWS.notes
    assert ROWS.only({"country": ["Chad"]}).rows == 0
    assert ROWS.only({"country": ["mali"]}).rows == 0


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(FileRefused, match=r"rows\.csv has no column 'nation'"):
        ROWS.only({"nation": ["Mali"]})
