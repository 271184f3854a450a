"""What is known for an area only: its rate, its symbol, and what happens when there are very many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from data.answers import Frame
from data.area_marks import MOST_AREAS
from data.clock import fixed_clock
from data.fills import fill
from data.filters import Filter
from data.geography import Bounds
from data.home import Home
from data.lake import LakeWriter, Publication
from data.marks import marks
from data.regions_shown import country_regions
from data.released import Released
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS, REGIONS
from data.store import Store
from tests.data.test_questions import HERE, LAYERS, NOWHERE, WORLD, a_region, a_report, figure
from tests.factories import NOW, a_home, a_publication, a_row


def in_province(number: int, province: str, **changes: object) -> dict[str, object]:
    """An incident of which no more than the level-1 region is known."""
    place = {"country_iso3": "DOM", "adm1_pcode": province, "adm2_pcode": None, "geo_precision": 4}
    return a_row(INCIDENTS, number, **NOWHERE, **(place | changes))


def opened(home: Home, regions: list[dict[str, object]], *publications: Publication) -> Store:
    with LakeWriter(home) as lake:
        lake.publish_regions(pa.Table.from_pylist(regions, schema=REGIONS))
        lake.publish(*publications)
    return Store(home, fixed_clock(NOW))


@pytest.fixture(scope="module")
def provinces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    """Two provinces of 4,000 and 2,000 km²: in the first, some records are known to the province only."""
    first = [a_region("DO1", 1, "DOM", -72) | {"area_km2": 4000.0}]
    first += [a_region(f"DO10{n}", 2, "DO1", -73 + n) for n in (1, 2)]
    second = [a_region("DO2", 1, "DOM", -70), a_region("DO201", 2, "DO2", -70)]
    within = {"country_iso3": "DOM", "geo_precision": 1}
    rows = [a_row(INCIDENTS, n, adm1_pcode="DO1", adm2_pcode="DO101", **within) for n in range(6)]
    rows += [in_province(10 + n, "DO1") for n in range(2)]
    rows += [a_row(INCIDENTS, 20, adm1_pcode="DO2", adm2_pcode="DO201", **within)]
    rows += [in_province(30, "DO2", geo_precision=6)]
    home = a_home(tmp_path_factory.mktemp("provinces"))
    store = opened(home, [*first, *second], a_publication(INCIDENTS, rows))
    yield store.released_to(store.policy().viewer("borland"))
    store.close()


def test_where_places_are_coarser_districts_have_the_rate_of_their_province(provinces: Released) -> None:
    density = fill(provinces, Filter(), "records_per_1000_km2")
    assert density.values == {"DO101": 2.0, "DO102": 2.0, "DO201": 0.5}
    assert density.by_province == {"DO101", "DO102"}


def test_a_record_of_a_district_that_is_not_loaded_counts_for_its_province(tmp_path: Path) -> None:
    regions = [a_region("DO1", 1, "DOM", -71), a_region("DO101", 2, "DO1", -71)]
    row = a_row(INCIDENTS, 1, country_iso3="DOM", adm1_pcode="DO1", adm2_pcode="DO199")
    store = opened(a_home(tmp_path), regions, a_publication(INCIDENTS, [row]))
    density = fill(store.released_to(store.policy().viewer("borland")), Filter(), "records_per_1000_km2")
    assert density.values == {"DO101": 0.5}
    assert density.by_province == {"DO101"}


def many_regions(countries: list[str]) -> list[dict[str, object]]:
    """1,200 level-1 regions, side by side along one parallel; each in the next of the countries."""
    regions = []
    for n in range(1200):
        country = countries[n % len(countries)]
        west = -170 + 0.28 * n
        region = a_region(f"R{n:04}", 1, country, west)
        regions.append(region | {"country_iso3": country, "label_longitude": west + 0.1})
    return regions


def everywhere(regions: list[dict[str, object]]) -> list[Publication]:
    """Records of all four layers in each region, known to level 1; of incidents two in every tenth."""
    every: dict[str, list[dict[str, object]]] = {INCIDENTS: [], DEPLOYMENTS: [], DELIVERIES: []}
    for n, region in enumerate(regions):
        place = {"country_iso3": region["country_iso3"], "adm1_pcode": region["code"], "adm2_pcode": None}
        area = {**place, **NOWHERE, "geo_precision": 4}
        every[INCIDENTS] += [a_row(INCIDENTS, 10 * n + k, **area) for k in range(1 + (n % 10 == 0))]
        civil = {"presence_kind": "humanitarian", "contributor": "XAC"}
        every[DEPLOYMENTS].append(a_row(DEPLOYMENTS, 10 * n, **area))
        every[DEPLOYMENTS].append(a_row(DEPLOYMENTS, 10 * n + 1, **area, **civil))
        every[DELIVERIES].append(a_row(DELIVERIES, 10 * n, **area))
    return [a_publication(feed, rows) for feed, rows in every.items()]


@pytest.fixture(scope="module", params=["one country", "every country"])
def crowded_areas(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Released]:
    countries = ["DOM"] if request.param == "one country" else sorted(country_regions())
    regions = many_regions(countries)
    store = opened(a_home(tmp_path_factory.mktemp("areas")), regions, *everywhere(regions))
    yield store.released_to(store.policy().viewer("aldara"))
    store.close()


def test_however_many_areas_there_are_few_are_drawn_and_none_is_lost(crowded_areas: Released) -> None:
    drawn = [marks(crowded_areas, Filter(), layer, WORLD) for layer in LAYERS]
    assert sum(len(layer.marks) for layer in drawn) < 2_000
    for layer in drawn:
        assert 0 < len(layer.marks) <= MOST_AREAS
        assert sum(mark.count for mark in layer.marks) + layer.unplaced == layer.total
        assert layer.unplaced == sum(layer.unplaced_by_country.values())
    assert [layer.total for layer in drawn] == [1320, 1200, 1200, 1200]


def test_of_too_many_countries_the_largest_are_drawn(crowded_areas: Released) -> None:
    drawn = marks(crowded_areas, Filter(), "incidents", WORLD)
    left_out = set(drawn.unplaced_by_country)
    assert not left_out & {mark.region for mark in drawn.marks}
    assert min(mark.count for mark in drawn.marks) >= max(drawn.unplaced_by_country.values(), default=0)


def test_only_areas_in_the_frame_are_drawn_each_by_itself(crowded_areas: Released) -> None:
    drawn = marks(crowded_areas, Filter(), "incidents", HERE)
    longitudes = [mark.longitude for mark in drawn.marks]
    assert 36 <= len(longitudes) <= 44, "10 degrees of regions 0.28 degrees wide, and a little beyond"
    assert -76 <= min(longitudes) < max(longitudes) <= -64
    assert drawn.unplaced == 0


def test_areas_drawn_together_stay_on_screen(crowded_areas: Released) -> None:
    """The label point of their country is elsewhere: they stand at that of the largest on screen."""
    frame = Frame(Bounds(100.0, 15.0, 130.0, 25.0), 5)
    drawn = marks(crowded_areas, Filter(), "incidents", frame)
    assert 0 < len(drawn.marks) <= MOST_AREAS
    assert all(97 <= mark.longitude <= 133 and 14 <= mark.latitude <= 26 for mark in drawn.marks)


def test_symbols_are_sized_by_the_cumulative_that_most_areas_carry(tmp_path: Path) -> None:
    def with_figures(number: int, district: str, *names: str) -> dict[str, object]:
        figures = [figure(name, 10.0 * number, "last", "sum") for name in names]
        return a_report(number, district, 0, 1, 1) | {"further_figures": figures}

    reports = [
        with_figures(1, "DO101", "a_rare_one", "cumulative_cases", "cumulative_deaths"),
        with_figures(2, "DO102", "cumulative_deaths", "cumulative_cases"),
        with_figures(3, "DO103", "cumulative_deaths"),
    ]
    regions = [a_region("DO1", 1, "DOM", -71), *[a_region(f"DO10{n}", 2, "DO1", -72 + n) for n in (1, 2, 3)]]
    for name, kept, leading in (("most", 3, "cumulative_deaths"), ("tie", 2, "cumulative_cases")):
        store = opened(a_home(tmp_path / name), regions, a_publication(INCIDENTS, reports[:kept]))
        drawn = marks(store.released_to(store.policy().viewer("borland")), Filter(), "incidents", WORLD)
        assert drawn.metric == leading
        assert {mark.region: mark.value for mark in drawn.marks} == {
            f"DO10{n}": 10.0 * n for n in range(1, kept + 1)
        }
        store.close()
