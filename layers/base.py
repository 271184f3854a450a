"""The registry of layers, and the one strict way from marks to what the browser draws.

Everything that reaches a map component passes `collection`: a component that once gets a bad answer (a
coordinate that is text, a missing id) never recovers, so what cannot be drawn is left out here and counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from types import MappingProxyType

from data.answers import Mark, Marks
from data.geography import LonLat
from layers import deliveries, deployments, hazard, incidents, presence, reference
from layers.layer import Layer
from layers.msgid import Words, as_written, msgid
from layers.serializer import collection, feature, plain_text
from layers.sizes import POINT, SizeScale, cluster_diameter, figure, size_scale
from layers.symbols import TONES

__all__ = ["LAYERS", "LAYERS_BY_ID", "Layer", "collection", "features", "hideout", "to_leaflet"]

LAYERS: tuple[Layer, ...] = (
    reference.RESPONSIBILITY,
    hazard.LAYER,
    reference.PORTS,
    reference.AIRFIELDS,
    incidents.LAYER,
    deliveries.LAYER,
    presence.LAYER,
    deployments.LAYER,
)
"""All layers in drawing order, the first at the bottom."""

LAYERS_BY_ID: Mapping[str, Layer] = MappingProxyType({layer.id: layer for layer in LAYERS})


def to_leaflet(place: LonLat) -> list[float]:
    """The one crossing from longitude-first to Leaflet's latitude-first."""
    return list(place.latlon)


def features(
    marks: Marks, change: str = "", scale: SizeScale | None = None, words: Words = as_written
) -> dict[str, object]:
    """GeoJSON FeatureCollection of a layer's marks, sizes included. Values only; nothing in it is markup.

    `change`: what happened to all of them (new, corrected, withdrawn), drawn as a badge. `scale`: another
    than that of these marks, where pictures beside or after each other are to be compared.
    """
    layer = LAYERS_BY_ID[marks.layer]
    scale = scale or size_scale(marks)
    largest = max((mark.count for mark in marks.marks if mark.kind == "cluster"), default=0)

    def size(mark: Mark) -> float:
        if mark.kind == "point":
            return POINT
        if scale is None or mark.kind == "cluster":
            return cluster_diameter(mark.count, largest)
        return scale.diameter(figure(mark, scale.metric))

    drawn = (_feature(mark, layer, size(mark), change, words) for mark in marks.marks)
    return collection(layer.id, drawn, total=marks.total, unplaced=marks.unplaced)


def _feature(mark: Mark, layer: Layer, size: float, change: str, words: Words) -> dict[str, object] | None:
    value = mark.value if mark.value is not None and isfinite(mark.value) else None
    properties: dict[str, object] = {
        "layer": layer.id,
        "kind": mark.kind,
        "shape": layer.symbol.shape,
        "count": mark.count,
        "unverified": mark.unverified,
        "disputed": mark.disputed,
        "title": plain_text(mark.title),
        "category": plain_text(mark.category),
        "value": value,
        "value_words": plain_text(words(mark.value_words)) if mark.value_words else "",
        "size": size,
        "hollow": layer.verified and 0 < mark.count <= mark.unverified,
        "slashed": layer.verified and 0 < mark.count <= mark.disputed,
        "inner": mark.kind == "point" and mark.category in layer.inner,
        "precision": mark.precision,
        "at": _iso(mark.at),
        "originator": plain_text(mark.originator),
        "region": plain_text(mark.region),
    }
    if change:
        properties["change"] = change
    point = {"type": "Point", "coordinates": [mark.longitude, mark.latitude]}
    # one cell or one area may stand there once for each kind of change; a record has one kind
    identity = mark.id if mark.kind == "point" or not change else f"{change}:{mark.id}"
    return feature(identity, point, properties)


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


MAP_WORDS: tuple[str, ...] = (
    msgid("{count} records"),
    msgid("of which {count} unverified"),
    msgid("of which {count} disputed"),
    msgid("unverified"),
    msgid("disputed"),
    msgid("place approximate, within 25 km"),
    msgid("known for the area"),
    msgid("click to look closer"),
    msgid("no report"),
    msgid("outside the filter"),
    msgid("forecast"),
    msgid("new"),
    msgid("corrected"),
    msgid("withdrawn"),
)
"""Catalogue keys of the sentences that the map itself puts together in its tooltips."""


def hideout(layer_id: str, selected: str = "", words: Words = as_written) -> dict[str, object]:
    """What `assets/map.js` needs beside the features: colours by scheme, order, texts, the selection."""
    layer = LAYERS_BY_ID[layer_id]
    return {
        "layer": layer.id,
        "z": LAYERS.index(layer),
        "colours": dict(layer.symbol.colours),
        "halo": {scheme: tones.halo for scheme, tones in TONES.items()},
        "focus": {scheme: tones.focus for scheme, tones in TONES.items()},
        "selected": selected,
        "categories": {code: words(key) for code, key in layer.categories.items()},
        "words": {key: words(key) for key in MAP_WORDS},
        "title": words(layer.title_key),
    }
