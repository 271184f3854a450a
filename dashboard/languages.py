"""The languages of the page, and the one that this request is answered in: the guard sets it.

Two are pseudo-languages, for tests and for whoever writes style sheets: they are offered only where the
setting WATCHFLOOR_LANGUAGES names them. They are called as in CLDR: en-XA, ar-XB.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class Language:
    """`code` is what `<html lang>` says (BCP 47); `name` is the language's own name for itself."""

    code: str
    short: str
    name: str
    locale: str
    """Whose figures, days and months: a locale of CLDR that Babel and the browser know."""
    direction: Literal["ltr", "rtl"] = "ltr"
    is_pseudo: bool = False


ENGLISH = Language("en", "EN", "English", "en")
LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        language.code: language
        for language in (
            ENGLISH,
            Language("fr", "FR", "Français", "fr"),
            Language("en-XA", "XA", "[!!Pseudo!!]", "en", is_pseudo=True),
            Language("ar-XB", "XB", "Pseudo, right to left", "en", "rtl", is_pseudo=True),
        )
    }
)
"""A real one has a folder in `dashboard/locale`, but for English, which is in the sources."""

USUAL = tuple(code for code, language in LANGUAGES.items() if not language.is_pseudo)

_language: ContextVar[Language] = ContextVar("watchfloor_language", default=ENGLISH)


def current_language() -> Language:
    """The language of this request; English outside of one, so log and command line are English."""
    return _language.get()


def set_language(language: Language) -> None:
    """Only the guard calls this, once a request, and tests."""
    _language.set(language)
