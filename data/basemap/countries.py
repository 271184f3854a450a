"""Which country a word or a position means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from shapely.geometry.base import BaseGeometry

from data.basemap.world import countries, world
from data.geography import LonLat
from data.names import plain
from data.shapes import NEAR_DEGREES, AreaIndex

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "KOS": "XKX",
        "XKS": "XKX",
        "DRC": "COD",
        "RDC": "COD",
        "Democratic Republic of the Congo": "COD",
        "The Democratic Republic of the Congo": "COD",
        "Democratic Republic of Congo": "COD",
        "République démocratique du Congo": "COD",
        "Dem. Rep. Congo": "COD",
        "Congo, DR": "COD",
        "Congo, Democratic Republic of the": "COD",
        "Republic of the Congo": "COG",
        "Republic of Congo": "COG",
        "Congo Republic": "COG",
        "CAR": "CAF",
        "RCA": "CAF",
        "Central African Rep.": "CAF",
        "OPT": "PSE",
        "oPt": "PSE",
        "Occupied Palestinian Territory": "PSE",
        "Occupied Palestinian Territories": "PSE",
        "State of Palestine": "PSE",
        "Ivory Coast": "CIV",
        "Cote d'Ivoire": "CIV",
        "UK": "GBR",
        "Great Britain": "GBR",
        "Britain": "GBR",
        "United Kingdom of Great Britain and Northern Ireland": "GBR",
        "US": "USA",
        "U.S.": "USA",
        "U.S.A.": "USA",
        "United States of America": "USA",
        "UAE": "ARE",
        "Syrian Arab Republic": "SYR",
        "Russian Federation": "RUS",
        "Iran (Islamic Republic of)": "IRN",
        "Islamic Republic of Iran": "IRN",
        "Bolivia (Plurinational State of)": "BOL",
        "Venezuela (Bolivarian Republic of)": "VEN",
        "United Republic of Tanzania": "TZA",
        "Viet Nam": "VNM",
        "Lao PDR": "LAO",
        "Lao People's Democratic Republic": "LAO",
        "Republic of Korea": "KOR",
        "Korea (ROK)": "KOR",
        "Korea, Republic of": "KOR",
        "DPRK": "PRK",
        "Democratic People's Republic of Korea": "PRK",
        "Republic of Moldova": "MDA",
        "Brunei Darussalam": "BRN",
        "Swaziland": "SWZ",
        "Macedonia": "MKD",
        "FYROM": "MKD",
        "The former Yugoslav Republic of Macedonia": "MKD",
        "Czech Republic": "CZE",
        "Burma": "MMR",
        "Turkey": "TUR",
        "East Timor": "TLS",
        "Cape Verde": "CPV",
        "The Gambia": "GMB",
        "Gambia, The": "GMB",
        "Guinea Bissau": "GNB",
        "Guinée Bissau": "GNB",
        "Federated States of Micronesia": "FSM",
        "Holy See": "VAT",
        "Bosnia": "BIH",
        "Mali (le)": "MLI",
        "South Sudan, Republic of": "SSD",
        "Republic of South Sudan": "SSD",
    }
)
"""Spellings met in files (standards, §10; data catalogue), beside codes and the names of CLDR."""

SHORT_FOR = ((" & ", " and "), ("St. ", "Saint "))


@cache
def _codes() -> Mapping[str, str]:
    """ISO3 and ISO2 to ISO3. Compared as they stand: "n/a" is not Namibia."""
    return MappingProxyType({code: c.iso3 for c in countries().values() for code in (c.iso3, c.iso2)})


@cache
def _names() -> Mapping[str, str]:
    """Plain spelling to ISO3. A spelling that means two countries is left out."""
    found: dict[str, set[str]] = {}
    for country in countries().values():
        for word in (country.en, country.fr, *country.also):
            for spelling in _spellings(word):
                found.setdefault(spelling, set()).add(country.iso3)
    single = {spelling: codes.pop() for spelling, codes in found.items() if len(codes) == 1}
    return MappingProxyType(single | {plain(word): iso3 for word, iso3 in ALIASES.items()})


def _spellings(word: str) -> set[str]:
    spellings = {word}
    for short, long in SHORT_FOR:
        spellings |= {spelling.replace(short, long) for spelling in spellings}
    return {plain(spelling) for spelling in spellings}


def country_code(text: str | None) -> str | None:
    """The ISO3 code of a country given as ISO3, ISO2, or a name in English or French; None: not known.

    Case and blanks around do not matter, in names accents and punctuation neither. Kosovo is XKX, however
    written (KOS, XK, XKS).
    """
    word = (text or "").strip()
    return _codes().get(word.upper()) or _names().get(plain(word))


def country_area(iso3: str | None) -> BaseGeometry | None:
    """The land of a country by its ISO3 code; None when the basemap has none."""
    return world("50m").areas.get(iso3 or "")


@cache
def _areas() -> tuple[AreaIndex, tuple[str, ...]]:
    known = {code: area for code, area in world("50m").areas.items() if code}
    parts = [(code, part) for code, area in known.items() for part in area.geoms]
    return AreaIndex.of([part for _, part in parts]), tuple(code for code, _ in parts)


def country_at(position: LonLat) -> str | None:
    """The ISO3 code of the land at a position, or of the one country whose coast is near.

    None on the open sea, in no country's land and wherever two come into question. Natural Earth 50m: within
    a few kilometres of a border it can be wrong.
    """
    areas, codes = _areas()
    hits = {codes[n] for n in areas.holding(position)}
    if not hits:
        hits = {codes[n] for n in areas.near(position, NEAR_DEGREES)}
    return hits.pop() if len(hits) == 1 else None
