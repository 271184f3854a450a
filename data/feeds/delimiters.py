"""Which sign sets the fields of a line apart, when it is not the one that was agreed.

Such a file is refused, not read: where semicolons stand between fields, commas stand in numbers as a rule,
and 6,300 is then six and not six thousand.
"""

from __future__ import annotations

import csv

from data.errors import FileRefused

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def refuse_other_delimiter(file_name: str, header: str, agreed: str) -> None:
    """Raises FileRefused when the header is one field as agreed, and several by another sign."""
    if _fields(header, agreed) > 1:
        return
    found = {sign: _fields(header, sign) for sign in DELIMITERS if sign != agreed}
    sign, most = max(found.items(), key=lambda item: item[1])
    if most < 2:
        return
    raise FileRefused(
        f"The file {file_name} sets its fields apart with {DELIMITERS[sign]} ({most:,} in the header);"
        f" {DELIMITERS.get(agreed, repr(agreed))} are expected.",
        "Save it as CSV with commas between fields and points in numbers.",
    )


def _fields(line: str, sign: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=sign), []))
    except csv.Error:
        return 0
