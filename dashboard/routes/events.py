"""/events: a message when the viewer's own version changed, never data (Server-Sent Events).

The page then asks anew. What is hidden from the viewer moves nothing here: the version is the viewer's own,
and it is looked at in one and the same rhythm, whatever happens in the lake. A change of the rules that the
viewer's picture hangs on is told at once, before the picture is made anew: the page then covers what it shows
(`assets/rules.js`). Where an exercise is played, the page is told when its clock goes faster, or stands.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock

import anyio
from fastapi import FastAPI
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from dashboard.asking import in_thread
from data.errors import PolicyError, WatchfloorError
from data.exercise_clock import pace_of
from data.partners import SCREEN
from data.policy_set import policy_set
from data.store import Store
from data.unchanged import stamps
from data.viewer import Viewer

EACH_SECONDS = 0.4
"""Between two looks: what changes is on an open page within a second."""

SOON_SECONDS = 0.05
"""When somebody has written to the lake the next look comes so soon; whether it shows anything is another
matter. To see that it was written to takes no question."""

LIFE_SECONDS = 50.0
"""After this the stream ends and the browser opens it again, so that the guard asks anew who it is for."""

RETRY_MS = 500
VERSION, RULES, CLOCK = "version", "rules", "clock"
NO_RULES = "none"
"""Told while the policy cannot be read: then nobody is shown anything (decision 0027)."""

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
    """The version of each viewer, looked up once for all its pages that look at the same time."""

    store: Store
    _seen: dict[Viewer, tuple[float, str]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def rules_of(self, viewer: Viewer) -> str:
        """A name for the rules that the viewer's picture hangs on now, which others' do not move."""
        policy = self.store.policy()
        return policy_set(policy, viewer, (), self.store.now(), SCREEN).name

    def pace(self) -> float | None:
        """How fast the exercise's clock goes, which is nobody's secret; None: there is no such clock."""
        return pace_of(self.store.clock)

    def version_of(self, viewer: Viewer) -> str:
        """The viewer's own version now."""
        with self._lock:
            at, version = self._seen.get(viewer, (0.0, ""))
            if time.monotonic() - at < SOON_SECONDS / 2:
                return version
        version = self.store.released_to(viewer).version
        with self._lock:
            now = time.monotonic()
            self._seen = {who: told for who, told in self._seen.items() if now - told[0] < LIFE_SECONDS}
            self._seen[viewer] = (now, version)
        return version


async def _versions(watch: Watch, whose: Callable[[], Viewer]) -> AsyncIterator[ServerSentEvent]:
    """Rules and version first, then each other one. Ends when nobody is asking, or after LIFE_SECONDS.

    The rules are looked at in their rhythm while a picture is being made, and beside all questions: whoever
    covers theirs must not wait for either. After other rules the version is told also when it is the same.
    """
    rules = told = ""
    pace: float | None = None
    began = time.monotonic()
    end, making = began + LIFE_SECONDS, None
    try:
        while time.monotonic() < end or making is not None:  # a look that has begun is told
            now = await _rules(watch, whose)
            if now is None:
                return
            if now and now != rules:
                rules, told = now, ""
                yield ServerSentEvent(event=RULES, data=rules, retry=RETRY_MS)
            before, pace = pace, watch.pace()
            if pace != before:
                yield ServerSentEvent(event=CLOCK, data=f"{watch.store.now().isoformat()} {pace:g}")
            if making is None:
                making, began = asyncio.ensure_future(_version(watch, whose)), time.monotonic()
            await asyncio.wait({making}, timeout=EACH_SECONDS)
            if not making.done():
                continue
            version, making = making.result(), None
            if version and version != told:
                told = version
                yield ServerSentEvent(event=VERSION, data=told, retry=RETRY_MS)
            await _written(watch.store.home.catalog, not_before=2 * time.monotonic() - began)
    finally:
        if making is not None:
            making.cancel()


async def _written(catalog: Path, not_before: float) -> None:
    """Until the lake is written to, and EACH_SECONDS at the most: the rules are looked at in their rhythm.

    `not_before`: while records keep coming, making pictures is not all that the server does.
    """
    before, end = stamps(catalog), time.monotonic() + EACH_SECONDS
    while time.monotonic() < end:
        await anyio.sleep(SOON_SECONDS)
        if stamps(catalog) != before and time.monotonic() >= not_before:
            return


async def _rules(watch: Watch, whose: Callable[[], Viewer]) -> str | None:
    """Their name; None when nobody is asking."""

    def look() -> str | None:
        viewer = whose()
        return watch.rules_of(viewer) if viewer.identities else None

    try:
        return await in_thread(look, pool="beside")
    except PolicyError:
        return NO_RULES
    except (WatchfloorError, OSError):
        return ""  # the home is away for a while: nothing is known of its rules, nor told


async def _version(watch: Watch, whose: Callable[[], Viewer]) -> str:
    """Empty while there is none to tell: what was told still stands."""
    try:
        viewer = await in_thread(whose)
        return await in_thread(partial(watch.version_of, viewer)) if viewer.identities else ""
    except (WatchfloorError, OSError):
        return ""
