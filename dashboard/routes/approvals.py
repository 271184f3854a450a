"""/api/approvals: a releaser approves a staged change; with enough of them it is in force when this answers.

The body says which: `{"staged": 3}`. Who approves is whoever is signed in, and nobody else.
"""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.requests import object_of
from dashboard.access.viewing import current_viewer
from dashboard.answering import answered, unreadable
from data.audit.trail import Trail
from data.errors import NotApproved
from data.known_changes import approves
from data.policy_staging import approve
from data.store import Store
from data.viewer import Viewer
from data.words import msgid

MOST_NUMBER = 2**31


def register(server: FastAPI, store: Store, trail: Trail) -> None:
    """Add the route. The guard has checked origin, type, size and the role before."""

    @server.post("/api/approvals", include_in_schema=False)
    async def approval(request: Request) -> Response:
        number = _number(await request.body())
        if number is None:
            return unreadable()
        viewer = current_viewer()
        return await answered(trail, viewer, lambda: _approve(store, trail, viewer, number))


def _number(body: bytes) -> int | None:
    number = object_of(body).get("staged")
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 < number < MOST_NUMBER else None


def _approve(store: Store, trail: Trail, viewer: Viewer, number: int) -> Response:
    person = approves(viewer)
    if person is None:
        raise NotApproved(msgid("Only one person, with the role releaser, approves."))
    approve(store.home, number, person, record=trail.record)
    return Response(status_code=204)
