"""Scripts and styles whose address changes with their content, packed once and kept packed.

The chart library alone takes 150 ms to pack. These files are public and the same for everybody; no answer
that hangs on a viewer comes through here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN = "/assets/"
"""Files of ours: their time stands in the query as `m=`; without it their content may change."""

FINGERPRINTED = (OWN, "/_dash-component-suites/")
MOST_BYTES = 48_000_000
MOST_FILES = 300
"""All libraries and files of ours together are some thirty, about 2 MB packed."""

Key = tuple[str, bytes, bool]


@dataclass(frozen=True)
class KeptFile:
    """An answer of 200, whole."""

    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


class KeptFiles:
    """The ASGI middleware, outside the one that packs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: OrderedDict[Key, KeptFile] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
        elif key in self._kept:
            self._kept.move_to_end(key)
            await _replay(self._kept[key], send)
        else:
            await self._app(scope, receive, self._keeping(key, send))

    def _keeping(self, key: Key, send: Send) -> Send:
        start: list[Message] = []
        parts: list[bytes] = []

        async def kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.append(message)
            else:
                parts.append(message.get("body", b""))
                if not message.get("more_body") and start[0]["status"] == 200:
                    self._keep(key, KeptFile(tuple(start[0]["headers"]), b"".join(parts)))
            await send(message)

        return kept

    def _keep(self, key: Key, file: KeptFile) -> None:
        before = self._kept.pop(key, None)
        self._bytes += len(file.body) - (len(before.body) if before else 0)
        self._kept[key] = file
        while self._bytes > MOST_BYTES or len(self._kept) > MOST_FILES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.body)


def _key(scope: Scope) -> Key | None:
    """What an answer hangs on; None where it hangs on more (a range, a condition) or is not for keeping."""
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(FINGERPRINTED):
        return None
    headers = Headers(scope=scope)
    if "range" in headers or any(name.startswith("if-") for name in headers):
        return None
    query = scope.get("query_string", b"")
    if scope["path"].startswith(OWN) and b"m=" not in query:
        return None
    return scope["path"], query, "gzip" in headers.get("accept-encoding", "")


async def _replay(file: KeptFile, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": list(file.headers)})
    await send({"type": "http.response.body", "body": file.body})
