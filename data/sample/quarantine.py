"""A few records that were held back, as every real delivery has some. For their partner alone."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pyarrow as pa

from data.lake_tables import QUARANTINE
from data.sample.sources import Source

_HELD: dict[str, tuple[tuple[int, str, dict[str, str]], ...]] = {
    "xmr-field-reports": (
        (
            212,
            "longitude 721.5 is not between -180 and 180",
            {"place": "Jacmel", "lon": "721.5", "lat": "18.2"},
        ),
        (871, "the date 2026-09-31 does not exist", {"place": "Léogâne", "date": "2026-09-31"}),
        (
            903,
            "the number of people 'about forty' is not a number",
            {"place": "Aquin", "people": "about forty"},
        ),
    ),
    "xad-police-reports": (
        (
            77,
            "the end 2026-08-30 lies before the start 2026-09-02",
            {"start": "2026-09-02", "end": "2026-08-30"},
        ),
    ),
    "xll-consignments": (
        (1408, "the unit 'sacks' is not known", {"item": "Beans", "quantity": "400", "unit": "sacks"}),
        (2230, "the quantity -12 is below 0", {"item": "Diesel", "quantity": "-12", "unit": "LTR"}),
    ),
}
"""Source -> row, reason, and the row as it came."""


def quarantined(source: Source, at: datetime) -> pa.Table:
    """The records of the source that were held back, some days before `at`."""
    rows = [
        {
            "source": source.name,
            "originator": source.originator,
            "file_name": f"{source.name}.csv",
            "row_number": number,
            "reason": reason,
            "values": json.dumps(values, ensure_ascii=False),
            "at": at - timedelta(days=3 + number % 7),
        }
        for number, reason, values in _HELD.get(source.name, ())
    ]
    return pa.Table.from_pylist(rows, schema=QUARANTINE)
