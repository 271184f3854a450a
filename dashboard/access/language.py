"""Which language a request is answered in: its cookie says, else the browser, else it is English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dashboard.languages import ENGLISH, LANGUAGES, Language

LANGUAGE_COOKIE = "watchfloor_language"
_MOST_ACCEPTED = 400
"""Characters of Accept-Language that are read."""

_RANGE = re.compile(
    r"\s*([a-z]{1,8})(?:-[a-z0-9]{1,8}){0,4}\s*(?:;\s*q=([01](?:\.\d{1,3})?)\s*)?", re.I | re.ASCII
)


def language_of(cookie: str | None, accepted: str, offered: Sequence[str]) -> Language:
    """The language of a request; a cookie that names none of those offered means English."""
    if cookie is not None:
        return LANGUAGES[cookie] if cookie in offered else ENGLISH
    wanted = sorted(_wanted(accepted[:_MOST_ACCEPTED]), key=lambda one: -one[1])
    codes = (code for code, weight in wanted if weight > 0)
    # no browser asks for a pseudo-language: whoever wants one sets the cookie
    return next((LANGUAGES[code] for code in codes if code in offered), ENGLISH)


def _wanted(accepted: str) -> Iterator[tuple[str, float]]:
    """(language, weight) of `fr-CH, fr;q=0.9, en;q=0.8`; what cannot be read is left out."""
    for part in accepted.split(","):
        found = _RANGE.fullmatch(part)
        if found is not None:
            yield found[1].lower(), float(found[2] or 1)
