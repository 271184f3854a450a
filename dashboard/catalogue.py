"""The catalogue's template: every text of dashboard, layers and data. `make words` writes it anew.

Places are files without line numbers, so that the template changes only when a text does.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from dashboard.controls.codes import declared
from dashboard.words import LOCALE
from data import errors

PROJECT = Path(__file__).parents[1]
FLOORS = ("dashboard", "layers", "data")
TEMPLATE = LOCALE / "messages.pot"
KEYWORDS = {"_": None, "msgid": None, "several": (1, 2)}


def template() -> bytes:
    """The template as it should be, from the sources as they are."""
    catalogue = Catalog()
    for floor in FLOORS:
        found = extract_from_dir(PROJECT / floor, [("**.py", "python")], keywords=KEYWORDS)
        for name, _line, text, _comments, _context in found:
            catalogue.add(text, locations=[(f"{floor}/{Path(name).as_posix()}", 1)])
    for said, place in (*declared(), *_of_errors()):
        catalogue.add(said, locations=[(place, 1)])
    written = BytesIO()
    write_po(written, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    return written.getvalue()


def _of_errors() -> Iterator[tuple[str, str]]:
    """The heads of notices, and the one sentence about what is not released."""
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.WatchfloorError):
            yield kind.title, "data/errors.py"
    yield errors.NotReleased().message, "data/errors.py"


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
