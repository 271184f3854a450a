"""A partner's file as a sheet, parsed in a child: the only way from its bytes into this process."""

from __future__ import annotations

from data.errors import FileRefused
from data.feeds.file_form import FileForm
from data.feeds.reader import read_sheet
from data.feeds.sheet import Sheet, is_table_of_sheet, sheet_of
from data.parsing import Limits, Parser, parsed

FEW_BYTES = 512 * 1024
SHEETS = Parser("data.feeds.sheet_child", FileRefused, is_table_of_sheet)


def parsed_sheet(file_name: str, content: bytes, form: FileForm, limits: Limits) -> Sheet:
    """The table in a file. Raises FileRefused when there is none, or when reading it takes too much.

    A few records in JSON are read here: what they can take is bounded by their size, and a child would keep
    them waiting for longer than all the rest.
    """
    if form.format == "records" and len(content) <= FEW_BYTES:
        return read_sheet(file_name, content, form, limits.file_rows)
    request = {
        "format": form.format,
        "delimiter": form.delimiter,
        "preamble": form.preamble,
        "hxl_row": form.hxl_row,
        "blank": sorted(form.blank),
        "empty": dict(form.empty),
        "columns": form.columns,
        "besides": sorted(form.besides),
    }
    return sheet_of(file_name, parsed(SHEETS, file_name, content, request, limits))
