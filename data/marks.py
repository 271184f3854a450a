"""What one layer draws in one frame: points, clusters of points, one symbol an area.

However many rows there are, a layer draws at most about 420 things: points that stand closer than a
symbol's width share a cell of a grid over the frame, and the cell is drawn at the place of one of its
records (never at an average, which could lie at sea). What is known for an area is one symbol (see
`data.area_marks`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from data.answers import Frame, Mark, Marks
from data.area_marks import CATEGORY, area_marks, marked, sized
from data.filters import LAYER_FEEDS, Filter
from data.geography import mercator
from data.released import Released

WORLD_BITS = 24
TILE_BITS = 8
MOST_CELLS = 330
"""Cells of points a layer may fill; with areas and edges four layers stay under 2,000 things."""
DRAWABLE = "geo_precision IN (1, 2, 7) AND mx IS NOT NULL"

COUNTS = """
SELECT country_iso3, count(*) AS n,
    CASE WHEN {drawable} THEN 'point' WHEN geo_precision IN (3, 4) THEN 'area' ELSE 'none' END AS kind
FROM released.{feed} WHERE {where} GROUP BY ALL ORDER BY ALL
"""

IN_FRAME = """
SELECT count(*) FROM released.{feed}
WHERE {where} AND {drawable} AND mx BETWEEN ? AND ? AND my BETWEEN ? AND ?
"""

CELLS = """
WITH inside AS (
    SELECT rowid AS place, mx, my, {category} AS category, {unverified} AS unverified, {disputed} AS disputed,
        start_at, mx // ? AS cx, my // ? AS cy
    FROM released.{feed}
    WHERE {where} AND {drawable} AND mx BETWEEN ? AND ? AND my BETWEEN ? AND ?
), by_category AS (
    SELECT cx, cy, category, count(*) AS n, count(*) FILTER (unverified) AS unverified,
        count(*) FILTER (disputed) AS disputed, sum(mx::BIGINT) AS sx, sum(my::BIGINT) AS sy,
        max(start_at) AS newest
    FROM inside GROUP BY cx, cy, category
), cells AS (
    SELECT cx, cy, sum(n)::BIGINT AS n, sum(unverified)::BIGINT AS unverified,
        sum(disputed)::BIGINT AS disputed, sum(sx) / sum(n) AS ax, sum(sy) / sum(n) AS ay,
        max(newest) AS newest, max_by(category, row(n, category)) AS category
    FROM by_category GROUP BY cx, cy
), middles AS (
    SELECT cx, cy, min(
        (least(((mx - ax) * (mx - ax) + (my - ay) * (my - ay)) * ?, 1073741823.0)::BIGINT << 32) | place
    ) & 4294967295 AS place
    FROM inside JOIN cells USING (cx, cy) GROUP BY cx, cy
)
SELECT c.cx, c.cy, c.n, c.unverified, c.disputed, c.newest, c.category, t.record_id, t.latitude, t.longitude,
    t.title, t.geo_precision, t.originator
FROM cells AS c JOIN middles AS m USING (cx, cy) JOIN released.{feed} AS t ON t.rowid = m.place
ORDER BY c.cy, c.cx
"""
"""Cells of a grid over the frame, each with the record nearest to the middle of its records. Distance and
row number are packed into one integer: the nearest is found in one pass, and ties always fall alike."""


def marks(released: Released, asked: Filter, layer: str, frame: Frame) -> Marks:
    """What `layer` draws in `frame` of the records that the filter shows."""
    feed = LAYER_FEEDS[layer]
    where = released.condition(asked, layer)
    counted = released.ask(
        COUNTS.format(feed=feed, where=where.sql, drawable=DRAWABLE), where.params
    ).to_pylist()
    areas = area_marks(released, asked, layer, frame)
    unplaced: dict[str, int] = dict(areas.unplaced)
    for row in counted:
        if row["kind"] == "none":
            country = row["country_iso3"] or ""
            unplaced[country] = unplaced.get(country, 0) + row["n"]
    points = _points(released, asked, layer, frame) if any(r["kind"] == "point" for r in counted) else ()
    drawn = Marks(
        layer=layer,
        marks=areas.marks + points,
        total=sum(row["n"] for row in counted),
        unplaced=sum(unplaced.values()),
        unplaced_by_country=unplaced,
    )
    return sized(released, asked, drawn, areas.level) if layer == "incidents" else drawn


def cell_units(frame: Frame, inside: int) -> int:
    """Side of a grid cell in mercator units: a symbol's width, or more where the frame is large."""
    units = 2.0 ** (WORLD_BITS - TILE_BITS - frame.zoom)
    west, north = mercator(frame.bounds.west, frame.bounds.north)
    east, south = mercator(frame.bounds.east, frame.bounds.south)
    area = max(1, east - west) * max(1, south - north)
    width = 16 if inside <= 150 else 30 if inside <= 600 else 42
    return max(1, round(max(width * units, math.sqrt(area / MOST_CELLS) if inside > MOST_CELLS else 0)))


def _points(released: Released, asked: Filter, layer: str, frame: Frame) -> tuple[Mark, ...]:
    feed = LAYER_FEEDS[layer]
    where = released.condition(asked, layer)
    west, north = mercator(frame.bounds.west, frame.bounds.north)
    east, south = mercator(frame.bounds.east, frame.bounds.south)
    box = (west, east, north, south)
    parts = {"feed": feed, "where": where.sql, "drawable": DRAWABLE, **marked(feed)}
    inside = released.ask(IN_FRAME.format(**parts), where.params + box).column(0).to_pylist()[0]
    if not inside:
        return ()
    cell = cell_units(frame, inside)
    scale = 2.0**30 / (2.0 * cell * cell)
    rows = released.ask(CELLS.format(**parts), (cell, cell, *where.params, *box, scale)).to_pylist()
    return tuple(_point(row, cell) for row in rows)


def _point(row: Mapping[str, object], cell: int) -> Mark:
    alone = row["n"] == 1
    return Mark(
        kind="point" if alone else "cluster",
        id=str(row["record_id"]) if alone else f"cell:{cell}:{row['cx']}:{row['cy']}",
        latitude=float(str(row["latitude"])),
        longitude=float(str(row["longitude"])),
        count=int(str(row["n"])),
        unverified=int(str(row["unverified"])),
        disputed=int(str(row["disputed"])),
        title=str(row["title"] or "") if alone else "",
        category=str(row["category"] or ""),
        precision=int(str(row["geo_precision"])) if alone else 1,
        at=row["newest"],  # type: ignore[arg-type]
        originator=str(row["originator"]) if alone else "",
    )


__all__ = ["CATEGORY", "cell_units", "marks"]
