"""A child in place of `data.reference_child` that does what the file's first word tells it to."""

from __future__ import annotations

import struct

import pyarrow as pa
import shapely

from data.parsing_child import Order, answer
from data.reference_feature import FEATURES
from tests.data import bad_child

PLACE = shapely.to_wkb(shapely.Point(-72, 19))
AREA = shapely.to_wkb(shapely.box(-73, 18, -71, 20))
DEEP = struct.pack("<BII", 1, 6, 1) * 400_000 + struct.pack("<BII", 1, 6, 0)
ENDLESS = struct.pack("<BII", 1, 2, 2**32 - 1)

LIES: dict[str, dict[str, object]] = {
    "truth": {},
    "unnamed": {"name": ""},
    "misnumbered": {"number": 2},
    "reordering": {"name": "A\u202eB"},
    "other-kind": {"shape": AREA},
    "off-the-world": {"shape": shapely.to_wkb(shapely.Point(200, 19))},
    "no-number": {"shape": shapely.to_wkb(shapely.Point(float("nan"), 19))},
    "nested": {"shape": DEEP},
    "endless": {"shape": ENDLESS},
    "collection": {"shape": shapely.to_wkb(shapely.GeometryCollection([shapely.Point(1, 1)]))},
    "high": {"shape": shapely.to_wkb(shapely.Point(1, 1, 1), output_dimension=3)},
    "more-bytes": {"shape": PLACE + b"x"},
    "fewer-bytes": {"shape": PLACE[:-1]},
    "no-bytes": {"shape": b""},
    "backwards": {"valid_from": 10**6, "valid_until": 0},
    "year-300000": {"valid_from": 2**63 - 1},
}


def said(**other: object) -> dict[str, object]:
    texts = [("name", "A")]
    plain = {"number": 1, "name": "A", "shape": PLACE, "authority": "", "legal_basis": "", "texts": texts}
    return plain | other


def parse(order: Order) -> pa.Table:
    word = order.content.decode()
    if word in LIES:
        return pa.Table.from_pylist([said(**LIES[word])], schema=FEATURES)
    if word == "many":
        rows = [said(number=number) for number in range(1, 20_002)]
        return pa.Table.from_pylist(rows, schema=FEATURES)
    if word == "nobody":
        return FEATURES.empty_table()
    return bad_child.DEEDS[word](order)


if __name__ == "__main__":
    answer(parse)
