"""Texts, figures and days in the language of whoever reads a picture.

A marking and a layer are handed one of these, and know no language themselves. The one here speaks the
catalogue's own, English. `dashboard.words` speaks that of the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from math import isfinite

from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

NOT_A_FIGURE = "–"


class Words:
    """Gives the text of a catalogue key (an English sentence), and figures and days as they are written."""

    @property
    def locale(self) -> str:
        """Whose figures and days (a locale of CLDR)."""
        return "en"

    def __call__(self, text: str) -> str:
        """The text of a key."""
        return text

    def number(self, value: float, most: int = 0, least: int = 0) -> str:
        """A figure with its thousands grouped: at most and at least so many decimals; else a dash."""
        if not isfinite(value):
            return NOT_A_FIGURE
        whole, _point, part = f"{value:,.{most}f}".partition(".")
        part = part.rstrip("0").ljust(least, "0")
        return (f"{whole}.{part}" if part else whole).translate(_signs(self.locale))

    def day(self, at: datetime, pattern: str = "d MMM y") -> str:
        """A day in UTC, by a pattern of CLDR: 30 Nov 2014."""
        return format_date(at.astimezone(UTC).date(), pattern, locale=self.locale)

    def apart(self, text: str) -> str:
        """A text put beside others, which it must not turn around where it is read the other way."""
        return text

    def listed(self, parts: Iterable[str], between: str = " · ") -> str:
        """Parts beside each other; those that are empty are left out."""
        return between.join(self.apart(part) for part in parts if part)

    @property
    def decimal_and_group(self) -> str:
        """The decimal sign and the sign between thousands: `.,` in English."""
        return "".join(_signs(self.locale)[ord(sign)] for sign in ".,")


as_written = Words()
"""The catalogue's own language."""


def msgid(text: str) -> str:
    """The text itself, a key of the catalogue: `make words` looks for this name."""
    return text


@cache
def _signs(locale: str) -> dict[int, str]:
    """From the signs of Python's figures to those of a locale."""
    return {ord("."): get_decimal_symbol(locale), ord(","): get_group_symbol(locale)}
