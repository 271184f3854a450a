"""/basemap/…: land, boundaries and names. Public; kept by the browser, checked by the hash of the content."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from dashboard.asking import in_thread
from data.basemap.lines import BoundaryLines, read_boundary_lines
from data.store import Store
from layers import basemap

CACHING = "private, max-age=3600, stale-while-revalidate=604800"
LANGUAGES = ("en", "fr")


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
    """Payloads made on first use."""

    def __init__(self) -> None:
        self._made: dict[str, Payload] = {}

    async def get(self, name: str, make: Callable[[], object]) -> Payload:
        """The payload of this name."""
        if name not in self._made:
            self._made[name] = await in_thread(lambda: Payload.of(make()))
        return self._made[name]


def register(server: FastAPI, store: Store) -> None:
    """Add the route. An operation's own lines lie in its home as `boundaries.geojson`."""
    kept = Kept()
    makers = _makers(store)

    @server.api_route("/basemap/{name}.json", methods=["GET", "HEAD"], include_in_schema=False)
    async def file(request: Request, name: str) -> Response:
        if name == "labels":
            language = request.query_params.get("lang", "en")
            name = f"labels-{language if language in LANGUAGES else 'en'}"
        if name not in makers:
            return Response("There is nothing at this address.", 404, media_type="text/plain")
        return _answer(request, await kept.get(name, makers[name]))


def _answer(request: Request, payload: Payload) -> Response:
    headers = {"Cache-Control": CACHING, "ETag": payload.tag, "Vary": "Accept-Encoding"}
    if payload.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(payload.body, headers=headers, media_type="application/json")
    headers["Content-Encoding"] = "gzip"
    return Response(payload.compressed, headers=headers, media_type="application/json")


def _makers(store: Store) -> Mapping[str, Callable[[], object]]:
    own = _own_lines(store)
    return {
        "land-110m": lambda: basemap.land("110m"),
        "land-50m": lambda: basemap.land("50m"),
        "coast-110m": lambda: basemap.coast_lines("110m"),
        "coast-50m": lambda: basemap.coast_lines("50m"),
        "lines": lambda: basemap.border_lines("50m", own),
        "lines-110m": lambda: basemap.border_lines("110m", own),
        "lines-50m": lambda: basemap.border_lines("50m", own),
        "labels-en": lambda: _labels("en"),
        "labels-fr": lambda: _labels("fr"),
    }


def _labels(language: basemap.Language) -> object:
    return {"countries": basemap.country_labels(language), "places": basemap.place_labels(language)}


def _own_lines(store: Store) -> BoundaryLines | None:
    path = store.home.path / "boundaries.geojson"
    return read_boundary_lines(path) if path.exists() else None
