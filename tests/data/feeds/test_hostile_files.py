"""What a file may hold that misleads: each is refused or held back in words, and nothing else is lost."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from dashboard.view import View
from data.errors import FileRefused
from data.feeds.file_form import FileForm
from data.feeds.free_text import forbidden
from data.feeds.ingest import IngestOptions, content_of, ingest_into
from data.feeds.parsed_sheet import parsed_sheet
from data.feeds.report import Report, report_lines
from data.home import Home
from data.parsing import DEFAULT_LIMITS, Limits
from data.regions import Area, country_areas, region_rows
from data.schema import LONGEST_RECORD_ID
from tests.data.feeds.fake_lake import FakeLake, as_csv, event, events, take


def refusal(
    lake: FakeLake, home: Home, content: bytes, name: str = "events.csv", limits: Limits | None = None
) -> str:
    options = IngestOptions(limits=limits or DEFAULT_LIMITS)
    with pytest.raises(FileRefused) as refused:
        ingest_into(lake, home, events(), [(name, content)], options)
    assert not lake.publications
    return str(refused.value)


def rows(*odd: dict[str, str]) -> list[dict[str, str]]:
    """Enough good rows that one odd one does not refuse the file."""
    return [event(number) for number in range(1, 20)] + list(odd)


def as_parquet(records: Sequence[dict[str, str]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(records)), out)
    return out.getvalue()


def held(report: Report) -> str:
    """The reason of the one row that is held back; the nineteen others are taken."""
    assert (report.read, report.new, report.quarantined) == (20, 19, 1)
    return report.files[0].held[0].reason


@pytest.mark.parametrize(("sign", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
def test_another_delimiter_is_named_and_not_guessed(
    lake: FakeLake, home: Home, sign: str, word: str, quoting: int
) -> None:
    text = io.StringIO()
    written = csv.DictWriter(text, list(event(1)), delimiter=sign, quoting=quoting)  # type: ignore[arg-type]
    written.writeheader()
    written.writerows([event(1, lat="6,300", lon="-10,800")])
    assert refusal(lake, home, text.getvalue().encode()) == (
        f"The file events.csv sets its fields apart with {word} (12 in the header); commas are expected."
        " Save it as CSV with commas between fields and points in numbers."
    )


def test_semicolons_within_a_comma_separated_header_are_no_delimiter(lake: FakeLake, home: Home) -> None:
    records = [{**event(1), "how; many; and where": ""}]
    assert take(lake, home, events(), records).new == 1


@pytest.mark.parametrize(
    ("lat", "lon", "swapped"),
    [("-100.8", "6.3", True), ("100", "-10.8", True), ("96.3", "170", False), ("190", "6.3", False)],
)
def test_a_latitude_that_cannot_be_says_what_may_have_happened(
    lake: FakeLake, home: Home, lat: str, lon: str, swapped: bool
) -> None:
    reason = held(take(lake, home, events(), rows(event(99, lat=lat, lon=lon))))
    assert f"position: latitude {float(lat):g} is not between -90 and 90" in reason
    assert ("latitude and longitude may be swapped" in reason) == swapped


def test_a_position_that_lies_in_its_country_only_the_other_way_round_is_held_back(
    lake: FakeLake, home: Home
) -> None:
    reason = held(take(lake, home, events(), rows(event(99, lat="-10.8", lon="6.3"))))
    assert reason == (
        "position: -10.8, 6.3 lies far from LBR; the other way round it lies there:"
        " latitude and longitude may be swapped"
    )


def test_a_position_that_lies_in_its_region_only_the_other_way_round_is_held_back(home: Home) -> None:
    lofa = Area("LR08", "Lofa", 1, "LBR", "LBR", shapely.box(-10.7, 7.2, -9.4, 8.6))
    lake = FakeLake(region_rows([lofa, *country_areas(["LBR"])], date(2014, 1, 1)))
    good = [event(number, region="Lofa", lat="8.0", lon="-10.0") for number in range(1, 20)]
    # beside Lofa but not far: a map may be wrong by as much, and the record is taken as it came
    near = event(50, region="Lofa", lat="7.0", lon="-10.9")
    report = take(lake, home, events(), [*good, near, event(99, region="Lofa", lat="-10.0", lon="8.0")])
    assert (report.new, report.quarantined) == (20, 1)
    assert (
        "position: -10, 8 lies far from Lofa; the other way round it lies there"
        in report.files[0].held[0].reason
    )


def test_where_a_position_is_right_both_ways_it_is_taken_as_it_came(lake: FakeLake, home: Home) -> None:
    assert take(lake, home, events(), [event(1, country="NGA", lat="9", lon="8")]).new == 1
    assert (lake.rows("incidents")[0]["latitude"], lake.rows("incidents")[0]["longitude"]) == (9, 8)


def test_a_far_position_that_is_right_neither_way_is_no_swap(lake: FakeLake, home: Home) -> None:
    report = take(lake, home, events(), rows(event(99, lat="48.9", lon="2.3")))
    assert (report.new, report.quarantined) == (20, 0)
    assert "the position lies in FRA, not in LBR" in str(report.files[0].notes)


@pytest.mark.parametrize(
    ("lon", "kept"),
    [
        ("180", -180.0),
        ("-180", -180.0),
        ("180.0", -180.0),
        ("180.5", -179.5),
        ("179.999", 179.999),
        ("359", -1.0),
        ("360", 0.0),
    ],
)
def test_longitudes_count_to_180_either_way_or_eastward_to_360(
    lake: FakeLake, home: Home, lon: str, kept: float
) -> None:
    assert take(lake, home, events(), [event(1, country="", lat="-17", lon=lon)]).new == 1
    row = lake.rows("incidents")[0]
    assert row["longitude"] == pytest.approx(kept)
    assert row["bbox"]["xmin"] == row["longitude"]


@pytest.mark.parametrize("lon", ["-180.5", "360.5", "-359"])
def test_other_longitudes_are_none(lake: FakeLake, home: Home, lon: str) -> None:
    reason = held(take(lake, home, events(), rows(event(99, lon=lon))))
    assert f"longitude {float(lon):g} is not between -180 and 180" in reason


def test_0_0_counted_eastward_is_no_place_either(lake: FakeLake, home: Home) -> None:
    assert "0, 0 stands for a position that is not known" in held(
        take(lake, home, events(), rows(event(99, lat="0", lon="360")))
    )


@pytest.mark.parametrize("write", [as_csv, as_parquet])
def test_a_cell_of_a_megabyte_is_held_back_and_the_reason_is_short(
    lake: FakeLake, home: Home, write: object
) -> None:
    odd = rows(event(99, text="x" * 2**20))
    report = take(lake, home, events(), write(odd))  # type: ignore[operator]
    assert held(report) == "text is 1,048,576 letters long; at most 100,000 are taken"
    assert len(lake.publications[0].quarantined.to_pylist()[0]["values"]) > 2**20, "the row is kept whole"


def test_a_cell_that_swallowed_lines_says_that_a_quote_may_be_missing(lake: FakeLake, home: Home) -> None:
    reason = held(take(lake, home, events(), rows(event(99, text="a line\n" * 20_000))))
    assert "and 20,000 lines: a closing quote may be missing" in reason


def test_a_long_value_in_a_number_makes_no_long_reason(lake: FakeLake, home: Home) -> None:
    reason = held(take(lake, home, events(), rows(event(99, injured="7" * 50_000 + "?"))))
    assert len(reason) < 400
    assert reason.startswith("injured: '777")
    assert reason.endswith("?' is not a number")


def test_a_zero_byte_refuses_a_text_file_and_names_the_line(lake: FakeLake, home: Home) -> None:
    said = refusal(lake, home, as_csv([event(1), event(2, text="a\0b")]))
    assert "The file events.csv is not text: there is a zero byte in line 3." in said


REORDERING = [chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x7f", *REORDERING])
def test_a_sign_that_misleads_holds_the_record_back(lake: FakeLake, home: Home, sign: str) -> None:
    reason = held(take(lake, home, events(), as_parquet(rows(event(99, name=f"is{sign}not safe")))))
    assert f"name holds U+{ord(sign):04X}" in reason
    words = "makes text read otherwise than it is written" if sign in REORDERING else "control character"
    assert words in reason
    assert sign not in reason


def test_marks_of_direction_are_left_out_and_that_is_said(lake: FakeLake, home: Home) -> None:
    report = take(lake, home, events(), [event(1, name="\u200f\u0633\u064a\u0644\u200e 3\u061c"), event(2)])
    assert report.new == 2
    assert lake.rows("incidents")[0]["title"] == "\u0633\u064a\u0644 3"
    assert report.files[0].notes[0] == (
        "1 texts held marks of writing direction or of line breaks, which were left out"
    )


@pytest.mark.parametrize("sign", ["\U000e0041", "\u2063", "\u180e", "\ufff9", "\u206a", "\U0001d173"])
def test_a_sign_that_nobody_sees_holds_the_record_back(lake: FakeLake, home: Home, sign: str) -> None:
    reason = held(take(lake, home, events(), as_parquet(rows(event(99, name=f"Mon{sign}rovia")))))
    assert f"name holds U+{ord(sign):04X}" in reason
    assert "which nobody sees, so that the text reads as another one" in reason
    assert sign not in reason


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_marks_of_line_breaks_are_left_out_so_that_a_name_is_one_name(
    lake: FakeLake, home: Home, sign: str
) -> None:
    names = {"name": f"{sign}Mon{sign}rovia {sign}", "region": f"Mont{sign}serrado"}
    report = take(lake, home, events(), [event(1, **names), event(2)])
    assert report.new == 2
    assert lake.rows("incidents")[0]["title"] == "Monrovia"
    assert lake.rows("incidents")[0]["provider_adm1_name"] == "Montserrado"
    assert "2 texts held marks of writing direction or of line breaks" in report.files[0].notes[0]


def test_joiners_that_scripts_spell_with_stay(lake: FakeLake, home: Home) -> None:
    name = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0915\u094d\u200d\u0937"
    take(lake, home, events(), [event(1, name=name)])
    assert lake.rows("incidents")[0]["title"] == name


def test_a_record_whose_id_no_address_can_hold_is_held_back(lake: FakeLake, home: Home) -> None:
    """The id is XAA:events: and the key; a key of more than 200 letters has a digest for its id."""
    longest = LONGEST_RECORD_ID - len("XAA:events:")
    taken = [event(98, id="k" * longest), event(97, id="k" * 5_000)]
    reason = held(take(lake, home, events(), [*rows()[2:], *taken, event(99, id="k" * (longest + 1))]))
    assert reason == "its id would have 201 letters; at most 200 are taken"
    for row in lake.rows("incidents"):
        assert View.from_query(f"sel={row['record_id']}") == (View(selected=row["record_id"]), ())


def test_tabs_and_lines_are_text(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(), [event(1, text="one\ttwo\r\nthree")])
    assert lake.rows("incidents")[0]["description"] == "one\ttwo\r\nthree"


def test_two_encodings_in_one_file_are_told_apart(lake: FakeLake, home: Home) -> None:
    content = as_csv([event(1, name="Gonâve"), event(2, name="Côte"), event(3, name="plain")])
    content += as_csv([event(4, name="Gonâve")]).splitlines()[1].decode().encode("latin-1") + b"\n"
    said = refusal(lake, home, content)
    assert "is not UTF-8: byte 0xE2 in line 5" in said
    assert "2 lines are UTF-8 beyond plain letters, 1 are not." in said


def test_text_in_parquet_that_is_not_utf_8_is_refused(lake: FakeLake, home: Home) -> None:
    table = pa.Table.from_pylist(rows())
    broken = pa.array([b"\xe2"] * table.num_rows).view(pa.string())
    out = io.BytesIO()
    pq.write_table(table.set_column(1, "name", broken), out)
    assert "holds text that is not UTF-8" in refusal(lake, home, out.getvalue())


def test_the_bytes_say_what_a_file_is_not_its_name(lake: FakeLake, home: Home) -> None:
    first = take(lake, home, events(), as_parquet([event(1)]), name="events.csv")
    second = take(lake, home, events(), as_csv([event(2)]), name="events.parquet")
    assert (first.new, second.new) == (1, 1)


def test_what_should_be_parquet_and_is_not_says_so(home: Home) -> None:
    with pytest.raises(FileRefused, match=r"events.parquet is not Parquet: it does not begin like one"):
        parsed_sheet("events.parquet", as_csv([event(1)]), FileForm("parquet"), DEFAULT_LIMITS)


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<c>0</c>" * 2**21)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zip_bomb(), "a ZIP archive or an Excel workbook (.xlsx)"),
        (gzip.compress(b"a,b\n" * 2**20), "compressed with gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "an old Excel workbook (.xls)"),
        (b"%PDF-1.7\n", "a PDF document"),
    ],
)
def test_a_container_is_named_and_never_unpacked(
    lake: FakeLake, home: Home, content: bytes, words: str
) -> None:
    said = refusal(lake, home, content)
    assert said == (
        f"The file events.csv is {words}; CSV or Parquet is expected, and nothing is unpacked."
        " Unpack it, save the one table that is meant as CSV in UTF-8, and give that."
    )


def test_a_parquet_file_of_four_gigabytes_in_one_megabyte_is_refused(lake: FakeLake, home: Home) -> None:
    count = 400_000
    same = pa.repeat(pa.scalar(0, pa.int32()), count)
    text = pa.DictionaryArray.from_arrays(same, pa.array(["x" * 10_000]))
    out = io.BytesIO()
    pq.write_table(pa.table({"id": pa.array(range(count)), "text": text}), out, compression="zstd")
    assert len(out.getvalue()) < 2**20
    said = refusal(lake, home, out.getvalue(), limits=Limits(parse_mb=512))
    assert "parsing it needs more memory than WATCHFLOOR_PARSE_MB allows (512 MB)" in said


def test_more_rows_than_may_be_are_refused_before_they_are_read(lake: FakeLake, home: Home) -> None:
    for content in (as_csv(rows()), as_parquet(rows())):
        said = refusal(lake, home, content, limits=Limits(file_rows=18))
        assert "The file events.csv has more rows than WATCHFLOOR_FILE_ROWS allows (18)." in said
        assert take(lake, home, events(), content, IngestOptions(limits=Limits(file_rows=19))).read == 19
        lake.publications.clear()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x" * 301, "column 1 of the file events.csv is 301 letters long"),
        ("na\u202eme", "column 1 of the file events.csv holds U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        ("na\x1b[2Jme", "column 1 of the file events.csv holds U+001B"),
    ],
)
def test_a_column_s_name_that_misleads_refuses_the_file(
    lake: FakeLake, home: Home, name: str, words: str
) -> None:
    assert words in refusal(lake, home, as_csv([{name: "1", "id": "2"}]))


def test_of_very_many_columns_a_sentence_lists_some(lake: FakeLake, home: Home) -> None:
    said = refusal(lake, home, as_csv([{f"c{number}": "1" for number in range(2_000)}]))
    assert "c59 and 1,940 more." in said
    assert len(said) < 1_000


def test_words_of_a_file_that_look_like_sql_or_a_path_are_words(lake: FakeLake, home: Home) -> None:
    nasty = "'); DROP TABLE lake.incidents; --"
    take(lake, home, events(), [{**event(1, name=nasty, text="../../etc/passwd"), nasty: "x"}], name=nasty)
    row = lake.rows("incidents")[0]
    assert (row["title"], row["description"]) == (nasty, "../../etc/passwd")


@pytest.mark.parametrize("key", ["../../policy.toml", "a/b", "x" * 5_000])
def test_an_id_is_never_a_path_and_never_long(lake: FakeLake, home: Home, key: str) -> None:
    take(lake, home, events(), [event(1, id=key)])
    native = lake.rows("incidents")[0]["record_id"].removeprefix("XAA:events:")
    assert native.isalnum()
    assert len(native) == 20


def test_a_file_replaced_while_it_is_read_is_the_one_that_was_hashed(
    lake: FakeLake, home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "events.csv"
    first = as_csv([event(1)])
    path.write_bytes(first)
    contents = [(path.name, content_of(path))]

    def replace(done: int, total: int, what: str) -> None:
        path.write_bytes(as_csv([event(2), event(3)]))

    report = ingest_into(lake, home, events(), contents, IngestOptions(), replace)
    assert report.new == 1
    assert [row["record_id"] for row in lake.rows("incidents")] == ["XAA:events:E1"]
    delivery = lake.publications[0].delivery
    assert delivery is not None
    assert delivery.content_hash == hashlib.sha256(first).hexdigest()


def test_a_correction_by_one_originator_leaves_the_other_s_record_alone(lake: FakeLake, home: Home) -> None:
    for code in ("XAA", "XAB"):
        take(lake, home, events(), [event(1)], IngestOptions(originator=code))
    later = event(1, name="Worse", listed="2026-09-09")
    report = take(lake, home, events(), [later], IngestOptions(originator="XAB"))
    assert (report.new, report.revised) == (0, 1)
    found = [
        (row["record_id"], row["revision"], row["superseded_at"] is None) for row in lake.rows("incidents")
    ]
    assert found == [("XAA:events:E1", 1, True), ("XAB:events:E1", 1, False), ("XAB:events:E1", 2, True)]


@pytest.mark.parametrize("text", ["a" * 99_000 + " @", "tel " * 25_000, "+1 " * 33_000, "@" + "a." * 49_000])
def test_free_text_is_searched_in_one_pass(text: str) -> None:
    """With a search that starts anew at every letter each of these takes the better part of a minute."""
    forbidden(text, "adm2")


def test_no_word_of_a_file_reaches_a_terminal_as_a_command(lake: FakeLake, home: Home) -> None:
    report = take(lake, home, events(), [event(1, region="\x9b2J Lofa")])
    assert "    1 × LBR, \ufffd2J Lofa" in report_lines(report)
