"""The one guard before everything: what is not let through here reaches neither Dash nor a route.

It refuses requests from elsewhere, of wrong shape or size, and every websocket; it alone says who the
viewer is, and in which language the answer is; and it puts the security headers on every answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access.callback_bodies import is_callback_body
from dashboard.access.language import LANGUAGE_COOKIE, language_of
from dashboard.access.requests import (
    BAD_REQUEST,
    MOST_BODY,
    NOT_AVAILABLE,
    TOO_LARGE,
    Headers,
    Refusal,
    refusal,
)
from dashboard.access.viewing import PERSONA_COOKIE, Personas, set_viewer
from dashboard.kept_files import FINGERPRINTED
from dashboard.languages import USUAL, set_language
from dashboard.words import _
from data.errors import WatchfloorError

log = logging.getLogger("watchfloor.guard")

CALLBACK_PATH = "/_dash-update-component"
NO_STORE = "private, no-store"


@dataclass(frozen=True)
class GuardRules:
    """What the guard goes by. `callbacks` and `security` are asked late: both grow until start-up."""

    personas: Personas
    names: frozenset[str]
    port: int
    callbacks: Callable[[], Mapping[str, Any]]
    security: Callable[[], Mapping[str, str]] = field(default=dict)
    languages: Sequence[str] = USUAL


class Guard:
    """The ASGI middleware."""

    def __init__(self, app: ASGIApp, rules: GuardRules) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._http(scope, receive, self._with_headers(scope, send))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers.of(scope["headers"])
        accepted = headers.values.get("accept-language", "")
        set_language(language_of(_cookie(headers, LANGUAGE_COOKIE), accepted, self._rules.languages))
        refused = refusal(scope["method"], headers, self._rules.names, self._rules.port)
        if refused is not None:
            await _refuse(refused, scope, receive, send)
            return
        try:
            set_viewer(self._rules.personas.viewer_of(_cookie(headers, PERSONA_COOKIE)))
        except (WatchfloorError, OSError) as error:
            # A policy that became unreadable is nobody's viewer: nothing is answered until it is mended.
            log.error("nobody is let in: %s", error)
            await _refuse(NOT_AVAILABLE, scope, receive, send)
            return
        if scope["method"] == "POST":
            await self._post(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _whole_body(receive)
        if body is None:
            await _refuse(TOO_LARGE, scope, receive, send)
        elif scope["path"] == CALLBACK_PATH and not is_callback_body(body, self._rules.callbacks()):
            await _refuse(BAD_REQUEST, scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive), send)

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def wrapped(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._rules.security().items():
                    headers[name] = value
                headers["Cache-Control"] = _caching(scope, headers.get("Cache-Control"), message["status"])
            await send(message)

        return wrapped


def _caching(scope: Scope, said: str | None, status: int) -> str:
    """Files whose address changes with their content may be kept; all else only where it says so."""
    if status not in (200, 304):
        return NO_STORE
    if scope["path"].startswith(FINGERPRINTED) and (said or b"m=" in scope.get("query_string", b"")):
        return "public, max-age=31536000, immutable"
    return said or NO_STORE


def _cookie(headers: Headers, name: str) -> str | None:
    """A cookie's value; None when there is none. One that cannot be read counts as a forged one."""
    given = headers.values.get("cookie", "")
    if name not in given:
        return None
    try:
        morsel = SimpleCookie(given).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel is not None else ""


async def _whole_body(receive: Receive) -> bytes | None:
    """The body, or None when it is larger than allowed, whatever its stated length."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body once more for the application, then whatever comes (a disconnect)."""
    left = [body]

    async def again() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return again


async def _refuse(refused: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(_(refused.body), refused.status)(scope, receive, send)
