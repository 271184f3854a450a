"""Records in our own columns, `{"records": [{"id": …, "title": …}, …]}`, to a table of text: a row for each.

Whoever posts them knows the columns: a name that is none holds its record back, it is never left out in
silence. Lists of words become words with commas between them, whatever else is built of parts stays JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from data.errors import FileRefused
from data.feeds.extent import refuse_more_rows
from data.feeds.file_form import FileForm
from data.feeds.sheet import Sheet
from data.feeds.wording import shortened

RECORDS = "records"
MEND = "Mend it and post it again."
EMPTY_LIST = "-"
"""In a field of the label, where nothing at all would mean that the record does not say it."""

SEPARATORS = frozenset(",;|")
"""Between the words of a list; a word that holds one would become two."""


def read_records(file_name: str, text: str, form: FileForm, most_rows: int) -> Sheet:
    """The records of a body in JSON. Raises FileRefused when there are none."""
    records = records_of(file_name, text)
    refuse_more_rows(file_name, len(records), most_rows)
    return sheet_of_records(file_name, records, form)


def records_of(file_name: str, text: str) -> list[Any]:
    """The list of a body in JSON. Raises FileRefused when it is none."""
    try:
        document = json.loads(text, parse_constant=_no_number, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise FileRefused(f"The body of {file_name} is not JSON: {_fault(error)}.", MEND) from error
    records = document.get(RECORDS) if isinstance(document, dict) else None
    if not isinstance(records, list) or set(document) != {RECORDS}:
        raise FileRefused(
            f"The body of {file_name} is no object with the one key {RECORDS!r} and a list of records.", MEND
        )
    return records


def sheet_of_records(file_name: str, records: Sequence[object], form: FileForm) -> Sheet:
    """A row for each record; what is wrong with one is its problem."""
    problems: dict[int, str] = {}
    rows: list[Mapping[str, str]] = []
    for place, record in enumerate(records):
        row, wrong = _row(record, form) if isinstance(record, Mapping) else ({}, "it is no object")
        rows.append(row)
        if wrong:
            problems[place] = shortened(wrong)
    said = {name for row in rows for name in row}
    names = [*form.columns, *sorted(said & form.besides)]
    meant = {name: form.empty.get(name, "") for name in names}
    columns = {name: [row.get(name) or meant[name] for row in rows] for name in names}
    return Sheet(file_name, columns, list(range(1, len(rows) + 1)), problems)


def _row(record: Mapping[str, object], form: FileForm) -> tuple[dict[str, str], str]:
    known = {name: value for name, value in record.items() if name in form.columns or name in form.besides}
    problems = [f"{name!r} is no column" for name in record if name not in known]
    row = {}
    for name, value in known.items():
        try:
            text = text_of(value)
            is_list = name in form.besides and (value == [] or name in form.empty)
            row[name] = EMPTY_LIST if is_list and not text else text
        except ValueError as problem:
            problems.append(f"{name}: {problem}")
    return row, "; ".join(problems)


def text_of(value: object) -> str:
    """A value as the text that `data.feeds.values` reads. Raises ValueError for a list that cannot be one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _whole(value.strip())
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        broken = next((item for item in value if SEPARATORS & set(item) or not item.strip()), None)
        if broken is not None:
            raise ValueError(f"{broken!r} is no word of a list: it is empty, or holds one of , ; |")
        return _whole(", ".join(value))
    if isinstance(value, dict) or (isinstance(value, list) and not all(isinstance(i, dict) for i in value)):
        raise ValueError("it is neither a value nor a list of words or of objects")
    try:
        return _whole(json.dumps(value, ensure_ascii=False))
    except TypeError:
        raise ValueError(f"a {type(value).__name__} is not read here") from None


def _whole(text: str) -> str:
    """Half a character, which JSON can say and nothing else can hold, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values of one name neither can be preferred."""
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place]))
        raise ValueError(f"the name {_whole(twice)[:40]!r} stands twice in one object")
    return found


def _fault(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else shortened(str(error))


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")
