"""/persona: try another persona. The cookie that comes back holds its id, signed, and nothing else."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.access.requests import BAD_REQUEST, word_of
from dashboard.access.viewing import PERSONA_COOKIE, Personas
from dashboard.words import _

FOURTEEN_DAYS = 14 * 24 * 3600


def register(server: FastAPI, personas: Personas) -> None:
    """Add the route. The guard has checked origin, type and size before."""

    @server.post("/persona", include_in_schema=False)
    async def choose(request: Request) -> Response:
        persona_id = word_of(await request.body(), "persona")
        if not personas.knows(persona_id):
            return PlainTextResponse(_(BAD_REQUEST.body), BAD_REQUEST.status)
        answer = Response(status_code=204)
        answer.set_cookie(
            PERSONA_COOKIE, personas.signed(persona_id), max_age=FOURTEEN_DAYS, httponly=True, samesite="lax"
        )
        return answer
