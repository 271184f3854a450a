"""The child in which a boundary file becomes regions: reading, mending, joining and measuring its shapes."""

from __future__ import annotations

import json
from datetime import date

import pyarrow as pa

from data.boundaries import Wanted, regions_in
from data.boundary_file import Fields
from data.parsing_child import Order, answer


def parse(order: Order) -> pa.Table:
    """The regions, with the sentences about them under "reports"; the request is a Wanted as JSON."""
    told = order.request
    fields, version = Fields(**told["fields"]), date.fromisoformat(told["version"])
    wanted = Wanted(told["level"], fields, version, told["with_countries"])
    reports: list[str] = []
    table = regions_in(order.file_name, order.content, wanted, reports.append)
    return table.replace_schema_metadata({"reports": json.dumps(reports)})


if __name__ == "__main__":
    answer(parse)
