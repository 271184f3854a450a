"""/events: a message when the viewer's own version changed, never data (Server-Sent Events).

The page then asks anew. What is hidden from the viewer moves nothing here: the version is the viewer's own,
and it is looked at in one and the same rhythm, whatever happens in the lake.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from threading import Lock

import anyio
from fastapi import FastAPI
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from dashboard.asking import in_thread
from data.errors import WatchfloorError
from data.store import Store
from data.viewer import Viewer

EACH_SECONDS = 0.4
"""Between two looks: what changes is on an open page within a second."""

LIFE_SECONDS = 50.0
"""After this the stream ends and the browser opens it again, so that the guard asks anew who it is for."""

RETRY_MS = 500
VERSION = "version"

Whose = Callable[[Request], Viewer]
"""Who asks, looked up anew at every look: a persona, a role or a sign-in may end while a page is open."""


def register(server: FastAPI, store: Store, whose: Whose) -> None:
    """Add the route."""
    watch = Watch(store)

    @server.get("/events", include_in_schema=False)
    async def events(request: Request) -> Response:
        return EventSourceResponse(_versions(watch, lambda: whose(request)), ping=15)


@dataclass
class Watch:
    """The version of each viewer, looked up at most once in EACH_SECONDS however many pages are open."""

    store: Store
    _seen: dict[Viewer, tuple[float, str]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def version_of(self, viewer: Viewer) -> str:
        """The viewer's own version now."""
        with self._lock:
            at, version = self._seen.get(viewer, (0.0, ""))
            if time.monotonic() - at < EACH_SECONDS / 2:
                return version
        version = self.store.released_to(viewer).version
        with self._lock:
            now = time.monotonic()
            self._seen = {who: told for who, told in self._seen.items() if now - told[0] < LIFE_SECONDS}
            self._seen[viewer] = (now, version)
        return version


async def _versions(watch: Watch, whose: Callable[[], Viewer]) -> AsyncIterator[ServerSentEvent]:
    """The version first, then each other one. Ends when nobody is asking any more, or after LIFE_SECONDS."""
    told, end = "", time.monotonic() + LIFE_SECONDS
    while time.monotonic() < end:
        try:
            version = await in_thread(lambda: _version(watch, whose))
        except (WatchfloorError, OSError):
            version = told  # the store is away for a while: what was told still stands
        if version is None:
            return
        if version != told:
            told = version
            yield ServerSentEvent(event=VERSION, data=version, retry=RETRY_MS)
        await anyio.sleep(EACH_SECONDS)


def _version(watch: Watch, whose: Callable[[], Viewer]) -> str | None:
    viewer = whose()
    return watch.version_of(viewer) if viewer.identities else None
