"""An RSS 2.0 feed to a table of text: a row for each item.

A column is called as the element is written, with its prefix (`gdacs:eventid`); an element inside another
follows it after a slash (`geo:Point/geo:lat`), an attribute after an @ (`gdacs:severity@value`). The first of
several equal elements counts. A document that declares a type or entities of its own is refused.
"""

from __future__ import annotations

from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

from data.errors import FileRefused
from data.feeds.extent import SEND_AGAIN, header_of, refuse_more_rows
from data.feeds.sheet import Sheet

ITEM = "item"
MOST_DEPTH = 40


class _Declares(Exception):
    """The document has a DTD."""


class _TooDeep(Exception):
    """Elements stand in one another without end."""


class _Items:
    """What the parser has met: the items so far, and where it is."""

    def __init__(self) -> None:
        self.items: list[dict[str, str]] = []
        self.root = ""
        self._path: list[str] = []
        self._inside: list[str] | None = None
        self._texts: list[list[str]] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        self._path.append(name)
        if len(self._path) > MOST_DEPTH:
            raise _TooDeep
        if self._inside is None:
            if name == ITEM:
                self.items.append({})
                self._inside = []
            return
        self._inside.append(name)
        self._texts.append([])
        for attribute, value in attributes.items():
            self._say(f"{'/'.join(self._inside)}@{attribute}", value)

    def text(self, data: str) -> None:
        if self._texts:
            self._texts[-1].append(data)

    def end(self, name: str) -> None:
        self._path.pop()
        if self._inside is None:
            return
        if not self._inside:
            self._inside = None if name == ITEM else self._inside
            return
        self._say("/".join(self._inside), "".join(self._texts.pop()))
        self._inside.pop()

    def _say(self, column: str, value: str) -> None:
        if value.strip():
            self.items[-1].setdefault(column, value.strip())


def read_rss(file_name: str, content: bytes, most_rows: int) -> Sheet:
    """The items of a feed. Raises FileRefused when it is none."""
    found, parser = _Items(), ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = found.begin, found.end
    parser.CharacterDataHandler = found.text
    parser.StartDoctypeDeclHandler = _refuse_types
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
    except _Declares as error:
        raise FileRefused(
            f"The file {file_name} declares a document type, which no feed needs.", SEND_AGAIN
        ) from error
    except _TooDeep as error:
        raise FileRefused(f"The file {file_name} is no feed: it is nested too deeply.", SEND_AGAIN) from error
    except (ExpatError, ValueError, LookupError) as error:
        why = ErrorString(error.code) if isinstance(error, ExpatError) else "its encoding is not known"
        raise FileRefused(f"The file {file_name} is not whole XML: {why}.", SEND_AGAIN) from error
    if found.root not in ("rss", "rdf:RDF"):
        raise FileRefused(f"The file {file_name} is no RSS feed: it begins with {found.root!r}.", SEND_AGAIN)
    refuse_more_rows(file_name, len(found.items), most_rows)
    names = list(dict.fromkeys(name for item in found.items for name in item))
    columns = {
        shown: [item.get(name, "") for item in found.items]
        for name, shown in zip(names, header_of(file_name, names), strict=True)
    }
    return Sheet(file_name, columns, list(range(1, len(found.items) + 1)), {})


def _refuse_types(*_declared: object) -> None:
    raise _Declares
