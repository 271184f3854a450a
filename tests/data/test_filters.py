"""Regions with and without a version, and who counts as there, each against a count by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from shapely import box, to_wkb

from data.clock import fixed_clock
from data.details import region
from data.errors import NotReleased
from data.facets import facets
from data.filters import Filter, split_region
from data.lake import LakeWriter
from data.released import Released
from data.schema import DEPLOYMENTS, INCIDENTS, REGIONS
from data.store import Store
from data.timeline import timeline
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
    assert (values[0], values[5], values[6], values[-1]) == (2, 2, 1, 1)


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
