"""The one strict serializer of features: finite numbers, ids set and unique, text that is only text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

LONGEST_TEXT = 200
"""Characters of a title that reach the map; the drawer shows all of it."""

_DEPTH = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}


def plain_text(text: str) -> str:
    """Text without control characters, cut to LONGEST_TEXT. Markup stays what it is: letters to be shown."""
    kept = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return kept if len(kept) <= LONGEST_TEXT else kept[: LONGEST_TEXT - 1] + "…"


def feature(
    identity: str, geometry: Mapping[str, object], properties: Mapping[str, object]
) -> dict[str, object] | None:
    """One feature, or None when it cannot be drawn: no id, no place, a coordinate off the world."""
    identity = plain_text(identity)
    places = _rounded(geometry.get("coordinates"), _DEPTH.get(str(geometry.get("type")), -1))
    if not identity or places is None:
        return None
    return {
        "type": "Feature",
        "geometry": {"type": geometry["type"], "coordinates": places},
        "properties": {"id": identity} | {name: _plain(value) for name, value in properties.items()},
    }


def _rounded(places: object, depth: int) -> list[object] | None:
    """Coordinates to five decimals (1 m), longitude first; None when any of them is not on the world."""
    if depth < 0 or not isinstance(places, Sequence) or isinstance(places, str):
        return None
    if depth == 0:
        return _position(places)
    parts = [_rounded(part, depth - 1) for part in places]
    return None if not parts or any(part is None for part in parts) else list(parts)


def _position(place: Sequence[object]) -> list[object] | None:
    if len(place) < 2:
        return None
    lon, lat = place[0], place[1]
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return None
    # What is not a number or not finite fails these comparisons too.
    if not (-360 <= lon <= 360 and -90 <= lat <= 90):
        return None
    return [round(float(lon), 5), round(float(lat), 5)]


def _plain(value: object) -> object:
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def collection(
    layer: str, items: Iterable[dict[str, object] | None], *, total: int = 0, unplaced: int = 0
) -> dict[str, object]:
    """A FeatureCollection whose ids are unique. `watchfloor.left_out` counts what could not be drawn."""
    kept: dict[str, dict[str, object]] = {}
    left_out = 0
    for item in items:
        identity = "" if item is None else str(item["properties"]["id"])  # type: ignore[index]
        if item is None or identity in kept:
            left_out += 1
        else:
            kept[identity] = item
    counts = {"layer": layer, "total": total, "unplaced": unplaced, "left_out": left_out}
    return {"type": "FeatureCollection", "features": list(kept.values()), "watchfloor": counts}
