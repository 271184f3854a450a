"""Whatever a reference file makes of its parser, the answer is one sentence, and nothing is loaded."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from data import parsed_reference
from data.errors import ReferenceRefused
from data.home import Home
from data.parsed_reference import read_reference
from data.parsing import DEFAULT_LIMITS, Limits, Parser
from data.plain_shape import plain_shape
from data.reference_feature import FEATURES
from data.reference_load import ReferenceOptions, load_reference
from data.schema import INCIDENTS
from tests.data.bad_reference_child import LIES
from tests.data.test_reference import FOR_ALL, names, options, released_to
from tests.factories import a_home, a_publication, a_row, publish

SUFFIXES = ("geojson", "gpkg", "parquet")
SMALL = Limits(parse_mb=520)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = a_home(tmp_path / "home")
    publish(made, a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]))
    return made


@pytest.fixture
def obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child does as the file says: it was taken over."""
    bad = Parser("tests.data.bad_reference_child", ReferenceRefused, FEATURES.equals)
    monkeypatch.setattr("data.parsed_reference.REFERENCES", bad)


def refusal(home: Home, path: Path, limits: Limits = DEFAULT_LIMITS) -> str:
    """The sentence, after looking that nothing was loaded."""
    with pytest.raises(ReferenceRefused) as refused:
        load_reference(home, [path], ReferenceOptions("port", FOR_ALL, limits=limits))
    assert names(released_to(home, "aldara"), "ports") == []
    return str(refused.value)


def ports(path: Path, *said: str) -> Path:
    """A file of ports with these names, in the form that its name says."""
    shapes = [shapely.Point(number, 19) for number, _ in enumerate(said)]
    frame = gpd.GeoDataFrame({"name": list(said)}, geometry=shapes, crs="EPSG:4326")
    path.unlink(missing_ok=True)
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path)
    return path


# ---- a child that does what it likes ------------------------------------------------------------


@pytest.mark.usefixtures("obeyed")
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("deed", "limits", "words"),
    [
        ("crash", SMALL, "parsing it ended without an answer (SIGSEGV)"),
        ("fail", SMALL, "parsing it ended without an answer (status 1)"),
        ("spin", Limits(parse_seconds=1), "took longer than WATCHFLOOR_PARSE_SECONDS (1 s)"),
        ("eat", SMALL, "needs more memory than WATCHFLOOR_PARSE_MB allows (520 MB)"),
        ("babble", SMALL, "its parser gave an answer that is none"),
    ],
)
def test_a_file_that_breaks_its_parser_is_one_sentence(
    home: Home, tmp_path: Path, suffix: str, deed: str, limits: Limits, words: str
) -> None:
    path = tmp_path / f"odd.{suffix}"
    path.write_text(deed)
    said = refusal(home, path, limits)
    assert said.startswith(f"The file odd.{suffix} was not taken:")
    assert words in said


@pytest.mark.usefixtures("obeyed")
@pytest.mark.parametrize("lie", [*(lie for lie in LIES if lie != "truth"), "many", "nobody", "lie", "twist"])
def test_a_child_that_lies_is_not_believed(tmp_path: Path, lie: str) -> None:
    path = tmp_path / "odd.gpkg"
    path.write_text(lie)
    with pytest.raises(ReferenceRefused) as refused:
        read_reference(path, "port")
    assert str(refused.value) == (
        "The file odd.gpkg was not taken: its parser gave an answer that is none."
        " Ask the partner to send it again."
    )


@pytest.mark.usefixtures("obeyed")
def test_the_same_answer_without_a_lie_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "odd.gpkg"
    path.write_text("truth")
    (feature,) = read_reference(path, "port")
    assert (feature.name, feature.shape, feature.texts) == ("A", shapely.Point(-72, 19), {"name": "A"})


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Point(1, 2),
        shapely.LineString([(0, 0), (1, 1), (2, 0)]),
        shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]),
        shapely.box(0, 0, 9, 9) - shapely.box(1, 1, 2, 2),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
    ],
)
def test_every_shape_of_a_layer_is_a_plain_one(shape: shapely.Geometry) -> None:
    content = shapely.to_wkb(shape, byte_order=1)
    assert plain_shape(content) == shape
    for end in range(len(content)):
        with pytest.raises(ValueError, match="shape"):
            plain_shape(content[:end])


# ---- files that take too much of the real parser ------------------------------------------------


def test_a_geojson_that_fills_the_memory_is_refused(home: Home, tmp_path: Path) -> None:
    point = '{"type": "Feature", "properties": {"name": "A"}, "geometry": null}'
    path = tmp_path / "many.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [' + ",".join([point] * 600_000) + "]}")
    assert "needs more memory than WATCHFLOOR_PARSE_MB allows (520 MB)" in refusal(home, path, SMALL)


def test_a_geoparquet_that_unpacks_without_end_is_refused(home: Home, tmp_path: Path) -> None:
    path = ports(tmp_path / "bomb.parquet", "A")
    one = pq.read_table(path)
    with pq.ParquetWriter(path, one.schema, compression="zstd") as file:
        for _ in range(10):
            file.write_table(one.take(pa.array(np.zeros(1_000_000, "int32"))))
    assert path.stat().st_size < 2**20
    assert "needs more memory than WATCHFLOOR_PARSE_MB allows (520 MB)" in refusal(home, path, SMALL)


COUNTED = """
DELETE FROM gpkg_ogr_contents; DELETE FROM gpkg_extensions; DROP TABLE bomb; CREATE VIEW bomb AS
WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up END)
SELECT n AS fid, x'PLACE' AS geom, 'A' AS name FROM up;
"""


def counted_up(path: Path, to: str) -> Path:
    """A GeoPackage whose one table is a view that is worked out while it is read."""
    ports(path, "A")
    base = sqlite3.connect(path)
    (place,) = base.execute("SELECT hex(geom) FROM bomb").fetchone()
    base.executescript(COUNTED.replace("PLACE", place).replace("END", to))
    base.close()
    return path


def test_a_geopackage_that_counts_without_end_is_ended(home: Home, tmp_path: Path) -> None:
    path = counted_up(tmp_path / "bomb.gpkg", "")
    said = refusal(home, path, Limits(parse_seconds=4))
    assert "took longer than WATCHFLOOR_PARSE_SECONDS (4 s)" in said


def test_a_geopackage_that_fills_the_memory_is_refused(home: Home, tmp_path: Path) -> None:
    path = counted_up(tmp_path / "bomb.gpkg", "WHERE n < 6000000")
    assert "WATCHFLOOR_PARSE_MB" in refusal(home, path, SMALL)


def test_a_file_over_the_limit_is_not_even_read(home: Home, tmp_path: Path) -> None:
    with (tmp_path / "big.gpkg").open("wb") as big:
        big.truncate(2**40)
    said = refusal(home, tmp_path / "big.gpkg", Limits(file_mb=1))
    assert "big.gpkg is larger than WATCHFLOOR_FILE_MB allows (1 MB)" in said


# ---- files that change --------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_is_replaced_while_it_is_read_is_refused(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path, look = ports(tmp_path / f"ports.{suffix}", "Before"), os.fstat
    other = ports(tmp_path / f"other.{suffix}", "After").read_bytes()

    def looked(handle: int) -> os.stat_result:
        found = look(handle)
        path.write_bytes(other)
        return found

    with monkeypatch.context() as patched:
        patched.setattr("data.whole_file.os.fstat", looked)
        with pytest.raises(ReferenceRefused, match="was written to while it was read"):
            load_reference(home, [path], options("port"))
    assert names(released_to(home, "aldara"), "ports") == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_was_read_is_what_is_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path, parsed = ports(tmp_path / f"ports.{suffix}", "Before"), parsed_reference.parsed

    def after_it_was_replaced(*about: object) -> pa.Table:
        ports(path, "After", "it was read")
        return parsed(*about)

    monkeypatch.setattr("data.parsed_reference.parsed", after_it_was_replaced)
    assert [feature.name for feature in read_reference(path, "port")] == ["Before"]


def test_a_geopackage_that_is_still_open_is_refused(home: Home, tmp_path: Path) -> None:
    path = ports(tmp_path / "ports.gpkg", "A")
    base = sqlite3.connect(path)
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("UPDATE gpkg_contents SET description = 'pending'")
    base.commit()
    said = refusal(home, path)
    base.close()
    assert "ports.gpkg is still open: its last changes stand in ports.gpkg-wal." in said
    assert [feature.name for feature in read_reference(path, "port")] == ["A"]


def test_a_database_that_is_no_geopackage_is_not_given_to_gdal(home: Home, tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "ports.gpkg")
    base.execute("CREATE TABLE ports (name)")
    base.commit()
    base.close()
    assert refusal(home, tmp_path / "ports.gpkg").startswith("ports.gpkg is no GeoPackage.")


def test_a_name_that_reads_otherwise_than_it_is_written_is_refused(home: Home, tmp_path: Path) -> None:
    said = refusal(home, ports(tmp_path / "ports.geojson", "A\u202eB"))
    assert "feature 1, property “name” holds U+202E" in said
