"""From a file to what is published: clocks, labels, notes, places, ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from data.clock import system_clock
from data.errors import SettingError
from data.feeds.ingest import IngestOptions
from data.feeds.report import report_lines
from data.geography import mercator
from data.home import Home
from data.labels import label_hash
from tests.data.feeds.fake_lake import (
    EVENTS,
    LABEL,
    FakeLake,
    as_csv,
    event,
    events,
    home_of_kind,
    presence,
    presences,
    take,
)

D2 = datetime(2026, 9, 2, tzinfo=UTC)
D5 = datetime(2026, 9, 5, tzinfo=UTC)


def one(lake: FakeLake, feed: str = "incidents") -> dict[str, Any]:
    (row,) = lake.rows(feed)
    return row


def test_a_record_has_its_id_its_source_and_its_words(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(), [event(1, checked="yes", injured="1,200")])
    row = one(lake)
    assert row["record_id"] == "XAA:events:E1"
    assert (row["revision"], row["msg_type"], row["operation"], row["source"]) == (
        1,
        "new",
        "EX-TEST",
        "events",
    )
    assert (row["injured"], row["verification"], row["source_org"]) == (1200, "verified", "Aldara")
    assert row["label_hash"] == label_hash(lake.label(row["label_id"]), row["content_hash"], row["record_id"])


def test_a_title_is_never_empty(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(), [event(1, name="")])
    assert one(lake)["title"] == "Event E1"


def test_a_point_is_stored_to_be_drawn(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(), [event(1)])
    row = one(lake)
    assert shapely.from_wkb(row["geometry"]).coords[0] == (-10.8, 6.3)
    assert (row["mx"], row["my"]) == mercator(-10.8, 6.3)
    assert (row["geo_precision"], row["country_iso3"]) == (1, "LBR")


def test_without_a_position_nothing_is_drawn_as_a_point(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(), [event(1, lat="", lon="", region="Nowhere")])
    row = one(lake)
    assert (row["geo_precision"], row["mx"], row["geometry"], row["pcode_match"]) == (6, None, None, "none")
    assert row["provider_adm1_name"] == "Nowhere"


def test_what_matches_no_region_is_listed_by_name(lake: FakeLake, home: Home) -> None:
    rows = [event(n, country="Region", lat="", lon="") for n in (1, 2)]
    rows.append(event(3, region="Nowhere", lat="", lon=""))
    report = take(lake, home, events(), rows)
    assert report.unmatched == (("Region", 2), ("LBR, Nowhere", 1))
    assert lake.rows("incidents")[0]["geo_precision"] == 0
    assert "    2 × Region" in report_lines(report)


def test_in_a_replay_a_record_was_received_when_it_was_known(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(version={"column": "listed", "offset": "P3D"}), [event(1)])
    assert (one(lake)["ingested_at"], one(lake)["received_at"]) == (D5, D5)


def test_in_an_exercise_it_is_received_now_or_as_of(lake: FakeLake, tmp_path: Path) -> None:
    home = home_of_kind(tmp_path / "exercise", "exercise")
    take(lake, home, events(), [event(1)], IngestOptions(as_of=D5))
    assert (one(lake)["ingested_at"], one(lake)["received_at"]) == (D2, D5)
    take(lake, home, events(), [event(2)])
    assert lake.rows("incidents")[1]["received_at"] >= datetime(2026, 9, 30, 12, tzinfo=UTC)


def test_an_actual_operation_receives_by_the_real_clock_only(lake: FakeLake, tmp_path: Path) -> None:
    home = home_of_kind(tmp_path / "actual", "actual")
    take(lake, home, events(), [event(1, listed="2014-09-02")])
    assert one(lake)["ingested_at"] == datetime(2014, 9, 2, tzinfo=UTC)
    assert abs(one(lake)["received_at"] - system_clock()) < timedelta(minutes=1)


def test_no_time_can_be_set_in_an_actual_operation(lake: FakeLake, tmp_path: Path) -> None:
    home = home_of_kind(tmp_path / "actual", "actual")
    with pytest.raises(SettingError, match=r"--as-of is 2026-09-05T00:00Z, but .* is never set"):
        take(lake, home, events(), [event(1)], IngestOptions(as_of=D5))
    assert lake.publications == []


def test_nothing_is_known_before_it_is_received_later_than_now(lake: FakeLake, tmp_path: Path) -> None:
    home = home_of_kind(tmp_path / "actual", "actual")
    take(lake, home, events(), [event(1, listed="2088-01-01")])
    assert one(lake)["ingested_at"] == one(lake)["received_at"]


def test_an_undated_file_is_known_as_of(lake: FakeLake, home: Home) -> None:
    undated = {key: value for key, value in EVENTS.items() if key != "version"}
    from data.feeds.recipe_file import parse_recipe

    take(lake, home, parse_recipe(undated, "events"), [event(1)], IngestOptions(as_of=D5))
    assert one(lake)["ingested_at"] == D5


def test_a_correction_is_a_revision_that_supersedes(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(), [event(1)])
    report = take(lake, home, events(), [event(1, injured="4", listed="2026-09-05")])
    first, second = lake.rows("incidents")
    assert (report.new, report.revised) == (0, 1)
    assert (first["superseded_at"], first["superseded_received_at"]) == (D5, D5)
    assert (second["revision"], second["msg_type"], second["superseded_at"]) == (2, "update", None)


def test_the_same_file_again_writes_nothing_and_says_so(lake: FakeLake, home: Home) -> None:
    rows = [event(1), event(2), event(3), event(4), event(5), event(6, injured="x")]
    take(lake, home, events(), rows)
    report = take(lake, home, events(), rows)
    assert len(lake.publications) == 1
    assert (report.duplicate, report.quarantined) == (5, 1)
    assert report.notes == ("this very file was taken before",)
    assert report_lines(report)[0].endswith("duplicate 5, quarantined 1 (nothing was written)")


def test_another_file_of_the_same_content_is_a_delivery_without_revisions(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(), [event(1)])
    take(lake, home, events(), as_csv([event(1)]) + b"\n")
    assert len(lake.rows("incidents")) == 1
    assert lake.publications[1].delivery is not None
    assert lake.publications[1].delivery.duplicate == 1


def test_the_rows_own_label_comes_before_the_option_and_the_option_before_the_recipe(
    lake: FakeLake, home: Home
) -> None:
    rows = [{**event(1), "releasable_to": "XAB"}, {**event(2), "releasable_to": ""}]
    rows.append({**event(3), "releasable_to": "-"})
    take(lake, home, events(), rows, IngestOptions(releasable_to=("XAA", "XAB"), level="SENSITIVE"))
    labels = [lake.label(row["label_id"]) for row in lake.rows("incidents")]
    assert [label.releasable_to for label in labels] == [("XAB",), (), ()], "an empty cell adds nobody"
    assert {label.classification for label in labels} == {"SENSITIVE"}
    assert {label.policy_id for label in labels} == {"TEST"}


def test_without_a_label_column_the_option_holds(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(), [event(1)], IngestOptions(releasable_to=("XAA", "XAB")))
    assert [lake.label(row["label_id"]).releasable_to for row in lake.rows("incidents")] == [("XAA", "XAB")]


def test_a_label_of_a_row_that_is_not_one_holds_the_row_back(lake: FakeLake, home: Home) -> None:
    rows = [{**event(n), "releasable_to": "XAZ" if n == 7 else "XAB"} for n in range(10)]
    report = take(lake, home, events(), rows)
    assert report.quarantined == 1
    assert "label: The label's releasable_to is 'XAZ'" in report.files[0].held[0].reason


def test_the_rows_own_window_of_release_is_kept(lake: FakeLake, home: Home) -> None:
    window = {
        "release_from": "2026-09-03T00:00:00Z",
        "release_until": "2026-09-09",
        "label_review_on": "2026-10-01",
    }
    take(lake, home, events(), [{**event(1), **window}])
    row = one(lake)
    assert row["release_from"] == datetime(2026, 9, 3, tzinfo=UTC)
    assert row["release_until"] == datetime(2026, 9, 9, tzinfo=UTC)
    assert row["label_review_on"] == date(2026, 10, 1)


def test_rows_of_two_originators_are_two_publications_of_one_delivery(lake: FakeLake, home: Home) -> None:
    rows = [{**event(n), "originator": "XAB" if n % 2 else ""} for n in range(4)]
    report = take(lake, home, events(), rows)
    assert report.new == 4
    assert [item.source.originator for item in lake.publications if item.source] == ["XAA", "XAB"]
    assert [item.delivery.read for item in lake.publications if item.delivery] == [2, 2]
    assert {row["record_id"].split(":")[0] for row in lake.rows("incidents")} == {"XAA", "XAB"}


def test_the_same_id_of_another_originator_is_another_record(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(), [event(1)])
    report = take(lake, home, events(), [event(1, name="Other")], IngestOptions(originator="XAB"))
    assert (report.new, report.revised) == (1, 0)


def test_coordinates_in_text_finer_than_the_label_hold_the_record_back(lake: FakeLake, home: Home) -> None:
    rows = [event(n) for n in range(9)] + [event(9, text="near 6.3154, -10.8074")]
    assert take(lake, home, events(), rows, IngestOptions(dry_run=True)).quarantined == 0
    assert take(lake, home, events(label={**LABEL, "release_geo_level": "adm2"}), rows).quarantined == 1


def test_presence_that_a_complete_list_no_longer_has_has_ended(lake: FakeLake, home: Home) -> None:
    rows = [presence("Foya", "MSF", "2026-09-01"), presence("Bo", "MSF", "2026-09-01")]
    report = take(lake, home, presences(), [*rows, presence("Bo", "IFRC", "2026-09-05")])
    assert (report.new, report.revised, report.ended) == (2, 1, 1)
    _, bo, foya, end = lake.rows("deployments")
    assert (bo["org_name"], bo["start_at"].day, bo["day"]) == ("IFRC", 1, foya["day"])
    assert (end["msg_type"], end["deployment_status"], end["end_at"]) == ("update", "ended", D5)
    assert end["reference_period_end"] == D5.date()
    assert end["notes"] == "no longer in the list of 2026-09-05"
    assert foya["superseded_at"] == D5


def test_text_in_a_number_is_kept_as_a_note_where_the_recipe_says_so(lake: FakeLake, home: Home) -> None:
    columns = {**EVENTS["columns"], "injured": {"from": "injured", "text_to_notes": True}}
    take(lake, home, events(columns=columns), [event(1, injured="some")])
    assert (one(lake)["injured"], one(lake)["notes"]) == (None, "injured: some")


def test_a_preamble_and_a_row_of_hashtags_are_passed_over(lake: FakeLake, home: Home) -> None:
    header, row = as_csv([event(1)]).splitlines()
    content = b"Report of the day\n" + header + b"\n" + b",".join([b"#x"] * 12) + b"\n" + row + b"\n"
    report = take(lake, home, events(file={"preamble": 1, "hxl_row": True}), content)
    assert (report.read, report.new) == (1, 1)


def test_days_before_months_are_read_where_the_recipe_says_so(lake: FakeLake, home: Home) -> None:
    columns = {**EVENTS["columns"], "start_at": {"from": "from", "dates": ["%d/%m/%Y"]}}
    take(lake, home, events(columns=columns), [event(1, from_="01/08/2026")])
    assert one(lake)["start_at"] == datetime(2026, 8, 1, tzinfo=UTC)


def test_progress_is_told_to_its_end(lake: FakeLake, home: Home) -> None:
    from data.feeds.ingest import ingest_into

    told: list[tuple[int, int, str]] = []
    content = [("a.csv", as_csv([event(1)]))]
    ingest_into(lake, home, events(), content, progress=lambda *step: told.append(step))
    assert told[0][0] == 0
    assert told[-1] == (7, 7, "done")
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


@pytest.mark.parametrize("key", [["id"], ["id", "listed"]])
def test_an_id_is_readable_where_that_is_unambiguous(lake: FakeLake, home: Home, key: list[str]) -> None:
    take(lake, home, events(key=key), [event(1)])
    assert one(lake)["record_id"] == "XAA:events:E1" + (".2026-09-02" if len(key) == 2 else "")


def test_a_position_nobody_surveyed_is_drawn_but_not_as_exact(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(place={**EVENTS["place"], "position_precision": 2}), [event(1)])
    assert (one(lake)["geo_precision"], one(lake)["mx"] is None) == (2, False)


def test_an_older_version_that_says_something_else_is_held_back(lake: FakeLake, home: Home) -> None:
    rows = [event(n, listed="2026-09-05") for n in range(1, 10)]
    take(lake, home, events(), rows)
    report = take(lake, home, events(), [*rows, event(10), event(1, injured="9", listed="2026-09-03")])
    assert (report.read, report.new, report.duplicate, report.quarantined) == (11, 1, 9, 1)
    assert "older than what is known of the record XAA:events:E1" in report.files[0].held[0].reason
    assert lake.publications[1].quarantined.num_rows == 1


def test_a_source_knows_its_newest_record_and_when_it_was_heard_of(lake: FakeLake, home: Home) -> None:
    take(lake, home, events(), [event(1, from_="2026-09-04", listed="2026-09-05")])
    take(lake, home, events(), [event(2)])
    states = [item.source for item in lake.publications if item.source]
    assert [state.newest_at for state in states] == [datetime(2026, 9, 4, tzinfo=UTC)] * 2
    assert [state.last_delivery_at for state in states] == [D5, D5]


def test_held_rows_beyond_twenty_are_counted_in_the_report(lake: FakeLake, home: Home) -> None:
    rows = [event(n, injured="x" if n < 22 else "") for n in range(200)]
    lines = report_lines(take(lake, home, events(), rows))
    assert sum(line.startswith("  held back, row") for line in lines) == 20
    assert lines[-1] == "  held back, and 2 rows more"
