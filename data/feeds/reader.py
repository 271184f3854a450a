"""Bytes of a partner's file to a table of text. Pure: no recipe beyond the file's form, no values.

What cannot be read as a whole is refused in one sentence; a single row of the wrong length is kept with
its problem, so that it can be held back with its reason.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import FileRefused
from data.feeds.recipe import FileForm

PARQUET_MAGIC = b"PAR1"

MOST_COLUMNS = 2_000
"""A wider file is no table of records."""


@dataclass(frozen=True)
class Sheet:
    """A file as text. `row_numbers` are lines of the file (rows of a Parquet file), from 1.

    Text is stripped of blanks at its ends. `problems`: by row index, what is wrong with the row as such.
    """

    file_name: str
    columns: Mapping[str, Sequence[str]]
    row_numbers: Sequence[int]
    problems: Mapping[int, str]

    @property
    def rows(self) -> int:
        """How many rows of data there are."""
        return len(self.row_numbers)

    def row(self, index: int) -> dict[str, str]:
        """One row as it came."""
        return {name: values[index] for name, values in self.columns.items()}


def read_sheet(file_name: str, content: bytes, form: FileForm) -> Sheet:
    """The table in a file. Raises FileRefused when there is none."""
    if not content.strip():
        raise FileRefused(f"The file {file_name} is empty.", "Ask the partner to send it again.")
    if content[:4] == PARQUET_MAGIC or form.format == "parquet":
        return _parquet(file_name, content)
    return _csv(file_name, _decoded(file_name, content), form)


def _decoded(file_name: str, content: bytes) -> str:
    advice = "Save the file as UTF-8 and try again."
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FileRefused(f"The file {file_name} is written in UTF-16; UTF-8 is expected.", advice)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileRefused(
            f"The file {file_name} is not UTF-8: byte 0x{content[error.start]:02X} in line {line}"
            f" (byte {error.start + 1} of the file).",
            advice,
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise FileRefused(f"The file {file_name} is not text: there is a zero byte in line {line}.", advice)
    return text


def _csv(file_name: str, text: str, form: FileForm) -> Sheet:
    numbered = [row for row in _csv_rows(file_name, text, form.delimiter) if row[0] > form.preamble]
    if not numbered:
        raise FileRefused(f"The file {file_name} has no header line.", "Ask the partner to send it again.")
    header = _header(file_name, [name.strip() for name in numbered[0][1]])
    body = numbered[2:] if form.hxl_row else numbered[1:]
    if not body:
        raise FileRefused(
            f"The file {file_name} holds a header and no rows.", "Ask the partner to send it again."
        )
    width, problems = len(header), {}
    rows: list[list[str]] = []
    for index, (_, fields) in enumerate(body):
        if len(fields) != width:
            problems[index] = f"the row has {len(fields)} fields where the header has {width}"
        texts = (value.strip() for value in (fields + [""] * width)[:width])
        rows.append(["" if text in form.blank else text for text in texts])
    meant = [form.empty.get(name, "") for name in header]
    columns = {name: [row[place] or meant[place] for row in rows] for place, name in enumerate(header)}
    return Sheet(file_name, columns, [number for number, _ in body], problems)


def _csv_rows(file_name: str, text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with the line it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, begins = [], 1
    try:
        for fields in reader:
            if any(fields):
                rows.append((begins, fields))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(
            f"The file {file_name} breaks off or is not CSV: {error} (row that begins in line {begins}).",
            "Ask the partner to send it again.",
        ) from error
    return rows


def _header(file_name: str, names: list[str]) -> list[str]:
    if len(names) > MOST_COLUMNS:
        raise FileRefused(
            f"The file {file_name} has {len(names):,} columns; at most {MOST_COLUMNS:,} are taken.",
            "Ask the partner for the columns that the recipe needs.",
        )
    named = [name or f"column {place}" for place, name in enumerate(names, 1)]
    twice = sorted(name for name, count in Counter(named).items() if count > 1)
    if twice:
        raise FileRefused(f"The file {file_name} has two columns called {twice[0]!r}.", "Rename one of them.")
    return named


def _parquet(file_name: str, content: bytes) -> Sheet:
    try:
        _header(file_name, pq.read_schema(pa.BufferReader(content)).names)
        table = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as error:
        raise FileRefused(
            f"The file {file_name} is not a whole Parquet file ({len(content):,} bytes came): it is truncated"
            " or damaged.",
            "Ask the partner to send it again.",
        ) from error
    if not table.num_rows:
        raise FileRefused(f"The file {file_name} holds no rows.", "Ask the partner to send it again.")
    columns = {
        name: [_text(value) for value in table.column(name).to_pylist()] for name in table.column_names
    }
    return Sheet(file_name, columns, list(range(1, table.num_rows + 1)), {})


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return str(value).strip()
