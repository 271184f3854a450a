"""/language: another language. The cookie that comes back holds its code, which the guard checks."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.access.language import LANGUAGE_COOKIE
from dashboard.access.requests import BAD_REQUEST, word_of
from dashboard.words import _

A_YEAR = 365 * 24 * 3600


def register(server: FastAPI, offered: Sequence[str]) -> None:
    """Add the route. The guard has checked origin, type and size before."""

    @server.post("/language", include_in_schema=False)
    async def choose(request: Request) -> Response:
        code = word_of(await request.body(), "language")
        if code not in offered:
            return PlainTextResponse(_(BAD_REQUEST.body), BAD_REQUEST.status)
        answer = Response(status_code=204)
        answer.set_cookie(LANGUAGE_COOKIE, code, max_age=A_YEAR, httponly=True, samesite="lax")
        return answer
