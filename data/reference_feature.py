"""A feature of a reference layer as its file says it, and the table in which the child hands it over.

Both sides know this form: the child that reads the file, and the parent that trusts neither. So it is
checked here again, from plain columns, whoever filled them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from data.characters import fault_of
from data.plain_shape import plain_shape
from data.schema import STRING, TIME

MOST_FEATURES = 20_000

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

FEATURES = pa.schema(
    [
        pa.field("number", pa.int32(), False),
        pa.field("name", STRING, False),
        pa.field("shape", pa.binary(), False),
        pa.field("authority", STRING, False),
        pa.field("legal_basis", STRING, False),
        pa.field("valid_from", TIME, True),
        pa.field("valid_until", TIME, True),
        pa.field("texts", pa.map_(STRING, pa.field("value", STRING, False)), False),
    ]
)
"""The child's answer. `shape` is plain WKB (`data.plain_shape`); the rest is as in a ReferenceFeature."""


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

    def fault(self) -> str:
        """Why a word of it cannot be taken; empty when all can."""
        words = {"name": self.name, "authority": self.authority, "legal_basis": self.legal_basis}
        faults = (f"property “{name}”: it {why}" for name, word in words.items() if (why := fault_of(word)))
        return next(faults, "")


def in_the_world(shape: BaseGeometry) -> bool:
    """Whether every position is one in longitude and latitude."""
    places = shapely.get_coordinates(shape)
    return bool(len(places) and np.all(np.abs(places) <= (180, 90)))  # what is no number is not less


def feature_table(features: Sequence[ReferenceFeature]) -> pa.Table:
    """The features as a table of FEATURES."""
    rows = [
        {
            "number": feature.number,
            "name": feature.name,
            "shape": shapely.to_wkb(feature.shape, byte_order=1),
            "authority": feature.authority,
            "legal_basis": feature.legal_basis,
            "valid_from": feature.valid_from,
            "valid_until": feature.valid_until,
            "texts": list(feature.texts.items()),
        }
        for feature in features
    ]
    return pa.Table.from_pylist(rows, schema=FEATURES)


def features_of(table: pa.Table, kind: str) -> tuple[ReferenceFeature, ...]:
    """The features in a table of FEATURES. Raises ValueError or OverflowError for lies."""
    if not 0 < table.num_rows <= MOST_FEATURES:
        raise ValueError("as many features no file may hold")
    return tuple(_checked(n, row, kind) for n, row in enumerate(table.to_pylist(), 1))


def _checked(number: int, row: Mapping[str, Any], kind: str) -> ReferenceFeature:
    shape = plain_shape(row["shape"])
    feature = ReferenceFeature(**{**row, "shape": shape, "texts": dict(row["texts"])})
    begins, ends = feature.valid_from, feature.valid_until
    if (
        feature.number != number
        or not feature.name
        or feature.fault()
        or None in feature.texts.values()
        or (begins is not None and ends is not None and begins >= ends)
        or shape.geom_type not in SHAPES[kind]
        or not in_the_world(shape)
    ):
        raise ValueError(f"feature {number} is none")
    return feature
