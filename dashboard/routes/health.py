"""/healthz: the process answers. It says nothing of any data."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import PlainTextResponse


def register(server: FastAPI) -> None:
    """Add the route."""

    @server.api_route("/healthz", methods=["GET", "HEAD"], include_in_schema=False)
    async def health() -> PlainTextResponse:
        return PlainTextResponse("ok")
