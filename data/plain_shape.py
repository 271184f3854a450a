"""Shapes as plain WKB: two coordinates, little-endian, points, lines and areas, and several of one of them.

The library reads more than that, and follows collections in collections until its stack is used up. So the
form is walked through here first, without going into itself, and only what is whole is handed on.
"""

from __future__ import annotations

import struct

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

POINT, LINE, AREA = 1, 2, 3
MANY_OF = {5: LINE, 6: AREA}
HEAD, COUNT = struct.Struct("<BI"), struct.Struct("<I")
PAIR_BYTES = 16


def plain_shape(content: bytes) -> BaseGeometry:
    """The shape that the bytes say. Raises ValueError when they are not exactly one."""
    try:
        kind, at = _head(content, 0)
        if kind in MANY_OF:
            (count,), at = COUNT.unpack_from(content, at), at + COUNT.size
            for _ in range(count):
                at = _end_of_one(content, at, MANY_OF[kind])
        else:
            at = _end_of_one(content, 0, kind)
    except struct.error as error:
        raise ValueError("the shape ends before it is whole") from error
    if at != len(content):
        raise ValueError("the shape is of another length than it says")
    try:
        return shapely.from_wkb(content)
    except ShapelyError as error:
        raise ValueError("the shape is none") from error


def _head(content: bytes, at: int) -> tuple[int, int]:
    order, kind = HEAD.unpack_from(content, at)
    if order != 1:
        raise ValueError("the shape is not little-endian")
    return kind, at + HEAD.size


def _end_of_one(content: bytes, at: int, wanted: int) -> int:
    """Where a point, a line or an area that begins here ends."""
    kind, at = _head(content, at)
    if kind != wanted or kind not in (POINT, LINE, AREA):
        raise ValueError("the shape is of no plain kind")
    if kind == POINT:
        return at + PAIR_BYTES
    if kind == LINE:
        return _end_of_line(content, at)
    (rings,), at = COUNT.unpack_from(content, at), at + COUNT.size
    for _ in range(rings):
        at = _end_of_line(content, at)
    return at


def _end_of_line(content: bytes, at: int) -> int:
    (pairs,) = COUNT.unpack_from(content, at)
    return int(at + COUNT.size + pairs * PAIR_BYTES)
