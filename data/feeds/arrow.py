"""Records in our own columns as an Arrow stream (IPC) to a table of text: a row for each.

Compressed streams are read too: what they unpack to is bounded by the child's memory, and by its time.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from data.errors import FileRefused
from data.feeds.extent import header_of, refuse_more_rows
from data.feeds.file_form import FileForm
from data.feeds.records import MEND, sheet_of_records
from data.feeds.sheet import Sheet


def read_arrow(file_name: str, content: bytes, form: FileForm, most_rows: int) -> Sheet:
    """The records of a stream. Raises FileRefused, MemoryError."""
    try:
        batches, rows = [], 0
        with pa.ipc.open_stream(pa.BufferReader(content)) as stream:
            header_of(file_name, stream.schema.names)
            for batch in stream:
                rows += batch.num_rows
                if rows > most_rows:
                    break
                batches.append(batch)
            table = pa.Table.from_batches(batches, stream.schema)
        refuse_more_rows(file_name, rows, most_rows)
        table.validate(full=True)
        records = [{name: _plain(value) for name, value in row.items()} for row in table.to_pylist()]
    except MemoryError:
        raise  # pyarrow's is one of its own errors too
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise FileRefused(f"The body of {file_name} is not a whole Arrow stream.", MEND) from error
    return sheet_of_records(file_name, records, form)


def _plain(value: object) -> object:
    """What JSON would say of it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value
