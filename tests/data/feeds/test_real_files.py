"""The real files: every figure the product promises of them, through the real lake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from data.clock import fixed_clock
from data.feeds.ingest import ingest
from data.feeds.rematching import NOTE, rematch_regions
from data.feeds.report import Report
from data.filters import LAYER_FEEDS, Filter
from data.home import Home
from data.lake import LakeWriter
from data.parsed_boundaries import read_boundaries
from data.released import Released
from data.store import Store

pytestmark = pytest.mark.real_files

CASES = ("ebola-cases", "ebola_cases_weekly_adm2.csv")
CENTRES = ("ebola-centres", "medical_centres_snapshots_2014.csv")
FUNDING = ("ebola-fts", "fts_funding_snapshots_2014-2015.csv")
FILES = (CASES, CENTRES, FUNDING)
COD = (("gin", 1), ("gin", 2), ("sle", 1), ("sle", 2), ("lbr", 1))


def load_regions(home: Home, real_files: Path) -> None:
    with LakeWriter(home) as lake:
        for country, level in COD:
            table = read_boundaries(
                real_files / "boundaries" / f"cod_{country}_adm{level}.geojson",
                level=level,
                code_field=f"admin{level}Pcode",
                name_field=f"admin{level}Name",
                parent_field="admin1Pcode" if level == 2 else None,
                version=date(2019, 11, 4),
            )
            lake.publish_regions(table)


def take(home: Home, real_files: Path, recipe: str, name: str) -> Report:
    return ingest(home, recipe, [real_files / "ebola_west_africa" / name])


@pytest.fixture(scope="module")
def taken(real_files: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict[str, Report]]:
    home = Home.open(tmp_path_factory.mktemp("replay") / "home")
    load_regions(home, real_files)
    return home, {recipe: take(home, real_files, recipe, name) for recipe, name in FILES}


@pytest.fixture
def lake(taken: tuple[Home, dict[str, Report]]) -> Iterator[LakeWriter]:
    with LakeWriter(taken[0]) as writer:
        yield writer


@pytest.fixture
def reports(taken: tuple[Home, dict[str, Report]]) -> dict[str, Report]:
    return taken[1]


def newest(lake: LakeWriter, feed: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = lake.newest_rows(feed).to_pylist()
    return rows


def figure(row: dict[str, Any], metric: str) -> float | None:
    if row["metric"] == metric:
        return row["metric_value"]  # type: ignore[no-any-return]
    return next((f["metric_value"] for f in row["further_figures"] if f["metric"] == metric), None)


def test_every_row_is_read_and_none_is_held_back(reports: dict[str, Report]) -> None:
    read = {name: (report.read, report.quarantined) for name, report in reports.items()}
    assert read == {"ebola-cases": (4080, 0), "ebola-centres": (402, 0), "ebola-fts": (4603, 0)}
    for report in reports.values():
        assert report.new + report.revised + report.duplicate == report.read


def test_cases_are_sixty_districts_in_sixty_eight_weeks(lake: LakeWriter) -> None:
    rows = newest(lake, "incidents")
    assert len(rows) == 4080
    assert len({row["provider_pcode"] for row in rows}) == 60
    assert len({row["start_at"] for row in rows}) == 68
    assert len([row for row in rows if row["metric_value"]]) == 1486


def test_cases_keep_their_figures_and_how_they_add(lake: LakeWriter) -> None:
    rows = newest(lake, "incidents")
    assert sum(row["metric_value"] for row in rows) == 39_557
    assert {(row["metric_period"], row["metric_adds_over_time"]) for row in rows} == {("two_weeks", "none")}
    last = max(row["start_at"] for row in rows)
    assert sum(figure(row, "cumulative_cases") or 0 for row in rows if row["start_at"] == last) == 27_650
    adds = {f["metric"]: f["metric_adds_over_time"] for row in rows for f in row["further_figures"]}
    assert adds["cumulative_cases"] == "last"
    assert {row["deaths_best"] for row in rows} == {None}


def test_the_falls_of_a_cumulative_are_kept_and_told(lake: LakeWriter, reports: dict[str, Report]) -> None:
    assert "173 cumulative figures fall (cumulative_cases): kept" in reports["ebola-cases"].notes
    series: dict[str, list[tuple[datetime, float]]] = {}
    for row in newest(lake, "incidents"):
        value = figure(row, "cumulative_cases")
        series.setdefault(row["provider_pcode"], []).append((row["start_at"], value or 0))
    falls = 0
    for points in series.values():
        values = [value for _, value in sorted(points)]
        falls += sum(later < earlier for earlier, later in pairwise(values))
    assert falls == 173


def test_a_week_is_known_when_it_is_over(lake: LakeWriter) -> None:
    rows = newest(lake, "incidents")
    first = next(row for row in rows if row["record_id"] == "WHO:ebola-cases:GIN001001.2014-04-07")
    week = (datetime(2014, 4, 7, tzinfo=UTC), datetime(2014, 4, 14, tzinfo=UTC))
    assert (first["start_at"], first["end_at"]) == week
    assert (first["ingested_at"], first["received_at"]) == (week[1], week[1])


def test_bomi_is_not_gbarpolu(lake: LakeWriter, reports: dict[str, Report]) -> None:
    rows = newest(lake, "incidents")
    bomi = {
        (r["adm1_pcode"], r["adm1_name"], r["pcode_match"]) for r in rows if r["provider_pcode"] == "LBR03"
    }
    assert bomi == {("LR01", "Bomi", "name")}
    assert reports["ebola-cases"].unmatched == ()
    assert Counter(row["geo_precision"] for row in rows) == {3: 45 * 68, 4: 15 * 68}
    assert {str(row["pcode_valid_from"]) for row in rows} == {"2019-11-04"}


def test_the_last_list_of_centres_is_112_points_and_5_areas(lake: LakeWriter) -> None:
    rows = [row for row in newest(lake, "deployments") if row["deployment_status"] == "active"]
    assert len(rows) == 117
    points = [row for row in rows if row["mx"] is not None]
    areas = [row for row in rows if row["mx"] is None]
    assert (len(points), len(areas)) == (112, 5)
    assert {row["geo_precision"] for row in points} == {2}
    assert {row["geo_precision"] for row in areas} == {4}
    assert sorted(row["adm1_name"] for row in areas) == [
        "Conakry", "Montserrado", "Montserrado", "Northern", "Western",
    ]  # fmt: skip


def test_centres_come_in_nine_versions_of_which_each_is_a_whole_list(
    taken: tuple[Home, dict[str, Report]], real_files: Path
) -> None:
    lines = (real_files / "ebola_west_africa" / CENTRES[1]).read_text("utf-8").splitlines()[1:]
    listed = Counter(line[:10] for line in lines)
    assert len(listed) == 9
    with LakeWriter(taken[0]) as lake:
        every = lake._lake.table("SELECT * FROM lake.deployments").to_pylist()
    for day, count in listed.items():
        at = datetime.fromisoformat(day).replace(tzinfo=UTC)
        known = [
            row
            for row in every
            if row["ingested_at"] <= at
            and (row["superseded_at"] is None or at < row["superseded_at"])
            and row["deployment_status"] == "active"
        ]
        assert len(known) == count, day


def test_290_rows_of_centres_came_without_coordinates(real_files: Path) -> None:
    from data.feeds.file_form import FileForm
    from data.feeds.reader import read_sheet

    content = (real_files / "ebola_west_africa" / CENTRES[1]).read_bytes()
    sheet = read_sheet("centres.csv", content, FileForm(), 1_000)
    assert sheet.columns["Latitude"].count("") == sheet.columns["Longitude"].count("") == 290


def test_every_centre_has_a_title_and_an_organisation_or_says_so(lake: LakeWriter) -> None:
    rows = newest(lake, "deployments")
    assert all(row["title"] for row in rows)
    assert not {row["org_name"] for row in rows} & {"", "?", "N/A", "No Partner Identified"}
    assert any(row["title"] == "Treatment centre, Robertsport" for row in rows)


def test_an_ended_centre_says_since_when(lake: LakeWriter, reports: dict[str, Report]) -> None:
    ended = [row for row in newest(lake, "deployments") if row["deployment_status"] == "ended"]
    assert ended
    assert reports["ebola-centres"].ended >= len(ended)
    for row in ended:
        assert row["end_at"] == row["ingested_at"]
        assert row["reference_period_end"] == row["end_at"].date()
        assert row["start_at"] < row["end_at"]


def test_funding_of_the_last_list_committed_and_pledged_apart(lake: LakeWriter) -> None:
    sums: Counter[str] = Counter()
    rows = [row for row in newest(lake, "deliveries") if row["msg_type"] != "cancel"]
    for row in rows:
        sums[row["flow_status"]] += row["value_usd"]
    assert sums == {"committed": Decimal("1398849665.00"), "pledged": Decimal("140434012.00")}
    assert len(rows) == 683
    assert {row["donor_name"] for row in rows if row["donor_name"] != row["donor_name"].strip()} == set()


def test_funding_goes_to_countries_and_what_is_none_is_listed(
    lake: LakeWriter, reports: dict[str, Report]
) -> None:
    rows = newest(lake, "deliveries")
    assert {
        row["country_iso3"] for row in rows if row["provider_country"] in ("Ierra Leone", "Sierral Leone")
    } == {"SLE"}
    assert {row["geo_precision"] for row in rows if row["country_iso3"]} == {6}
    assert {row["geo_precision"] for row in rows if not row["country_iso3"]} == {0}
    unmatched = dict(reports["ebola-fts"].unmatched)
    assert unmatched == {"Region": 2113, "region": 3, "Esponse To The Ebola Crisis (State/Prm": 1}


def test_uncommitted_is_pledged_and_keeps_its_word(lake: LakeWriter) -> None:
    rows = [r for r in newest(lake, "deliveries") if "FTS status: Uncommitted" in (r["notes"] or "")]
    assert rows
    assert {row["flow_status"] for row in rows} == {"pledged"}


@pytest.mark.parametrize(("recipe", "name"), FILES)
def test_the_same_file_again_is_all_duplicate(
    taken: tuple[Home, dict[str, Report]], real_files: Path, recipe: str, name: str
) -> None:
    report = take(taken[0], real_files, recipe, name)
    assert report.duplicate == report.read
    assert (report.new, report.revised, report.ended, report.quarantined) == (0, 0, 0, 0)
    assert not report.files[0].published


def test_regions_loaded_later_give_the_same_places(
    taken: tuple[Home, dict[str, Report]], lake: LakeWriter, real_files: Path, tmp_path: Path
) -> None:
    home = Home.open(tmp_path / "home")
    before = take(home, real_files, *CENTRES)
    load_regions(home, real_files)
    counts = rematch_regions(home)
    assert counts["deployments"] > 100
    assert rematch_regions(home) == {"incidents": 0, "deployments": 0, "deliveries": 0}
    assert take(home, real_files, *CENTRES).duplicate == before.read
    names = ("record_id", "adm1_pcode", "adm2_pcode", "geo_precision", "pcode_match", "mx", "content_hash")
    with LakeWriter(home) as late:
        rows = newest(late, "deployments")
    assert sorted(str([r[n] for n in names]) for r in rows) == sorted(
        str([r[n] for n in names]) for r in newest(lake, "deployments")
    )
    again = [row for row in rows if NOTE in (row["notes"] or "")]
    assert len(again) == counts["deployments"]
    assert {row["msg_type"] for row in again} == {"update"}


def shown(released: Released, layer: str, known_at: datetime | None = None) -> list[dict[str, Any]]:
    sql = f"SELECT * FROM released.{LAYER_FEEDS[layer]} WHERE rowid IN (SELECT row FROM picked)"  # noqa: S608
    found = released.ask(sql, rows=released.all_time(Filter(known_at=known_at), layer))
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def test_what_was_taken_is_released_as_it_was_known(taken: tuple[Home, dict[str, Report]]) -> None:
    home, _ = taken
    store = Store(home, fixed_clock(datetime(2015, 8, 3, tzinfo=UTC)))
    try:
        released = store.released_to(store.policy().viewer("ifrc-commander"))
        assert len(shown(released, "incidents")) == 4080
        centres = [row for row in shown(released, "presence") if row["deployment_status"] == "active"]
        assert Counter(row["geo_precision"] for row in centres) == {2: 112, 4: 5}
        sums: Counter[str] = Counter()
        for row in shown(released, "deliveries"):
            sums[row["flow_status"]] += row["value_usd"]
        assert sums == {"committed": Decimal("1398849665.00"), "pledged": Decimal("140434012.00")}
        assert len(shown(released, "incidents", datetime(2014, 4, 14, tzinfo=UTC))) == 60
        assert shown(released, "incidents", datetime(2014, 4, 13, tzinfo=UTC)) == []
    finally:
        store.close()
