"""Changes between two knowledge times on the map: the layers' own symbols, each with a badge."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from data.answers import Marks
from data.changes import CHANGE_KINDS, ChangeKind
from layers.base import collection, features
from layers.msgid import Words, msgid
from layers.sizes import SizeScale

BADGES: Mapping[str, str] = MappingProxyType({"new": "+", "corrected": "~", "withdrawn": "×"})
"""One sign a kind, in map, list and legend; the words stand beside it."""

KIND_TITLES: Mapping[str, str] = MappingProxyType(
    {"new": msgid("new"), "corrected": msgid("corrected"), "withdrawn": msgid("withdrawn")}
)


def change_features(
    layer: str, marks: Mapping[ChangeKind, Marks], scale: SizeScale | None, words: Words
) -> dict[str, object]:
    """GeoJSON FeatureCollection of one layer's changes: what is new last, so that it lies on top.

    `scale` is that of all kinds together: one symbol of a size says one figure.
    """
    drawn: list[object] = []
    total = 0
    for kind in reversed(CHANGE_KINDS):
        if kind in marks:
            told = features(marks[kind], change=kind, scale=scale, words=words)
            found = told["features"]
            drawn += found if isinstance(found, list) else []
            total += marks[kind].total
    return {**collection(layer, []), "features": drawn, "total": total}
