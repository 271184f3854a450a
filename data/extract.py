"""What leaves the house as rows: a list with the label of each row, under one marking, or not at all.

It is asked of what is released for the purpose `file`, so nothing that may only be looked at can be in it.
What leaves carries the strictest of its rows' labels; where their lists of recipients have nobody in common,
nothing leaves (release policy, A3 R10 and Exports).
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from data.errors import ExtractRefused
from data.filters import Filter
from data.label_join import nobody_in_common, strictest
from data.labels import Label, cut_for
from data.listed import LISTED
from data.listing import Wanted, length, parts
from data.marking import marking
from data.released import Released
from data.words import Words, as_written, msgid

MOST_ROWS = 100_000
MOST_BYTES = 50_000_000
"""What one extract may hold (release policy, A3 Exports)."""

LABEL_COLUMNS = (
    "originator",
    "policy_id",
    "policy_version",
    "classification",
    "releasable_to",
    "display_only_to",
    "required_categories",
    "release_geo_level",
    "agg_release",
    "tlp",
    "sensitivity",
    "caveats",
)
"""Written on every row, cut to what the viewer may read of them (formats.md)."""

FILE_COLUMNS = ("released_under", "marking", "extract_id")
"""On every row too, so that a row copied elsewhere still says under what it was handed out."""

BESIDE = ("label_id", "stored_id", "g_agreements", "g_own")
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
"""A spreadsheet takes a text that begins so for a formula, or for the next row; the wide signs too."""

_BEGINS = re.compile(f"(^|;)(?=[{re.escape(''.join(FORMULA))}])")
"""Where a cell may begin: a spreadsheet of another country divides at semicolons."""


@dataclass(frozen=True)
class Extract:
    """A file of rows and all that the audit says of it.

    `record_ids` are the store's own ids, for the audit alone; `labels` the distinct labels of the rows, with
    how many rows each has; `agreements` those under which rows of others were released.
    """

    id: str
    content: bytes
    rows: int
    marking: str
    record_ids: tuple[str, ...]
    labels: Mapping[Label, int]
    agreements: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Of the file's bytes, hex."""
        return hashlib.sha256(self.content).hexdigest()


def csv_extract(
    released: Released, asked: Filter, wanted: Wanted, columns: Sequence[str], words: Words = as_written
) -> Extract:
    """The list as a CSV file (RFC 4180, UTF-8, a header line), released for the purpose `file`.

    Raises ExtractRefused: too many rows or bytes, none at all, or no recipient in common.
    """
    rows = _rows(released, asked, wanted, columns)
    labels = _counted(released, rows)
    _check_common(released, labels)
    said = marking(released.policy, tuple(labels), released.viewer, released.now, words).line
    extract_id, shown = secrets.token_hex(16), _shown_columns(columns)
    cut = {label: cut_for(label, released.policy, released.viewer, released.now) for label in labels}
    lines = (_line(released, row, shown, cut, (said, extract_id)) for row in rows)
    return Extract(
        id=extract_id,
        content=_written((*shown, *LABEL_COLUMNS, *FILE_COLUMNS), lines),
        rows=len(rows),
        marking=said,
        record_ids=tuple(str(row["stored_id"]) for row in rows),
        labels=labels,
        agreements=tuple(sorted({str(each) for row in rows for each in _agreements(row)})),
    )


def _rows(
    released: Released, asked: Filter, wanted: Wanted, columns: Sequence[str]
) -> list[Mapping[str, object]]:
    count = length(released, asked, wanted)
    if not count:
        raise ExtractRefused(
            msgid("None of the records shown may leave in a file."), msgid("Choose other records.")
        )
    if count > MOST_ROWS:
        raise ExtractRefused(
            msgid("{count} records are too many for one file: it holds at most {most}."),
            msgid("Choose a region, a period or a layer."),
            count=count,
            most=MOST_ROWS,
        )
    known = [name for name in columns if name in LISTED]
    return [row for part in parts(released, asked, wanted, known, BESIDE) for row in part]


def _counted(released: Released, rows: Iterable[Mapping[str, object]]) -> dict[Label, int]:
    counts: dict[Label, int] = {}
    for row in rows:
        label = released.labels[int(str(row["label_id"]))]
        counts[label] = counts.get(label, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: repr(item[0])))


def _check_common(released: Released, labels: Mapping[Label, int]) -> None:
    """On the full lists of recipients, of which the viewer reads only its own part."""
    if not nobody_in_common(strictest(labels, released.policy)):
        return
    alone = sorted({label.originator for label in labels})
    raise ExtractRefused(
        msgid(
            "These records may not leave together: their lists of recipients have nobody in common"
            " (originators {codes})."
        ),
        msgid("Narrow the column Originator to one of them, then take the file."),
        codes=", ".join(alone),
    )


def _shown_columns(columns: Sequence[str]) -> tuple[str, ...]:
    names = (name for name in ("record_id", *columns) if name in LISTED and name not in LABEL_COLUMNS)
    return tuple(dict.fromkeys(names))


def _agreements(row: Mapping[str, object]) -> list[object]:
    found = row["g_agreements"]
    return found if isinstance(found, list) else []


def _line(
    released: Released,
    row: Mapping[str, object],
    shown: Sequence[str],
    cut: Mapping[Label, Mapping[str, object]],
    file: Sequence[str],
) -> list[str]:
    label = cut[released.labels[int(str(row["label_id"]))]]
    under = "own" if row["g_own"] else ";".join(str(each) for each in _agreements(row))
    values = [*(row.get(name) for name in shown), *(label[name] for name in LABEL_COLUMNS), under, *file]
    return [cell(value) for value in values]


def cell(value: object) -> str:
    """A value as a cell: times in UTC with Z, lists with semicolons, texts that no spreadsheet calculates."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | date):
        return str(value)
    text = ";".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return _BEGINS.sub(r"\1'", text)


def _written(head: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(head)
    for line in lines:
        writer.writerow(line)
        if file.tell() > MOST_BYTES:
            raise ExtractRefused(
                msgid("The file would be larger than {most} MB."),
                msgid("Choose fewer records or columns."),
                most=MOST_BYTES // 1_000_000,
            )
    return file.getvalue().encode()
