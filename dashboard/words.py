"""The catalogue of words: every text that a person reads goes through `_` (gettext, made with Babel).

The message ids are the English texts, so English is complete by itself; `dashboard/locale/<language>/
LC_MESSAGES/messages.po` adds a language, and `make words` makes the `.mo` of it that is read here.
"""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from dashboard.languages import Language, current_language
from dashboard.pseudo import MADE
from data.words import Words

LOCALE = Path(__file__).parent / "locale"
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


class Isolating(str):
    """A text whose values stand apart from it: a code in Latin letters does not turn what is around it."""

    __slots__ = ()

    def format(self, *values: object, **named: object) -> str:
        """As str.format, each value between the signs that isolate it (Unicode Standard Annex 9)."""
        return super().format(
            *map(isolated, values), **{name: isolated(value) for name, value in named.items()}
        )


def isolated(value: object) -> str:
    """The value as text that keeps its own direction."""
    return f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}"


class Spoken(Words):
    """The words of the language of this request."""

    @property
    def locale(self) -> str:
        """Whose figures and days."""
        return current_language().locale

    def __call__(self, text: str) -> str:
        """The text in the language of this request."""
        if not text:  # gettext keeps the catalogue's own head there
            return ""
        language = current_language()
        return _said(language, _catalogue(language.code).gettext(text))

    def several(self, one: str, many: str, count: int) -> str:
        """The form that fits `count`, with `{count}` filled in, thousands grouped."""
        language = current_language()
        form = _catalogue(language.code).ngettext(one, many, count)
        return _said(language, form).format(count=self.number(count))

    def apart(self, text: str) -> str:
        """A text that is put beside others."""
        return text if _stays(current_language()) else isolated(text)


@cache
def _catalogue(code: str) -> NullTranslations:
    return translation("messages", LOCALE, [code], fallback=True)


def _said(language: Language, text: str) -> str:
    made = MADE[language.code](text) if language.code in MADE else text
    return made if _stays(language) else Isolating(made)


def _stays(language: Language) -> bool:
    """Whether texts run as Latin ones do, so that nothing needs to be isolated."""
    return language.direction == "ltr" and not language.is_pseudo


_ = Spoken()
several = _.several
