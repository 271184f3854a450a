"""What one layer draws in one frame: points, clusters of points, one symbol an area.

However many rows there are, a layer draws at most about 420 things: points that stand closer than a
symbol's width share a cell of a grid over the frame, and the cell is drawn at the place of one of its
records (never at an average, which could lie at sea). What is known for an area is one symbol (see
`data.area_marks`).
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from data.answers import Frame, Mark, Marks
from data.area_marks import CATEGORY, area_marks, commonest, doubts, sized
from data.columns import NONE
from data.filters import DISTRICT, LAYER_FEEDS, POINTS, PROVINCE, Filter
from data.geography import MERCATOR_SIZE, Bounds, mercator
from data.released import Released
from data.rows import Rows, grouped, moment

WORLD_BITS = 24
TILE_BITS = 8
WIDTHS = (16, 30, 42)
"""Sides of a cell in pixels, for few, more and many records."""
GROWTH = 2**0.25
"""Wider cells grow by this, in steps: a map moved a little, with some records more, keeps its clusters."""
MOST_CELLS = 330
"""Cells of points a layer may fill; with areas and edges four layers stay under 2,000 things."""
AREAS = (DISTRICT, PROVINCE)
"""Values of geo_precision that are drawn as an area."""


def marks(released: Released, asked: Filter, layer: str, frame: Frame) -> Marks:
    """What `layer` draws in `frame` of the records that the filter shows."""
    drawn, level = marks_of(released, released.rows(asked, layer), layer, frame)
    return sized(released, asked, drawn, level) if layer == "incidents" else drawn


def marks_of(
    released: Released, rows: Rows, layer: str, frame: Frame, most: int = MOST_CELLS
) -> tuple[Marks, int]:
    """What `layer` draws in `frame` of these rows, its points in at most about `most` cells; and the finest
    level of the areas drawn."""
    precision = rows.whole("geo_precision")
    drawable = np.isin(precision, POINTS) & (rows.whole("mx") != NONE)
    nowhere = ~drawable & ~np.isin(precision, AREAS)
    areas = area_marks(released, rows, layer, frame)
    unplaced = Counter(areas.unplaced)
    countries = rows.only(nowhere).codes("country_iso3")
    unplaced.update(countries.counts())
    unplaced[""] += int((countries.values == NONE).sum())
    drawn = Marks(
        layer=layer,
        marks=areas.marks + _points(rows.only(drawable), LAYER_FEEDS[layer], frame, most),
        total=len(rows),
        unplaced=unplaced.total(),
        unplaced_by_country={country: count for country, count in unplaced.items() if count},
    )
    return drawn, areas.level


def cell_units(frame: Frame, inside: int, most: int = MOST_CELLS) -> int:
    """Side of a grid cell in mercator units: a symbol's width, or more where the frame is large."""
    units = 2.0 ** (WORLD_BITS - TILE_BITS - frame.zoom)
    west, north, east, south = _edges(frame.bounds)
    area = max(1, east - west) * max(1, south - north) / units**2
    width: float = WIDTHS[0] if inside <= 150 else WIDTHS[1] if inside <= 600 else WIDTHS[2]
    needed = math.sqrt(area / most) if inside > most else 0
    while width < needed:
        width = next((wider for wider in WIDTHS if wider > width), width * GROWTH)
    return max(1, round(width * units))


def _edges(bounds: Bounds) -> tuple[int, int, int, int]:
    """West, north, east and south in mercator units; east counts on across the antimeridian."""
    west, north = mercator(bounds.west, bounds.north)
    east, south = mercator(bounds.east, bounds.south)
    return west, north, east + (MERCATOR_SIZE if bounds.west > bounds.east else 0), south


def _points(rows: Rows, feed: str, frame: Frame, most: int) -> tuple[Mark, ...]:
    west, north, east, south = _edges(frame.bounds)
    mx, my = rows.whole("mx"), rows.whole("my")
    # Counted eastward from the frame's edge, so that frame and cells go on beyond the antimeridian.
    mx = np.where(mx < west, mx + MERCATOR_SIZE, mx)
    here = (mx >= west) & (mx <= east) & (my >= north) & (my <= south)
    inside = rows.only(here)
    side = cell_units(frame, len(inside), most)
    return _cells(inside, mx[here], feed, side) if len(inside) else ()


def _cells(rows: Rows, mx: NDArray[np.int64], feed: str, side: int) -> tuple[Mark, ...]:
    """The cells of a grid that hold records, each with the record nearest to the middle of its records."""
    my = rows.whole("my")
    cx, cy = mx // side, my // side
    left, top = int(cx.min()), int(cy.min())
    wide = int(cx.max()) - left + 1
    numbers, cell = grouped((cy - top) * wide + (cx - left), wide * (int(cy.max()) - top + 1))
    count = np.bincount(cell)
    unverified, disputed = (np.bincount(cell, flags) for flags in doubts(rows, feed))
    chosen = _nearest(cell, count, mx, my)
    newest = np.full(len(count), np.iinfo(np.int64).min)
    np.maximum.at(newest, cell, rows.times("start_at"))
    shown = rows.table("record_id", "latitude", "longitude", "title", "originator", at=chosen).to_pylist()
    precision, category = rows.whole("geo_precision")[chosen], commonest(cell, rows.codes(CATEGORY[feed]))
    found = []
    for n, row in enumerate(shown):
        alone = count[n] == 1
        place = f"{left + numbers[n] % wide}:{top + numbers[n] // wide}"
        mark = Mark(
            kind="point" if alone else "cluster",
            id=str(row["record_id"]) if alone else f"cell:{side}:{place}",
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            count=int(count[n]),
            unverified=int(unverified[n]),
            disputed=int(disputed[n]),
            title=str(row["title"] or "") if alone else "",
            category=category[n],
            precision=int(precision[n]) if alone else 1,
            at=moment(int(newest[n])),
            originator=str(row["originator"]) if alone else "",
        )
        found.append(mark)
    return tuple(found)


def _nearest(
    cell: NDArray[np.int64], count: NDArray[np.int64], mx: NDArray[np.int64], my: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each cell the record nearest to the middle of its records; of equally near ones the first."""
    x, y = (np.bincount(cell, position) / count for position in (mx, my))
    distance = (mx - x[cell]) ** 2 + (my - y[cell]) ** 2
    least = np.full(len(count), np.inf)
    np.minimum.at(least, cell, distance)
    near = np.flatnonzero(distance == least[cell])[::-1]
    chosen = np.empty(len(count), np.int64)
    chosen[cell[near]] = near
    return chosen
