"""What leaves the server is recorded here, around the guard: whatever door an answer comes from, it passes.

The answer is sent first and recorded next: a click waits neither for the entry nor for the disk. All that the
panels ask at one click is one entry. A refusal is recorded of a person who is known, and no more often than
`denials.DENIALS_A_MINUTE`; of nobody in particular it is not.
"""

from __future__ import annotations

import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access.census import callback_key
from dashboard.access.denials import Denials
from dashboard.access.guard import CALLBACK_PATH
from dashboard.access.requests import MOST_BODY
from dashboard.access.viewing import current_viewer
from dashboard.asking import in_thread
from dashboard.controls.marking import WITHOUT_RECORDS
from dashboard.ids import Id
from dashboard.recorded_views import details_of_view, in_short
from dashboard.view import View
from data.audit.entry import Action
from data.audit.trail import Trail
from data.errors import DetailsRefused, WatchfloorError
from data.store import Store
from data.viewer import Viewer

log = logging.getLogger("watchfloor.recorded")

ONE_CLICK_SECONDS = 5.0
"""The same View of the same viewer within this time is one view: the panels of a page ask one by one."""

CLICKS_KEPT = 10_000
REFUSALS = frozenset({400, 401, 403, 405, 413, 415, 421, 429})

VIEWS = ((Id.VIEW, "data"), (Id.URL, "search"))
"""Where a callback is told the View: what panels hear, and the address by which a page is opened."""

SEARCHED = (Id.SEARCHED, "data")

PAGE_OF: Mapping[str, str] = MappingProxyType(
    {
        "timeline.figure": "/",
        "records.getRowsResponse": "/table",
        "changes-head.data-drawn": "/changes",
        "changed-layer-responsibility.data": "/changes",
        "compared-head.data-drawn": "/compare",
        "earlier-layer-responsibility.data": "/compare",
        "policy.data-drawn": "/agreements",
        "cube.data-drawn": "/counts",
        "account.data-drawn": "/accountability",
    }
)
"""Callbacks that one page alone asks, by the census's names."""

FRAMES = frozenset({"page.children", "marking-top.data-drawn"})
"""Callbacks of every page that show no record: only of these any page that the browser names is believed."""

Pace = Callable[[], float]


@dataclass(frozen=True)
class Looked:
    """What a callback's body asks to look at: a View, canonical, and what is searched for."""

    query: str
    given: str
    """As the body said it: a canonical one may be too long to be read again."""

    searched: str = ""
    page: str = ""
    """The page that alone asks this, where there is one: whatever else the browser says of its page."""

    is_frame: bool = False

    @classmethod
    def of(cls, body: bytes) -> Looked | None:
        """None where the callback shows no View. The guard has let the body through, so it has its shape."""
        asked = json.loads(body)
        parts = (*asked["inputs"], *asked.get("state", ()))
        given = {(item["id"], item["property"]): item.get("value") for item in parts}
        places = [place for place in VIEWS if place in given]
        if not places:
            return None
        said = _text(given[places[0]])
        view, _told = View.from_query(said)
        key = callback_key(_text(asked.get("output")))
        searched, page = _text(given.get(SEARCHED)), PAGE_OF.get(key, "")
        return cls(view.asked().to_query(), said, searched, page, is_frame=key in FRAMES)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


class Grouped:
    """Says of each key whether it is new, and forgets it after a while. Not more than CLICKS_KEPT."""

    def __init__(self, seconds: float, pace: Pace = time.monotonic) -> None:
        self._seconds, self._pace = seconds, pace
        self._seen: OrderedDict[Hashable, float] = OrderedDict()

    def is_new(self, key: Hashable) -> bool:
        """True once for all that come within the time."""
        now = self._pace()
        if now - self._seen.get(key, -self._seconds) < self._seconds:
            return False
        self._seen[key] = now
        self._seen.move_to_end(key)
        while len(self._seen) > CLICKS_KEPT:
            self._seen.popitem(last=False)
        return True


class Recorded:
    """The ASGI middleware. It stands outside of the guard, which alone says who asks."""

    def __init__(self, app: ASGIApp, store: Store, trail: Trail, pages: Mapping[str, object]) -> None:
        self._app, self._store, self._trail, self._pages = app, store, trail, pages
        self._clicks = Grouped(ONE_CLICK_SECONDS)
        self._denials = Denials()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._lifespan(scope, receive, send)
            return
        exchange = _Exchange(receive, send, keeps=scope["path"] == CALLBACK_PATH)
        await self._app(scope, exchange.receive, exchange.send)
        who = current_viewer()
        if exchange.status in REFUSALS and who.identities:
            self._denied(who, scope, exchange.status)
        elif exchange.status == 200 and exchange.body:
            looked = Looked.of(exchange.body)
            if looked is not None:
                await self._seen(who, looked, looked.page or self._page(scope, looked))

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "lifespan":
                self._trail.close()

    def _denied(self, who: Viewer, scope: Scope, status: int) -> None:
        left_out = self._denials.counted(who)
        if left_out is None:
            return
        address = scope["path"] if scope["path"] in {CALLBACK_PATH, *self._pages} else "another"
        told = {"status": status, "method": scope["method"][:8], "address": address, "left_out": left_out}
        self._trail.record(Action.DENIAL, who, told, durable=False)

    async def _seen(self, who: Viewer, looked: Looked, page: str) -> None:
        if not self._clicks.is_new((who, looked.query, looked.searched, page)):
            return
        try:
            await in_thread(lambda: self._record(who, looked, page))
        except WatchfloorError as error:
            log.error("a view was not recorded: %s", type(error).__name__)

    def _record(self, who: Viewer, looked: Looked, page: str) -> None:
        details = details_of_view(self._store.released_to(who), looked.given, page, looked.searched)
        try:
            self._trail.record(Action.VIEW, who, details, durable=False)
        except DetailsRefused:
            # However long a View is made, whose data it showed is recorded.
            self._trail.record(Action.VIEW, who, in_short(details), durable=False)

    def _page(self, scope: Scope, looked: Looked) -> str:
        """The page from which the browser says that it asks; the first one where it says nothing of ours.

        A panel is never taken for one of a page that shows no records: it does not stand there.
        """
        said = next((value for name, value in scope["headers"] if name == b"referer"), b"")
        try:
            path = urlsplit(said.decode("latin-1")).path
        except ValueError:
            return "/"
        return path if path in self._pages and (looked.is_frame or path not in WITHOUT_RECORDS) else "/"


class _Exchange:
    """One request and its answer as they pass: the body, where it is wanted, and the status."""

    def __init__(self, receive: Receive, send: Send, *, keeps: bool) -> None:
        self._receive, self._send, self._keeps = receive, send, keeps
        self.body = b""
        self.status = 0

    async def receive(self) -> Message:
        message = await self._receive()
        if self._keeps and message["type"] == "http.request" and len(self.body) <= MOST_BODY:
            self.body += message.get("body", b"")
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)
