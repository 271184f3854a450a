"""A Parquet file to a table of text. What it unpacks to is bounded by the child's memory alone."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import FileRefused
from data.feeds.extent import SEND_AGAIN, header_of, refuse_more_rows
from data.feeds.sheet import Sheet


def read_parquet(file_name: str, content: bytes, most_rows: int) -> Sheet:
    """The table in the bytes of a Parquet file. Raises FileRefused, MemoryError."""
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        names = header_of(file_name, file.schema_arrow.names)
        refuse_more_rows(file_name, file.metadata.num_rows, most_rows)
        table = file.read(use_threads=False)
        refuse_more_rows(file_name, table.num_rows, most_rows)
        table.validate(full=True)
        columns = {name: _texts(column) for name, column in zip(names, table.columns, strict=True)}
    except MemoryError:
        raise  # pyarrow's is one of its own errors too
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FileRefused(
            f"The file {file_name} is not a whole Parquet file ({len(content):,} bytes came): it is truncated"
            " or damaged, or holds text that is not UTF-8.",
            SEND_AGAIN,
        ) from error
    return Sheet(file_name, columns, list(range(1, table.num_rows + 1)), {})


def _texts(column: pa.ChunkedArray) -> list[str]:
    return [_text(value) for value in column.to_pylist()]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode().strip()
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return str(value).strip()
