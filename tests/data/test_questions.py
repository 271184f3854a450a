"""The questions behind map, timeline, totals, fills and drawer, each against a count by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from shapely import box, to_wkb

from data.answers import Frame
from data.clock import fixed_clock
from data.details import record, region
from data.errors import NotReleased
from data.facets import facets
from data.fills import fill
from data.filters import Filter
from data.geography import Bounds
from data.lake import LakeWriter
from data.marks import marks
from data.released import Released
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS, REGIONS
from data.store import Store
from data.timeline import timeline
from data.totals import period_before, totals
from tests.factories import NOW, T0, a_home, a_publication, a_row, publish

LAYERS = ("incidents", "military", "presence", "deliveries")
WORLD = Frame(Bounds(-180.0, -80.0, 180.0, 80.0), 3)
HERE = Frame(Bounds(-75.0, 15.0, -65.0, 25.0), 7)


def a_region(code: str, level: int, parent: str, west: float) -> dict[str, object]:
    return {
        "code": code,
        "version": date(2024, 1, 1),
        "level": level,
        "name": f"Name of {code}",
        "parent": parent,
        "country_iso3": "DOM",
        "geometry": to_wkb(box(west, 18, west + 1, 19)),
        "label_latitude": 18.5,
        "label_longitude": west + 0.5,
        "area_km2": 2000.0,
        "bbox": {"xmin": west, "ymin": 18.0, "xmax": west + 1, "ymax": 19.0},
    }


def a_report(number: int, district: str, week: int, new: float, cumulative: float) -> dict[str, object]:
    start = datetime(2026, 9, 7, tzinfo=T0.tzinfo) + timedelta(weeks=week)
    further = [
        figure("cumulative_cases", cumulative, "last", "sum"),
        figure("cumulative_deaths", cumulative / 4, "last", "sum"),
    ]
    place = {"country_iso3": "DOM", "adm1_pcode": "DO1", "adm2_pcode": district, "geo_precision": 3}
    leading = {"metric": "new_cases", "metric_value": new, "metric_unit": "persons"}
    adding = {"metric_adds_over_time": "none", "metric_adds_over_area": "sum", "metric_period": "two_weeks"}
    what = {"report_kind": "report", "incident_type": "epidemic", "further_figures": further}
    times = {"start_at": start, "ingested_at": start, "received_at": start}
    return a_row(INCIDENTS, number, **NOWHERE, **place, **leading, **adding, **what, **times)


NOWHERE = {"latitude": None, "longitude": None, "mx": None, "my": None}


def figure(metric: str, value: float, over_time: str, over_area: str) -> dict[str, object]:
    return {
        "metric": metric,
        "metric_value": value,
        "metric_unit": "persons",
        "metric_period": "as_of",
        "metric_case_definition": None,
        "metric_adds_over_time": over_time,
        "metric_adds_over_area": over_area,
    }


REPORTS = [
    a_report(1, "DO101", 0, 10, 10),
    a_report(2, "DO101", 1, 15, 20),
    a_report(3, "DO101", 2, 12, 18),
    a_report(4, "DO102", 0, 5, 5),
    a_report(5, "DO102", 1, 0, 5),
]


@pytest.fixture(scope="module")
def epidemic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    home = a_home(tmp_path_factory.mktemp("epidemic"))
    districts = [a_region(f"DO10{n}", 2, "DO1", -72 + n) for n in (1, 2, 3)]
    regions = [a_region("DO1", 1, "DOM", -71), *districts]
    with LakeWriter(home) as lake:
        lake.publish_regions(pa.Table.from_pylist(regions, schema=REGIONS))
        lake.publish(a_publication(INCIDENTS, REPORTS))
    store = Store(home, fixed_clock(NOW))
    yield store.released_to(store.policy().viewer("borland"))
    store.close()


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    """20,000 incidents about one town and some of everything else."""
    choose = random.Random(3)
    home = a_home(tmp_path_factory.mktemp("crowd"))
    incidents = [
        a_row(
            INCIDENTS,
            n,
            longitude=choose.gauss(-70, 1.5),
            latitude=choose.gauss(19, 1),
            country_iso3="DOM",
            verification=choose.choice(["unverified", "verified", "disputed"]),
            incident_type=choose.choice(["flood", "storm", "crime"]),
        )
        for n in range(20_000)
    ]
    incidents += [
        a_row(INCIDENTS, 30_000 + n, geo_precision=6, country_iso3="HTI", **NOWHERE) for n in range(7)
    ]
    money = [
        a_row(
            DELIVERIES,
            1,
            aid_type="funding",
            flow_status="committed",
            value_usd=100,
            geo_precision=6,
            mx=None,
        ),
        a_row(
            DELIVERIES, 2, aid_type="funding", flow_status="pledged", value_usd=40, geo_precision=6, mx=None
        ),
        a_row(DELIVERIES, 3, flow_status="delivered"),
        a_row(DELIVERIES, 4, flow_status="in_transit"),
    ]
    people = [
        a_row(DEPLOYMENTS, 1),
        a_row(DEPLOYMENTS, 2, presence_kind="humanitarian", contributor="XAC", sector_code="HEA"),
    ]
    publish(
        home,
        a_publication(INCIDENTS, incidents),
        a_publication(DELIVERIES, money),
        a_publication(DEPLOYMENTS, people),
    )
    store = Store(home, fixed_clock(NOW))
    yield store.released_to(store.policy().viewer("aldara"))
    store.close()


@pytest.mark.parametrize("zoom", range(2, 14))
def test_a_layer_draws_few_things_however_many_rows_there_are(crowd: Released, zoom: int) -> None:
    half = 180.0 / 2**zoom * 5
    frame = Frame(
        Bounds(max(-180, -70 - half), max(-80, 19 - half / 2), min(180, -70 + half), min(80, 19 + half / 2)),
        zoom,
    )
    drawn = marks(crowd, Filter(), "incidents", frame)
    assert len(drawn.marks) <= 430
    assert len({mark.id for mark in drawn.marks}) == len(drawn.marks)


def test_clusters_count_everything_in_the_frame_and_stand_on_a_record(crowd: Released) -> None:
    drawn = marks(crowd, Filter(), "incidents", WORLD)
    assert sum(mark.count for mark in drawn.marks) == 20_000
    assert drawn.total == 20_007
    assert drawn.unplaced == 7
    assert drawn.unplaced_by_country == {"HTI": 7}
    places = {
        (row["latitude"], row["longitude"])
        for row in crowd.ask("SELECT latitude, longitude FROM released.incidents").to_pylist()
    }
    assert all((mark.latitude, mark.longitude) in places for mark in drawn.marks)
    unverified = crowd.ask(
        "SELECT count(*) FROM released.incidents WHERE verification = 'unverified' AND mx IS NOT NULL"
    )
    assert sum(mark.unverified for mark in drawn.marks) == unverified.column(0).to_pylist()[0]


def test_the_same_frame_is_drawn_alike_each_time(crowd: Released) -> None:
    first = marks(crowd, Filter(), "incidents", HERE)
    again = marks(crowd, Filter(end=NOW + timedelta(days=1)), "incidents", HERE)
    assert first.marks == again.marks


def test_military_and_presence_are_two_layers(crowd: Released) -> None:
    assert marks(crowd, Filter(), "military", WORLD).total == 1
    assert marks(crowd, Filter(), "presence", WORLD).total == 1


def test_who_left_before_the_period_ends_is_not_drawn_as_if_there(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    left = T0 + timedelta(days=12)
    there = {"start_at": T0, "ingested_at": T0, "received_at": T0}
    ended = {
        "start_at": T0,
        "end_at": left,
        "deployment_status": "ended",
        "ingested_at": left,
        "received_at": left,
    }
    rows = [
        a_row(DEPLOYMENTS, 1, **there),
        a_row(DEPLOYMENTS, 2, **there, superseded_at=left, superseded_received_at=left),
        a_row(DEPLOYMENTS, 2, revision=2, msg_type="update", **ended),
    ]
    publish(home, a_publication(DEPLOYMENTS, rows))
    store = Store(home, fixed_clock(NOW))
    released = store.released_to(store.policy().viewer("aldara"))
    assert marks(released, Filter(), "military", WORLD).total == 1
    assert marks(released, Filter(end=T0 + timedelta(days=10)), "military", WORLD).total == 2
    assert marks(released, Filter(known_at=T0 + timedelta(days=11)), "military", WORLD).total == 2
    assert marks(released, Filter(known_at=T0 + timedelta(days=13)), "military", WORLD).total == 1


def test_money_and_goods_pledged_and_committed_stand_apart(crowd: Released) -> None:
    found = {total.id: total for total in totals(crowd, Filter(), ("deliveries",))}
    assert (found["arrived"].value, found["arrived"].note_value) == (1, 2)
    assert (found["committed"].value, found["committed"].note_value) == (100, 40)


def test_a_filter_for_which_a_layer_has_no_column_leaves_it_alone_and_says_so(crowd: Released) -> None:
    asked = Filter(sectors=("HEA",), partners=("XAC",), role="funding")
    found = {facet.layer: facet for facet in facets(crowd, asked, LAYERS).layers}
    assert found["incidents"].count == 20_007
    assert found["incidents"].ignores == ("partner", "sector")
    assert found["presence"].count == 1
    assert found["presence"].ignores == ("partner",)
    assert found["deliveries"].count == 0


def test_facets_name_only_what_occurs(crowd: Released) -> None:
    found = facets(crowd, Filter(), LAYERS)
    assert [facet.code for facet in found.partners] == ["XAA", "XAC"]
    assert [facet.code for facet in found.sectors] == ["HEA"]
    assert [node.code for node in found.regions] == ["DOM", "HTI"]


def test_the_timeline_covers_the_operation_whatever_the_period(crowd: Released) -> None:
    narrow = Filter(start=NOW - timedelta(days=1), end=NOW)
    assert timeline(crowd, Filter(), LAYERS).starts == timeline(crowd, narrow, LAYERS).starts
    row = timeline(crowd, Filter(), LAYERS).rows[0]
    assert sum(sum(series.values) for series in row.series) == 20_007
    assert {series.name for series in row.series} == {"crime", "flood", "storm"}


def test_a_category_keeps_its_place_whatever_is_filtered(crowd: Released) -> None:
    def names(asked: Filter) -> list[str]:
        return [series.name for series in timeline(crowd, asked, LAYERS).rows[0].series]

    assert names(Filter()) == names(Filter(regions=("HTI",))) == names(Filter(partners=("XAC",)))


def test_the_timeline_knows_nothing_after_the_knowledge_time(crowd: Released) -> None:
    known = T0 + timedelta(days=10)
    found = timeline(crowd, Filter(known_at=known), LAYERS)
    assert found.starts[-1] <= known
    assert found.complete_until == known


def test_presence_fills_the_timeline_when_nothing_else_is_on(crowd: Released) -> None:
    rows = timeline(crowd, Filter(), ("military", "presence")).rows
    assert [row.layer for row in rows] == ["military", "presence"]
    assert rows[0].series[0].values[-1] == 1


def test_the_period_before_is_as_long_and_just_before() -> None:
    asked = Filter(start=NOW - timedelta(days=7), end=NOW)
    earlier = period_before(asked)
    assert earlier is not None
    assert (earlier.start, earlier.end) == (NOW - timedelta(days=14), NOW - timedelta(days=7))
    assert period_before(Filter()) is None


def test_cumulatives_are_taken_last_and_windows_that_overlap_are_never_added(epidemic: Released) -> None:
    found = {total.id: total.value for total in totals(epidemic, Filter(), LAYERS)}
    assert found["cumulative_cases"] == 18 + 5
    assert found["reports"] == 4
    assert sum(r["metric_value"] for r in REPORTS) not in found.values()  # type: ignore[misc]


def test_the_timeline_of_reports_adds_over_area_within_a_week_only(epidemic: Released) -> None:
    row = timeline(epidemic, Filter(), LAYERS).rows[0]
    assert row.metric == "new_cases"
    assert row.windows_overlap
    assert [series.name for series in row.series] == ["Dominican Republic"]
    assert row.series[0].values[:3] == (15, 15, 12)


def test_an_area_is_one_symbol_sized_by_its_last_cumulative(epidemic: Released) -> None:
    drawn = marks(epidemic, Filter(), "incidents", WORLD)
    assert [(mark.kind, mark.region, mark.count, mark.value) for mark in drawn.marks] == [
        ("area", "DO101", 3, 18.0),
        ("area", "DO102", 2, 5.0),
    ]
    assert drawn.metric == "cumulative_cases"


def test_a_cumulative_is_beside_an_earlier_report_or_beside_nothing(epidemic: Released) -> None:
    start = datetime(2026, 9, 7, tzinfo=T0.tzinfo)
    seen = [
        {
            t.id: t
            for t in totals(
                epidemic, Filter(start=start + timedelta(weeks=n), end=start + timedelta(weeks=n + 1)), LAYERS
            )
        }
        for n in (0, 1, 5)
    ]
    assert seen[0]["cumulative_cases"].before is None
    assert seen[0]["reports"].before == 0
    assert (seen[1]["cumulative_cases"].value, seen[1]["cumulative_cases"].before) == (25, 15)
    assert str(seen[2]["cumulative_cases"].value) == "nan"
    assert seen[2]["cumulative_cases"].note_id == "no_report"


def test_rows_that_no_filter_picked_are_asked_nothing(epidemic: Released) -> None:
    rows = epidemic.rows(Filter(), "incidents")
    some = rows.only(rows.whole("revision") == 1)
    with pytest.raises(ValueError, match="no key"):
        epidemic.ask("SELECT count(*) FROM picked", rows=some)


def test_fills_tell_zero_from_no_report(epidemic: Released) -> None:
    rates = fill(epidemic, Filter(), "deaths_per_case").values
    assert rates == {"DO101": 0.25, "DO102": 0.25, "DO103": None}
    density = fill(epidemic, Filter(), "records_per_1000_km2").values
    assert density == {"DO101": 1.5, "DO102": 1.0, "DO103": 0.0}
    weeks = fill(epidemic, Filter(), "weeks_since_report").values
    assert weeks["DO103"] is None
    assert weeks["DO101"] == 1


def test_the_drawer_of_a_region_and_of_a_record(epidemic: Released) -> None:
    here = region(epidemic, "DO101", Filter())
    assert here.path == ("Dominican Republic", "Name of DO1", "Name of DO101")
    assert here.counts["incidents"] == 3
    assert ("cumulative_cases", 18.0, "persons", REPORTS[2]["start_at"]) in here.figures
    one = record(epidemic, str(here.latest[0]["record_id"]), Filter())
    assert one.values["metric_value"] == 12
    assert one.agreements == ("MULTI",)
    assert one.inside
    before = Filter(start=T0 - timedelta(days=900), end=T0 - timedelta(days=899))
    assert not record(epidemic, str(here.latest[0]["record_id"]), before).inside
    with pytest.raises(NotReleased):
        region(epidemic, "NOWHERE", Filter())
