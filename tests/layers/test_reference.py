"""Ports, airfields and areas of responsibility: drawn from released rows, in the frame, as plain values."""

from __future__ import annotations

import json

import pytest
import shapely

from data.geography import Bounds
from layers import reference
from layers.reference import LAYERS, MOST, features
from layers.symbols import REFERENCE_SHAPES, SYMBOLS

WORLD = Bounds(-180, -85, 180, 85)


def row(identity: str, shape: shapely.Geometry, **more: object) -> dict[str, object]:
    base = {
        "reference_id": identity,
        "kind": "port",
        "name": "Cap Blanc",
        "originator": "XCR",
        "attributes": "{}",
    }
    return {**base, "geometry": shape.wkb, **more}


def ids(drawn: reference.Drawn) -> list[str]:
    return [item["properties"]["id"] for item in drawn.features["features"]]  # type: ignore[attr-defined]


def test_a_port_is_drawn_as_it_is() -> None:
    drawn = features("ports", [row("XCR:port:1", shapely.Point(-72, 18))], WORLD)
    assert drawn.features["features"] == [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [-72.0, 18.0]},
            "properties": {
                "id": "reference:XCR:port:1",
                "layer": "ports",
                "kind": "port",
                "shape": "port",
                "title": "Cap Blanc",
                "originator": "XCR",
                "authority": "",
            },
        }
    ]
    assert (drawn.originators, drawn.left_out) == (("XCR",), 0)


def test_what_is_out_of_the_frame_is_not_sent_and_nobody_is_named_by_it() -> None:
    rows = [
        row("in", shapely.Point(-72, 18)),
        row("out", shapely.Point(100, 18), originator="XZZ"),
        row("across", shapely.box(-120, 10, -71, 19)),
    ]
    drawn = features("responsibility", rows, Bounds(-75, 17, -70, 20))
    assert ids(drawn) == ["reference:in", "reference:across"]
    assert drawn.originators == ("XCR",)


def test_too_many_are_counted_not_drawn() -> None:
    rows = [row(f"{n:04}", shapely.Point(n / 100, 1)) for n in range(MOST + 7)]
    drawn = features("ports", rows, WORLD)
    assert (len(ids(drawn)), drawn.left_out) == (MOST, 7)


def test_nothing_is_drawn_for_nothing_or_for_what_is_no_shape() -> None:
    assert ids(features("ports", [], WORLD)) == []
    assert ids(features("ports", [row("x", shapely.Point(1, 1)) | {"geometry": b"no"}], WORLD)) == []


@pytest.mark.parametrize("attributes", ["no json", "[1]", json.dumps({"authority": 5}), "null"])
def test_attributes_that_are_no_texts_are_left_out(attributes: str) -> None:
    drawn = features("ports", [row("x", shapely.Point(1, 1), attributes=attributes)], WORLD)
    assert drawn.features["features"][0]["properties"]["authority"] == ""  # type: ignore[index]


def test_no_reference_layer_looks_like_a_record() -> None:
    beside = {layer.symbol.shape for layer in LAYERS}
    assert beside <= REFERENCE_SHAPES
    assert not REFERENCE_SHAPES & {
        SYMBOLS[name].shape for name in ("incidents", "military", "presence", "deliveries")
    }
