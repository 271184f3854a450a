"""The exercise's other reference layers: its ports and airfields, and two areas of responsibility."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

import pyarrow as pa
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from data.reference import LAYER_OF_KIND
from data.sample.labels import LABELS
from data.sample.storm import BEGIN, END
from data.sample.world import Hub, World
from data.schema import REFERENCE

KINDS = {"sea": "port", "air": "airfield"}
PORTS_FROM = "Caribbean Relief Compact"


def reference_table(place: World) -> pa.Table:
    """Rows of data.schema.REFERENCE, known since the exercise began."""
    return pa.Table.from_pylist([*map(_hub, place.hubs), *_areas()], schema=REFERENCE)


def _row(
    kind: str, name: str, shape: BaseGeometry, label: str, org: str, **says: object
) -> dict[str, object]:
    dates = {key: says.pop(key, None) for key in ("valid_from", "valid_until")}
    originator = LABELS[label].originator
    return {
        "reference_id": f"{originator}:{kind}:{hashlib.sha256(name.encode()).hexdigest()[:12]}",
        "layer": LAYER_OF_KIND[kind],
        "kind": kind,
        "name": name,
        "valid_at": None,
        "geometry": shapely.to_wkb(shape),
        "attributes": json.dumps(says, sort_keys=True),
        "source_org": org,
        "ingested_at": BEGIN,
        "received_at": BEGIN,
        "label_id": list(LABELS).index(label),
        **dates,
    }


def _hub(hub: Hub) -> dict[str, object]:
    return _row(KINDS[hub.site.kind], hub.site.name, Point(hub.at), "compact-open", PORTS_FROM)


def _areas() -> list[dict[str, object]]:
    """One for everybody, over the whole exercise; one that the forces keep among them, from landfall on."""
    landfall: datetime = BEGIN + timedelta(days=6)
    return [
        _row(
            "responsibility",
            "Area of relief coordination WEST",
            shapely.box(-74.6, 17.8, -71.7, 20.15),
            "compact-open",
            PORTS_FROM,
            authority="Caribbean Relief Compact, relief coordinator (exercise)",
            legal_basis="Compact on mutual relief, article 4 (exercise)",
            valid_from=BEGIN,
        ),
        _row(
            "responsibility",
            "Joint operations area PALISADE",
            shapely.Polygon([(-77.6, 19.3), (-73.6, 19.3), (-73.6, 21.2), (-75.6, 21.6), (-77.6, 20.9)]),
            "aldara-forces",
            "Aldaran joint force",
            authority="Commander, Aldaran joint force (exercise)",
            legal_basis="Exercise order 3 of 26 August (exercise)",
            valid_from=landfall,
            valid_until=END - timedelta(days=4),
        ),
    ]
