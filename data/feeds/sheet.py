"""A partner's file as a table of text: the value between reading it and knowing what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import pyarrow as pa

from data.errors import FileRefused

OWN_COLUMNS = (pa.field("row_number", pa.int64(), nullable=False), pa.field("problem", pa.large_string()))
"""They stand before those of the file in a table; known by their place, whatever the file's are called."""

NOTES = "notes"


@dataclass(frozen=True)
class Sheet:
    """A file as text. `row_numbers` are lines of the file (rows of a Parquet file), from 1.

    Text is stripped of blanks at its ends. `problems`: by row index, what is wrong with the row as such.
    `notes`: what was left out, in words.
    """

    file_name: str
    columns: Mapping[str, Sequence[str]]
    row_numbers: Sequence[int]
    problems: Mapping[int, str]
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows of data there are."""
        return len(self.row_numbers)

    def only(self, keep: Mapping[str, Sequence[str]]) -> Sheet:
        """The rows of which each of these columns matches one of its patterns (`*`, `?`, `[…]`).

        Raises FileRefused when the file has no such column.
        """
        missing = next((name for name in keep if name not in self.columns), None)
        if missing is not None:
            raise FileRefused(
                f"The file {self.file_name} has no column {missing!r}.", "Take the file as it was published."
            )
        kept = [row for row in range(self.rows) if self._matches(row, keep)]
        return Sheet(
            self.file_name,
            {name: [values[row] for row in kept] for name, values in self.columns.items()},
            [self.row_numbers[row] for row in kept],
            {place: self.problems[row] for place, row in enumerate(kept) if row in self.problems},
            self.notes,
        )

    def _matches(self, row: int, keep: Mapping[str, Sequence[str]]) -> bool:
        return all(
            any(fnmatchcase(self.columns[name][row], pattern) for pattern in patterns)
            for name, patterns in keep.items()
        )

    def row(self, index: int) -> dict[str, str]:
        """One row as it came."""
        return {name: values[index] for name, values in self.columns.items()}


def table_of(sheet: Sheet) -> pa.Table:
    """The sheet as an Arrow table: the two columns of our own, then those of the file."""
    arrays = [
        pa.array(sheet.row_numbers, pa.int64()),
        pa.array([sheet.problems.get(row) for row in range(sheet.rows)], pa.large_string()),
        *(pa.array(values, pa.large_string()) for values in sheet.columns.values()),
    ]
    fields = [*OWN_COLUMNS, *(pa.field(name, pa.large_string(), nullable=False) for name in sheet.columns)]
    metadata = {NOTES: "\n".join(sheet.notes)}
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata))


def is_table_of_sheet(schema: pa.Schema) -> bool:
    """Whether a table of this schema can be a sheet."""
    own, others = tuple(schema)[: len(OWN_COLUMNS)], tuple(schema)[len(OWN_COLUMNS) :]
    texts = all(field.type == pa.large_string() and not field.nullable for field in others)
    return own == OWN_COLUMNS and texts and len({field.name for field in others}) == len(others)


def sheet_of(file_name: str, table: pa.Table) -> Sheet:
    """The sheet that a table of `table_of` holds. Equal texts of a column are one object in memory."""
    numbers, problems, *columns = table.columns
    names = table.column_names[len(OWN_COLUMNS) :]
    notes = (table.schema.metadata or {}).get(NOTES.encode(), b"").decode()
    return Sheet(
        file_name,
        dict(zip(names, map(_texts, columns), strict=True)),
        numbers.to_pylist(),
        {row: problem for row, problem in enumerate(problems.to_pylist()) if problem},
        tuple(notes.splitlines()),
    )


def _texts(column: pa.ChunkedArray) -> list[str]:
    encoded = column.combine_chunks().dictionary_encode()
    words = encoded.dictionary.to_pylist()
    return [words[place] for place in encoded.indices.to_pylist()]
