"""Ports, airfields and areas of responsibility: drawn beside the records in quiet lines, never counted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from data.geography import Bounds
from layers.layer import Layer
from layers.msgid import msgid
from layers.serializer import collection, feature, plain_text
from layers.symbols import SYMBOLS

PORTS = Layer("ports", "", msgid("Ports"), SYMBOLS["ports"], msgid("ports"))
AIRFIELDS = Layer("airfields", "", msgid("Airfields"), SYMBOLS["airfields"], msgid("airfields"))
RESPONSIBILITY = Layer(
    id="responsibility",
    feed="",
    title_key=msgid("Areas of responsibility"),
    symbol=SYMBOLS["responsibility"],
    noun_key=msgid("areas of responsibility"),
)
LAYERS = (PORTS, AIRFIELDS, RESPONSIBILITY)

MOST = 400
"""Features of one layer in one frame; the first by id where there are more."""

ROOM = 0.1


@dataclass(frozen=True)
class Drawn:
    """What one layer draws in a frame: GeoJSON, whose it is, and how many features did not fit."""

    features: Mapping[str, object]
    originators: tuple[str, ...]
    left_out: int


def features(layer: str, rows: Sequence[Mapping[str, object]], frame: Bounds) -> Drawn:
    """GeoJSON of released reference rows (columns of `data.reference.SHOWN`) that reach into the frame."""
    here = [(row, shape) for row in rows if (shape := _shape(row)) is not None and _reaches(shape, frame)]
    drawn = collection(layer, [_feature(layer, row, shape) for row, shape in here[:MOST]])
    originators = tuple(sorted({plain_text(str(row["originator"])) for row, _ in here[:MOST]}))
    return Drawn(drawn, originators, max(0, len(here) - MOST))


def _shape(row: Mapping[str, object]) -> BaseGeometry | None:
    raw = row["geometry"]
    shape = shapely.from_wkb(raw, on_invalid="ignore") if isinstance(raw, bytes) else None
    return None if shape is None or shape.is_empty else shape


def _reaches(shape: BaseGeometry, frame: Bounds) -> bool:
    near = frame.padded(ROOM)
    west, south, east, north = shape.bounds
    if north < near.south or south > near.north:
        return False
    inside: bool = west <= near.east and east >= near.west
    return inside if near.west <= near.east else bool(west <= near.east or east >= near.west)


def _feature(layer: str, row: Mapping[str, object], shape: BaseGeometry) -> dict[str, object] | None:
    geometry = mapping(shape)
    places = {"type": geometry["type"], "coordinates": json.loads(json.dumps(geometry["coordinates"]))}
    said = _said(row["attributes"])
    properties: dict[str, object] = {
        "layer": layer,
        "kind": plain_text(str(row["kind"])),
        "shape": SYMBOLS[layer].shape,
        "title": plain_text(str(row["name"])),
        "originator": plain_text(str(row["originator"])),
        "authority": plain_text(said.get("authority", "")),
    }
    return feature(f"reference:{row['reference_id']}", places, properties)


def _said(attributes: object) -> dict[str, str]:
    """The texts of a row's JSON; what is no text is left out."""
    try:
        found = json.loads(str(attributes))
    except ValueError:
        return {}
    return {k: v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}
