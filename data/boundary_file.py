"""A boundary file as it came: its features, read but not yet judged as regions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

import geopandas as gpd
import pyarrow as pa
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from data.errors import RegionsRefused

PARQUET_MAGIC = b"PAR1"

DEGREES = re.compile(r"(.*[:/])?(crs84|wgs[ _]*(19)?84|(epsg[:/]+([0-9.]*[:/]+)?)?4326)", re.IGNORECASE)
"""The names by which a file says that its coordinates are longitude and latitude in WGS 84."""


@dataclass(frozen=True)
class Fields:
    """Which property of a boundary file says what."""

    code: str
    name: str
    parent: str | None = None
    parent_name: str | None = None
    country: str | None = None

    def used(self) -> list[str]:
        """The properties that have to be there."""
        names = (self.code, self.name, self.parent, self.parent_name, self.country)
        return [name for name in names if name]


@dataclass(frozen=True)
class Feature:
    """One feature as it came; `number` counts from 1."""

    number: int
    properties: Mapping[str, Any]
    shape: BaseGeometry | None

    def value(self, field: str | None) -> str | None:
        """The property as text without blanks around; None when it is missing, null, empty or no number."""
        value = self.properties.get(field) if field else None
        if value is None or (isinstance(value, float) and isnan(value)):
            return None
        whole = isinstance(value, float) and value.is_integer()
        return str(int(value) if whole else value).strip() or None


@dataclass(frozen=True)
class BoundaryFile:
    """A file being read, and how to refuse it."""

    name: str
    features: tuple[Feature, ...]
    report: Callable[[str], None]

    def refused(self, feature: Feature, field: str, why: str) -> RegionsRefused:
        """The sentence for one feature."""
        there = ", ".join(feature.properties) or "none"
        sentence = f"{self.name}: feature {feature.number}, field “{field}”: {why}."
        return RegionsRefused(sentence, f"The fields there are: {there}.")


def features_of(file: str, content: bytes) -> list[Feature]:
    """The features of a GeoJSON or GeoParquet file. Raises RegionsRefused when it is neither, or empty."""
    is_parquet = content[:4] == PARQUET_MAGIC
    features = _of_parquet(file, content) if is_parquet else _of_json(file, content)
    if not features:
        raise RegionsRefused(f"{file} holds no feature at all.", "Give a file with at least one region.")
    return features


def _of_parquet(file: str, content: bytes) -> list[Feature]:
    try:
        frame = gpd.read_parquet(pa.BufferReader(content))
        if frame.crs is not None and frame.crs.is_geographic:
            frame = frame.to_crs("EPSG:4326")
    except MemoryError:
        raise  # pyarrow's is one of its own errors too
    except (ValueError, OSError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise RegionsRefused(f"{file} cannot be read as GeoParquet: {reason}.") from error
    properties = frame.drop(columns=frame.geometry.name).to_dict("records")
    shapes = list(frame.geometry)
    return [Feature(n, p, s) for n, (p, s) in enumerate(zip(properties, shapes, strict=True), 1)]


def _of_json(file: str, content: bytes) -> list[Feature]:
    advice = "Give a GeoJSON file: one object of type FeatureCollection, in UTF-8."
    try:
        whole = json.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise RegionsRefused(f"{file} is not GeoJSON: it cannot be read as JSON.", advice) from error
    except RecursionError as error:
        sentence = f"{file} cannot be read as GeoJSON: its brackets are nested too deeply."
        raise RegionsRefused(sentence, advice) from error
    kind = whole.get("type") if isinstance(whole, dict) else None
    if kind != "FeatureCollection" or not isinstance(whole.get("features"), list):
        found = f"its type is “{kind}”" if kind else "it says no type"
        raise RegionsRefused(f"{file} is not GeoJSON with features: {found}.", advice)
    _check_reference_system(file, whole.get("crs"))
    return [_of_object(file, n, item) for n, item in enumerate(whole["features"], 1)]


def _check_reference_system(file: str, stated: object) -> None:
    """GeoJSON is in WGS 84; older files may name another system, and theirs are other places."""
    if stated is None:
        return
    properties = stated.get("properties") if isinstance(stated, dict) else None
    said = properties if isinstance(properties, dict) else {}
    name = str(said.get("name") or said.get("code") or "").strip()
    if not DEGREES.fullmatch(name):
        found = f"its “crs” is “{name[:80]}”" if name else "its “crs” has no name"
        advice = "Save it in WGS 84 (EPSG:4326)."
        raise RegionsRefused(f"{file} is not in WGS 84: {found}.", advice)


def _of_object(file: str, number: int, item: object) -> Feature:
    if not isinstance(item, dict) or item.get("type") != "Feature":
        raise RegionsRefused(f"{file}: entry {number} of “features” is not a feature.")
    properties = item.get("properties") or {}
    if not isinstance(properties, dict):
        raise RegionsRefused(f"{file}: feature {number} has properties that are not an object.")
    if item.get("geometry") is None:
        return Feature(number, properties, None)
    try:
        return Feature(number, properties, shapely.from_geojson(json.dumps(item["geometry"])))
    except (ShapelyError, ValueError, TypeError, RecursionError) as error:
        raise RegionsRefused(f"{file}: feature {number} has a geometry that is not GeoJSON.") from error


def check_fields(file: BoundaryFile, fields: Fields) -> None:
    """Raises RegionsRefused when a field is in none of the features."""
    there = {name for feature in file.features for name in feature.properties}
    for name in fields.used():
        if name not in there:
            raise RegionsRefused(
                f"{file.name} has no field “{name}” in any of its {len(file.features)} features.",
                f"The fields there are: {', '.join(sorted(there)) or 'none'}.",
            )
