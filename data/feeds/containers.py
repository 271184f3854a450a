"""Files that are something else than a table of text, known by their first bytes. None of them is unpacked.

A container can hold a thousand times what it weighs, and several tables or none; whoever sends it knows which
one is meant.
"""

from __future__ import annotations

from data.errors import FileRefused

CONTAINERS = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook (.xlsx)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ\x00", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"%PDF-", "a PDF document"),
    (b"SQLite format 3\x00", "a SQLite database or a GeoPackage"),
)


def refuse_containers(file_name: str, content: bytes) -> None:
    """Raises FileRefused when the file is one, naming what it is."""
    for start, what in CONTAINERS:
        if content.startswith(start):
            raise FileRefused(
                f"The file {file_name} is {what}; CSV or Parquet is expected, and nothing is unpacked.",
                "Unpack it, save the one table that is meant as CSV in UTF-8, and give that.",
            )
