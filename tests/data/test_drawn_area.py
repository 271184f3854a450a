"""An area drawn by hand: what is one, what lies in it, and that only released places count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.clock import fixed_clock
from data.details import region
from data.drawn_area import MOST_CORNERS, DrawnArea
from data.facets import facets
from data.filters import Filter
from data.geography import Bounds
from data.lake import LakeWriter
from data.released import Released
from data.schema import INCIDENTS, REGIONS
from data.store import Store
from data.timeline import timeline
from data.totals import totals
from tests.factories import NOW, T0, a_home, a_publication, a_row, publish

BOX = DrawnArea.of([(-71, 18), (-69, 18), (-69, 20), (-71, 20)])
KNOWN = {"ingested_at": T0, "received_at": T0, "start_at": T0}
DEGREES = st.floats(-30, 30).map(lambda number: round(number, 3))
FAR = {"longitude": -60.0, "latitude": 10.0}
NO_POINT = {"latitude": None, "longitude": None, "mx": None, "my": None}


def crossings(corners: tuple[tuple[float, float], ...], lon: float, lat: float) -> int:
    """How often a ray to the east crosses the edges: the even-odd rule, by hand."""
    count = 0
    for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (y0 > lat) != (y1 > lat) and lon < x0 + (lat - y0) / (y1 - y0) * (x1 - x0):
            count += 1
    return count


@given(st.lists(st.tuples(DEGREES, DEGREES), min_size=3, max_size=7), st.lists(st.tuples(DEGREES, DEGREES)))
def test_what_lies_in_it_is_what_a_ray_says(
    corners: list[tuple[float, float]], points: list[tuple[float, float]]
) -> None:
    try:
        area = DrawnArea.of(corners)
    except ValueError:
        return
    lons, lats = (np.array([point[axis] + 0.00037 for point in points]) for axis in (0, 1))
    want = [crossings(area.corners, lon, lat) % 2 == 1 for lon, lat in zip(lons, lats, strict=True)]
    assert area.holds(lons, lats).tolist() == want


def test_what_has_no_place_lies_in_no_area() -> None:
    nothing = np.array([np.nan, -70.0, np.nan])
    assert BOX.holds(nothing, np.array([19.0, np.nan, np.nan])).tolist() == [False] * 3


def test_an_area_across_the_antimeridian_holds_both_sides() -> None:
    area = DrawnArea.of([(177, -20), (183, -20), (183, -15), (177, -15)])
    lons = np.array([179.0, -179.0, 176.0, -176.0, 0.0])
    assert area.holds(lons, np.full(5, -17.0)).tolist() == [True, True, False, False, False]
    assert area.bounds == Bounds(177, -20, -177, -15)
    fiji = shapely.MultiPolygon([shapely.box(178, -19, 180, -16), shapely.box(-180, -19, -179, -16)])
    beyond = shapely.MultiPolygon([shapely.box(178, -19, 180, -16), shapely.box(-180, -19, -176, -16)])
    shapes = np.array([fiji, beyond, shapely.Polygon()], dtype=object)
    assert area.holds_whole(shapes).tolist() == [True, False, False]


def test_a_turned_world_is_turned_back() -> None:
    turned = DrawnArea.of([(lon + 360, lat) for lon, lat in BOX.corners])
    assert turned == BOX == DrawnArea.of([*BOX.corners, BOX.corners[0]])


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0), (1, 1)],
        [(0, 0), (1, 1), (0, 0)],
        [(0, 0), (1, 0), (2, 0)],
        [(0, 0), (2, 2), (2, 0), (0, 2)],
        [(0, 0), (1, 0), (1, 91)],
        [(-200, 0), (200, 0), (0, 50)],
        [(n / 10, (n % 2) / 10 + n * n / 1000) for n in range(MOST_CORNERS + 1)],
        [],
    ],
)
def test_what_is_no_area_is_refused(corners: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        DrawnArea.of(corners)


def test_its_size_is_measured_on_the_ellipsoid() -> None:
    degree = DrawnArea.of([(0, 0), (1, 0), (1, 1), (0, 1)])
    assert degree.km2 == pytest.approx(12_308.8, rel=1e-4)


ROWS = (
    a_row(INCIDENTS, 1, **KNOWN, longitude=-70.0, latitude=19.0),
    a_row(INCIDENTS, 2, **KNOWN, **FAR),
    a_row(INCIDENTS, 3, **KNOWN, **NO_POINT, geo_precision=3),
    a_row(INCIDENTS, 4, **KNOWN, **NO_POINT, geo_precision=4, adm2_pcode=None),
    a_row(INCIDENTS, 5, **KNOWN, **NO_POINT, geo_precision=3, adm2_pcode="XQ0201", adm1_pcode="XQ02"),
    a_row(INCIDENTS, 6, **KNOWN, **NO_POINT, geo_precision=6, adm2_pcode=None, adm1_pcode=None),
    # a middle of its district, which is no place of the record
    a_row(INCIDENTS, 7, **KNOWN, longitude=-70.0, latitude=19.0, geo_precision=4, adm2_pcode=None),
)
PLACES = (
    ("XQQ", 0, None, (-72, 16, -60, 24)),
    ("XQ01", 1, "XQQ", (-72, 18.2, -69.2, 19.8)),
    ("XQ0101", 2, "XQ01", (-70.8, 18.2, -69.2, 19.8)),
    ("XQ02", 1, "XQQ", (-69.2, 16, -60, 24)),
    ("XQ0201", 2, "XQ02", (-69.2, 16, -60, 24)),
)


def a_region(
    code: str, level: int, parent: str | None, box: tuple[float, float, float, float]
) -> dict[str, object]:
    west, south, east, north = box
    return {
        "code": code,
        "version": date(2026, 1, 1),
        "level": level,
        "name": f"Region {code}",
        "parent": parent,
        "country_iso3": "XQQ",
        "geometry": shapely.to_wkb(shapely.box(*box)),
        "label_latitude": (south + north) / 2,
        "label_longitude": (west + east) / 2,
        "area_km2": 1000.0,
        "bbox": {"xmin": west, "ymin": south, "xmax": east, "ymax": north},
    }


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = a_home(tmp_path_factory.mktemp("drawn"))
    with LakeWriter(home) as lake:
        lake.publish_regions(pa.Table.from_pylist([a_region(*place) for place in PLACES], schema=REGIONS))
    publish(home, a_publication(INCIDENTS, ROWS))
    made = Store(home, fixed_clock(NOW))
    yield made
    made.close()


def released_to(store: Store, persona: str) -> Released:
    return store.released_to(store.policy().viewer(persona))


def found(released: Released, area: DrawnArea | None, **more: object) -> set[int]:
    rows = released.rows(Filter(area=area, **more), "incidents")  # type: ignore[arg-type]
    ids = rows.columns.texts("record_id").take(pa.array(rows.index)).to_pylist()
    return {int(str(name).rsplit(":", 1)[1]) for name in ids}


def test_points_count_and_regions_that_lie_whole_in_it(store: Store) -> None:
    released = released_to(store, "borland")
    assert found(released, BOX) == {1, 3}
    province = DrawnArea.of([(-72.1, 18), (-69, 18), (-69, 20), (-72.1, 20)])
    assert found(released, province) == {1, 3, 4, 7}
    country = DrawnArea.of([(-73, 15), (-59, 15), (-59, 25), (-73, 25)])
    assert found(released, country) == {1, 2, 3, 4, 5, 6, 7} - {2}
    assert found(released, None) == {1, 2, 3, 4, 5, 6, 7}


def test_an_area_and_a_region_both_hold(store: Store) -> None:
    assert found(released_to(store, "borland"), BOX, regions=("XQ02",)) == set()


def test_who_was_given_the_province_only_learns_nothing_from_an_area(store: Store, tmp_path: Path) -> None:
    """Two homes that differ in the exact place alone: whoever sees the province gets one answer for both."""
    answers = []
    for lon in (-70.0, -71.5):
        home = a_home(tmp_path / str(lon))
        with LakeWriter(home) as lake:
            lake.publish_regions(pa.Table.from_pylist([a_region(*place) for place in PLACES], schema=REGIONS))
        publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1, **KNOWN, longitude=lon)]))
        other = Store(home, fixed_clock(NOW))
        coarse = released_to(other, "dunmark")
        answers.append((found(coarse, BOX), facets(coarse, Filter(area=BOX), ("incidents",))))
        assert (found(released_to(other, "borland"), BOX) == {1}) == (lon == -70.0)
        other.close()
    assert answers[0] == answers[1]
    assert answers[0][0] == set()
    wide = DrawnArea.of([(-72.1, 18), (-69, 18), (-69, 20), (-72.1, 20)])
    # as any record known to the province: the one that truly lies elsewhere, too
    assert len(released_to(store, "dunmark").rows(Filter(area=wide), "incidents")) == 5


def test_totals_timeline_lists_and_the_drawer_follow(store: Store) -> None:
    released, asked = released_to(store, "borland"), Filter(area=BOX)
    offered = facets(released, asked, ("incidents",))
    assert next(facet.count for facet in offered.layers if facet.layer == "incidents") == 2
    assert {node.code: node.count for node in offered.regions if node.count} == {
        "XQQ": 2,
        "XQ01": 2,
        "XQ0101": 2,
    }
    assert next(total.value for total in totals(released, asked, ("incidents",)) if total.id == "events") == 2
    row = timeline(released, asked, ("incidents",)).rows[0]
    assert sum(sum(series.values) for series in row.series) == 2
    assert region(released, "XQ01", asked).counts["incidents"] == 2
    assert released.extent(asked) == BOX.bounds
