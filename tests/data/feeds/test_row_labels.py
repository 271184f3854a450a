"""A label column is the row's own however its header is spelt."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from data.errors import FileRefused
from data.feeds.ingest import IngestOptions
from data.feeds.row_labels import FIELDS, WINDOWS, label_columns
from data.feeds.sheet import Sheet
from data.home import Home
from tests.data.feeds.fake_lake import LABEL, FakeLake, as_csv, event, events, presence, presences, take

SPELLINGS = [
    "releasable_to",
    "Releasable_To",
    "RELEASABLE_TO",
    "releasable to",
    "Releasable-To",
    "ReleasableTo",
    "releasable.to",
    "releasable\N{NO-BREAK SPACE}to",
    "releasable_to\N{ZERO WIDTH SPACE}",
    "\N{ZERO WIDTH NO-BREAK SPACE}releasable_to",
    "releasable\N{SOFT HYPHEN}_to",
    "\N{FULLWIDTH LATIN SMALL LETTER R}eleasable\N{FULLWIDTH LOW LINE}to",
    "releasable_to_",
    "releasable to:",
    "x_releasable_to",
    "#releasable_to",
    "#x_releasable_to",
    "# X_Releasable_To",
    "#x_releasable_to+code+list",
]


@pytest.mark.parametrize("header", SPELLINGS)
def test_a_restriction_holds_however_its_header_is_spelt(lake: FakeLake, home: Home, header: str) -> None:
    rows = [event(1, **{"tag": "-"}), event(2, **{"tag": "XAB"}), event(3, **{"tag": ""})]
    content = as_csv(rows).decode().replace('"tag"', f'"{header}"').encode()
    assert take(lake, home, events(), content).new == 3
    labels = [lake.label(row["label_id"]) for row in lake.rows("incidents")]
    assert [label.releasable_to for label in labels] == [(), ("XAB",), ()]


@pytest.mark.parametrize(
    ("header", "text", "field", "value"),
    [
        ("Classification", "SENSITIVE", "classification", "SENSITIVE"),
        ("classification\N{ZERO WIDTH SPACE}", "SENSITIVE", "classification", "SENSITIVE"),
        ("required categories", "medical", "required_categories", ("medical",)),
        ("Required-Categories", "medical", "required_categories", ("medical",)),
        ("Release Geo Level", "adm1", "release_geo_level", "adm1"),
        ("#x_originator", "XAB", "originator", "XAB"),
    ],
)
def test_every_field_of_the_label_is_found(
    lake: FakeLake, home: Home, header: str, text: str, field: str, value: object
) -> None:
    assert take(lake, home, events(), [event(1) | {header: text}]).new == 1
    assert getattr(lake.label(lake.rows("incidents")[0]["label_id"]), field) == value


@pytest.mark.parametrize("spelt", ["{}", "{} ", "#x_{}", "{}\N{ZERO WIDTH SPACE}"])
@pytest.mark.parametrize("change", [str, str.upper, str.title, lambda name: name.replace("_", " ")])
@pytest.mark.parametrize("name", [*FIELDS, *WINDOWS])
def test_all_fields_and_windows_have_all_spellings(name: str, change: type[str], spelt: str) -> None:
    header = spelt.format(change(name))
    assert label_columns(Sheet("f.csv", {"id": [], header: []}, [], {})) == {name: header}


@pytest.mark.parametrize(
    "header", ["release", "to", "classified", "country", "classification of event", "#", ""]
)
def test_other_columns_are_no_label(header: str) -> None:
    assert label_columns(Sheet("f.csv", {header: []}, [], {})) == {}


def test_windows_of_release_are_found_however_they_are_spelt(lake: FakeLake, home: Home) -> None:
    own = {"Release From": "2026-09-08", "#x_release_until": "2026-10-08", "LABEL_REVIEW_ON": "2026-10-01"}
    assert take(lake, home, events(), [event(1) | own]).new == 1
    row = lake.rows("incidents")[0]
    assert row["release_from"] == datetime(2026, 9, 8, tzinfo=UTC)
    assert row["release_until"] == datetime(2026, 10, 8, tzinfo=UTC)
    assert row["label_review_on"] == date(2026, 10, 1)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00"])
def test_a_window_that_no_clock_reaches_holds_the_row_back(lake: FakeLake, home: Home, text: str) -> None:
    rows = [event(number) | {"release_until": ""} for number in range(9)]
    report = take(lake, home, events(), [*rows, event(9) | {"release_until": text}])
    assert (report.new, report.quarantined) == (9, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("releasable_to", "Releasable To"),
        ("#x_releasable_to", "releasable_to"),
        ("Release_From", "release from"),
    ],
)
def test_two_headers_for_one_field_refuse_the_file(lake: FakeLake, home: Home, one: str, other: str) -> None:
    with pytest.raises(FileRefused, match=r"two columns for the label's .*: '.*' and '.*'\."):
        take(lake, home, events(), [event(1) | {one: "", other: ""}])
    assert not lake.publications


@pytest.mark.parametrize("feed", ["incidents", "deployments"])
def test_giving_a_file_of_several_versions_again_tightens_it(lake: FakeLake, home: Home, feed: str) -> None:
    if feed == "incidents":
        recipe = events(complete=True, key=["id"])
        rows = [
            event(n, listed=day, text=day if n == 1 else "")
            for n in (1, 2)
            for day in ("2026-09-02", "2026-09-09")
        ]
        rows.append(event(3))
    else:
        recipe = presences()
        days = [
            ("Foya", "MSF", "2026-09-02"),
            ("Foya", "IFRC", "2026-09-09"),
            ("Voinjama", "MSF", "2026-09-02"),
        ]
        rows = [presence(*said) for said in days]
    take(lake, home, recipe, rows)
    before = lake.newest_rows(feed).sort_by("record_id").to_pylist()
    own = IngestOptions(releasable_to=())
    report = take(lake, home, recipe, rows, own)
    assert (report.new, report.ended, report.quarantined) == (0, 0, 0)
    after = lake.newest_rows(feed).sort_by("record_id").to_pylist()
    assert {lake.label(row["label_id"]).releasable_to for row in before} == {("PUBLIC",)}
    assert {lake.label(row["label_id"]).releasable_to for row in after} == {()}
    changed = {"label_id", "label_hash", "label_created_at", "revision", "received_at"}
    for old, new in zip(before, after, strict=True):
        kept = {name for name in old if name not in changed and old[name] != new[name]}
        assert kept <= {"msg_type"}
        assert (old["msg_type"] == "cancel") == (new["msg_type"] == "cancel")
    third = take(lake, home, recipe, rows, own)
    assert (third.revised, third.duplicate, third.quarantined) == (0, len(rows), 0)


@pytest.mark.parametrize(
    ("options", "tlp"),
    [
        (IngestOptions(), "CLEAR"),
        (IngestOptions(level="SENSITIVE"), None),
        (IngestOptions(releasable_to=("XAB",)), None),
    ],
)
def test_a_recipes_tlp_is_not_said_of_a_label_that_the_options_changed(
    lake: FakeLake, home: Home, options: IngestOptions, tlp: str | None
) -> None:
    take(lake, home, events(label={**LABEL, "tlp": "CLEAR"}), [event(1)], options)
    assert lake.label(lake.rows("incidents")[0]["label_id"]).tlp == tlp
