"""Files of reference layers (GeoJSON, GeoParquet, GeoPackage) become features, or one sentence says why not.

Nobody but the driver meant ever opens the file: GDAL would recognise others by their content, and some of
those read other files. So a GeoJSON is a FeatureCollection before GDAL sees it, and a GeoPackage a database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from data.characters import fault_of, without_marks
from data.errors import ReferenceRefused
from data.reference import LAYER_OF_KIND

DEGREES = "EPSG:4326"
MOST_FEATURES = 20_000
SUFFIXES = (".geojson", ".json", ".gpkg", ".parquet", ".geoparquet")
DATABASE = b"SQLite format 3\x00"

SHAPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "port": ("Point",),
        "airfield": ("Point",),
        "responsibility": ("Polygon", "MultiPolygon"),
        "track": ("LineString", "MultiLineString"),
        "track_point": ("Point",),
        "wind_swath": ("Polygon", "MultiPolygon"),
        "cone": ("Polygon", "MultiPolygon"),
    }
)
"""What a feature of each kind may be."""

FROM, UNTIL = ("from", "valid_from", "start"), ("until", "valid_until", "to", "end")


@dataclass(frozen=True)
class ReferenceFeature:
    """A feature as its file says it. `texts`: its other properties, by name, each as text."""

    number: int
    name: str
    shape: BaseGeometry
    authority: str
    legal_basis: str
    valid_from: datetime | None
    valid_until: datetime | None
    texts: Mapping[str, str]


def read_reference(path: Path, kind: str) -> tuple[ReferenceFeature, ...]:
    """The features of a file, in longitude and latitude. Raises ReferenceRefused with one sentence."""
    if kind not in LAYER_OF_KIND:
        raise ReferenceRefused(f"The kind {kind!r} is none.", f"Kinds are {', '.join(LAYER_OF_KIND)}.")
    frame = _in_degrees(path, _frame(path))
    if not 0 < len(frame) <= MOST_FEATURES:
        raise ReferenceRefused(
            f"{path.name} holds {len(frame):,} features; expected 1 to {MOST_FEATURES:,}.", "Cut it."
        )
    shapes = list(frame.geometry)
    rows = frame.drop(columns=frame.geometry.name).to_dict("records")
    return tuple(
        _feature(path.name, n, row, shape, kind)
        for n, (row, shape) in enumerate(zip(rows, shapes, strict=True), 1)
    )


def _frame(path: Path) -> gpd.GeoDataFrame:
    if not path.is_file() or path.suffix.lower() not in SUFFIXES:
        raise ReferenceRefused(
            f"{path} is no file that can be taken.", f"Give one that ends in {', '.join(SUFFIXES)}."
        )
    try:
        if path.suffix.lower() in (".parquet", ".geoparquet"):
            return gpd.read_parquet(path)
        content = path.read_bytes()
        _check_content(path, content)
        source = path if path.suffix.lower() == ".gpkg" else content
        layers = pyogrio.list_layers(source)
        if len(layers) != 1:
            names = ", ".join(str(name) for name in layers[:, 0])
            raise ReferenceRefused(
                f"{path.name} holds {len(layers)} layers: {names}.", "Save one of them alone."
            )
        return pyogrio.read_dataframe(source)
    except (DataSourceError, DataLayerError, ValueError, OSError, pa.ArrowException) as error:
        raise ReferenceRefused(
            f"{path.name} cannot be read: {str(error).splitlines()[0].rstrip('.')}."
        ) from error


def _check_content(path: Path, content: bytes) -> None:
    if path.suffix.lower() == ".gpkg":
        if not content.startswith(DATABASE):
            raise ReferenceRefused(f"{path.name} is no GeoPackage.", "Save it as one, or as GeoJSON.")
        return
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ReferenceRefused(f"{path.name} is no GeoJSON: it cannot be read as JSON.") from error
    if not isinstance(said, dict) or said.get("type") != "FeatureCollection":
        raise ReferenceRefused(f"{path.name} is no GeoJSON: a FeatureCollection is expected.")


def _in_degrees(path: Path, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if not isinstance(frame, gpd.GeoDataFrame):
        raise ReferenceRefused(f"{path.name} holds no shapes.", "Give a file of features with a geometry.")
    return frame if frame.crs is None else frame.to_crs(DEGREES)


def _feature(file: str, number: int, row: Mapping[str, object], shape: object, kind: str) -> ReferenceFeature:
    place = f"{file}: feature {number}"
    texts = {str(name): without_marks(_text(value)) for name, value in row.items()}
    for field, text in texts.items():
        if fault := fault_of(text):
            raise ReferenceRefused(f"{place}, property “{field}” {fault}.", "Mend the file.")
    own = {name.casefold(): text for name, text in reversed(texts.items())}
    name = own.get("name", "")
    if not name:
        raise ReferenceRefused(f"{place} has no name.", "Give each feature a property “name”.")
    begins, ends = _time(place, own, FROM), _time(place, own, UNTIL)
    if begins is not None and ends is not None and begins >= ends:
        raise ReferenceRefused(f"{place} ends before it begins.", "Mend “from” or “until”.")
    return ReferenceFeature(
        number,
        name,
        _shape(place, shape, kind),
        own.get("authority", ""),
        own.get("legal_basis", ""),
        begins,
        ends,
        texts,
    )


def _shape(place: str, shape: object, kind: str) -> BaseGeometry:
    if not isinstance(shape, BaseGeometry) or shape.is_empty:
        raise ReferenceRefused(f"{place} has no shape.", "Every feature needs one.")
    flat = shapely.force_2d(shape)
    if flat.geom_type not in SHAPES[kind]:
        raise ReferenceRefused(
            f"{place} is a {flat.geom_type}; a {kind} is one of {', '.join(SHAPES[kind])}.",
            "Choose another --kind.",
        )
    west, south, east, north = flat.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise ReferenceRefused(f"{place} does not lie on the world.", "Save it in WGS 84 (EPSG:4326).")
    return flat if flat.is_valid else shapely.make_valid(flat)


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and isnan(value)) or str(value) in ("NaT", "<NA>"):
        return ""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip()  # type: ignore[call-overload]


def _time(place: str, own: Mapping[str, str], names: tuple[str, ...]) -> datetime | None:
    name = next((name for name in names if own.get(name)), "")
    if not name:
        return None
    try:
        at = datetime.fromisoformat(own[name])
    except ValueError as error:
        sentence = f"{place}, property “{name}”: {own[name][:40]!r} is no time."
        raise ReferenceRefused(sentence, "Write it like 2026-08-20T00:00Z.") from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
