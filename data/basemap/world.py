"""The world as it ships: countries, their areas, the lines between them, towns. Read once, kept.

The lines are Natural Earth's, which states no class for a line in this file: each is a "boundary, status not
stated". An operation's own file of lines replaces them (`data.basemap.lines`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.geography import LonLat

HERE = Path(__file__).resolve().parent

Resolution = Literal["50m", "110m"]
"""50m: to about zoom 8; 110m: the world at a glance."""


@dataclass(frozen=True)
class Country:
    """A country or territory with an ISO 3166 code (Kosovo: XKX). Area and label are of Natural Earth 50m.

    `label` is None for the few that are too small or too scattered to be in it.
    """

    iso3: str
    iso2: str
    number: int
    en: str
    fr: str
    also: tuple[str, ...] = ()
    label: LonLat | None = None
    area_km2: float = 0.0

    def called(self, language: str) -> str:
        """Its name in a language; the English one where there is no other."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True)
class Town:
    """A town, as GeoNames has it."""

    name: str
    position: LonLat
    population: int
    country_iso3: str
    capital: bool


@dataclass(frozen=True)
class World:
    """The areas of one resolution by ISO3 ("" holds what has no country's code), and the lines between."""

    areas: Mapping[str, BaseGeometry]
    lines: tuple[BaseGeometry, ...]


@cache
def countries() -> Mapping[str, Country]:
    """All countries and territories of ISO 3166, and Kosovo, by ISO3."""
    rows = _read("countries.json")["countries"]
    return MappingProxyType({row["iso3"]: _country(row) for row in rows})


def _country(row: dict[str, Any]) -> Country:
    label = LonLat(*row.pop("label")) if "label" in row else None
    also = tuple(row.pop("also"))
    return Country(**row, also=also, label=label)


@cache
def world(resolution: Resolution = "50m") -> World:
    """The areas and lines of a resolution."""
    content = _read(f"world-{resolution}.json")
    unit = content["units_per_degree"]
    areas = {code: _area(polygons, unit) for code, polygons in content["areas"]}
    lines = tuple(shapely.LineString(_points(steps, unit)) for steps in content["lines"])
    return World(MappingProxyType(areas), lines)


@cache
def whole_land(resolution: Resolution = "50m") -> BaseGeometry:
    """All land as one, without the lines between countries. Takes half a second the first time."""
    return shapely.union_all(list(world(resolution).areas.values()))


def _area(polygons: list[list[list[int]]], unit: int) -> BaseGeometry:
    parts = [[_points(ring, unit) for ring in rings] for rings in polygons]
    return shapely.MultiPolygon([(outer, holes) for outer, *holes in parts])


def _points(steps: list[int], unit: int) -> NDArray[np.float64]:
    points: NDArray[np.float64] = np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / unit
    return points


@cache
def towns() -> tuple[Town, ...]:
    """Towns of 60,000 people and more, each country's 40 largest and its capital; the largest first."""
    return tuple(
        Town(name, LonLat(lon, lat), population, iso3, bool(capital))
        for name, lon, lat, population, iso3, capital in _read("places.json")["places"]
    )


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((HERE / name).read_text("utf-8"))
    return content
