"""What leaves as rows: only what may be in a file, the label on every row, one marking, no formula."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import extract as extracts
from data.clock import fixed_clock
from data.errors import ExtractRefused
from data.extract import FORMULA, Extract, cell, csv_extract
from data.filters import Filter
from data.labels import Label
from data.lake import LakeWriter
from data.listing import Order, Wanted
from data.released import Released
from data.schema import INCIDENTS
from data.store import Store
from tests.factories import NOW, OPEN_TO_ALL, T0, a_home, a_publication, a_row

LAYERS = ("incidents",)
COLUMNS = ("layer", "title", "start_at", "deaths_best", "releasable_to", "no such column")
ON_SCREEN = Label("XAA", "TEST", "OPEN", releasable_to=("XAC",), display_only_to=("XAB",))
FOR_TWO = Label("XAA", "TEST", "OPEN", releasable_to=("XAB", "XAC"), tlp="AMBER")


def extracted(tmp_path: Path, *rows: tuple[Label, dict[str, object]], who: str = "borland") -> Extract:
    labels = tuple(dict.fromkeys(label for label, _changes in rows))
    made = [
        a_row(
            INCIDENTS, number, **{"originator": label.originator, "label_id": labels.index(label), **changes}
        )
        for number, (label, changes) in enumerate(rows, 1)
    ]
    home = a_home(tmp_path)
    with LakeWriter(home) as lake:
        lake.publish(a_publication(INCIDENTS, made, labels))
    store = Store(home, fixed_clock(NOW))
    try:
        return told(store.released_to(store.policy().viewer(who), "file"))
    finally:
        store.close()


def told(released: Released) -> Extract:
    return csv_extract(released, Filter(), Wanted(LAYERS, (Order("record_id"),)), COLUMNS)


def read(extract: Extract) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(extract.content.decode(), newline="")))


def test_each_row_says_its_label_its_marking_and_under_what_it_came(tmp_path: Path) -> None:
    made = extracted(tmp_path, (FOR_TWO, {"title": "A bridge, closed"}), (OPEN_TO_ALL, {"deaths_best": 0}))
    first, second = read(made)
    assert (first["record_id"], first["title"]) == ("XAA:test:1", "A bridge, closed")
    assert first["start_at"] == (T0 + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert (first["deaths_best"], second["deaths_best"]) == ("", "0")
    assert (first["classification"], first["tlp"], second["tlp"]) == ("OPEN", "AMBER", "")
    assert first["releasable_to"] == "XAB"  # of the list only what is the reader's own
    assert "AMBER" in made.marking
    assert {row["marking"] for row in (first, second)} == {made.marking}
    assert {row["extract_id"] for row in (first, second)} == {made.id}
    assert first["released_under"]
    assert made.agreements == (first["released_under"],)
    assert made.record_ids == ("XAA:test:1", "XAA:test:2")
    assert (made.rows, sum(made.labels.values())) == (2, 2)


def test_what_may_only_be_looked_at_is_in_no_file(tmp_path: Path) -> None:
    made = extracted(tmp_path, (OPEN_TO_ALL, {}), (ON_SCREEN, {"title": "On screen only"}))
    assert [row["record_id"] for row in read(made)] == ["XAA:test:1"]
    assert "On screen only" not in made.content.decode()


def test_a_file_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused, match="None of the records"):
        extracted(tmp_path, (ON_SCREEN, {}))


def test_rows_whose_recipients_have_nobody_in_common_do_not_leave_together(tmp_path: Path) -> None:
    for_group = Label("XAA", "TEST", "OPEN", releasable_to=("XGR",))
    for_one = Label("XAB", "TEST", "OPEN", releasable_to=("XAC",))
    with pytest.raises(ExtractRefused, match="nobody in common") as refused:
        extracted(tmp_path / "both", (for_group, {}), (for_one, {}), who="cordia")
    assert "XAA, XAB" in str(refused.value)
    assert extracted(tmp_path / "one", (for_group, {}), who="cordia").rows == 1


def test_too_many_rows_or_bytes_are_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(OPEN_TO_ALL, {})] * 3
    monkeypatch.setattr(extracts, "MOST_ROWS", 2)
    with pytest.raises(ExtractRefused, match="3 records are too many"):
        extracted(tmp_path / "rows", *rows)
    monkeypatch.setattr(extracts, "MOST_ROWS", 3)
    monkeypatch.setattr(extracts, "MOST_BYTES", 300)
    with pytest.raises(ExtractRefused, match="larger"):
        extracted(tmp_path / "bytes", *rows)


def test_rows_come_in_the_order_asked_for_over_several_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.listing.PART", 7)
    made = extracted(tmp_path, *[(OPEN_TO_ALL, {})] * 30)
    ids = [row["record_id"] for row in read(made)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 30


@given(st.text(max_size=40), st.sampled_from(["", *FORMULA]))
def test_no_text_begins_as_a_formula(text: str, start: str) -> None:
    assert not cell(start + text).startswith(FORMULA)
    assert cell(start + text).removeprefix("'").removeprefix("'") == (start + text).removeprefix("'")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (-3.5, "-3.5"),
        (True, "true"),
        (["a", "b"], "a;b"),
        (("=1",), "'=1"),
        (("a", "=1"), "a;'=1"),
        ("x;+1", "x;'+1"),
        ("\uff1d1", "'\uff1d1"),
        (NOW, "2026-09-30T12:00:00Z"),
    ],
)
def test_cells(value: object, said: str) -> None:
    assert cell(value) == said
