"""Boundary files become regions, or one clear sentence says why not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
import shapely

from data.boundaries import Wanted, regions_in
from data.boundary_file import Fields
from data.errors import RegionsRefused
from data.parsed_boundaries import read_boundaries
from data.regions import Area, country_areas, region_rows, shapes_of, simplified
from data.regions_shown import RegionIndex
from data.schema import REGIONS
from data.shapes import label_point

VERSION = date(2020, 2, 1)


def square(west: float, south: float, size: float = 1.0) -> dict[str, Any]:
    return json.loads(shapely.to_geojson(shapely.box(west, south, west + size, south + size)))


def feature(code: object, name: object, geometry: object, **more: object) -> dict[str, Any]:
    properties = {"code": code, "name": name, **more}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def a_file(folder: Path, *features: object, **top: object) -> Path:
    path = folder / "areas.geojson"
    content = {"type": "FeatureCollection", "features": list(features), **top}
    path.write_text(json.dumps(content), "utf-8")
    return path


def read(
    path: Path,
    level: int = 1,
    report: Callable[[str], None] = lambda sentence: None,
    with_countries: bool = True,
    **fields: str,
) -> pa.Table:
    """What the child does, without a process for each of these small files."""
    names = {"code": "code", "name": "name"}
    names |= {name.removesuffix("_field"): field for name, field in fields.items()}
    wanted = Wanted(level, Fields(**names), VERSION, with_countries)
    return regions_in(path.name, path.read_bytes(), wanted, report)


def rows(table: pa.Table, level: int) -> list[dict[str, Any]]:
    return [row for row in table.to_pylist() if row["level"] == level]


def refusal(path: Path, level: int = 1, **options: str) -> str:
    with pytest.raises(RegionsRefused) as refused:
        read(path, level, **options)
    return str(refused.value)


def test_regions_hang_under_their_country(tmp_path: Path) -> None:
    table = read(a_file(tmp_path, feature("ML01", "Kayes", square(-11, 13))))
    assert table.schema == REGIONS
    assert [(r["code"], r["level"], r["parent"], r["country_iso3"]) for r in table.to_pylist()] == [
        ("MLI", 0, None, "MLI"),
        ("ML01", 1, "MLI", "MLI"),
    ]
    assert set(table["version"].to_pylist()) == {VERSION}
    assert len(read(a_file(tmp_path, feature("ML01", "Kayes", square(-11, 13))), with_countries=False)) == 1


def test_areas_are_true_square_kilometres(tmp_path: Path) -> None:
    file = a_file(tmp_path, feature("ML01", "K", square(-8, 0, 1)), feature("ML02", "T", square(-8, 60, 1)))
    near_equator, far_north = rows(read(file), 1)
    assert near_equator["area_km2"] == pytest.approx(12_308, rel=0.002)
    assert far_north["area_km2"] == pytest.approx(6_122, rel=0.005)
    assert near_equator["bbox"] == {"xmin": -8, "ymin": 0, "xmax": -7, "ymax": 1}


def test_the_label_stands_inside_the_largest_part() -> None:
    horseshoe = shapely.box(0, 0, 10, 10).difference(shapely.box(2, 2, 8, 10))
    island = shapely.box(50, 50, 51, 51)
    point = label_point(shapely.MultiPolygon([island, horseshoe]))
    assert horseshoe.contains(shapely.Point(point.lonlat))
    assert horseshoe.boundary.distance(shapely.Point(point.lonlat)) > 0.9


def test_parents_named_in_the_file_become_regions(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        feature("GN001001", "Boffa", square(-10, 10), p="GN001", pn="Boke"),
        feature("GN001002", "Boke", square(-9, 10), p="GN001", pn="Boke"),
    )
    table = read(file, 2, parent_field="p", parent_name_field="pn")
    (parent,) = rows(table, 1)
    assert (parent["code"], parent["name"], parent["parent"]) == ("GN001", "Boke", "GIN")
    assert shapely.from_wkb(parent["geometry"]).equals(shapely.box(-10, 10, -8, 11))
    assert {row["parent"] for row in rows(table, 2)} == {"GN001"}


def test_a_region_that_is_its_own_parent_is_of_the_level_above(tmp_path: Path) -> None:
    table = read(a_file(tmp_path, feature("LBR03", "Bomi", square(-10, 6), p="LBR03")), 2, parent_field="p")
    (county,) = rows(table, 1)
    assert (county["code"], county["parent"]) == ("LBR03", "LBR")
    assert not rows(table, 2)


@pytest.mark.parametrize(
    ("level", "codes", "words"),
    [
        (1, [("LBR", None)], "field “code”: the code “LBR” is a country's"),
        (1, [("GIN", None)], "the code “GIN” is a country's"),
        (2, [("LBR", "LBR")], "the code “LBR” is a country's"),
        (2, [("LBR01", "LBR")], "field “p”: the parent “LBR” is of level 0"),
        (2, [("A1", "A2"), ("A2", "A1")], "the parent “A2” is of level 2"),
        (2, [("A1", "A2"), ("A2", None)], "the parent “A2” is of level 2"),
        (2, [("A1", "A2"), ("A2", "A3"), ("A3", "A3")], "the parent “A2” is of level 2"),
    ],
)
@pytest.mark.parametrize("named", [False, True])
def test_regions_that_make_no_tree_are_refused(
    tmp_path: Path, level: int, codes: list[tuple[str, str | None]], words: str, named: bool
) -> None:
    shapes = [square(-10 + n / 2, 6, 0.5) for n in range(len(codes))]
    features = [
        feature(code, "Area", shape, p=parent, pn="Above", c="LBR")
        for (code, parent), shape in zip(codes, shapes, strict=True)
    ]
    options = {"parent_name_field": "pn"} if named else {}
    file = a_file(tmp_path, *features)
    assert words in refusal(file, level, parent_field="p", country_field="c", **options)


def index_of(*codes: tuple[str, int, str | None]) -> RegionIndex:
    areas = [Area(c, f"Area {c}", n, p, "LBR", shapely.box(-10, 6, -9, 7)) for c, n, p in codes]
    return RegionIndex.of(region_rows(areas, VERSION))


def test_a_parent_that_is_not_above_is_replaced_by_the_country() -> None:
    index = index_of(("S", 1, "S"), ("A", 2, "B"), ("B", 2, "A"), ("C", 2, "S"), ("D", 1, "C"))
    assert {code: index.by_code[code].parent for code in "SABCD"} == {
        "S": "LBR", "A": "LBR", "B": "LBR", "C": "S", "D": "LBR",
    }  # fmt: skip
    assert index.path("C") == ("Liberia", "Area S", "Area C")


def test_a_region_with_a_country_s_code_is_not_the_country() -> None:
    index = index_of(("LBR", 1, "LBR"), ("GIN", 2, "LBR"), ("S", 1, "LBR"))
    assert (index.by_code["LBR"].level, index.by_code["LBR"].parent) == (0, None)
    assert index.path("LBR") == ("Liberia",)
    assert index.table["code"].to_pylist() == ["S"]


def test_a_parent_with_two_names_is_refused(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        feature("GN001001", "Boffa", square(-10, 10), p="GN001", pn="Boke"),
        feature("GN001002", "Boke", square(-9, 10), p="GN001", pn="Kindia"),
    )
    assert "“GN001” is called “Kindia” here and “Boke”" in refusal(
        file, 2, parent_field="p", parent_name_field="pn"
    )


def test_the_country_comes_from_its_field_whatever_its_form(tmp_path: Path) -> None:
    for stated in ("XKX", "XK", "KOS", "Kosovo"):
        table = read(a_file(tmp_path, feature("1", "Pec", square(20, 42), c=stated)), country_field="c")
        assert rows(table, 1)[0]["country_iso3"] == "XKX"
    words = refusal(a_file(tmp_path, feature("1", "X", square(20, 42), c="Atlantis")), country_field="c")
    assert "“Atlantis” is not known as a country" in words


def test_letters_that_only_look_like_a_country_do_not_count(tmp_path: Path) -> None:
    # "CH" for Chittagong is no Switzerland: the area lies in Bangladesh
    table = read(a_file(tmp_path, feature("CH01", "Dhaka", square(90, 23.5))))
    assert rows(table, 1)[0]["country_iso3"] == "BGD"


@pytest.mark.parametrize(
    ("features", "words"),
    [
        ([feature("A1", "", square(0, 12))], ["feature 1", "field “name”", "no value", "code, name"]),
        ([feature(None, "A", square(0, 12))], ["feature 1", "field “code”", "no value"]),
        ([feature("A1", "A", None)], ["feature 1", "“geometry”", "no shape"]),
        ([feature("A1", "A", {"type": "Point", "coordinates": [0, 1]})], ["a Point is no area"]),
        ([feature("A1", "A", {"type": "Polygon", "coordinates": "x"})], ["feature 1", "not GeoJSON"]),
        (
            [feature("A1", "A", square(0, 12)), feature("A1", "B", square(1, 12))],
            ["feature 2", "“A1” is that of feature 1 already"],
        ),
        ([feature("A1", "A", square(500_000, 1_000_000))], ["500001, 1000001", "WGS 84"]),
        ([feature("A1", "A", square(-140, -40))], ["the country cannot be told"]),
        (["text"], ["entry 1", "not a feature"]),
        ([], ["holds no feature at all"]),
        ([feature("A1", "Ka\u202eyes", square(0, 12))], ["feature 1", "“name”", "holds U+202E"]),
        ([feature("A1", "Ka\U000e0041yes", square(0, 12))], ["feature 1", "“name”", "holds U+E0041"]),
        ([feature("A1", "\u200b", square(0, 12))], ["feature 1", "“name”", "there is no value"]),
        ([feature("A" * 301, "Kayes", square(0, 12))], ["feature 1", "“code”", "is 301 letters long"]),
    ],
)
def test_what_is_wrong_is_said_with_file_feature_and_field(
    tmp_path: Path, features: list[object], words: list[str]
) -> None:
    sentence = refusal(a_file(tmp_path, *features))
    assert sentence.startswith("areas.geojson")
    for word in words:
        assert word in sentence


def test_an_unknown_field_is_answered_with_the_fields_there_are(tmp_path: Path) -> None:
    sentence = refusal(a_file(tmp_path, feature("A1", "A", square(0, 12))), code_field="pcode")
    assert "no field “pcode”" in sentence
    assert "The fields there are: code, name." in sentence


def test_files_that_are_no_boundary_files_are_refused(tmp_path: Path) -> None:
    for content, words in [
        ("", "cannot be read as JSON"),
        ("a,b\n1,2", "cannot be read as JSON"),
        ("[1]", "it says no type"),
        ('{"type": "Topology"}', "its type is “Topology”"),
    ]:
        path = tmp_path / "areas.geojson"
        path.write_text(content)
        assert words in refusal(path)
    (tmp_path / "areas.parquet").write_bytes(b"PAR1 and then nothing")
    assert "cannot be read as GeoParquet" in refusal(tmp_path / "areas.parquet")
    assert "level 3 is none" in refusal(tmp_path / "areas.geojson", 3)


@pytest.mark.parametrize(
    "content",
    ['{"type": "FeatureCollection", "features": ' + "[" * 100_000, "[" * 100_000 + "]" * 100_000],
)
def test_a_file_nested_without_end_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "areas.geojson"
    path.write_text(content)
    assert refusal(path).startswith("areas.geojson cannot be read as GeoJSON: its brackets are nested too")


def crs(name: object) -> dict[str, object]:
    return {"type": "name", "properties": {"name": name}}


@pytest.mark.parametrize(
    "stated",
    [
        None,
        crs("EPSG:4326"),
        crs("urn:ogc:def:crs:OGC:1.3:CRS84"),
        crs("urn:ogc:def:crs:OGC::CRS84"),
        crs("urn:ogc:def:crs:EPSG::4326"),
        crs("http://www.opengis.net/def/crs/EPSG/0/4326"),
        crs("WGS 84"),
        {"type": "EPSG", "properties": {"code": 4326}},
    ],
)
def test_a_file_that_says_wgs_84_is_taken(tmp_path: Path, stated: object) -> None:
    file = a_file(tmp_path, feature("ML01", "Kayes", square(-11, 13)), crs=stated)
    assert len(rows(read(file), 1)) == 1


@pytest.mark.parametrize(
    "stated",
    [
        *(crs(name) for name in ("EPSG:3857", "EPSG:14326", "urn:ogc:def:crs:EPSG::43260", None)),
        {"type": "link", "properties": {"href": "crs.txt"}},
        {},
        "EPSG:4326 or so",
        7,
    ],
)
def test_a_file_in_another_reference_system_is_refused(tmp_path: Path, stated: object) -> None:
    file = a_file(tmp_path, feature("ML01", "Kayes", square(-11, 13)), crs=stated)
    assert "areas.geojson is not in WGS 84: its “crs” " in refusal(file)


def test_an_invalid_shape_is_mended_and_reported(tmp_path: Path) -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[[-8, 12], [-7, 13], [-7, 12], [-8, 13], [-8, 12]]]}
    told: list[str] = []
    table = read(a_file(tmp_path, feature("ML01", "Kayes", bow_tie)), report=told.append)
    assert shapely.from_wkb(rows(table, 1)[0]["geometry"]).is_valid
    assert told == ["areas.geojson: the shape of feature 1 was not valid and has been mended."]


def test_geoparquet_reads_like_geojson(tmp_path: Path) -> None:
    path = a_file(tmp_path, feature("ML01", "Kayes", square(-11, 13)))
    frame = gpd.read_file(path)
    frame.to_parquet(tmp_path / "areas.parquet")
    assert read(tmp_path / "areas.parquet").equals(read(path))
    frame.to_crs("EPSG:32629").to_parquet(tmp_path / "metres.parquet")
    assert "are no degrees" in refusal(tmp_path / "metres.parquet")


def test_numbers_as_codes_stay_whole(tmp_path: Path) -> None:
    table = read(a_file(tmp_path, feature(12.0, "Kayes", square(-11, 13))))
    assert rows(table, 1)[0]["code"] == "12"


def test_simplified_neighbours_keep_one_common_border() -> None:
    # where B and C meet, nothing of A's own shape says that there is a corner to keep
    ys = np.linspace(1, 0, 61)
    border = list(zip((1 + 0.01 * np.sin(ys * 40)).tolist(), ys.tolist(), strict=True))
    areas = [
        Area("A", "A", 1, None, "MLI", shapely.Polygon([*border, (0, 0), (0, 1)])),
        Area("B", "B", 1, None, "MLI", shapely.Polygon([*border[:26], (2, 0.5), (2, 1)])),
        Area("C", "C", 1, None, "MLI", shapely.Polygon([*border[25:], (2, 0), (2, 0.5)])),
    ]
    light = shapes_of(simplified(region_rows(areas, VERSION), 0.05))
    assert shapely.get_num_coordinates(light).sum() < 60
    assert shapely.coverage_is_valid(light)
    assert shapely.area(light).sum() == pytest.approx(2, rel=0.02)


def test_shapes_that_overlap_a_little_are_fitted_together() -> None:
    areas = [
        Area("A", "A", 1, None, "MLI", shapely.box(0, 0, 1.001, 1)),
        Area("B", "B", 1, None, "MLI", shapely.box(1, 0, 2, 1)),
    ]
    light = shapes_of(simplified(region_rows(areas, VERSION), 0.005))
    assert shapely.coverage_is_valid(light)
    assert shapely.area(light).sum() == pytest.approx(2)


def test_simplifying_never_loses_a_region() -> None:
    tiny = [Area("A", "A", 1, None, "MLI", shapely.box(0, 0, 0.001, 0.001))]
    over = [*tiny, Area("B", "B", 1, None, "MLI", shapely.box(0, 0, 1, 1))]
    for areas in (tiny, over):
        assert not shapely.is_empty(shapes_of(simplified(region_rows(areas, VERSION), 0.5))).any()


def test_countries_come_from_the_basemap() -> None:
    table = region_rows(country_areas(["GIN", "GIN", "XAA"]), VERSION)
    (guinea,) = table.to_pylist()
    assert (guinea["code"], guinea["name"], guinea["level"]) == ("GIN", "Guinea", 0)
    assert guinea["area_km2"] == pytest.approx(245_900, rel=0.02)


@pytest.mark.real_files
def test_the_ebola_regions_make_a_whole_tree(real_files: Path) -> None:
    told: list[str] = []
    table = read_boundaries(
        real_files / "ebola_west_africa" / "adm2_regions_gin_lbr_sle.geojson",
        level=2,
        code_field="PCODEUSE",
        name_field="NAMEUSE",
        parent_field="ADM1_CODE",
        parent_name_field="ADM1_NAME",
        version=date(2014, 1, 1),
        report=told.append,
    )
    all_rows = table.to_pylist()
    assert Counter((r["level"], r["country_iso3"]) for r in all_rows) == {
        (0, "GIN"): 1,
        (0, "LBR"): 1,
        (0, "SLE"): 1,
        (1, "GIN"): 8,
        (1, "LBR"): 15,
        (1, "SLE"): 4,
        (2, "GIN"): 34,
        (2, "SLE"): 14,
    }
    codes = {r["code"] for r in all_rows}
    assert len(codes) == len(all_rows) == 78
    assert all(r["parent"] in codes for r in all_rows if r["level"])
    for row in all_rows:
        point = shapely.Point(row["label_longitude"], row["label_latitude"])
        assert shapely.from_wkb(row["geometry"]).contains(point)
    assert told == []


@pytest.mark.real_files
def test_all_boundary_files_load_under_their_own_field_names(real_files: Path) -> None:
    files = sorted((real_files / "boundaries").glob("cod_*_adm?.geojson"))
    assert len(files) == 17
    for file in files:
        _, iso3, level = file.stem.split("_")
        n = int(level[-1])
        hxl = iso3 == "mli"
        table = read_boundaries(
            file,
            level=n,
            code_field=f"#adm{n}+code+v_pcode" if hxl else f"admin{n}Pcode",
            name_field=f"#adm{n}+i_fr+name" if hxl else f"admin{n}Name",
            parent_field=None if n == 1 else "#adm1+code+v_pcode" if hxl else "admin1Pcode",
            version=VERSION,
        )
        assert set(table["country_iso3"].to_pylist()) == {iso3.upper()}
        assert table["area_km2"].to_numpy()[1:].sum() == pytest.approx(
            table["area_km2"][0].as_py(), rel=0.06
        ), file.name
