"""The sample exercise: what it promises in numbers, on the ground, in time and in its words."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import defaultdict
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from data.labels import parse_label
from data.policy import parse_policy
from data.sample import Scenario, generate
from data.sample.deployments import deployment_stories
from data.sample.rows import to_table
from data.sample.storm import BEGIN, END, track
from data.sample.world import world
from data.schema import DELIVERIES, DEPLOYMENTS, FEEDS, INCIDENTS, REFERENCE, REGIONS

Rows = list[dict[str, Any]]
Stories = dict[str, Rows]

REAL_NAMES = re.compile(
    r"\b(UN|UNHCR|UNICEF|OCHA|WFP|WHO|PAHO|IOM|UNDP|NATO|EU|USAID|FEMA|CDEMA|CARICOM|MSF|"
    r"ICRC|IFRC|Oxfam|CARE|"
    r"Red Cross|Red Crescent|United Nations|Save the Children|World Vision|Caritas|Mercy Corps|World Bank|"
    r"SOUTHCOM|Marines|Army|Navy SEALs|Coast Guard|US Navy|Royal Navy|Canada|United States|Netherlands)\b"
)
"""Bodies and states that exist and that a fictitious exercise must not speak for."""

DELIVERY_ORDER = ("pledged", "committed", "disbursed", "dispatched", "in_transit", "delayed", "arrived")
DELIVERY_ENDS = ("delivered", "distributed", "lost", "cancelled")
DEPLOYMENT_ORDER = ("planned", "en_route", "active", "redeploying", "ended")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return generate(2026)


@pytest.fixture(scope="module")
def stories(scenario: Scenario) -> dict[str, Stories]:
    """By feed and record, the revisions in order."""
    found: dict[str, Stories] = {}
    for feed, table in scenario.feeds.items():
        by_record: Stories = defaultdict(list)
        for row in table.to_pylist():
            by_record[row["record_id"]].append(row)
        for rows in by_record.values():
            rows.sort(key=lambda row: int(row["revision"]))
        found[feed] = by_record
    return found


def every_row(stories: dict[str, Stories]) -> Rows:
    return [row for records in stories.values() for rows in records.values() for row in rows]


def digest(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def test_same_seed_gives_the_same_bytes_and_tells_its_progress(scenario: Scenario) -> None:
    told: list[tuple[int, int, str]] = []
    again = generate(2026, lambda done, total, words: told.append((done, total, words)))
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[-1][0] == told[-1][1]
    assert all(words for _, _, words in told)
    for feed, table in scenario.feeds.items():
        assert digest(table) == digest(again.feeds[feed]), feed
    assert digest(scenario.regions) == digest(again.regions)
    assert digest(scenario.reference) == digest(again.reference)
    assert scenario.sources == again.sources


def test_another_seed_gives_another_exercise_on_the_same_ground(scenario: Scenario) -> None:
    other = to_table(DEPLOYMENTS, deployment_stories(world(), Random("7:deployments")))
    mine = to_table(DEPLOYMENTS, deployment_stories(world(), Random("2026:deployments")))
    assert digest(mine) == digest(scenario.feeds[DEPLOYMENTS])
    assert digest(other) != digest(mine)
    assert set(other["adm2_pcode"].to_pylist()) <= {*scenario.regions["code"].to_pylist(), None}


@pytest.mark.parametrize(
    ("feed", "least", "most"),
    [(INCIDENTS, 11_700, 12_300), (DEPLOYMENTS, 580, 620), (DELIVERIES, 2_900, 3_150)],
)
def test_as_many_records_as_promised(stories: dict[str, Stories], feed: str, least: int, most: int) -> None:
    assert least <= len(stories[feed]) <= most


def test_about_a_dozen_distinct_labels_all_used(scenario: Scenario) -> None:
    used = {number for table in scenario.feeds.values() for number in table["label_id"].to_pylist()}
    assert used == set(range(len(scenario.labels)))
    assert 11 <= len(set(scenario.labels)) == len(scenario.labels) <= 14


def test_schemas_hold_and_nothing_required_is_missing(scenario: Scenario) -> None:
    for feed, table in scenario.feeds.items():
        assert table.schema.equals(FEEDS[feed].arrow)
        table.validate(full=True)
        for column in FEEDS[feed].columns:
            if not column.nullable:
                assert table[column.name].null_count == 0, f"{feed}.{column.name}"
    assert scenario.regions.schema.equals(REGIONS)
    assert scenario.reference.schema.equals(REFERENCE)


def test_every_word_is_of_its_vocabulary_and_no_number_too_small(scenario: Scenario) -> None:
    for feed, table in scenario.feeds.items():
        for column in FEEDS[feed].columns:
            values = table[column.name].drop_null()
            if column.allowed is not None:
                said = set(values.cast(pa.string()).unique().to_pylist())
                assert said <= column.allowed, f"{feed}.{column.name}: {said - column.allowed}"
            if column.least is not None and len(values):
                assert pc.min(values).as_py() >= column.least, f"{feed}.{column.name}"


def test_everything_is_marked_exercise(scenario: Scenario) -> None:
    for table in scenario.feeds.values():
        assert set(table["status"].to_pylist()) == {"exercise"}
        assert set(table["operation"].to_pylist()) == {"EX-NORTHERN-PASSAGE"}
    assert all(label.caveats == ("EXERCISE",) for label in scenario.labels)


def test_every_exact_point_lies_on_land_in_its_sector(scenario: Scenario) -> None:
    shapes = {row["code"]: shapely.from_wkb(row["geometry"]) for row in scenario.regions.to_pylist()}
    for shape in shapes.values():
        shapely.prepare(shape)
    checked = 0
    for table in scenario.feeds.values():
        for row in table.filter(pc.equal(table["geo_precision"], 1)).to_pylist():
            place = row["longitude"], row["latitude"]
            for level in ("country_iso3", "adm1_pcode", "adm2_pcode"):
                near = shapes[row[level]].distance(shapely.Point(place)) < 1e-4
                assert near, f"{row['record_id']} lies outside {row[level]}"
            checked += 1
    assert checked > 15_000


def test_places_are_drawn_as_exactly_as_they_are_known(stories: dict[str, Stories]) -> None:
    for row in every_row(stories):
        point = row["geo_precision"] in (1, 2, 7)
        assert (
            (row["latitude"] is not None)
            == (row["longitude"] is not None)
            == (row["mx"] is not None)
            == point
        )
        assert (row["geometry"] is not None) == (point or row["geo_precision"] == 5)
        assert (row["adm2_pcode"] is not None) == (row["geo_precision"] in (1, 2, 3, 5))
        assert (row["adm1_pcode"] is not None) == (row["geo_precision"] in (1, 2, 3, 4, 5))
        assert (row["country_iso3"] is None) == (row["geo_precision"] in (0, 7))


def test_several_precisions_occur(scenario: Scenario) -> None:
    said = set(scenario.feeds[INCIDENTS]["geo_precision"].to_pylist())
    assert said == {0, 1, 2, 3, 4, 5, 6, 7}


def test_regions_form_a_tree_and_sectors_tile_their_country(scenario: Scenario) -> None:
    rows = {row["code"]: row for row in scenario.regions.to_pylist()}
    for row in rows.values():
        assert (row["parent"] is None) == (row["level"] == 0)
        if row["parent"]:
            assert rows[row["parent"]]["level"] == row["level"] - 1
        label = shapely.Point(row["label_longitude"], row["label_latitude"])
        assert shapely.from_wkb(row["geometry"]).contains(label), row["code"]
    for country in (row for row in rows.values() if row["level"] == 0):
        parts = [r for r in rows.values() if r["level"] == 2 and r["country_iso3"] == country["code"]]
        covered = sum(row["area_km2"] for row in parts)
        assert covered <= country["area_km2"] * 1.001
        assert covered >= country["area_km2"] * (0.99 if country["code"] != "CUB" else 0.4)


def test_revisions_chain_without_gap(stories: dict[str, Stories]) -> None:
    for records in stories.values():
        for record_id, rows in records.items():
            assert [row["revision"] for row in rows] == list(range(1, len(rows) + 1)), record_id
            assert rows[0]["msg_type"] == "new"
            assert rows[-1]["superseded_at"] is rows[-1]["superseded_received_at"] is None
            for row, following in pairwise(rows):
                assert row["superseded_at"] == following["ingested_at"] > row["ingested_at"]
                assert row["superseded_received_at"] == following["received_at"]
                assert row["msg_type"] not in ("cancel", "recall")
                assert following["msg_type"] != "new"


def test_all_is_known_within_the_exercise_and_never_before_it_was_reported(
    stories: dict[str, Stories],
) -> None:
    for row in every_row(stories):
        assert BEGIN <= row["ingested_at"] == row["received_at"] < END
        assert row["reported_at"] <= row["ingested_at"], row["record_id"]
        assert row["end_at"] is None or row["end_at"] >= row["start_at"]
        if row.get("report_kind") == "event":
            assert row["start_at"] <= row["reported_at"], row["record_id"]


def test_deliveries_go_through_their_statuses_in_order(stories: dict[str, Stories]) -> None:
    order = (*DELIVERY_ORDER, *DELIVERY_ENDS)
    for record_id, rows in stories[DELIVERIES].items():
        ranks = [order.index(row["flow_status"]) for row in rows]
        assert ranks == sorted(ranks), record_id
        if rows[0]["aid_type"] == "in_kind":
            last = rows[-1]
            dates = [last[name] for name in ("committed_at", "dispatched_at", "arrived_at", "distributed_at")]
            told = [at for at in dates if at is not None]
            assert told == sorted(told), record_id
            assert (last["arrived_at"] is not None) == (
                last["flow_status"] in ("arrived", "delivered", "distributed")
            )


def test_goods_and_money_stay_apart(stories: dict[str, Stories]) -> None:
    for rows in stories[DELIVERIES].values():
        money = rows[0]["aid_type"] in ("funding", "cash")
        for row in rows:
            assert (row["item"] is None) == (row["quantity"] is None) == money
            if money:
                assert row["flow_status"] in ("pledged", "committed", "disbursed")
                assert row["geo_precision"] == 6


def test_most_histories_have_several_steps_and_some_goods_are_lost_or_late(
    stories: dict[str, Stories],
) -> None:
    goods = [rows for rows in stories[DELIVERIES].values() if rows[0]["aid_type"] == "in_kind"]
    assert sum(len(rows) >= 3 for rows in goods) > 0.8 * len(goods)
    said = [{row["flow_status"] for row in rows} for rows in goods]
    assert sum("lost" in statuses for statuses in said) >= 15
    assert sum("delayed" in statuses for statuses in said) >= 100
    assert {rows[-1]["transport_mode"] for rows in goods} >= {"air", "ocean", "truck", "helicopter"}


def test_elements_move_in_order_and_forces_come_by_a_hub(stories: dict[str, Stories]) -> None:
    for record_id, rows in stories[DEPLOYMENTS].items():
        ranks = [DEPLOYMENT_ORDER.index(row["deployment_status"]) for row in rows]
        assert ranks == sorted(ranks), record_id
        for row in rows:
            if row["deployment_status"] in ("en_route", "redeploying"):
                assert row["location_name"].endswith(("airfield", "port")), record_id
    kinds = {rows[0]["presence_kind"] for rows in stories[DEPLOYMENTS].values()}
    assert kinds == {"military", "police", "humanitarian", "civil", "private"}


def test_aid_reaches_the_hubs_before_it_goes_inland(stories: dict[str, Stories]) -> None:
    arrived: dict[bool, list[datetime]] = {True: [], False: []}
    for rows in stories[DELIVERIES].values():
        if rows[-1]["arrived_at"] is not None:
            arrived[
                rows[-1]["origin_name"].split()[-1] in ("airfield", "port")
                and rows[-1]["origin_iso3"] == rows[-1]["country_iso3"]
            ].append(rows[-1]["arrived_at"])
    inland, hubs = sorted(arrived[True]), sorted(arrived[False])
    assert len(inland) > 1000
    assert len(hubs) > 500
    assert hubs[0] < inland[0]


def test_damage_lies_along_the_track_and_follows_its_passage(stories: dict[str, Stories]) -> None:
    line = shapely.LineString([(fix.lon, fix.lat) for fix in track()])
    storm = [rows[0] for rows in stories[INCIDENTS].values() if rows[0]["incident_type"] == "storm"]
    placed = [row for row in storm if row["geo_precision"] == 1]
    near = sum(line.distance(shapely.Point(row["longitude"], row["latitude"])) < 0.9 for row in placed)
    assert near > 0.85 * len(placed)
    days = sorted(row["start_at"] for row in storm)
    assert days[len(days) // 50] >= BEGIN + timedelta(days=3)
    assert days[-len(days) // 50] <= BEGIN + timedelta(days=10)
    hurt = {row["incident_type"] for rows in stories[INCIDENTS].values() for row in rows}
    assert hurt == {
        "storm",
        "flood",
        "landslide",
        "infrastructure",
        "displacement",
        "accident",
        "crime",
        "epidemic",
        "access_restriction",
    }


def test_disease_rises_late(stories: dict[str, Stories]) -> None:
    reports = [rows[-1] for rows in stories[INCIDENTS].values() if rows[0]["report_kind"] == "report"]
    by_week: dict[datetime, float] = defaultdict(float)
    for row in reports:
        by_week[row["start_at"]] += row["metric_value"]
    weeks = sorted(by_week)
    assert [by_week[week] for week in weeks] == sorted(by_week.values())
    assert all(one + timedelta(days=7) == two for one, two in pairwise(weeks))


def test_weekly_reports_add_up_and_say_how(stories: dict[str, Stories]) -> None:
    by_sector: dict[str, Rows] = defaultdict(list)
    for rows in stories[INCIDENTS].values():
        if rows[0]["report_kind"] == "report":
            by_sector[rows[0]["adm2_pcode"]].append(rows[0])
    assert len(by_sector) > 15
    for rows in by_sector.values():
        rows.sort(key=lambda row: row["start_at"])
        total = 0.0
        for row in rows:
            assert (row["geo_precision"], row["metric"], row["metric_adds_over_time"]) == (
                3,
                "new_cases",
                "sum",
            )
            assert row["end_at"] - row["start_at"] == timedelta(days=7)
            total += row["metric_value"]
            figures = {figure["metric"]: figure for figure in row["further_figures"]}
            assert figures["cumulative_cases"]["metric_value"] == total
            assert figures["cumulative_cases"]["metric_adds_over_time"] == "last"


def test_deaths_stand_in_their_range(stories: dict[str, Stories]) -> None:
    total = 0
    for rows in stories[INCIDENTS].values():
        for row in rows:
            if row["deaths_best"] is not None:
                assert row["deaths_low"] <= row["deaths_best"] <= row["deaths_high"], row["record_id"]
        total += rows[-1]["deaths_best"] or 0
    assert 50 < total < 1000


def test_corrections_recalls_and_tightened_labels_occur(
    scenario: Scenario, stories: dict[str, Stories]
) -> None:
    incidents = stories[INCIDENTS].values()
    corrected = sum(
        any((row["notes"] or "").startswith(("Corrected", "Checked", "Severity")) for row in rows)
        for rows in incidents
    )
    assert 0.03 < corrected / len(incidents) < 0.05
    recalled = sum(rows[-1]["msg_type"] == "recall" for rows in incidents)
    assert 0.003 < recalled / len(incidents) < 0.008
    assert sum(rows[-1]["msg_type"] == "cancel" for rows in incidents) > 50
    tightened = [rows for rows in incidents if rows[0]["label_id"] != rows[-1]["label_id"]]
    assert len(tightened) >= 20
    for rows in tightened:
        before, after = (scenario.labels[rows[n]["label_id"]] for n in (0, -1))
        assert (before.classification, after.classification) == ("OPEN", "SENSITIVE")


def test_two_sources_fall_silent_and_the_others_do_not(scenario: Scenario) -> None:
    silent = {
        state.source.name: (END - state.last_delivery_at).days
        for state in scenario.sources
        if END - state.last_delivery_at > timedelta(days=2)
    }
    assert silent == {"xmr-field-reports": 11, "xac-contingent": 6}
    assert len(scenario.sources) == 14


def test_record_ids_and_labels_belong_to_their_originator(
    scenario: Scenario, stories: dict[str, Stories]
) -> None:
    for row in every_row(stories):
        assert row["record_id"].startswith(f"{row['originator']}:{row['source']}:")
        assert scenario.labels[row["label_id"]].originator == row["originator"]


def test_no_real_body_is_named(scenario: Scenario, stories: dict[str, Stories]) -> None:
    names = (
        "title",
        "description",
        "notes",
        "source_org",
        "org_name",
        "unit_name",
        "donor_name",
        "channel_org",
        "implementing_org",
        "recipient",
        "mission",
        "actor1",
        "actor2",
    )
    for row in every_row(stories):
        for name in names:
            found = REAL_NAMES.search(row.get(name) or "")
            assert found is None, f"{row['record_id']} {name}: {found}"
    assert REAL_NAMES.search(scenario.policy) is None


def test_titles_are_short_filled_and_many(stories: dict[str, Stories]) -> None:
    titles = [row["title"] for row in every_row(stories)]
    assert all(0 < len(title) <= 100 and not set("{}") & set(title) for title in titles)
    assert len(set(titles)) > 3_000


def test_policy_has_the_partners_and_agreements_promised(scenario: Scenario) -> None:
    policy = parse_policy(tomllib.loads(scenario.policy), "policy.toml")
    assert policy.operation.kind == "exercise"
    assert (policy.operation.from_at, policy.operation.until_at) == (BEGIN, END)
    assert timedelta(days=45) == END - BEGIN
    assert len(policy.partners) >= 12
    assert all(re.fullmatch("X[A-Z]{2}", code) and code != "XKX" for code in policy.partners)
    assert 8 <= len(policy.personas) <= 12
    assert sorted(agreement.kind for agreement in policy.agreements) == ["bilateral"] * 3 + ["multilateral"]
    bilateral = [agreement for agreement in policy.agreements if agreement.kind == "bilateral"]
    assert any(agreement.geo_level in ("adm1", "adm2") for agreement in bilateral)
    assert any(agreement.delay for agreement in bilateral)
    assert any("operational" in agreement.hide for agreement in bilateral)
    bound = {code for persona in policy.personas.values() for code in persona.regions or ()}
    assert bound
    assert bound <= set(scenario.regions["code"].to_pylist())


def test_labels_speak_the_language_of_the_policy(scenario: Scenario) -> None:
    policy = parse_policy(tomllib.loads(scenario.policy), "policy.toml")
    known = {*policy.partners, *policy.groups, "PUBLIC"}
    assert [parse_label(asdict(label), policy) for label in scenario.labels] == list(scenario.labels)
    for label in scenario.labels:
        assert label.policy_id == policy.id
        assert label.classification in policy.levels
        assert set(label.releasable_to) | set(label.display_only_to) <= known
        assert set(label.required_categories) <= policy.categories
        assert list(label.releasable_to) == sorted(set(label.releasable_to))


def test_track_points_line_and_cone_are_there(scenario: Scenario) -> None:
    rows = [row for row in scenario.reference.to_pylist() if row["layer"] == "hazard"]
    kinds = [row["kind"] for row in rows]
    assert kinds.count("track") == 1
    assert kinds.count("track_point") >= 20
    assert kinds.count("cone") >= 1
    assert all(row["layer"] == "hazard" and shapely.from_wkb(row["geometry"]).is_valid for row in rows)
    passing = [row["valid_at"] for row in rows if row["kind"] == "track_point"]
    assert min(passing) >= BEGIN + timedelta(days=3)
    assert max(passing) <= BEGIN + timedelta(days=10)
