"""The basemap that ships: complete codes, whole countries, no band across the map; own lines."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from data.basemap import convert, topology
from data.basemap.lines import LINE_CLASSES, read_boundary_lines
from data.basemap.world import Resolution, countries, towns, whole_land, world
from data.errors import RegionsRefused

HERE = Path(convert.__file__).parent


def test_every_iso_code_is_there_once() -> None:
    known = countries()
    assert len(known) == 250  # the 249 of ISO 3166-1, and Kosovo
    assert len({c.iso2 for c in known.values()}) == 250
    assert all(len(c.iso3) == 3 and len(c.iso2) == 2 and c.en and c.fr for c in known.values())
    numbers = [c.number for c in known.values() if c.iso3 != "XKX"]
    assert len(set(numbers)) == 249
    assert min(numbers) > 0
    for number, iso3 in ((4, "AFG"), (324, "GIN"), (728, "SSD"), (729, "SDN"), (531, "CUW"), (894, "ZMB")):
        assert known[iso3].number == number
    assert (known["CIV"].en, known["CIV"].fr) == ("Côte d’Ivoire", "Côte d’Ivoire")
    assert (known["SWZ"].en, known["MKD"].fr) == ("Eswatini", "Macédoine du Nord")


def test_every_area_has_a_code_or_says_that_it_has_none() -> None:
    areas = world("50m").areas
    assert set(areas) - set(countries()) == {""}
    assert set(countries()) - set(areas) == {"BVT", "GIB", "TKL", "TUV", "UMI"}
    assert set(world("110m").areas) <= set(countries())
    assert all(shape.is_valid and shape.area > 0 for shape in areas.values())


@pytest.mark.parametrize(
    ("lon", "lat", "iso3"),
    [(44.1, 9.6, "SOM"), (33.6, 35.3, "CYP"), (21, 42.6, "XKX"), (-53, 4, "GUF"), (105.6, -10.5, "CXR")],
)
def test_areas_without_a_number_lie_in_the_right_country(lon: float, lat: float, iso3: str) -> None:
    assert world("50m").areas[iso3].distance(shapely.Point(lon, lat)) < 0.05


@pytest.mark.parametrize("resolution", ["50m", "110m"])
def test_nothing_draws_a_band_across_the_map(resolution: Resolution) -> None:
    for code, area in world(resolution).areas.items():
        west, _, east, _ = area.bounds
        assert west >= -180
        assert east <= 180
        for ring in shapely.get_rings(shapely.get_parts(area)):
            steps = np.abs(np.diff(shapely.get_coordinates(ring)[:, 0]))
            assert code == "ATA" or steps.max() < 15, code
    for line in world(resolution).lines:
        assert np.abs(np.diff(shapely.get_coordinates(line)[:, 0])).max() < 15
    russia = world(resolution).areas["RUS"]
    assert russia.contains(shapely.Point(100, 60))
    assert not russia.intersects(shapely.box(-150, 55, -20, 80))
    assert russia.intersects(shapely.box(-180, 60, -170, 70))


def test_the_land_is_whole() -> None:
    land = whole_land("50m")
    assert land.is_valid
    for lon, lat in ((-10, 7), (0, -85), (100, 60), (-175, 66), (178, -17.8), (134, -25)):
        assert land.contains(shapely.Point(lon, lat)), (lon, lat)
    for lon, lat in ((-40, 30), (50.5, 42), (0, 0), (-170, 0)):
        assert not land.contains(shapely.Point(lon, lat)), (lon, lat)


def test_borders_are_between_countries_and_drawn_once() -> None:
    lines = world("50m").lines
    total = shapely.length(lines).sum()
    assert shapely.length(shapely.union_all(lines)) == pytest.approx(total, rel=1e-6)
    edges = shapely.boundary(whole_land("50m"))
    along_coast = shapely.length(shapely.intersection(shapely.MultiLineString(lines), edges))
    assert along_coast < 0.01 * total
    guinea, liberia = world("50m").areas["GIN"], world("50m").areas["LBR"]
    common = guinea.intersection(liberia)
    assert shapely.length(common) > 3
    assert shapely.length(common.difference(shapely.buffer(shapely.MultiLineString(lines), 1e-6))) < 1e-6


def test_labels_stand_in_their_countries() -> None:
    areas = world("50m").areas
    for country in countries().values():
        if country.label and country.area_km2 > 1000:
            assert areas[country.iso3].contains(shapely.Point(country.label.lonlat)), country.iso3


def test_towns_are_the_large_ones_and_the_capitals() -> None:
    known = towns()
    assert 10_000 < len(known) < 20_000
    assert [t.population for t in known] == sorted((t.population for t in known), reverse=True)
    capitals = {town.country_iso3: town.name for town in known if town.capital}
    assert capitals["LBR"] == "Monrovia"
    assert capitals["BRA"] == "Brasília"
    assert len(capitals) == sum(town.capital for town in known) > 230
    assert {town.country_iso3 for town in known} <= set(countries())


def test_the_files_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in HERE.glob("*.json")}
    assert sizes["world-50m.json"] < 1_000_000
    assert sizes["places.json"] < 700_000
    assert sum(sizes.values()) < 1_600_000
    assert "world-atlas 2.0.2" in (HERE / "NOTICE").read_text("utf-8")


def test_rings_over_the_antimeridian_and_round_the_pole_are_cut() -> None:
    arcs = [
        np.array([[17900, 1000], [-17900, 1000], [-17900, -1000], [17900, -1000], [17900, 1000]]),
        np.array([[-18000, -8000], [-9000, -7000], [0, -7500], [9000, -7000], [18000, -8000]]),
    ]
    island = topology.areas(arcs, {"type": "Polygon", "arcs": [[0]]})
    assert island.area == pytest.approx(40)
    assert island.bounds == (-180, -10, 180, 10)
    assert len(island.geoms) == 2
    ice = topology.areas(arcs, {"type": "Polygon", "arcs": [[1]]})
    assert ice.contains(shapely.Point(0, -89))
    assert not ice.contains(shapely.Point(0, -60))


@pytest.mark.real_files
def test_the_shipped_areas_are_what_the_conversion_makes(real_files: Path) -> None:
    atlas = convert._topology(real_files / "boundaries", "110m")
    areas, borders = convert._world(atlas, convert._codes())
    made = json.loads(json.dumps(convert._world_file(areas, borders)))
    assert made == json.loads((HERE / "world-110m.json").read_text("utf-8"))


def a_line_file(folder: Path, *classes: object, **top: object) -> Path:
    path = folder / "boundaries.geojson"
    geometry = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    features = [{"type": "Feature", "properties": {"class": c}, "geometry": geometry} for c in classes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **top}), "utf-8")
    return path


def test_an_operations_own_lines_have_a_class_each(tmp_path: Path) -> None:
    own = read_boundary_lines(a_line_file(tmp_path, *LINE_CLASSES, disclaimer="Not binding."))
    assert tuple(line.line_class for line in own.lines) == LINE_CLASSES
    assert own.disclaimer == "Not binding."


@pytest.mark.parametrize(
    ("stated", "said"), [("not_stated", "class “not_stated”"), (None, "no class"), (7, "7")]
)
def test_another_class_is_refused_by_feature(tmp_path: Path, stated: object, said: str) -> None:
    with pytest.raises(RegionsRefused, match=r"feature 2 has .*international, undetermined") as refused:
        read_boundary_lines(a_line_file(tmp_path, "international", stated))
    assert said in refused.value.message


def test_a_line_file_that_holds_no_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "boundaries.geojson"
    area = {"type": "Point", "coordinates": [0, 0]}
    feature = {"type": "Feature", "properties": {"class": "international"}, "geometry": area}
    for content, words in [
        ("{", "cannot be read"),
        ('{"type": "FeatureCollection", "features": []}', "holds no features"),
        (json.dumps({"features": [feature]}), "feature 1 is no line"),
        (json.dumps({"features": ["x"]}), "feature 1 has no class"),
    ]:
        path.write_text(content)
        with pytest.raises(RegionsRefused, match=words):
            read_boundary_lines(path)
