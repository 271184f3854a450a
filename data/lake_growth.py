"""The lake's tables in a home that is new, or was made by an earlier version."""

from __future__ import annotations

import pyarrow as pa

from data.connection import Connection
from data.lake_tables import LAKE_TABLES, PARTITIONED_BY_LABEL


def grow_tables(lake: Connection) -> None:
    """Columns that a home made by an earlier version does not have yet; its rows say nothing in them."""
    have: dict[str, set[str]] = {}
    for table, column in lake.rows(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'lake'"
    ):
        have.setdefault(str(table), set()).add(str(column))
    for name, schema in LAKE_TABLES.items():
        new = [item for item in schema if item.name not in have[name]]
        if new:
            empty = pa.schema(new).empty_table()
            for told in lake.table("DESCRIBE SELECT * FROM incoming", incoming=empty).to_pylist():
                lake.run(f"ALTER TABLE lake.{name} ADD COLUMN {told['column_name']} {told['column_type']}")


def create_tables(lake: Connection) -> None:
    """The tables that a lake does not have yet, empty."""
    present = {
        row[0] for row in lake.rows("SELECT table_name FROM duckdb_tables() WHERE database_name = 'lake'")
    }
    missing = [name for name in LAKE_TABLES if name not in present]
    if not missing:
        return
    with lake.transaction():
        for name in missing:
            empty = LAKE_TABLES[name].empty_table()
            lake.run(f"CREATE TABLE lake.{name} AS SELECT * FROM incoming LIMIT 0", incoming=empty)  # noqa: S608
            if name in PARTITIONED_BY_LABEL:
                lake.run(f"ALTER TABLE lake.{name} SET PARTITIONED BY (label_id)")
