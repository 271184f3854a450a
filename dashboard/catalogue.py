"""The catalogues: every text of dashboard, layers and data, and what each language makes of it.

`make words` writes the template anew, brings each language's `messages.po` up to it (a new text comes in
empty, one that is gone goes), makes its `messages.mo`, and says what is still to be translated. Places
are files without line numbers, so that the template changes only when a text does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dashboard.controls.codes import declared
from dashboard.languages import LANGUAGES
from dashboard.words import LOCALE
from data import errors

PROJECT = Path(__file__).parents[1]
FLOORS = ("dashboard", "layers", "data")
TEMPLATE = LOCALE / "messages.pot"
KEYWORDS = {"_": None, "msgid": None, "several": (1, 2)}
TRANSLATED = tuple(code for code, language in LANGUAGES.items() if code != "en" and not language.is_pseudo)
_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
"""The catalogues' date: they change only when a text does."""


def gathered() -> Catalog:
    """Every text, from the sources as they are."""
    catalogue = Catalog()
    for floor in FLOORS:
        found = extract_from_dir(PROJECT / floor, [("**.py", "python")], keywords=KEYWORDS)
        for name, _line, text, _comments, _context in found:
            catalogue.add(text, locations=[(f"{floor}/{Path(name).as_posix()}", 1)])
    for said, place in (*declared(), *_of_errors()):
        catalogue.add(said, locations=[(place, 1)])
    return catalogue


def template() -> bytes:
    """The template as it should be."""
    return _written(gathered(), omit_header=True)


def po_of(code: str) -> Path:
    """Where a language's translations stand."""
    return LOCALE / code / "LC_MESSAGES" / "messages.po"


def translations(code: str) -> Catalog:
    """A language's translations, as they are kept; none where the language is new."""
    catalogue = _empty(code)
    path = po_of(code)
    kept = read_po(BytesIO(path.read_bytes()), locale=code) if path.exists() else Catalog()
    for message in kept:
        if message.id:
            catalogue.add(message.id, message.string)
    return catalogue


def _empty(code: str) -> Catalog:
    return Catalog(
        locale=code,
        header_comment=f"# Watchfloor in {LANGUAGES[code].name}. `make words` brings what is new, empty.",
        project="Watchfloor",
        version="",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        creation_date=_ALWAYS,
        revision_date=_ALWAYS,
        fuzzy=False,
    )


def updated(code: str) -> Catalog:
    """A language's translations brought up to the sources: what is new in them is empty."""
    kept, now = translations(code), _empty(code)
    for message in gathered():
        if message.id:
            known = kept.get(_key(message))
            now.add(message.id, known.string if known is not None else "", locations=message.locations)
    return now


def missing(catalogue: Catalog) -> list[str]:
    """The texts that have no translation, or not in every form."""
    return [_key(message) for message in catalogue if message.id and not all(forms(message))]


def forms(message: Message) -> tuple[str, ...]:
    """What a text is translated to, by number where it counts something."""
    said = message.string
    return (said,) if isinstance(said, str) else tuple(str(form) for form in said or ("",))


def compiled(catalogue: Catalog) -> bytes:
    """As gettext reads it."""
    written = BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _written(catalogue: Catalog, *, omit_header: bool = False) -> bytes:
    written = BytesIO()
    write_po(written, catalogue, width=0, omit_header=omit_header, sort_output=True, include_lineno=False)
    return written.getvalue()


def _of_errors() -> Iterator[tuple[str, str]]:
    """The heads of notices, and the one sentence about what is not released."""
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.WatchfloorError):
            yield kind.title, "data/errors.py"
    yield errors.NotReleased().message, "data/errors.py"


def main() -> None:
    """Write template and catalogues; say what is to be translated."""
    TEMPLATE.write_bytes(template())
    for code in TRANSLATED:
        catalogue, path = updated(code), po_of(code)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_written(catalogue))
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        left = missing(catalogue)
        where = path.relative_to(PROJECT)
        said = f"{LANGUAGES[code].name}: {len(catalogue)} texts, {len(left)} to be translated in {where}\n"
        sys.stdout.write(said + "".join(f"  {text}\n" for text in left))


if __name__ == "__main__":
    main()
