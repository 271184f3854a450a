"""The boundary lines of one operation: a file that states a class for each line.

It replaces the neutral lines of the basemap, all of them, so that no line is drawn twice with two meanings.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from data.errors import RegionsRefused
from data.words import msgid

log = logging.getLogger("watchfloor.basemap")

FILE_NAME = "boundaries.geojson"
"""The file's name in a home."""

LINE_CLASSES = ("international", "undetermined", "line_of_control", "administrative")
"""What a line may be said to be; each has its own look (look.md)."""

NOT_STATED = "not_stated"
"""The class of the basemap's own lines: boundary, status not stated."""


@dataclass(frozen=True)
class BoundaryLine:
    """One line and what it is; lon, lat degrees."""

    line_class: str
    shape: BaseGeometry


@dataclass(frozen=True)
class BoundaryLines:
    """An operation's lines, and its own disclaimer (empty: the project's stands)."""

    lines: tuple[BoundaryLine, ...]
    disclaimer: str = ""


@dataclass(frozen=True)
class OwnLines:
    """What a home's boundary file says now: its lines, None when the neutral ones stand.

    `version` changes with the file and is never empty; `refused` says what is wrong with a file there is.
    """

    lines: BoundaryLines | None = None
    version: str = "neutral"
    refused: RegionsRefused | None = None

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of line that are drawn, in the order of `LINE_CLASSES`."""
        if self.lines is None:
            return (NOT_STATED,)
        held = {line.line_class for line in self.lines.lines}
        return tuple(name for name in LINE_CLASSES if name in held)


class BoundaryFile:
    """The boundary file of a home, read again when it changes. A wrong one is logged once, and not used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._read = OwnLines()

    def now(self) -> OwnLines:
        """What the file says now. May read it; call it in a thread."""
        version = self._version()
        with self._lock:
            if version != self._read.version:
                self._read = self._read_as(version)
            return self._read

    def _version(self) -> str:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return OwnLines().version
        except OSError:
            return "unreadable"
        stamp = f"{found.st_mtime_ns} {found.st_size} {found.st_ino}"
        return hashlib.sha256(stamp.encode()).hexdigest()[:16]

    def _read_as(self, version: str) -> OwnLines:
        if version == OwnLines().version:
            return OwnLines()
        try:
            return OwnLines(read_boundary_lines(self.path), version)
        except RegionsRefused as error:
            log.warning("%s The neutral boundary lines are drawn.", error)
            return OwnLines(None, version, error)


def read_boundary_lines(path: Path) -> BoundaryLines:
    """A GeoJSON file of LineStrings, each with a property `class`; `disclaimer` may stand at its top.

    Raises RegionsRefused with one sentence when anything in it is something else.
    """
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise RegionsRefused(
            msgid("{file} cannot be read as GeoJSON."), msgid("Is it UTF-8?"), file=path.name
        ) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise RegionsRefused(
            msgid("{file} holds no features."),
            msgid("Give a FeatureCollection of LineStrings."),
            file=path.name,
        )
    disclaimer = content.get("disclaimer", "")
    if not isinstance(disclaimer, str):
        raise RegionsRefused(msgid("{file}: “disclaimer” is not a text."), file=path.name)
    return BoundaryLines(tuple(_line(path.name, n, item) for n, item in enumerate(features, 1)), disclaimer)


def _line(file: str, number: int, item: object) -> BoundaryLine:
    content = item if isinstance(item, dict) else {}
    properties = content.get("properties")
    stated = properties.get("class") if isinstance(properties, dict) else None
    if stated not in LINE_CLASSES:
        raise RegionsRefused(
            msgid("{file}: feature {number} has class “{stated}”.")
            if stated
            else msgid("{file}: feature {number} has no class."),
            msgid("Expected is one of {classes}."),
            **{"file": file, "number": number, "stated": stated, "classes": ", ".join(LINE_CLASSES)},
        )
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(content.get("geometry"))))
    except (ShapelyError, ValueError, TypeError) as error:
        raise RegionsRefused(
            msgid("{file}: feature {number} has a geometry that is not GeoJSON."), file=file, number=number
        ) from error
    if shape is None or shape.is_empty or shape.geom_type not in ("LineString", "MultiLineString"):
        raise RegionsRefused(
            msgid("{file}: feature {number} is no line."),
            msgid("Lines are LineStrings."),
            file=file,
            number=number,
        )
    west, south, east, north = shape.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise RegionsRefused(
            msgid("{file}: feature {number} is not in degrees."),
            msgid("Save it in WGS 84 (EPSG:4326)."),
            file=file,
            number=number,
        )
    return BoundaryLine(stated, shape)
