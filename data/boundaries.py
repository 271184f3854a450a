"""Boundary files, GeoJSON and GeoParquet, become regions; or one clear sentence says why not.

Any names of properties are taken, among them HXL tags (`#adm1+code+v_pcode`). Pure, and run in a child
(`data.boundary_child`): `data.parsed_boundaries` is the way to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from data.basemap.countries import country_at, country_code
from data.basemap.world import countries
from data.boundary_file import BoundaryFile, Feature, Fields, check_fields, features_of
from data.characters import fault_of, without_marks
from data.errors import RegionsRefused
from data.regions import Area, country_areas, dissolved, region_rows
from data.shapes import areas_only, label_point

LEVELS = (0, 1, 2)
LONGEST_NAME = 300
"""Letters of a code or a name."""


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a boundary file.

    With a field of the parent's name the parents become regions themselves, dissolved from their children.
    A feature that names itself as its parent is a region of the level above (Liberia's counties in a file of
    districts). Level 0 is added from the basemap unless `with_countries` is off.
    """

    level: int
    fields: Fields
    version: date
    with_countries: bool = True


def regions_in(file_name: str, content: bytes, wanted: Wanted, report: Callable[[str], None]) -> pa.Table:
    """The regions of a boundary file as rows of data.schema.REGIONS, every one of the version wanted.

    `report` is called with a sentence for each shape that had to be mended. Raises RegionsRefused with one
    sentence naming file, feature, field and the fields that are there.
    """
    level, fields = wanted.level, wanted.fields
    if level not in LEVELS:
        raise RegionsRefused(f"{file_name}: level {level} is none.", "Levels are 0 country, 1 and 2.")
    file = BoundaryFile(file_name, tuple(features_of(file_name, content)), report)
    check_fields(file, fields)
    areas = _areas(file, fields, level)
    _check_tree(file, fields, areas)
    if level == 2 and fields.parent_name:
        areas += _parents(file, fields, areas)
    if wanted.with_countries and level > 0:
        areas += country_areas(area.country_iso3 for area in areas)
    return region_rows(sorted(areas, key=lambda area: (area.level, area.code)), wanted.version)


def _areas(file: BoundaryFile, fields: Fields, level: int) -> list[Area]:
    shapes = [_shape(file, feature) for feature in file.features]
    found = _countries(file, fields, shapes)
    areas: list[Area] = []
    numbers: dict[str, int] = {}
    for feature, shape, country in zip(file.features, shapes, found, strict=True):
        code = country if level == 0 else _text(file, feature, fields.code)
        if code in numbers:
            why = f"the code “{code}” is that of feature {numbers[code]} already; a code may occur once"
            raise file.refused(feature, fields.code, why)
        numbers[code] = feature.number
        own_level, parent = _place_in_tree(feature, fields, level, code, country)
        areas.append(Area(code, _text(file, feature, fields.name), own_level, parent, country, shape))
    return areas


def _check_tree(file: BoundaryFile, fields: Fields, areas: Sequence[Area]) -> None:
    """A code is no country's, and a parent is one level up: else the regions would be no tree."""
    known = countries()
    levels = {area.code: area.level for area in areas}
    for feature, area in zip(file.features, areas, strict=True):
        if area.level and (area.code in known or area.code == area.parent):
            why = f"the code “{area.code}” is a country's, and a region of level {area.level} needs its own"
            raise file.refused(feature, fields.code, why)
        if area.level < 2 or area.parent is None:
            continue
        found = 0 if area.parent in known else levels.get(area.parent, 1)
        if found != 1:
            why = f"the parent “{area.parent}” is of level {found}, and a parent is one level up, of level 1"
            raise file.refused(feature, fields.parent or fields.code, why)


def _place_in_tree(
    feature: Feature, fields: Fields, level: int, code: str, country: str
) -> tuple[int, str | None]:
    if level < 2:
        return level, country if level else None
    parent = feature.value(fields.parent)
    return (1, country) if parent == code else (2, parent)


def _parents(file: BoundaryFile, fields: Fields, areas: Sequence[Area]) -> list[Area]:
    """Level 1, dissolved from level 2, under the names that the file gives."""
    there = {area.code for area in areas}
    names: dict[str, str] = {}
    for feature in file.features:
        parent = _text(file, feature, fields.parent or fields.code)
        name = _text(file, feature, fields.parent_name or fields.name)
        if names.setdefault(parent, name) != name:
            why = f"the parent “{parent}” is called “{name}” here and “{names[parent]}” in a feature before"
            raise file.refused(feature, fields.parent_name or fields.name, why)
    missing = {code: name for code, name in names.items() if code not in there}
    return dissolved(areas, missing, 1)


def _text(file: BoundaryFile, feature: Feature, field: str) -> str:
    value = without_marks(feature.value(field) or "")
    if not value:
        raise file.refused(feature, field, "there is no value, and every region needs one")
    fault = fault_of(value) or (f"is {len(value):,} letters long" if len(value) > LONGEST_NAME else "")
    if fault:
        raise file.refused(feature, field, f"the value {fault}")
    return value


def _shape(file: BoundaryFile, feature: Feature) -> BaseGeometry:
    if feature.shape is None or feature.shape.is_empty:
        raise file.refused(feature, "geometry", "there is no shape, and every region needs one")
    flat = shapely.force_2d(feature.shape)
    west, south, east, north = flat.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        reach = f"coordinates reach {max(-west, east):.0f}, {max(-south, north):.0f}"
        raise file.refused(feature, "geometry", f"{reach} and are no degrees; save it in WGS 84 (EPSG:4326)")
    shape = areas_only(flat)
    if shape.is_empty:
        raise file.refused(feature, "geometry", f"a {flat.geom_type} is no area; polygons are expected")
    if not flat.is_valid:
        file.report(f"{file.name}: the shape of feature {feature.number} was not valid and has been mended.")
    return shape


def _countries(file: BoundaryFile, fields: Fields, shapes: Sequence[BaseGeometry]) -> list[str]:
    """The ISO3 code of each feature: stated, else by the parent's or its own code, else by where it lies."""
    points = [label_point(shape) for shape in shapes]
    there = [country_at(point) for point in points]
    trusted = _trusted_prefixes(file, fields, there)
    countries = []
    for feature, here in zip(file.features, there, strict=True):
        stated = feature.value(fields.country)
        code = country_code(stated) if stated else trusted.get(_prefix(feature, fields)) or here
        if code is None:
            field = fields.country or fields.code
            told = f"“{stated}” is not known as a country" if stated else "the country cannot be told from it"
            raise file.refused(feature, field, f"{told}; name the field that holds its ISO code")
        countries.append(code)
    return countries


def _trusted_prefixes(file: BoundaryFile, fields: Fields, there: Sequence[str | None]) -> dict[str, str]:
    """Prefixes of codes that are a country's code, where most of the features with it lie in that country.

    The check keeps out codes that begin with letters of another meaning.
    """
    votes: dict[str, Counter[bool]] = {}
    for feature, here in zip(file.features, there, strict=True):
        prefix = _prefix(feature, fields)
        votes.setdefault(prefix, Counter())[here in (None, country_code(prefix))] += 1
    known = {prefix: country_code(prefix) for prefix in votes if len(prefix) in (2, 3)}
    return {p: code for p, code in known.items() if code and votes[p][True] >= votes[p][False]}


def _prefix(feature: Feature, fields: Fields) -> str:
    """The letters that a code begins with: GN of GN001, SLE of SLE0101."""
    code = feature.value(fields.code) or ""
    letters = len(code) - len(code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
    return code[:letters]
