"""An operation on both sides of the antimeridian is one place: its marks, its regions, its opening place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import shapely

from data.answers import Frame, Marks
from data.clock import fixed_clock
from data.filters import Filter
from data.geography import Bounds, mercator
from data.lake import LakeWriter
from data.marks import cell_units, marks
from data.regions import Area, region_rows
from data.regions_shown import country_regions
from data.released import Released
from data.schema import INCIDENTS
from data.store import Store
from tests.data.test_questions import NOWHERE
from tests.factories import NOW, a_home, a_publication, a_row

ACROSS = Frame(Bounds(160.0, -20.0, -162.0, -10.0), 5)
EAST, WEST = shapely.box(177, -19, 180, -16), shapely.box(-180, -19, -178, -16)
ISLANDS = [
    Area("FJ1", "Both sides", 1, "FJI", "FJI", shapely.MultiPolygon([EAST, WEST])),
    Area("FJ2", "East", 1, "FJI", "FJI", shapely.box(178, -15, 179, -14)),
    Area("FJ3", "West", 1, "FJI", "FJI", shapely.box(-179, -13, -178, -12)),
]


def at(number: int, lon: float) -> dict[str, object]:
    """An incident at a longitude."""
    mx, my = mercator(lon, -15.0)
    place = {"country_iso3": "FJI", "adm1_pcode": None, "adm2_pcode": None, "geo_precision": 1}
    return a_row(INCIDENTS, number, longitude=lon, latitude=-15.0, mx=mx, my=my, **place)


@pytest.fixture(scope="module")
def fiji(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    """Points and an area on either side, and points beyond the frame."""
    rows = [at(n, lon) for n, lon in enumerate((165.0, 179.99, -179.99, -165.0, 150.0, -150.0))]
    for n, code in enumerate(("FJ2", "FJ3")):
        place = {"country_iso3": "FJI", "adm1_pcode": code, "adm2_pcode": None, "geo_precision": 4}
        rows.append(a_row(INCIDENTS, 20 + n, **NOWHERE, **place))
    home = a_home(tmp_path_factory.mktemp("fiji"))
    with LakeWriter(home) as lake:
        lake.publish_regions(region_rows(ISLANDS, date(2026, 1, 1)))
        lake.publish(a_publication(INCIDENTS, rows))
    store = Store(home, fixed_clock(NOW))
    yield store.released_to(store.policy().viewer("borland"))
    store.close()


def longitudes(drawn: Marks, kind: str) -> set[float]:
    return {mark.longitude for mark in drawn.marks if mark.kind == kind}


def test_marks_of_both_sides_are_drawn(fiji: Released) -> None:
    drawn = marks(fiji, Filter(), "incidents", ACROSS)
    assert longitudes(drawn, "point") == {165.0, 179.99, -179.99, -165.0}
    assert longitudes(drawn, "area") == {178.5, -178.5}


def test_cells_are_as_small_across_the_antimeridian_as_elsewhere() -> None:
    elsewhere = Frame(Bounds(-19.0, -20.0, 19.0, -10.0), 5)
    assert cell_units(ACROSS, 5_000, 10) == pytest.approx(cell_units(elsewhere, 5_000, 10), rel=0.01)


def test_frames_on_one_side_have_that_side_alone(fiji: Released) -> None:
    west = marks(fiji, Filter(), "incidents", Frame(Bounds(-180.0, -20.0, -162.0, -10.0), 5))
    east = marks(fiji, Filter(), "incidents", Frame(Bounds(160.0, -20.0, 180.0, -10.0), 5))
    assert longitudes(west, "point") == {-179.99, -165.0}
    assert longitudes(east, "point") == {165.0, 179.99}


def test_a_region_on_both_sides_has_the_box_across(fiji: Released) -> None:
    regions = fiji.regions
    assert regions.by_code["FJ1"].bounds == Bounds(177, -19, -178, -16)
    assert regions.bounds_of(("FJ2", "FJ3")) == Bounds(178, -15, -178, -12)
    assert regions.bounds_of(("FJ2",)) == Bounds(178, -15, 179, -14)
    assert fiji.extent(Filter(regions=("FJ1",))) == Bounds(177, -19, -178, -16)


def test_countries_across_the_antimeridian_do_not_span_the_world() -> None:
    boxes = {code: country_regions()[code].bounds for code in ("FJI", "RUS", "NZL", "FRA", "ATA")}
    assert boxes["FJI"].width < 10
    assert boxes["RUS"].width < 175
    assert boxes["NZL"].width < 30
    assert boxes["FRA"].west < boxes["FRA"].east
    assert boxes["ATA"].width == 360


def test_the_opening_box_lies_across_the_antimeridian(fiji: Released) -> None:
    box = fiji.extent(Filter())
    assert box is not None
    assert 140 < box.west < 155
    assert -155 < box.east < -140
