"""How much of a table is taken: columns, the names of columns, rows, letters in a cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from data.characters import fault_of, without_marks
from data.errors import FileRefused

MOST_COLUMNS = 2_000
"""A wider file is no table of records."""

LONGEST_NAME = 300
"""Letters of the name of a column."""

LONGEST_TEXT = 100_000
"""Letters of a cell. A longer one is no text of a record: a quote is missing, or a file was put into it."""

SEND_AGAIN = "Ask the partner to send it again."


def header_of(file_name: str, names: Sequence[str]) -> list[str]:
    """The names of the columns; one that has none is called by its place. Raises FileRefused."""
    if len(names) > MOST_COLUMNS:
        raise FileRefused(
            f"The file {file_name} has {len(names):,} columns; at most {MOST_COLUMNS:,} are taken.",
            "Ask the partner for the columns that the recipe needs.",
        )
    named = [without_marks(name).strip() or f"column {place}" for place, name in enumerate(names, 1)]
    for place, name in enumerate(named, 1):
        fault = fault_of(name) or (f"is {len(name):,} letters long" if len(name) > LONGEST_NAME else "")
        if fault:
            raise FileRefused(
                f"The name of column {place} of the file {file_name} {fault}.", "Rename the column."
            )
    twice = sorted(name for name, count in Counter(named).items() if count > 1)
    if twice:
        raise FileRefused(f"The file {file_name} has two columns called {twice[0]!r}.", "Rename one of them.")
    return named


def refuse_more_rows(file_name: str, rows: int, most: int) -> None:
    """Raises FileRefused when there are more rows than may be, or none."""
    if not rows:
        raise FileRefused(f"The file {file_name} holds a header and no rows.", SEND_AGAIN)
    if rows > most:
        raise FileRefused(
            f"The file {file_name} has more rows than WATCHFLOOR_FILE_ROWS allows ({most:,}).",
            "Ask the partner for it in parts, or raise the setting if you trust the file.",
        )


def too_long(text: str) -> str:
    """Why a cell is too long; empty when it is not."""
    if len(text) <= LONGEST_TEXT:
        return ""
    lines = text.count("\n") + 1
    over = f" and {lines:,} lines: a closing quote may be missing" if lines > 1 else ""
    return f"is {len(text):,} letters long{over}; at most {LONGEST_TEXT:,} are taken"
