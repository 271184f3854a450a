"""A reference file as features, parsed in a child: the only way from its bytes into this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from data.errors import ReferenceRefused
from data.parsing import DEFAULT_LIMITS, Limits, Parser, no_answer, parsed
from data.reference import LAYER_OF_KIND
from data.reference_feature import FEATURES, ReferenceFeature, features_of
from data.shown import shown
from data.whole_file import bytes_of, file_name_of

FORMS: Mapping[str, str] = MappingProxyType(
    {
        ".geojson": "GeoJSON",
        ".json": "GeoJSON",
        ".gpkg": "GeoPackage",
        ".parquet": "GeoParquet",
        ".geoparquet": "GeoParquet",
    }
)
"""By the end of its name, the form that a file has to have. Nothing else is tried."""

REFERENCES = Parser("data.reference_child", ReferenceRefused, FEATURES.equals)


def read_reference(path: Path, kind: str, limits: Limits = DEFAULT_LIMITS) -> tuple[ReferenceFeature, ...]:
    """The features of a file, in longitude and latitude.

    Raises ReferenceRefused with one sentence, also when reading the file takes too much.
    """
    if kind not in LAYER_OF_KIND:
        raise ReferenceRefused(f"The kind {kind!r} is none.", f"Kinds are {', '.join(LAYER_OF_KIND)}.")
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise ReferenceRefused(
            f"{shown(str(path))} is no file that can be taken.", f"Give one that ends in {', '.join(FORMS)}."
        )
    content = bytes_of(path, limits, ReferenceRefused)
    _check_nothing_is_pending(path)
    name = file_name_of(path)
    table = parsed(REFERENCES, name, content, {"form": form, "kind": kind}, limits)
    try:
        return features_of(table, kind)
    except (ValueError, OverflowError) as error:  # a time beyond the years that Python counts overflows
        raise no_answer(REFERENCES, name) from error


def _check_nothing_is_pending(path: Path) -> None:
    """A database may keep its last changes in a file beside it; they are not in the bytes that were read."""
    for end in ("-wal", "-journal"):
        beside = path.with_name(path.name + end)
        if beside.is_file() and beside.stat().st_size:
            raise ReferenceRefused(
                f"{file_name_of(path)} is still open: its last changes stand in {file_name_of(beside)}.",
                "Close it in the program that writes it, and give it again.",
            )
