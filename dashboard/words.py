"""The catalogue of words: every text that a person reads goes through `_` (gettext, made with Babel).

The message ids are the English texts, so English is complete by itself; `dashboard/locale/<language>/
LC_MESSAGES/messages.mo` adds a language.
"""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
LANGUAGE = "en"


@cache
def _catalogue(language: str) -> NullTranslations:
    return translation("messages", LOCALE, [language], fallback=True)


def _(text: str) -> str:
    """The text in the language of the page."""
    return _catalogue(LANGUAGE).gettext(text)


def several(one: str, many: str, count: int) -> str:
    """The form that fits `count`, with `{count}` filled in, thousands grouped."""
    return _catalogue(LANGUAGE).ngettext(one, many, count).format(count=f"{count:,}")
