"""/api/reports: a record is reported unsafe or wrong; /api/reports/decision: its originator decides;
/api/recalls: an originator recalls a file that holds what has changed since.

The bodies are `record`, `reason`, `remark`; `report`, `how`; and `extract`. All answer with a sentence. The
guard has checked origin, type and size before; the trail has each on the disk before it holds.
"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.access.requests import object_of
from dashboard.access.viewing import current_viewer
from dashboard.answering import answered, unreadable
from dashboard.words import _
from data.audit.entry import Entry
from data.audit.trail import Trail
from data.clock import system_clock
from data.held import is_owner, recall_extract
from data.reporting import Said, decide_report, report, said
from data.reports import RELEASED
from data.store import Store
from data.viewer import Viewer


def register(server: FastAPI, store: Store, trail: Trail) -> None:
    """Add the routes."""

    @server.post("/api/reports", include_in_schema=False)
    async def reports(request: Request) -> Response:
        body = object_of(await request.body())
        told = said(body.get("record"), body.get("reason"), body.get("remark", ""))
        if told is None:
            return unreadable()
        viewer = current_viewer()
        return await answered(trail, viewer, lambda: _reported(store, trail, viewer, told))

    @server.post("/api/reports/decision", include_in_schema=False)
    async def decision(request: Request) -> Response:
        body = object_of(await request.body())
        number, how = body.get("report"), body.get("how")
        if not isinstance(number, str) or not isinstance(how, str):
            return unreadable()
        viewer = current_viewer()
        return await answered(trail, viewer, lambda: _decided(store, trail, viewer, number, how))

    @server.post("/api/recalls", include_in_schema=False)
    async def recalls(request: Request) -> Response:
        extract = object_of(await request.body()).get("extract")
        if not isinstance(extract, str):
            return unreadable()
        viewer = current_viewer()
        return await answered(trail, viewer, lambda: _recalled(store, trail, viewer, extract))


def _reported(store: Store, trail: Trail, viewer: Viewer, told: Said) -> Response:
    made = report(store.home, store.released_to(viewer), told, trail.record, system_clock())
    words = _("Reported. It is withheld from all but {partner}, who decides what becomes of it.")
    return _done(words.format(partner=made.originator))


def _decided(store: Store, trail: Trail, viewer: Viewer, number: str, how: str) -> Response:
    released = store.released_to(viewer)
    if not decide_report(store.home, released, number, how, trail.record, system_clock()):
        return _done(_("Released again."))
    if how == RELEASED:
        return _done(_("It stays withheld: somebody has reported it again meanwhile."))
    return _done(_("It stays withheld."))


def _recalled(store: Store, trail: Trail, viewer: Viewer, extract: str) -> Response:
    exports = _own_exports(trail, viewer)
    recall_extract(store.home, store.released_to(viewer), exports, extract, trail.record, system_clock())
    return _done(_("Recalled. Whoever took it reads on its own page that its copy is to be destroyed."))


def _own_exports(trail: Trail, viewer: Viewer) -> Iterable[Entry]:
    return trail.exports(originator=next(iter(viewer.partners))) if is_owner(viewer) else ()


def _done(sentence: str) -> Response:
    return JSONResponse({"sentences": [sentence]})
