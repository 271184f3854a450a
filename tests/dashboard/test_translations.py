"""Each language has every text, with the same places for values, in the file that gettext reads."""

from __future__ import annotations

import re
from gettext import GNUTranslations

import pytest
from babel.messages.catalog import Message

from dashboard.catalogue import TRANSLATED, forms, gathered, missing, po_of, translations
from dashboard.languages import ENGLISH, LANGUAGES, set_language
from dashboard.words import _, several

PLACE = re.compile(r"\{\w*\}")
EACH = pytest.mark.parametrize("code", TRANSLATED)


def keys(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


@EACH
def test_every_text_is_translated(code: str) -> None:
    kept = translations(code)
    assert {keys(m) for m in gathered()} == {keys(m) for m in kept}, "run `make words`"
    assert not missing(kept), f"translate these in {po_of(code)}, then run `make words`"


@EACH
def test_a_translation_has_the_places_of_its_text(code: str) -> None:
    wrong = [
        message.id
        for message in translations(code)
        for form in forms(message)
        if sorted(PLACE.findall(form)) not in [sorted(PLACE.findall(key)) for key in keys(message)]
    ]
    assert not [key for key in wrong if key]


@EACH
def test_what_gettext_reads_is_what_was_translated(code: str) -> None:
    with po_of(code).with_suffix(".mo").open("rb") as file:
        read = GNUTranslations(file)
    for message in translations(code):
        if isinstance(message.id, str) and message.id:
            assert read.gettext(message.id) == message.string, "run `make words`"
        elif message.id:
            one, many = keys(message)
            counted = tuple(read.ngettext(one, many, n) for n in (1, 2))
            assert counted == message.string, "run `make words`"


def test_french_has_its_spaces_where_a_line_must_not_break() -> None:
    loose = re.compile(r" [:;?!»%]|« | …|[^\s\xa0\u202f]»|«[^\s\xa0\u202f]|'")
    said = [form for message in translations("fr") if message.id for form in forms(message)]
    assert not [form for form in said if loose.search(form)]


def test_one_and_none_are_singular_in_french() -> None:
    set_language(LANGUAGES["fr"])
    try:
        counted = [several("{count} revision", "{count} revisions", n) for n in (0, 1, 2, 1200)]
        assert counted == ["0 révision", "1 révision", "2 révisions", "1\u202f200 révisions"]
        assert _("") == ""
    finally:
        set_language(ENGLISH)
