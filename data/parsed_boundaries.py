"""A boundary file as regions, parsed in a child: the only way from its bytes into this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pyarrow as pa

from data.boundary_file import Fields
from data.errors import RegionsRefused
from data.parsing import DEFAULT_LIMITS, Limits, Parser, parsed
from data.schema import REGIONS
from data.shown import shown
from data.whole_file import bytes_of, file_name_of

BOUNDARIES = Parser("data.boundary_child", RegionsRefused, REGIONS.equals)


def read_boundaries(  # noqa: PLR0913 - each is an option of `regions load`
    path: Path,
    *,
    level: int,
    code_field: str,
    name_field: str,
    version: date,
    parent_field: str | None = None,
    parent_name_field: str | None = None,
    country_field: str | None = None,
    with_countries: bool = True,
    report: Callable[[str], None] = lambda sentence: None,
    limits: Limits = DEFAULT_LIMITS,
) -> pa.Table:
    """The regions of a boundary file as rows of data.schema.REGIONS, as `data.boundaries.Wanted` tells.

    `report` is called with a sentence for each shape that had to be mended. Raises RegionsRefused with one
    sentence, also when reading the file takes too much.
    """
    fields = Fields(code_field, name_field, parent_field, parent_name_field, country_field)
    request = {
        "level": level,
        "fields": asdict(fields),
        "version": version.isoformat(),
        "with_countries": with_countries,
    }
    content = bytes_of(path, limits, RegionsRefused)
    table = parsed(BOUNDARIES, file_name_of(path), content, request, limits)
    for sentence in json.loads((table.schema.metadata or {}).get(b"reports", b"[]")):
        report(shown(str(sentence)))
    return table.replace_schema_metadata(None)
