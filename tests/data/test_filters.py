"""Regions with and without a version, and who counts as there, each against a count by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from shapely import box, to_wkb

from data.answers import Frame
from data.clock import fixed_clock
from data.details import region
from data.errors import NotReleased
from data.facets import facets
from data.filters import Filter, split_region
from data.geography import Bounds
from data.lake import LakeWriter
from data.marks import marks
from data.released import Released
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS, REGIONS
from data.store import Store
from data.timeline import timeline
from data.totals import totals
from tests.factories import NOW, T0, a_home, a_publication, a_row, publish

OLD, NEW = date(2014, 1, 1), date(2019, 11, 4)
LEVEL_1 = {"adm2_pcode": None, "geo_precision": 4}
KNOWN = {"ingested_at": T0, "received_at": T0, "start_at": T0}

INCIDENT_ROWS = (
    a_row(INCIDENTS, 1, **KNOWN, adm2_pcode="XQ0101", pcode_valid_from=OLD),
    a_row(INCIDENTS, 2, **KNOWN, adm2_pcode="XQ0101", pcode_valid_from=NEW),
    a_row(INCIDENTS, 3, **KNOWN, **LEVEL_1, pcode_valid_from=NEW),
    a_row(INCIDENTS, 4, **KNOWN, adm1_pcode="XQ02", adm2_pcode="XQ0201", pcode_valid_from=None),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = a_home(tmp_path_factory.mktemp("versions"))
    publish(home, a_publication(INCIDENTS, INCIDENT_ROWS))
    made = Store(home, fixed_clock(NOW))
    yield made
    made.close()


def released_to(store: Store, persona: str) -> Released:
    return store.released_to(store.policy().viewer(persona))


def counted(released: Released, *regions: str) -> int:
    found = facets(released, Filter(regions=regions), ("incidents",)).layers
    return next(facet.count for facet in found if facet.layer == "incidents")


def test_a_region_is_split_from_its_version_in_one_place() -> None:
    assert split_region("LBR03") == ("LBR03", None)
    assert split_region("LBR03@2019-11-04") == ("LBR03", NEW)
    for text in ("LBR03@", "LBR03@soon", "LBR03@2019-13-40", ""):
        assert split_region(text) == (text, None)


@pytest.mark.parametrize(
    ("regions", "count"),
    [
        (("XQ01",), 3),
        (("XQ01@2019-11-04",), 2),
        (("XQ01@2014-01-01",), 1),
        (("XQ01@2014-01-01", "XQ01@2019-11-04"), 3),
        (("XQ01@2001-01-01",), 0),
        (("XQ0101",), 2),
        (("XQ0101@2019-11-04",), 1),
        (("XQ0101@2019-11-04", "XQ02"), 2),
        (("XQ02@2019-11-04",), 0),
        (("XQQ@2019-11-04",), 4),
        (("XQ01@soon",), 0),
    ],
)
def test_a_version_asks_for_the_records_matched_to_it(
    store: Store, regions: tuple[str, ...], count: int
) -> None:
    assert counted(released_to(store, "borland"), *regions) == count


def test_a_record_coarsened_to_the_first_level_is_still_found_by_version(store: Store) -> None:
    coarse = released_to(store, "dunmark")
    assert counted(coarse, "XQ01@2019-11-04") == 2
    assert counted(coarse, "XQ0101@2019-11-04") == 0


def test_the_drawer_of_a_region_counts_the_version_asked_for(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    place = {"country_iso3": "DOM", "adm1_pcode": "DO01"}
    rows = [a_row(INCIDENTS, n, **KNOWN, **place, pcode_valid_from=v) for n, v in enumerate((OLD, NEW, NEW))]
    with LakeWriter(home) as lake:
        lake.publish_regions(pa.Table.from_pylist([DO01], schema=REGIONS))
        lake.publish(a_publication(INCIDENTS, rows))
    made = Store(home, fixed_clock(NOW))
    released = released_to(made, "borland")
    found = {code: region(released, code, Filter()) for code in ("DO01", "DO01@2014-01-01")}
    with pytest.raises(NotReleased):
        region(released, "DO01@soon", Filter())
    made.close()
    assert [one.counts["incidents"] for one in found.values()] == [3, 1]
    assert [one.node.version for one in found.values()] == [NEW, OLD]


DO01 = {
    "code": "DO01",
    "version": NEW,
    "level": 1,
    "name": "Somewhere",
    "parent": "DOM",
    "country_iso3": "DOM",
    "geometry": to_wkb(box(-71, 18, -70, 19)),
    "label_latitude": 18.5,
    "label_longitude": -70.5,
    "area_km2": 2000.0,
    "bbox": {"xmin": -71.0, "ymin": 18.0, "xmax": -70.0, "ymax": 19.0},
}


def test_whoever_ended_without_a_day_is_in_no_bin_of_the_timeline(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    rows = [
        a_row(DEPLOYMENTS, 1, **KNOWN),
        a_row(DEPLOYMENTS, 2, **KNOWN, deployment_status="ended"),
        a_row(DEPLOYMENTS, 3, **KNOWN, deployment_status="ended", end_at=T0 + timedelta(days=5)),
    ]
    publish(home, a_publication(DEPLOYMENTS, rows), a_publication(INCIDENTS, INCIDENTS_OVER_TIME))
    made = Store(home, fixed_clock(NOW))
    found = timeline(released_to(made, "aldara"), Filter(), ("military",))
    made.close()
    values = found.rows[0].series[0].values
    assert (values[0], values[4], values[5], values[-1]) == (2, 2, 1, 1)


INCIDENTS_OVER_TIME = [a_row(INCIDENTS, n, start_at=T0 + timedelta(days=n)) for n in (0, 10)]


def test_the_opening_extent_leaves_out_what_was_cancelled(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    placed = [a_row(INCIDENTS, n, **KNOWN, longitude=-70.0 - n / 10) for n in range(10)]
    far = [a_row(INCIDENTS, 20 + n, **KNOWN, longitude=40.0, msg_type="cancel") for n in range(10)]
    publish(home, a_publication(INCIDENTS, [*placed, *far]))
    made = Store(home, fixed_clock(NOW))
    seen = released_to(made, "borland").extent(Filter())
    made.close()
    assert seen is not None
    assert seen.east < -69


@pytest.fixture
def released_rows(tmp_path: Path) -> Iterator[Callable[..., Released]]:
    """What `borland` sees of some rows of one feed, in a lake of their own."""
    made: list[Store] = []

    def of(
        feed: str, rows: list[dict[str, object]], persona: str = "borland", now: datetime = NOW
    ) -> Released:
        home = a_home(tmp_path / str(len(made)))
        with LakeWriter(home) as lake:
            lake.publish_regions(pa.Table.from_pylist([DO01], schema=REGIONS))
            lake.publish(a_publication(feed, rows))
        made.append(Store(home, fixed_clock(now)))
        return released_to(made[-1], persona)

    yield of
    for store in made:
        store.close()


def test_who_was_there_in_the_period_is_counted_though_gone_by_now(
    released_rows: Callable[..., Released],
) -> None:
    week = Filter(start=T0, end=T0 + timedelta(days=7))
    gone = a_row(DEPLOYMENTS, 1, **KNOWN, end_at=T0 + timedelta(days=10))
    assert [t.value for t in totals(released_rows(DEPLOYMENTS, [gone]), week, ("military",))] == [1]


@pytest.mark.parametrize("count", [1, 1000])
@pytest.mark.parametrize("amount", ["99999999999999.99", "9999999999999999.99"])
def test_no_amount_takes_the_totals_away_and_no_sum_wraps(
    released_rows: Callable[..., Released], amount: str, count: int
) -> None:
    money = {"aid_type": "funding", "flow_status": "committed", "value_usd": Decimal(amount)}
    seen = released_rows(DELIVERIES, [a_row(DELIVERIES, n, **money) for n in range(count)])
    (total,) = totals(seen, Filter(), ("deliveries",))
    assert total.value == pytest.approx(float(amount) * count)


def test_an_area_s_newest_record_may_be_older_than_1970(released_rows: Callable[..., Released]) -> None:
    old = datetime(1954, 10, 12, tzinfo=T0.tzinfo)
    place = {"country_iso3": "DOM", "adm1_pcode": "DO01", **LEVEL_1, "mx": None, "latitude": None}
    seen = released_rows(INCIDENTS, [a_row(INCIDENTS, 1, **place, start_at=old, day=-16517)])
    assert [mark.at for mark in marks(seen, Filter(), "incidents", WORLD).marks] == [old]


def test_bars_and_totals_agree_within_the_minute(released_rows: Callable[..., Released]) -> None:
    known = NOW - timedelta(seconds=15)
    rows = [
        a_row(INCIDENTS, 1, **KNOWN),
        a_row(INCIDENTS, 2, start_at=T0 - timedelta(days=90), ingested_at=known, received_at=known),
    ]
    seen = released_rows(INCIDENTS, rows)
    bars = timeline(seen, Filter(), ("incidents",)).rows[0].series
    assert sum(sum(one.values) for one in bars) == totals(seen, Filter(), ("incidents",))[0].value == 2


WORLD = Frame(Bounds(-180.0, -80.0, 180.0, 80.0), 3)


@pytest.mark.parametrize("changes", [{"longitude": -70.5, "description": "moved"}, {"title": "renamed"}])
def test_a_change_of_what_is_withheld_moves_no_time_and_no_version(
    released_rows: Callable[..., Released], changes: dict[str, object]
) -> None:
    later = T0 + timedelta(days=20)
    first = a_row(INCIDENTS, 1, **KNOWN)
    revised = {**KNOWN, "ingested_at": later, "received_at": later}
    second = a_row(INCIDENTS, 1, **{**revised, **changes}, revision=2, msg_type="update")
    ended = {"superseded_at": later, "superseded_received_at": later}
    before, after = (released_rows(INCIDENTS, rows, "dunmark") for rows in ([first], [first | ended, second]))
    newest = [facets(one, Filter(), ("incidents",)).layers[0].newest_at for one in (before, after)]
    assert newest == [T0, T0]
    columns = "known_from, known_until, revision, stored_revision, start_at, g_geo"
    rows = [one.ask(f"SELECT {columns} FROM released.incidents").to_pylist() for one in (before, after)]  # noqa: S608
    assert rows[0] == rows[1]
    owner = released_rows(INCIDENTS, [first | ended, second], "aldara")
    assert owner.columns(INCIDENTS).count == 2, "who sees the change sees two"
