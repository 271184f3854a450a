"""A partner's file as a sheet, parsed in a child: the only way from its bytes into this process."""

from __future__ import annotations

from data.errors import FileRefused
from data.feeds.file_form import FileForm
from data.feeds.sheet import Sheet, is_table_of_sheet, sheet_of
from data.parsing import Limits, Parser, parsed

SHEETS = Parser("data.feeds.sheet_child", FileRefused, is_table_of_sheet)


def parsed_sheet(file_name: str, content: bytes, form: FileForm, limits: Limits) -> Sheet:
    """The table in a file. Raises FileRefused when there is none, or when reading it takes too much."""
    request = {
        "format": form.format,
        "delimiter": form.delimiter,
        "preamble": form.preamble,
        "hxl_row": form.hxl_row,
        "blank": sorted(form.blank),
        "empty": dict(form.empty),
    }
    return sheet_of(file_name, parsed(SHEETS, file_name, content, request, limits))
