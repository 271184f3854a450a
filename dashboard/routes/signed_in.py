"""/signed-in: nothing, for whoever is let in: a page whose stream was refused learns whether that is why."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import Response


def register(server: FastAPI) -> None:
    """Add the route. The guard answers 401 before it."""

    @server.get("/signed-in", include_in_schema=False)
    async def signed_in() -> Response:
        return Response(status_code=204)
