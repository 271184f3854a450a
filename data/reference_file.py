"""Files of reference layers (GeoJSON, GeoParquet, GeoPackage) become features, or one sentence says why not.

Nobody but the driver meant ever opens the file: GDAL would recognise others by their content, and some of
those read other files. So a GeoJSON is a FeatureCollection before GDAL sees it, and a GeoPackage a database
that calls itself one. Pure, and run in a child (`data.reference_child`): `data.parsed_reference` is the way
to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isnan

import geopandas as gpd
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from data.characters import fault_of, without_marks
from data.errors import ReferenceRefused
from data.reference_feature import MOST_FEATURES, SHAPES, ReferenceFeature, in_the_world
from data.shapes import DEGREES, areas_only

DATABASE, NAMES_ITSELF, GEOPACKAGES = b"SQLite format 3\x00", slice(68, 72), (b"GPKG", b"GP10", b"GP11")
"""How a GeoPackage begins: as a database, and at a fixed place as one of these (OGC 12-128, 1.1.1)."""

FROM, UNTIL = ("from", "valid_from", "start"), ("until", "valid_until", "to", "end")


def features_in(file: str, content: bytes, form: str, kind: str) -> list[ReferenceFeature]:
    """The features of a file of that form, in longitude and latitude. Raises ReferenceRefused."""
    frame = _in_degrees(file, _frame(file, content, form))
    if not 0 < len(frame) <= MOST_FEATURES:
        raise ReferenceRefused(
            f"{file} holds {len(frame):,} features; expected 1 to {MOST_FEATURES:,}.", "Cut it."
        )
    shapes = list(frame.geometry)
    rows = frame.drop(columns=frame.geometry.name).to_dict("records")
    return [
        _feature(file, n, row, shape, kind)
        for n, (row, shape) in enumerate(zip(rows, shapes, strict=True), 1)
    ]


def _frame(file: str, content: bytes, form: str) -> gpd.GeoDataFrame:
    try:
        if form == "GeoParquet":
            return gpd.read_parquet(pa.BufferReader(content))
        _check_content(file, content, form)
        layers = pyogrio.list_layers(content)
        if len(layers) != 1:
            names = ", ".join(str(name) for name in layers[:, 0])
            raise ReferenceRefused(f"{file} holds {len(layers)} layers: {names}.", "Save one of them alone.")
        return pyogrio.read_dataframe(content)
    except MemoryError:
        raise  # pyarrow's is one of its own errors too
    except (DataSourceError, DataLayerError, ValueError, OSError, pa.ArrowException) as error:
        raise ReferenceRefused(f"{file} cannot be read as {form}: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    """The first line of a library's words; of GDAL's, which name a path of their own, only what is sure."""
    if isinstance(error, DataSourceError):
        return "it is damaged"
    return next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")


def _check_content(file: str, content: bytes, form: str) -> None:
    if form == "GeoPackage":
        if not content.startswith(DATABASE) or content[NAMES_ITSELF] not in GEOPACKAGES:
            raise ReferenceRefused(f"{file} is no GeoPackage.", "Save it as one, or as GeoJSON.")
        return
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ReferenceRefused(f"{file} is no GeoJSON: it cannot be read as JSON.") from error
    if not isinstance(said, dict) or said.get("type") != "FeatureCollection":
        raise ReferenceRefused(f"{file} is no GeoJSON: a FeatureCollection is expected.")


def _in_degrees(file: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if not isinstance(frame, gpd.GeoDataFrame):
        raise ReferenceRefused(f"{file} holds no shapes.", "Give a file of features with a geometry.")
    try:
        return frame if frame.crs is None else frame.to_crs(DEGREES)
    except ProjError as error:
        sentence = f"{file} is in a reference system that cannot be turned into WGS 84."
        raise ReferenceRefused(sentence, "Save it in WGS 84 (EPSG:4326).") from error


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
    authority, basis = own.get("authority", ""), own.get("legal_basis", "")
    feature = ReferenceFeature(
        number, name, _shape(place, shape, kind), authority, basis, begins, ends, texts
    )
    if fault := feature.fault():
        raise ReferenceRefused(f"{place}, {fault}.", "Mend the text, and give the file again.")
    return feature


def _shape(place: str, shape: object, kind: str) -> BaseGeometry:
    if not isinstance(shape, BaseGeometry) or shape.is_empty:
        raise ReferenceRefused(f"{place} has no shape.", "Every feature needs one.")
    flat = shapely.force_2d(shape)
    if flat.geom_type not in SHAPES[kind]:
        raise ReferenceRefused(
            f"{place} is a {flat.geom_type}; a {kind} is one of {', '.join(SHAPES[kind])}.",
            "Choose another --kind.",
        )
    if not in_the_world(flat):
        raise ReferenceRefused(f"{place} does not lie on the world.", "Save it in WGS 84 (EPSG:4326).")
    mended = areas_only(flat) if flat.area else shapely.make_valid(flat)
    if mended.is_empty or mended.geom_type not in SHAPES[kind]:
        raise ReferenceRefused(f"{place} is a {flat.geom_type} without extent.", "Mend or drop it.")
    return mended


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
