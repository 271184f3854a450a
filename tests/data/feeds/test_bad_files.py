"""Bad input: one clear sentence each, nothing published."""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import FileRefused, HomeError
from data.feeds.ingest import IngestOptions, ingest
from data.home import Home
from data.lake import LakeWriter
from tests.data.feeds.fake_lake import LABEL, FakeLake, as_csv, event, events, presence, presences, take


def refusal(lake: FakeLake, home: Home, content: bytes, **different: object) -> str:
    with pytest.raises(FileRefused) as refused:
        take(lake, home, events(**different), content)
    assert not lake.publications
    return str(refused.value)


@pytest.mark.parametrize("content", [b"", b" \n\r\n"])
def test_an_empty_file_is_refused(lake: FakeLake, home: Home, content: bytes) -> None:
    assert refusal(lake, home, content).startswith("The file events.csv is empty.")


def test_a_header_without_rows_is_refused(lake: FakeLake, home: Home) -> None:
    header = as_csv([event(1)]).splitlines()[0]
    assert "holds a header and no rows" in refusal(lake, home, header)


def parquet(tmp_path: Path) -> bytes:
    path = tmp_path / "events.parquet"
    pq.write_table(pa.Table.from_pylist([event(number) for number in range(50)]), path)
    return path.read_bytes()


def test_a_whole_parquet_file_is_read(lake: FakeLake, home: Home, tmp_path: Path) -> None:
    assert take(lake, home, events(), parquet(tmp_path)).new == 50


@pytest.mark.parametrize("kept", [4, 100, -1])
def test_a_truncated_parquet_file_is_refused(lake: FakeLake, home: Home, tmp_path: Path, kept: int) -> None:
    assert "truncated or damaged" in refusal(lake, home, parquet(tmp_path)[:kept])


def test_a_wrong_encoding_is_refused_with_its_line(lake: FakeLake, home: Home) -> None:
    content = as_csv([event(1), event(2, name="Île de la Gonâve")]).decode().encode("latin-1")
    said = refusal(lake, home, content)
    assert "is not UTF-8: byte 0xCE in line 3" in said
    assert "Save the file as UTF-8" in said


def test_utf_16_is_refused_by_name(lake: FakeLake, home: Home) -> None:
    assert "written in UTF-16" in refusal(lake, home, as_csv([event(1)]).decode().encode("utf-16"))


def test_a_byte_order_mark_is_no_fault(lake: FakeLake, home: Home) -> None:
    assert take(lake, home, events(), b"\xef\xbb\xbf" + as_csv([event(1)])).new == 1


def test_a_file_that_breaks_off_in_a_quote_is_refused(lake: FakeLake, home: Home) -> None:
    content = as_csv([event(1), event(2)])[:-20]
    assert "breaks off or is not CSV" in refusal(lake, home, content)


def test_a_missing_column_is_named_with_those_that_are_there(lake: FakeLake, home: Home) -> None:
    rows = [{name: text for name, text in event(1).items() if name != "injured"}]
    said = refusal(lake, home, as_csv(rows))
    assert "has no column 'injured', which the recipe events needs" in said
    assert "id, name, from, to, text, checked" in said


def test_two_columns_of_one_name_are_refused(lake: FakeLake, home: Home) -> None:
    assert "two columns called 'id'" in refusal(lake, home, b"id,id\n1,2\n")


def test_a_blank_header_is_not_taken_for_a_column_of_its_number(lake: FakeLake, home: Home) -> None:
    assert "two columns called 'column 2'" in refusal(lake, home, b"column 2,\n1,2\n")


def test_a_file_of_very_many_columns_is_refused_at_once(lake: FakeLake, home: Home, tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(100_000)]
    began = time.monotonic()
    said = refusal(lake, home, ",".join(names).encode() + b"\n" + b"x," * 99_999 + b"x\n")
    assert "events.csv has 100,000 columns; at most 2,000 are taken." in said
    assert time.monotonic() - began < 10
    pq.write_table(pa.table({name: ["x"] for name in names[:2_001]}), tmp_path / "wide.parquet")
    assert "has 2,001 columns" in refusal(lake, home, (tmp_path / "wide.parquet").read_bytes())


@pytest.mark.parametrize("day", ["1911-01-01", "2088-12-31"])
def test_the_first_and_the_last_year_are_taken(lake: FakeLake, home: Home, day: str) -> None:
    assert take(lake, home, events(), [event(1, from_=day)]).new == 1


def test_an_unknown_originator_is_refused(lake: FakeLake, home: Home) -> None:
    with pytest.raises(FileRefused, match=r"originator 'XAZ' .* is not a registered partner. Registered are"):
        take(lake, home, events(), [event(1)], IngestOptions(originator="XAZ"))


@pytest.mark.parametrize("missing", ["originator", "policy_id", "classification"])
def test_a_missing_label_is_refused(lake: FakeLake, home: Home, missing: str) -> None:
    label = {name: value for name, value in LABEL.items() if name != missing}
    said = refusal(lake, home, as_csv([event(1)]), label=label)
    assert "comes without a label" in said
    assert f"say the {missing}" in said


def test_a_level_that_the_policy_does_not_know_is_refused(lake: FakeLake, home: Home) -> None:
    with pytest.raises(FileRefused, match=r"label of the file .* classification is 'SECRET'"):
        take(lake, home, events(), [event(1)], IngestOptions(level="SECRET"))


def some_bad(bad: int) -> list[dict[str, str]]:
    return [event(number, **({"injured": "many"} if number < bad else {})) for number in range(100)]


def test_twenty_per_cent_bad_rows_are_held_back(lake: FakeLake, home: Home) -> None:
    report = take(lake, home, events(), some_bad(20))
    assert (report.read, report.new, report.quarantined) == (100, 80, 20)
    assert lake.publications[0].quarantined.num_rows == 20


def test_twenty_one_per_cent_bad_rows_refuse_the_file(lake: FakeLake, home: Home) -> None:
    said = refusal(lake, home, as_csv(some_bad(21)))
    assert "21 of the 100 rows of events.csv (21%) cannot be taken, more than 20%" in said
    assert "21 × injured: 'many' is not a number" in said


def good_and(*bad: dict[str, str]) -> list[dict[str, str]]:
    return [event(number) for number in range(1, 20)] + list(bad)


@pytest.mark.parametrize(
    ("different", "reason"),
    [
        ({"injured": "n/k"}, "injured: 'n/k' is not a number"),
        ({"injured": "2.5"}, "injured: '2.5' is not a whole number"),
        ({"injured": "-3"}, "injured: -3 is less than 0"),
        ({"injured": "nan"}, "injured: 'nan' is not a number"),
        ({"injured": "99999999999"}, "injured: '99999999999' is too large"),
        ({"from_": "2026-02-30"}, "from: '2026-02-30' is not a date that exists, written as YYYY-MM-DD"),
        ({"from_": "30/02/2026"}, "is not a date that exists"),
        ({"from_": "0214-09-01"}, "lies outside the years 1911 to 2088"),
        ({"from_": "1910-12-31"}, "lies outside the years 1911 to 2088"),
        ({"from_": "2089-01-01"}, "lies outside the years 1911 to 2088"),
        ({"from_": "2100-01-01"}, "lies outside the years 1911 to 2088"),
        ({"from_": "2026-09-\u0660\u0661"}, "is not a date that exists"),
        ({"injured": "\u0666"}, "injured: '\u0666' is not a number"),
        ({"lat": "\u0666"}, "position: '\u0666' is not a number"),
        ({"lat": "\uff16.3"}, "position: '\uff16.3' is not a number"),
        ({"id": ""}, "its key (id) is not said"),
        ({"from_": ""}, "start_at is not said"),
        ({"to": "2026-08-31"}, "end_at (2026-08-31) comes before start_at (2026-09-01)"),
        ({"listed": "soon"}, "listed: 'soon' is not a date"),
        ({"checked": "maybe"}, "checked: 'maybe' is not one of yes, no"),
        ({"lat": "96.3"}, "position: latitude 96.3 is not between -90 and 90"),
        ({"lon": "-190"}, "position: longitude -190 is not between -180 and 180"),
        ({"lon": ""}, "position: the longitude is missing where the other is given"),
        ({"lat": "0", "lon": "0.0"}, "position: 0, 0 stands for a position that is not known"),
        ({"lat": "6°20"}, "position: '6°20' is not a number"),
        ({"text": "Call Jo on +231 77 123 4567"}, "description holds a telephone number"),
        ({"text": "write to jo.x@relief.example"}, "description holds an e-mail address"),
    ],
)
def test_a_bad_record_is_held_back_with_its_reason(
    lake: FakeLake, home: Home, different: dict[str, str], reason: str
) -> None:
    report = take(lake, home, events(), good_and(event(99, **different)))
    assert (report.read, report.new, report.quarantined) == (20, 19, 1)
    held = report.files[0].held[0]
    assert held.number == 21
    assert reason in held.reason
    stored = lake.publications[0].quarantined.to_pylist()[0]
    assert stored["reason"] == held.reason
    assert stored["row_number"] == 21
    assert '"listed": ' in stored["values"]


def test_a_row_of_another_length_is_held_back(lake: FakeLake, home: Home) -> None:
    report = take(lake, home, events(), as_csv(good_and()) + b"E99,too,short\n")
    assert report.quarantined == 1
    assert "the row has 3 fields where the header has 12" in report.files[0].held[0].reason


def test_the_same_id_with_other_content_holds_both_back(lake: FakeLake, home: Home) -> None:
    report = take(lake, home, events(), good_and(event(1, name="Another flood")))
    assert (report.new, report.quarantined) == (18, 2)
    assert [held.number for held in report.files[0].held] == [2, 21]
    assert "the id E1 stands 2 times with different content (rows 2, 21)" in report.files[0].held[0].reason


def test_an_identical_row_is_one_fact(lake: FakeLake, home: Home) -> None:
    report = take(lake, home, events(), good_and(event(1)))
    assert (report.read, report.new, report.duplicate, report.quarantined) == (20, 19, 1, 0)


def test_identical_rows_are_several_facts_where_the_recipe_says_so(lake: FakeLake, home: Home) -> None:
    rows = [presence("Foya", "MSF", "2026-09-01")] * 3
    report = take(lake, home, presences(), rows)
    assert report.new == 3
    assert len({row["record_id"] for row in lake.rows("deployments")}) == 3


def test_a_file_that_is_not_there_is_refused(home: Home, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"nowhere.csv cannot be read: No such file"):
        ingest(home, "ebola-cases", [tmp_path / "nowhere.csv"])


def test_of_two_files_a_refused_one_leaves_nothing_of_the_other(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    columns = "week_date,Country,Region,NewCases,NewDeaths,CumulativeCases,CumulativeDeaths"
    columns += ",NewConfirmedCases,CumulativeConfirmedCases,MortalityRate,PCodeAdmin1,PCodeUse\n"
    (tmp_path / "good.csv").write_text(columns + "2014-04-07,Guinea,Boffa,0,0,0,0,,,,GIN001,GIN001001\n")
    (tmp_path / "bad.csv").write_text("")
    with pytest.raises(FileRefused, match=r"bad\.csv is empty"):
        ingest(home, "ebola-cases", [tmp_path / "good.csv", tmp_path / "bad.csv"])
    with LakeWriter(home) as lake:
        assert lake.newest_rows("incidents").num_rows == 0
        assert lake.deliveries("ebola-cases") == []


def test_a_dry_run_reports_and_writes_nothing(lake: FakeLake, home: Home) -> None:
    report = take(lake, home, events(), [event(1)], IngestOptions(dry_run=True))
    assert (report.new, report.dry_run, lake.publications) == (1, True, [])
    assert not report.files[0].published


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    with pytest.raises(HomeError, match="is a file"):
        Home.open(tmp_path / "home")
