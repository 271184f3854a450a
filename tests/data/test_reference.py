"""Reference layers: files taken or refused, labels, dates, and that nobody else gets a byte of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from data.clock import fixed_clock
from data.errors import NotReleased, ReferenceRefused
from data.feeds.row_labels import LabelOptions
from data.filters import Filter
from data.home import Home
from data.parsed_reference import read_reference
from data.reference import reference, reference_details
from data.reference_load import ReferenceOptions, load_reference
from data.released import Released
from data.schema import INCIDENTS
from data.store import Store
from tests.factories import NOW, a_home, a_publication, a_row, publish

FOR_BORLAND = LabelOptions("XAA", ("XAB",), "OPEN")
FOR_ALL = LabelOptions("XAA", ("PUBLIC",), "OPEN")
AREA = shapely.box(-73, 18, -71, 20)


def a_file(folder: Path, *features: dict[str, object], name: str = "layer.geojson") -> Path:
    path = folder / name
    items = []
    for said in features:
        shape = said.get("shape", shapely.Point(-72, 19))
        properties = {key: value for key, value in said.items() if key != "shape"}
        geometry = json.loads(shapely.to_geojson(shape))
        items.append({"type": "Feature", "properties": properties, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": items}))
    return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = a_home(tmp_path / "home")
    publish(made, a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]))
    return made


def released_to(home: Home, persona: str) -> Released:
    store = Store(home, fixed_clock(NOW))
    return store.released_to(store.policy().viewer(persona))


def options(kind: str, label: LabelOptions = FOR_ALL) -> ReferenceOptions:
    return ReferenceOptions(kind, label, "Port office", NOW - timedelta(hours=1))


def names(released: Released, layer: str, asked: Filter = Filter()) -> list[str]:  # noqa: B008 - frozen
    return sorted(str(row["name"]) for row in reference(released, asked, layer))


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [("ne_10m_ports.json", "port", 1081), ("ne_10m_airports.json", "airfield", 891)],
)
def test_the_real_files_are_taken_as_they_are(
    home: Home, real_files: Path, name: str, kind: str, count: int
) -> None:
    path = real_files / "boundaries" / name
    assert load_reference(home, [path], options(kind)) == {path: count}
    found = names(released_to(home, "borland"), f"{kind}s")
    assert len(found) == count
    load_reference(home, [path], options(kind))
    assert names(released_to(home, "borland"), f"{kind}s") == found


@pytest.mark.parametrize("suffix", ["gpkg", "parquet", "geojson"])
def test_every_kind_of_file_says_the_same(tmp_path: Path, suffix: str) -> None:
    frame = gpd.GeoDataFrame(
        {
            "name": ["North"],
            "authority": ["Joint command"],
            "legal_basis": ["Resolution 1"],
            "from": ["2026-08-20"],
        },
        geometry=[AREA],
        crs="EPSG:4326",
    ).to_crs("EPSG:3857" if suffix != "geojson" else "EPSG:4326")
    path = tmp_path / f"area.{suffix}"
    frame.to_parquet(path) if suffix == "parquet" else frame.to_file(path)
    (feature,) = read_reference(path, "responsibility")
    assert (feature.name, feature.authority, feature.legal_basis) == (
        "North",
        "Joint command",
        "Resolution 1",
    )
    assert feature.valid_from == datetime(2026, 8, 20, tzinfo=UTC)
    assert feature.shape.equals_exact(AREA, 1e-6) or feature.shape.normalize().equals_exact(
        AREA.normalize(), 1e-6
    )


def test_whoever_it_is_not_released_to_gets_no_byte_of_it(home: Home, tmp_path: Path) -> None:
    before = {persona: released_to(home, persona) for persona in ("borland", "cordia", "dunmark")}
    path = a_file(tmp_path, {"name": "PALISADE-SECRET", "shape": AREA, "authority": "Hidden command"})
    load_reference(home, [path], options("responsibility", FOR_BORLAND))
    assert names(released_to(home, "borland"), "responsibility") == ["PALISADE-SECRET"]
    (own,) = reference(released_to(home, "borland"), Filter(), "responsibility")
    for persona in ("cordia", "dunmark"):
        after = released_to(home, persona)
        kept = repr(after.ask("SELECT * FROM released.reference").to_pylist())
        assert "PALISADE" not in kept
        assert "Hidden" not in kept
        assert after.version == before[persona].version
        assert after.labels_shown(Filter(), ("responsibility",)) == ()
        with pytest.raises(NotReleased):
            reference_details(after, str(own["reference_id"]), Filter())
    assert released_to(home, "borland").version != before["borland"].version


def test_its_label_counts_for_the_marking_when_it_is_on(home: Home, tmp_path: Path) -> None:
    load_reference(
        home,
        [a_file(tmp_path, {"name": "Port"})],
        options("port", LabelOptions("XAA", ("XAB",), "SENSITIVE")),
    )
    released = released_to(home, "borland")
    assert [label.classification for label in released.labels_shown(Filter(), ("ports",))] == ["SENSITIVE"]
    assert released.labels_shown(Filter(), ("airfields",)) == ()


def test_a_feature_s_own_label_comes_before_the_options(home: Home, tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        {"name": "Open", "releasable_to": "PUBLIC"},
        {"name": "Kept", "releasable_to": "", "shape": shapely.Point(-71, 19)},
    )
    load_reference(home, [path], options("port", FOR_ALL))
    assert names(released_to(home, "aldara"), "ports") == ["Kept", "Open"]
    assert names(released_to(home, "borland"), "ports") == ["Open"]


@pytest.mark.parametrize(
    ("start", "end", "there"),
    [
        (None, None, True),
        (datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 8, 20, tzinfo=UTC), False),
        (datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 8, 21, tzinfo=UTC), True),
        (datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 9, tzinfo=UTC), False),
        (datetime(2026, 8, 31, tzinfo=UTC), None, True),
    ],
)
def test_an_area_is_there_within_its_dates(
    home: Home, tmp_path: Path, start: datetime | None, end: datetime | None, there: bool
) -> None:
    path = a_file(tmp_path, {"name": "A", "shape": AREA, "from": "2026-08-20", "until": "2026-09-01"})
    load_reference(
        home, [path], ReferenceOptions("responsibility", FOR_ALL, as_of=datetime(2026, 8, 2, tzinfo=UTC))
    )
    assert bool(names(released_to(home, "borland"), "responsibility", Filter(start=start, end=end))) == there


def test_it_was_not_known_before_it_came(home: Home, tmp_path: Path) -> None:
    load_reference(home, [a_file(tmp_path, {"name": "A"})], ReferenceOptions("port", FOR_ALL, as_of=NOW))
    assert names(released_to(home, "borland"), "ports", Filter(known_at=NOW.replace(day=1))) == []


@pytest.mark.parametrize(
    ("features", "kind", "word"),
    [
        ([{"shape": AREA}], "responsibility", "no name"),
        ([{"name": "A", "shape": AREA}], "port", "is a Polygon"),
        ([{"name": "A"}], "responsibility", "is a Point"),
        ([{"name": "A"}], "fortress", "kind"),
        ([{"name": "A\u202eB"}], "port", "property “name” holds U+202E"),
        ([{"name": "A\U000e0042"}], "port", "property “name” holds U+E0042"),
        ([{"name": "\u200b"}], "port", "no name"),
        ([{"name": "A", "from": "soon"}], "port", "no time"),
        ([{"name": "A", "from": "2026-09-01", "until": "2026-08-01"}], "port", "ends before"),
        ([{"name": "A", "shape": shapely.Point(4e5, 5e6)}], "port", "on the world"),
        ([], "port", "0 features"),
        ([{"name": "A", "release_until": "2026-09-01"}], "port", "window of release"),
        ([{"name": "A", "classification": "COSMIC"}], "port", "COSMIC"),
        ([{"name": "A", "originator": "XZZ"}], "port", "XZZ"),
    ],
)
def test_what_cannot_be_taken_is_one_sentence_and_nothing_is_loaded(
    home: Home, tmp_path: Path, features: list[dict[str, object]], kind: str, word: str
) -> None:
    with pytest.raises(ReferenceRefused) as caught:
        load_reference(home, [a_file(tmp_path, *features)], options(kind))
    assert word in str(caught.value)
    for layer in ("ports", "responsibility"):
        assert names(released_to(home, "aldara"), layer) == []


def test_without_a_label_nothing_is_taken(home: Home, tmp_path: Path) -> None:
    with pytest.raises(ReferenceRefused, match="without a label"):
        load_reference(home, [a_file(tmp_path, {"name": "A"})], options("port", LabelOptions()))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json", '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline read /etc/passwd"}'),
        (
            "x.geojson",
            "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/x</SrcDataSource></OGRVRTLayer>"
            "</OGRVRTDataSource>",
        ),
        ("x.gpkg", '{"type": "FeatureCollection", "features": []}'),
        ("x.json", "[" * 100_000),
        ("x.vrt", "<OGRVRTDataSource/>"),
        ("x.parquet", "PAR1"),
        ("x.gpkg", "SQLite format 3\x00 and no more"),
    ],
)
def test_a_file_that_pretends_is_refused(
    tmp_path: Path, name: str, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.write_text(content)
    if not content.startswith("SQLite"):
        monkeypatch.setattr(
            "pyogrio.list_layers", lambda source: pytest.fail(f"GDAL was asked for {source!r:.40}")
        )
    with pytest.raises(ReferenceRefused):
        read_reference(path, "port")


def test_a_tightened_label_leaves_no_copy_behind(home: Home, tmp_path: Path) -> None:
    """Twins of one name and place, others renamed or gone: all of the earlier load is replaced."""
    first = [{"name": "Dock"}, {"name": "Dock"}, {"name": "Old"}]
    load_reference(home, [a_file(tmp_path, *first)], options("port", FOR_ALL))
    assert names(released_to(home, "borland"), "ports") == ["Dock", "Dock", "Old"]
    second = [{"name": "New"}, {"name": "Dock"}, {"name": "Dock"}]
    load_reference(home, [a_file(tmp_path, *second)], options("port", LabelOptions("XAA", (), "OPEN")))
    assert names(released_to(home, "borland"), "ports") == []
    assert names(released_to(home, "aldara"), "ports") == ["Dock", "Dock", "New"]


def test_two_files_of_one_name_are_two_files(home: Home, tmp_path: Path) -> None:
    paths = []
    for name in ("A", "B"):
        (tmp_path / name).mkdir()
        paths.append(a_file(tmp_path / name, {"name": name}))
    load_reference(home, paths, options("port"))
    assert names(released_to(home, "borland"), "ports") == ["A", "B"]
