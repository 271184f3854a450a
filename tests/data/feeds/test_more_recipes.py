"""The recipes beyond the first three, on the real files: every figure that the files are known for."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from data.feeds.prepare import Desk, Prepared, prepare
from data.feeds.recipe_file import recipe
from data.feeds.row_labels import LabelOptions
from data.gazetteer import Gazetteer
from data.policy import REPLAY_POLICY, read_policy
from data.schema import REGIONS

pytestmark = pytest.mark.real_files

KNOWN = datetime(2015, 8, 1, tzinfo=UTC)
FILES = {
    "ebola-restrictions": "ebola_west_africa/movement_restrictions.csv",
    "ebola-restrictions-hxl": "ebola_west_africa/raw/hxl_brc-westafrica-movement.csv",
    "ebola-3w": "ebola_west_africa/3w_snapshots_2014.csv",
    "scms": "aid_generic/raw/SCMS_Delivery_History_Dataset.csv",
    "geo-pko": "peacekeeping/geopko_tcc_long.csv",
    "ucdp-ged-hxl": "reference/ucdp_hdx_hxl_conflict_data_BGD.csv",
    "insecurity-aid-workers": "sahel_mali/aid_worker_incidents_global_2020-2024.csv",
    "insecurity-education": "sahel_mali/education_incidents_global_2020-2024.csv",
    "unhcr-3w": "aid_generic/raw/hxl_unhcr-3w.csv",
    "rowca-5w": "sahel_mali/raw/hxl_rowca-3w-hxl.csv",
    "fts-incoming": "aid_generic/raw/fts_incoming_funding_afg.csv",
    "iati-transactions": "haiti/iati_haiti_2010_transactions.csv",
}


@cache
def read(name: str, path: Path) -> Prepared:
    """A file read and judged by a recipe, with no regions loaded."""
    desk = Desk(
        recipe(name), read_policy(REPLAY_POLICY), Gazetteer.of(REGIONS.empty_table()), LabelOptions(), KNOWN
    )
    return prepare(path.name, path.read_bytes(), desk)


def taken(name: str, real_files: Path) -> Prepared:
    return read(name, real_files / FILES[name])


def column(found: Prepared, name: str) -> list[object]:
    return list(found.draft.values[name])


@pytest.mark.parametrize(
    ("name", "rows", "held"),
    [
        ("ebola-restrictions", 133, 0),
        ("ebola-restrictions-hxl", 188, 5),
        ("ebola-3w", 11_527, 0),
        ("scms", 10_324, 0),
        ("geo-pko", 8_729, 0),
        ("ucdp-ged-hxl", 601, 1),
        ("insecurity-aid-workers", 1_299, 0),
        ("insecurity-education", 2_428, 0),
        ("unhcr-3w", 2_250, 0),
        ("rowca-5w", 244, 0),
        ("fts-incoming", 328, 0),
        ("iati-transactions", 383, 0),
    ],
)
def test_every_row_is_taken_or_held_back_with_its_reason(
    real_files: Path, name: str, rows: int, held: int
) -> None:
    found = taken(name, real_files)
    assert (found.sheet.rows, len(found.held)) == (rows, held)
    assert len(found.taken) + len(found.repeated) + len(found.held) == rows


def test_the_same_restriction_is_one_record_on_one_day_in_both_files(real_files: Path) -> None:
    days = []
    for name in ("ebola-restrictions", "ebola-restrictions-hxl"):
        found = taken(name, real_files)
        row = found.draft.natives.index("ID1001")
        days.append((found.draft.recipe.source, found.draft.values["start_at"][row]))
    assert days == [("ebola-restrictions", datetime(2014, 8, 1, tzinfo=UTC))] * 2


def test_lists_of_who_does_what_where_repeat_871_lines(real_files: Path) -> None:
    assert len(taken("ebola-3w", real_files).repeated) == 871


def test_a_weight_or_freight_in_words_is_null_and_a_note(real_files: Path) -> None:
    found = taken("scms", real_files)
    notes = [str(note or "") for note in column(found, "notes")]
    for name, source, count in (
        ("weight_kg", "Weight (Kilograms)", 3_952),
        ("freight_usd", "Freight Cost (USD)", 4_126),
    ):
        absent = [row for row, value in enumerate(column(found, name)) if value is None]
        assert len(absent) == count
        assert all(f"{source}: {found.sheet.columns[source][row]}" in notes[row] for row in absent)
    assert Counter(column(found, "country_iso3"))["HTI"] == 655
    assert set(column(found, "geo_precision")) == {6}
    assert column(found, "value_usd")[0] == Decimal("551.00")


def test_an_unknown_strength_is_none_and_never_zero(real_files: Path) -> None:
    found = taken("geo-pko", real_files)
    strengths = column(found, "personnel")
    assert strengths.count(None) == 769
    contributors = Counter(column(found, "contributor"))
    assert contributors["GBR"] == sum(
        found.sheet.columns["tcc"].count(name) for name in ("Britain", "UK", "United Kingdom")
    )
    assert contributors["KOR"] > 0
    assert "UNKNOWN" in contributors


def test_precisions_say_what_is_a_point_and_what_an_area(real_files: Path) -> None:
    ged = taken("ucdp-ged-hxl", real_files)
    drawn = [column(ged, "geo_precision")[row] for row, x in enumerate(column(ged, "mx")) if x is not None]
    assert set(drawn) == {1, 2, 7}
    assert len(drawn) == 264 + 146 + 3
    assert column(ged, "sources_count").count(None) == 486
    assert Counter(column(ged, "incident_type")) == {"battle": 477, "violence_civilians": 124}


def test_events_without_a_position_are_kept_without_one(real_files: Path) -> None:
    found = taken("insecurity-aid-workers", real_files)
    assert sum(not text for text in found.sheet.columns["Latitude"]) == 35
    placed = column(found, "latitude")
    assert all(placed[row] is None for row, text in enumerate(found.sheet.columns["Latitude"]) if not text)
    assert Counter(column(found, "geo_precision"))[2] == 715
    part = read("insecurity-aid-workers", real_files / "sahel_mali/aid_worker_incidents_mli_bfa_ner.csv")
    assert part.sheet.rows == 108
    assert set(column(part, "country_iso3")) == {"MLI", "BFA", "NER"}


def test_students_and_educators_are_counted_apart(real_files: Path) -> None:
    found = taken("insecurity-education", real_files)
    assert set(column(found, "metric")) == {"students_killed"}
    further = {figure["metric"] for each in column(found, "further_figures") for figure in each}  # type: ignore[attr-defined]
    assert "educators_killed" in further


def test_a_list_without_any_time_stands_since_it_is_known(real_files: Path) -> None:
    found = taken("unhcr-3w", real_files)
    assert set(column(found, "start_at")) == {KNOWN}
    assert set(column(found, "reference_period_start")) == {KNOWN.date()}


def test_a_month_gets_its_year(real_files: Path) -> None:
    found = taken("rowca-5w", real_files)
    assert min(column(found, "reference_period_start")) == date(2014, 1, 1)  # type: ignore[type-var]
    assert Counter(column(found, "country_iso3")) == {"MLI": 132, "SEN": 112}


def test_money_stays_in_its_own_currency(real_files: Path) -> None:
    found = taken("iati-transactions", real_files)
    assert len(set(column(found, "currency"))) == 11
    pairs = list(
        zip(column(found, "currency"), column(found, "value"), column(found, "value_usd"), strict=True)
    )
    assert all(dollars == (value if currency == "USD" else None) for currency, value, dollars in pairs)
    assert len([dollars for _, _, dollars in pairs if dollars is not None]) == 236
    incoming = taken("fts-incoming", real_files)
    assert Counter(column(incoming, "flow_status")) == {"disbursed": 183, "committed": 145}
    assert set(column(incoming, "aid_type")) == {"funding"}


def test_ucdp_s_own_columns_are_read(tmp_path: Path) -> None:
    head = (
        "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,"
        "dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,"
        "side_b,number_of_sources,source_article,source_office,source_date,source_headline,source_original,"
        "where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,"
        "country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,"
        "deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob"
    )
    row = (
        "1,R,2020,1,Clear,3,1,1,c,1,1,d,1,1,A,1,1,B,2,a,Reuters,2020-01-02,h,o,2,Town,near,Kayes,,14.4,-11.4,"
        "POINT,1,Mali,432,Africa,1,1,2020-01-01 00:00:00.000,2020-01-01 00:00:00.000,0,0,3,0,3,4,2,432,"
    )
    assert len(head.split(",")) == 49
    path = tmp_path / "ged.csv"
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    found = read("ucdp-ged", path)
    assert not found.held
    assert column(found, "country_iso3") == ["MLI"]
    assert column(found, "start_at") == [datetime(2020, 1, 1, tzinfo=UTC)]
    assert (column(found, "deaths_low"), column(found, "deaths_high")) == ([2], [4])
