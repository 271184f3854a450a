"""Bytes of a partner's file to a table of text. Pure: no recipe beyond the file's form, no values.

What cannot be read as a whole is refused in one sentence; a single row that cannot be taken is kept with
its problem, so that it can be held back with its reason. Runs in a child (`data.feeds.sheet_child`).
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from data.characters import fault_of, without_marks
from data.errors import FileRefused
from data.feeds.containers import refuse_containers
from data.feeds.delimiters import refuse_other_delimiter
from data.feeds.extent import LONGEST_TEXT, SEND_AGAIN, header_of, refuse_more_rows, too_long
from data.feeds.file_form import FileForm
from data.feeds.geojson import read_geojson
from data.feeds.records import read_records
from data.feeds.rss import read_rss
from data.feeds.sheet import Sheet

PARQUET_MAGIC = b"PAR1"


def read_sheet(file_name: str, content: bytes, form: FileForm, most_rows: int) -> Sheet:
    """The table in a file, known by its bytes whatever its name. Raises FileRefused when there is none."""
    if not content.strip():
        raise FileRefused(f"The file {file_name} is empty.", SEND_AGAIN)
    if form.format == "arrow":
        from data.feeds.arrow import read_arrow  # takes a while to load, as below

        return _without_faults(read_arrow(file_name, content, form, most_rows))
    if form.format == "records":
        return _without_faults(read_records(file_name, decoded(file_name, content), form, most_rows))
    refuse_containers(file_name, content)
    if content[:4] == PARQUET_MAGIC:
        from data.feeds.parquet import read_parquet  # most files are none, and it takes a while to load

        return _without_faults(read_parquet(file_name, content, most_rows))
    if form.format == "parquet":
        raise FileRefused(f"The file {file_name} is not Parquet: it does not begin like one.", SEND_AGAIN)
    if form.format == "geojson":
        return _without_faults(read_geojson(file_name, decoded(file_name, content), most_rows))
    if form.format == "rss":
        return _without_faults(read_rss(file_name, content, most_rows))
    return _without_faults(_csv(file_name, decoded(file_name, content), form, most_rows))


def decoded(file_name: str, content: bytes) -> str:
    """The text of a file in UTF-8. Raises FileRefused when it is none."""
    advice = "Save the file as UTF-8 and try again."
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FileRefused(f"The file {file_name} is written in UTF-16; UTF-8 is expected.", advice)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileRefused(
            f"The file {file_name} is not UTF-8: byte 0x{content[error.start]:02X} in line {line}"
            f" (byte {error.start + 1} of the file){_mixed(content)}.",
            advice,
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise FileRefused(f"The file {file_name} is not text: there is a zero byte in line {line}.", advice)
    return text


def _mixed(content: bytes) -> str:
    """Words for a file that is UTF-8 in some lines and something else in others."""
    told = [_is_utf8(line) for line in content.splitlines() if not line.isascii()]
    if True not in told:
        return ""
    return f"; {told.count(True):,} lines are UTF-8 beyond plain letters, {told.count(False):,} are not"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _csv(file_name: str, text: str, form: FileForm, most_rows: int) -> Sheet:
    lines = itertools.islice(io.StringIO(text), form.preamble, None)
    refuse_other_delimiter(file_name, next((line for line in lines if line.strip()), ""), form.delimiter)
    numbered = (row for row in _csv_rows(file_name, text, form.delimiter) if row[0] > form.preamble)
    first = next(numbered, None)
    if first is None:
        raise FileRefused(f"The file {file_name} has no header line.", SEND_AGAIN)
    header = header_of(file_name, first[1])
    body = list(itertools.islice(numbered, int(form.hxl_row), most_rows + 1 + int(form.hxl_row)))
    refuse_more_rows(file_name, len(body), most_rows)
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


def _csv_rows(file_name: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the line it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for fields in reader:
            if any(fields):
                yield begins, fields
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(
            f"The file {file_name} breaks off or is not CSV: {error} (row that begins in line {begins}).",
            SEND_AGAIN,
        ) from error


def _without_faults(sheet: Sheet) -> Sheet:
    """The sheet with what is wrong in each cell as its row's problem, and without marks to be left out."""
    problems = dict(sheet.problems)
    columns: dict[str, Sequence[str]] = {}
    marked = 0
    for name, texts in sheet.columns.items():
        if all(map(str.isprintable, texts)) and max(map(len, texts)) <= LONGEST_TEXT:
            columns[name] = texts
            continue
        plain = [without_marks(text) for text in texts]
        marked += sum(1 for text, before in zip(plain, texts, strict=True) if text != before)
        for row, text in enumerate(plain):
            if fault := fault_of(text) or too_long(text):
                problems[row] = f"{problems[row]}; {name} {fault}" if row in problems else f"{name} {fault}"
        columns[name] = plain
    notes = (
        (f"{marked:,} texts held marks of writing direction or of line breaks, which were left out",)
        if marked
        else ()
    )
    return replace(sheet, columns=columns, problems=problems, notes=notes)
