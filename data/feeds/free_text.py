"""What must not stand in free text: addresses and numbers of persons, places finer than the label allows.

A record whose title, description or notes hold one is held back (standards 18a). Patterns want something
that only a telephone number has (a plus, an area code in brackets, groups in the American manner, the word
itself): reference numbers of grants are long and full of digits too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

FREE_TEXT = (
    *("title", "description", "notes", "location_name", "activity", "caveat_geo", "unit_name", "item"),
    *("metric_case_definition", "recipient"),
)
"""Columns in which people write what they like."""

PLACE_IS_SAID = frozenset({"title", "location_name"})
"""Columns that say where it is as a rule; they are withheld whenever the place is coarsened."""

FINER_NAMES = {
    "adm2": ("location_name",),
    "adm1": ("location_name", "adm2_name", "adm2_pcode"),
    "adm0": ("location_name", "adm2_name", "adm2_pcode", "adm1_name", "adm1_pcode"),
    "none": ("location_name", "adm2_name", "adm2_pcode", "adm1_name", "adm1_pcode", "country_iso3"),
}
"""By the geo level of a label: the record's own places that are finer."""

SHORTEST_NAME = 4

E_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
TELEPHONES = (
    re.compile(r"(?<![\w+])\+\s?\d[\d\s().\-/]{6,18}\d(?!\d)"),
    re.compile(r"(?<![\w.\-/])00[1-9]\d{0,2}[\s.\-/]\d(?:[\s.\-/]?\d){6,11}(?!\d)"),
    re.compile(r"(?<!\w)\(0?\d{2,4}\)\s?\d{2,4}[\s.-]\d{3,4}(?!\d)"),
    re.compile(r"(?<![\w.\-/])[2-9]\d{2}[-. ][2-9]\d{2}[-. ]\d{4}(?![\d\-/])"),
    re.compile(
        r"\b(?:tel|telephone|téléphone|phone|mobile|cell|whatsapp|sat-?phone|fax)\b\.?\s?(?:no\.?|number)?\s?:?"
        r"\s*\(?\d(?:[\s().\-/]?\d){5,13}",
        re.IGNORECASE,
    ),
)
FEWEST_DIGITS = 7

POSITIONS = (
    re.compile(r"(?<![\d.])-?\d{1,2}\.\d{2,}\s?°?\s?[NS]?\s?[,;/ ]\s?-?\d{1,3}\.\d{2,}(?![\d.])"),
    re.compile(r"\d{1,3}\s?°\s?\d{1,2}(?:\.\d+)?\s?[′'’]"),
    re.compile(r"\b\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?\d{2,5}\s?\d{2,5}\b"),
    re.compile(r"(?<!\w)[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?!\w)"),
    re.compile(r"///[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+"),
)
"""Degrees with decimals, degrees and minutes, MGRS, open location codes, three words."""


def forbidden(text: str, geo_level: str) -> str:
    """Why a text cannot be taken under a label of this geo level; empty when it can.

    The words name the kind of thing only: they are shown to people who may not need the thing itself.
    """
    if "@" in text and E_MAIL.search(text):
        return "holds an e-mail address"
    if any(_is_telephone(pattern, text) for pattern in TELEPHONES):
        return "holds a telephone number"
    if geo_level != "exact" and any(pattern.search(text) for pattern in POSITIONS):
        return f"holds a position, finer than the label allows ({geo_level})"
    return ""


def finer_place(text: str, geo_level: str, places: Mapping[str, str]) -> str:
    """Why a text that names one of the record's own places, by column, is too fine; empty when it is not."""
    said = text.casefold()
    for column in FINER_NAMES.get(geo_level, ()):
        name = places.get(column, "").casefold()
        if len(name) >= SHORTEST_NAME and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said):
            return f"names its {column}, finer than the label allows ({geo_level})"
    return ""


def _is_telephone(pattern: re.Pattern[str], text: str) -> bool:
    found = pattern.search(text)
    return found is not None and sum(c.isdigit() for c in found.group()) >= FEWEST_DIGITS - 1
