"""Made-up files of a recipe that ships, for a home with the shipped policy."""

from __future__ import annotations

import csv
import io

from data.feeds.recipe_file import columns_named, recipe

RECIPE = recipe("insecurity-aid-workers")
COLUMNS = columns_named(RECIPE)


def attack(number: int, **changed: str) -> dict[str, str]:
    """One event, with changed columns by their header, spaces as underscores."""
    row = dict.fromkeys(COLUMNS, "") | {
        "SiND Event ID": str(number),
        "Country": "Mali",
        "Country ISO": "MLI",
        "Date": "2024-03-01",
        "Event Description": f"Something happened, number {number}.",
        "Latitude": "16.5",
        "Longitude": "-3.0",
        "Geo Precision": "(2) 25 km precision",
        "Aid Workers Killed": "0",
    }
    return row | {name.replace("_", " "): value for name, value in changed.items()}


def a_file(*rows: dict[str, str]) -> bytes:
    """As CSV; a column that a row has beside those of the recipe is written too."""
    names = list(dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)]))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
