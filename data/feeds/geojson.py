"""A GeoJSON FeatureCollection (RFC 7946) to a table of text: a row for each feature.

Its properties become columns as they are called. What the feature says besides stands in columns with an @
before their name: `@id`, `@longitude`, `@latitude` and `@depth` (the third number of a point's position). A
feature that is no point has no position here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from data.errors import FileRefused
from data.feeds.extent import SEND_AGAIN, header_of, refuse_more_rows
from data.feeds.sheet import Sheet

OWN = ("@id", "@longitude", "@latitude", "@depth")


def read_geojson(file_name: str, text: str, most_rows: int) -> Sheet:
    """The features of a collection. Raises FileRefused when it is none."""
    try:
        document = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise FileRefused(f"The file {file_name} is not whole JSON.", SEND_AGAIN) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise FileRefused(f"The file {file_name} is no GeoJSON FeatureCollection.", SEND_AGAIN)
    refuse_more_rows(file_name, len(features), most_rows)
    rows, problems = [], {}
    for place, feature in enumerate(features):
        if isinstance(feature, dict) and isinstance(feature.get("properties") or {}, dict):
            rows.append(_row(feature))
        else:
            rows.append({})
            problems[place] = "the feature has no properties"
    names = list(dict.fromkeys([*OWN, *(name for row in rows for name in row)]))
    columns = {
        shown: [row.get(name, "") for row in rows]
        for name, shown in zip(names, header_of(file_name, names), strict=True)
    }
    return Sheet(file_name, columns, list(range(1, len(rows) + 1)), problems)


def _row(feature: Mapping[str, Any]) -> dict[str, str]:
    said = {_whole(name): _text(value) for name, value in (feature.get("properties") or {}).items()}
    return said | dict(zip(OWN, [_text(feature.get("id")), *_position(feature.get("geometry"))], strict=True))


def _position(geometry: object) -> tuple[str, str, str]:
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return "", "", ""
    numbers = geometry.get("coordinates")
    if not isinstance(numbers, list) or not 2 <= len(numbers) <= 3:
        return "", "", ""
    longitude, latitude, depth = [_text(number) for number in [*numbers, None][:3]]
    return longitude, latitude, depth


def _text(value: object) -> str:
    if value is None:
        return ""
    return _whole(value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _whole(text: str) -> str:
    """Half a character, which JSON can say and nothing else can hold, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _no_number(word: str) -> None:
    raise ValueError(word)
