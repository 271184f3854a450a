"""The one guard before everything: what is not let through here reaches neither Dash nor a route.

It refuses requests from elsewhere, of wrong shape or size, and every websocket. It alone says who the viewer
is, and goes by the census: whoever has not signed in gets nothing but what the census opens to anyone, and
what the census does not name is answered to nobody. It says in which language the answer is, and puts the
security headers on every answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access import census
from dashboard.access.asker import Asking, IdentitySource
from dashboard.access.bodies import replayed, whole_body
from dashboard.access.callback_bodies import callback_asked
from dashboard.access.census import Rule
from dashboard.access.language import LANGUAGE_COOKIE, language_of
from dashboard.access.requests import (
    BAD_REQUEST,
    FORM,
    JSON,
    MOST_BODY,
    MOST_DELIVERY,
    NOT_AVAILABLE,
    NOT_FOR_YOU,
    NOT_SIGNED_IN,
    NOTHING_HERE,
    TOO_LARGE,
    TOO_SLOW,
    Headers,
    OwnAddress,
    Refusal,
    program_refusal,
    refusal,
)
from dashboard.access.session_cookie import cookie_of
from dashboard.access.viewing import set_viewer
from dashboard.access.ways_back import sign_in_address
from dashboard.kept_files import FINGERPRINTED
from dashboard.languages import USUAL, set_language
from dashboard.words import _
from data.errors import WatchfloorError
from data.screens import is_screen
from data.viewer import NOBODY, Viewer

log = logging.getLogger("watchfloor.guard")

BY_ITSELF = "x-watchfloor-by-itself"
"""The page says that nobody touched it for a minute: what it asks then keeps nobody signed in. Whoever leaves
the header out says that somebody is there, as any request does; to send it gives nothing."""

MOST_BODIES = 16
"""Deliveries that may be on their way in at once: each can be large, and slow."""

CALLBACK_PATH = "/_dash-update-component"
NO_STORE = "private, no-store"


@dataclass(frozen=True)
class GuardRules:
    """What the guard goes by. `routes`, `callbacks`, `security` are asked late: they grow until start-up."""

    source: IdentitySource
    programs: IdentitySource
    own: OwnAddress
    routes: Callable[[], Sequence[BaseRoute]]
    callbacks: Callable[[], Mapping[str, Any]]
    security: Callable[[], Mapping[str, str]] = field(default=dict)
    languages: Sequence[str] = USUAL
    has_sign_in: bool = True


class Guard:
    """The ASGI middleware."""

    def __init__(self, app: ASGIApp, rules: GuardRules) -> None:
        self._app = app
        self._rules = rules
        self._bodies = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._http(scope, receive, self._with_headers(scope, send))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        set_viewer(NOBODY)
        headers = Headers.of(scope["headers"])
        cookies, accepted = (headers.values.get(name, "") for name in ("cookie", "accept-language"))
        set_language(language_of(cookie_of(cookies, LANGUAGE_COOKIE), accepted, self._rules.languages))
        declared = census.path_of(self._rules.routes(), scope)
        rule = census.rule_of_route(declared, scope["path"])
        if rule and rule.is_for_programs:
            refused = program_refusal(scope["method"], headers, self._rules.own)
        else:
            kind = FORM if rule and rule.is_form else JSON
            refused = refusal(scope["method"], headers, self._rules.own, kind)
        if refused is not None:
            await _refuse(refused, scope, receive, send)
        elif rule is None:
            log.error("the route %s is not in the census: it is answered to nobody", declared)
            await _refuse(NOTHING_HERE, scope, receive, send)
        else:
            await self._ruled(rule, headers, scope, receive, send)

    async def _ruled(self, rule: Rule, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            viewer = None if rule.anyone else await self._asker(rule, headers, scope)
        except (WatchfloorError, OSError) as error:
            # A policy that became unreadable is nobody's viewer: nothing is answered until it is mended.
            log.error("nobody is let in: %s", error)
            await _refuse(NOT_AVAILABLE, scope, receive, send)
            return
        if viewer is None and not rule.anyone:
            await self._not_signed_in(rule, scope, receive, send)
            return
        who = viewer or NOBODY
        set_viewer(who, rule.purpose)
        if not _may(rule, who):
            await _refuse(NOT_FOR_YOU, scope, receive, send)
            return
        if scope["method"] == "POST":
            await self._post(rule, who, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _asker(self, rule: Rule, headers: Headers, scope: Scope) -> Viewer | None:
        """Off the event loop, for it looks into the home's state."""
        address = scope["client"][0] if scope.get("client") else ""
        by_itself = rule.in_background or BY_ITSELF in headers.values
        asking = Asking(headers, address, by_itself)
        source = self._rules.programs if rule.is_for_programs else self._rules.source
        return await to_thread.run_sync(source.asker, asking)

    async def _not_signed_in(self, rule: Rule, scope: Scope, receive: Receive, send: Send) -> None:
        """A page leads to the sign-in page, and from there back to the same View; all else is 401."""
        if rule.is_for_programs:
            told = PlainTextResponse(_(NOT_SIGNED_IN.body), 401, {"WWW-Authenticate": "Bearer"})
            await told(scope, receive, send)
        elif rule.is_page and self._rules.has_sign_in and scope["method"] in ("GET", "HEAD"):
            address = sign_in_address(scope["path"], scope.get("query_string", b"").decode("latin-1"))
            await RedirectResponse(address, 303)(scope, receive, send)
        else:
            await _refuse(NOT_SIGNED_IN, scope, receive, send)

    async def _post(self, rule: Rule, who: Viewer, scope: Scope, receive: Receive, send: Send) -> None:
        if rule.is_for_programs and self._bodies >= MOST_BODIES:
            await _refuse(NOT_AVAILABLE, scope, receive, send)
            return
        self._bodies += rule.is_for_programs
        try:
            body = await whole_body(receive, MOST_DELIVERY if rule.is_for_programs else MOST_BODY)
        except TimeoutError:
            await _refuse(TOO_SLOW, scope, receive, send)
            return
        finally:
            self._bodies -= rule.is_for_programs
        if body is None:
            await _refuse(TOO_LARGE, scope, receive, send)
            return
        refused = self._callback_refusal(body, who) if scope["path"] == CALLBACK_PATH else None
        if refused is not None:
            await _refuse(refused, scope, receive, send)
        else:
            await self._app(scope, replayed(body, receive), send)

    def _callback_refusal(self, body: bytes, who: Viewer) -> Refusal | None:
        """A callback has a rule of its own; what it puts out may be for another purpose than a screen."""
        output = callback_asked(body, self._rules.callbacks())
        if output is None:
            return BAD_REQUEST
        rule = census.rule_of_callback(output)
        if rule is None:
            log.error("the callback %s is not in the census: it is answered to nobody", output)
            return NOTHING_HERE
        set_viewer(who, rule.purpose)
        return None if _may(rule, who) else NOT_FOR_YOU

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def wrapped(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._rules.security().items():
                    headers[name] = value
                headers["Cache-Control"] = _caching(scope, headers.get("Cache-Control"), message["status"])
            await send(message)

        return wrapped


def _may(rule: Rule, who: Viewer) -> bool:
    if is_screen(who) and not (rule.on_screens or rule.anyone):
        return False
    return not rule.roles or bool(rule.roles & who.roles)


def _caching(scope: Scope, said: str | None, status: int) -> str:
    """Files whose address changes with their content may be kept; all else only where it says so."""
    if status not in (200, 304):
        return NO_STORE
    if scope["path"].startswith(FINGERPRINTED) and (said or b"m=" in scope.get("query_string", b"")):
        return "public, max-age=31536000, immutable"
    return said or NO_STORE


async def _refuse(refused: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(_(refused.body), refused.status)(scope, receive, send)
