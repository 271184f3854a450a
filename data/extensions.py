"""Where DuckDB's extensions are: signed files that came with their wheels, so that nothing is downloaded."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from data.errors import StoreUnavailable


@lru_cache(maxsize=2)
def extension(name: str) -> str:
    """The path of an extension. Raises StoreUnavailable when its wheel is missing."""
    folder = Path(str(files(f"duckdb_extension_{name}")))
    found = sorted(folder.rglob(f"{name}.duckdb_extension"))
    if not found:
        raise StoreUnavailable(f"The DuckDB extension {name} is not installed.", "Run `make install` again.")
    return str(found[0])
