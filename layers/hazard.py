"""The hazard: track and forecast cone. A reference layer: drawn, never counted, released like all else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import isfinite

import shapely
from shapely.geometry import mapping

from layers.layer import Layer
from layers.msgid import Words, as_written, msgid
from layers.serializer import collection, feature, plain_text
from layers.symbols import SYMBOLS

LAYER = Layer(
    id="hazard",
    feed="",
    title_key=msgid("Hazard track and forecast"),
    symbol=SYMBOLS["hazard"],
    noun_key=msgid("hazards"),
)


def features(rows: Iterable[Mapping[str, object]], words: Words = as_written) -> dict[str, object]:
    """GeoJSON of released reference rows (columns of `data.schema.REFERENCE`), areas first, points last."""
    drawn = [_feature(row, words) for row in rows]
    order = {"Polygon": 0, "MultiPolygon": 0, "LineString": 1, "MultiLineString": 1}
    kept = [item for item in drawn if item is not None]
    kept.sort(key=lambda item: order.get(str(item["geometry"]["type"]), 2))  # type: ignore[index]
    lost: list[dict[str, object] | None] = [None] * (len(drawn) - len(kept))
    return collection(LAYER.id, [*kept, *lost])


def _feature(row: Mapping[str, object], words: Words) -> dict[str, object] | None:
    raw = row["geometry"]
    shape = shapely.from_wkb(raw, on_invalid="ignore") if isinstance(raw, bytes) else None
    if shape is None or shape.is_empty:
        return None
    at = row["valid_at"].astimezone(UTC) if isinstance(row["valid_at"], datetime) else None
    kind = plain_text(str(row["kind"]))
    properties: dict[str, object] = {
        "layer": LAYER.id,
        "kind": kind,
        "title": plain_text(str(row["name"])),
        "at": at.strftime("%Y-%m-%dT%H:%MZ") if at else None,
        **_attributes(row["attributes"], kind, at, words),
    }
    return feature(str(row["reference_id"]), _lists(mapping(shape)), properties)


def _attributes(text: object, kind: str, at: datetime | None, words: Words) -> dict[str, object]:
    """What the row's JSON says of strength, label and forecast, each a plain value; the rest stays home.

    A fix of the track without a label of its own is named by its day, once a day.
    """
    try:
        found = json.loads(str(text))
    except ValueError:
        found = {}
    known = found if isinstance(found, dict) else {}
    wind = known.get("wind_kt")
    strength = (
        words(msgid("{n} kt")).format(n=words.number(wind))
        if isinstance(wind, int | float) and isfinite(wind)
        else ""
    )
    day = words.day(at, "d MMM") if kind == "track_point" and at is not None and at.hour == 0 else ""
    return {
        "category": plain_text(str(known.get("category", strength))),
        "label": plain_text(str(known.get("label", day))),
        "forecast": bool(known.get("forecast", kind == "cone")),
    }


def _lists(geometry: Mapping[str, object]) -> dict[str, object]:
    return {"type": geometry["type"], "coordinates": json.loads(json.dumps(geometry["coordinates"]))}
