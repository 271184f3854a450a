"""Where each record is: the gazetteer's regions, how exactly, and what is drawn of it."""

from __future__ import annotations

import struct
from collections import Counter

from data.feeds.recipe import PlaceColumns
from data.feeds.transform import Draft, Values
from data.feeds.values import NotAValue, number
from data.gazetteer import Gazetteer, Place
from data.geography import LonLat, mercator

DRAWN_AS_POINT = (1, 2, 7)
WHERE_IT_IS = (1, 2, 5, 7)
"""Values of geo_precision for which the position given is that of the record, not of an area around it."""

AREA_PRECISION = {2: 3, 1: 4, 0: 6, None: 0}
"""geo_precision of a record that is known by its area only, by the level of the region matched."""

FILLED = [
    "country_iso3",
    "adm1_pcode",
    "adm2_pcode",
    "adm1_name",
    "adm2_name",
    "provider_country",
    "provider_adm1_name",
    "provider_adm2_name",
    "provider_pcode",
    "pcode_match",
    "pcode_valid_from",
    "latitude",
    "longitude",
    "geo_precision",
    "geometry",
    "bbox",
    "mx",
    "my",
]

SWAPPED = "the other way round it lies there: latitude and longitude may be swapped"

Words = tuple[str, str, str, str]
"""What the partner says: country, code, first-level and second-level name."""


def place_records(draft: Draft, gazetteer: Gazetteer) -> tuple[Counter[str], Counter[str]]:
    """Fill the columns of place. Returns how often each place was named that matches no region, and doubts.

    A record whose position cannot be is held back; a place that matches nothing is left open and listed.
    """
    said = draft.recipe.place
    asked = gazetteer.with_aliases(said.aliases)
    words = _words(draft, said)
    positions = _positions(draft, said)
    values: Values = {name: [None] * draft.sheet.rows for name in FILLED}
    known: dict[tuple[Words, LonLat | None], tuple[Place, bool]] = {}
    unmatched: Counter[str] = Counter()
    doubts: Counter[str] = Counter()
    precise = _precise(draft, said)
    for row, spoken in enumerate(words):
        at = positions[row] if precise[row] in WHERE_IT_IS else None
        if (spoken, at) not in known:
            country = said.country_aliases.get(spoken[0], spoken[0])
            code, adm1, adm2 = (part or None for part in spoken[1:])
            place = asked.match(country or None, code, adm1, adm2, at)
            known[spoken, at] = (place, at is not None and asked.is_swapped(place, at))
        place, swapped = known[spoken, at]
        _fill(values, row, spoken, place, at, precise[row])
        if at and swapped:
            draft.note(row, f"position: {at.lat:g}, {at.lon:g} lies far from {place.name}; {SWAPPED}")
        if row in draft.problems:
            continue
        if _is_open(spoken, place):
            unmatched[", ".join(part for part in spoken if part)] += 1
        elif place.note:
            doubts[place.note] += 1
    draft.values.update(values)
    return unmatched, doubts


def _words(draft: Draft, said: PlaceColumns) -> list[Words]:
    nothing = [""] * draft.sheet.rows
    columns = [
        draft.sheet.columns[name] if name else nothing
        for name in (said.country, said.code, said.adm1, said.adm2)
    ]
    told = [["" if text in said.blank else text for text in texts] for texts in columns]
    return list(zip(*told, strict=True))


def _precise(draft: Draft, said: PlaceColumns) -> list[int]:
    """How exact each position is. A position that stands for an area is none: the area is what is known."""
    if not said.precision:
        return [said.position_precision] * draft.sheet.rows
    found = []
    for row, text in enumerate(draft.sheet.columns[said.precision]):
        value = said.precisions.get(" ".join(text.casefold().split()), None if text else 0)
        if value is None:
            draft.note(row, f"{said.precision}: {text!r} is not one of {', '.join(said.precisions)}")
        found.append(value or 0)
    return found


def _positions(draft: Draft, said: PlaceColumns) -> list[LonLat | None]:
    rows = draft.sheet.rows
    if not said.latitude:
        return [None] * rows
    lats, lons = draft.sheet.columns[said.latitude], draft.sheet.columns[said.longitude]
    found: list[LonLat | None] = []
    for row, (lat, lon) in enumerate(zip(lats, lons, strict=True)):
        try:
            found.append(position(lat, lon))
        except ValueError as problem:
            draft.note(row, f"position: {problem}")
            found.append(None)
    return found


def position(latitude: str, longitude: str) -> LonLat | None:
    """A position from its two texts; both or neither. Raises ValueError saying what cannot be.

    Longitudes count from -180, or from 0 to 360: then those beyond 180 are west. 180 and -180 are one
    meridian, written as -180.
    """
    if not latitude and not longitude:
        return None
    if not latitude or not longitude:
        missing = "latitude" if not latitude else "longitude"
        raise NotAValue(f"the {missing} is missing where the other is given")
    lon, lat = number(longitude), number(latitude)
    try:
        at = LonLat.of(east_or_west(lon), lat)
    except ValueError as problem:
        turned = abs(lat) > 90 >= abs(lon) and abs(lat) <= 180
        hint = "; latitude and longitude may be swapped" if turned else ""
        raise NotAValue(f"{problem}{hint}") from None
    if at.lonlat == (0, 0):
        raise NotAValue("0, 0 stands for a position that is not known")
    return at


def east_or_west(lon: float) -> float:
    """The same meridian between -180 and 180, of a longitude that counts eastward to 360."""
    return lon - 360 if 180 <= lon <= 360 else lon


def _is_open(spoken: Words, place: Place) -> bool:
    """Named more closely than it was matched."""
    return bool(spoken[0] and place.country_iso3 is None) or (any(spoken[1:]) and place.match == "none")


def _fill(values: Values, row: int, spoken: Words, place: Place, at: LonLat | None, precision: int) -> None:
    names = ("provider_country", "provider_pcode", "provider_adm1_name", "provider_adm2_name")
    for name, text in zip(names, spoken, strict=True):
        values[name][row] = text or None
    for name in ("country_iso3", "adm1_pcode", "adm2_pcode", "adm1_name", "adm2_name"):
        values[name][row] = getattr(place, name)
    values["pcode_match"][row] = place.match
    values["pcode_valid_from"][row] = place.valid_from
    if at is None:
        values["geo_precision"][row] = AREA_PRECISION[place.level]
        return
    values["geo_precision"][row] = precision
    values["longitude"][row], values["latitude"][row] = at.lonlat
    values["geometry"][row] = point_wkb(at)
    values["bbox"][row] = {"xmin": at.lon, "ymin": at.lat, "xmax": at.lon, "ymax": at.lat}
    if precision in DRAWN_AS_POINT:
        values["mx"][row], values["my"][row] = mercator(*at.lonlat)


def point_wkb(at: LonLat) -> bytes:
    """A point as well-known binary, longitude first."""
    return struct.pack("<BIdd", 1, 1, *at.lonlat)
