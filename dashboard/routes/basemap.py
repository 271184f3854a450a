"""/basemap/…: land, boundaries and names. Public; kept by the browser, checked by the hash of the content."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from dashboard.asking import in_thread
from dashboard.words import _
from data.basemap.lines import BoundaryFile, OwnLines
from data.basemap.world import Resolution
from layers import basemap

CACHING = "private, max-age=3600, stale-while-revalidate=604800"
CHECKED = "private, no-cache"
LANGUAGES = ("en", "fr")
LINES: Mapping[str, Resolution] = MappingProxyType({"lines": "50m", "lines-110m": "110m", "lines-50m": "50m"})


@dataclass(frozen=True)
class Payload:
    """A file made once: its bytes, compressed, and the tag of its content."""

    body: bytes
    compressed: bytes
    tag: str

    @classmethod
    def of(cls, content: object) -> Payload:
        """Of plain lists and dicts."""
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        return cls(body, gzip.compress(body, 6, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:32]}"')


class Kept:
    """Payloads made on first use, and again when their version is another."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[str, Payload]] = {}

    async def get(self, name: str, version: str, make: Callable[[], object]) -> Payload:
        """The payload of this name in this version."""
        made = self._made.get(name)
        if made is None or made[0] != version:
            made = (version, await in_thread(lambda: Payload.of(make())))
            self._made[name] = made
        return made[1]


def register(server: FastAPI, boundaries: BoundaryFile) -> None:
    """Add the route. An operation's own lines take the place of the neutral ones.

    The page asks for the lines with `?v=` and the version of the boundary file, so that a file that has
    changed has another address.
    """
    kept = Kept()

    @server.api_route("/basemap/{name}.json", methods=["GET", "HEAD"], include_in_schema=False)
    async def file(request: Request, name: str) -> Response:
        language = request.query_params.get("lang", "en")
        if name in LINES:
            own = await in_thread(boundaries.now)
            payload = await kept.get(name, own.version, lambda: _lines(name, own))
            return _answer(request, payload, _lines_caching(request, own))
        if name == "labels":
            name = f"labels-{language if language in LANGUAGES else 'en'}"
        if name not in MAKERS:
            return Response(_("There is nothing at this address."), 404, media_type="text/plain")
        return _answer(request, await kept.get(name, "", MAKERS[name]), CACHING)


def _lines_caching(request: Request, own: OwnLines) -> str:
    """An address that names a version which is not in force (the file has just changed) is not to be kept."""
    return CACHING if request.query_params.get("v", own.version) == own.version else CHECKED


def _answer(request: Request, payload: Payload, caching: str) -> Response:
    headers = {"Cache-Control": caching, "ETag": payload.tag, "Vary": "Accept-Encoding"}
    if payload.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(payload.body, headers=headers, media_type="application/json")
    headers["Content-Encoding"] = "gzip"
    return Response(payload.compressed, headers=headers, media_type="application/json")


def _lines(name: str, own: OwnLines) -> object:
    return basemap.border_lines(LINES[name], own.lines)


def _labels(language: basemap.Language) -> object:
    return {"countries": basemap.country_labels(language), "places": basemap.place_labels(language)}


MAKERS: Mapping[str, Callable[[], object]] = MappingProxyType(
    {
        "land-110m": lambda: basemap.land("110m"),
        "land-50m": lambda: basemap.land("50m"),
        "coast-110m": lambda: basemap.coast_lines("110m"),
        "coast-50m": lambda: basemap.coast_lines("50m"),
        "labels-en": lambda: _labels("en"),
        "labels-fr": lambda: _labels("fr"),
    }
)
"""What never changes while the server runs."""
