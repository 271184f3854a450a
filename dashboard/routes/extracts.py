"""/api/extracts: the list of the table as a file: for whom, how often, and never before it is recorded.

The body is what the table shows: `query` (the View), `arranged` (order and columns), `conditions` (the grid's
own). The answer is the file, or a sentence that says why there is none.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dashboard.access.requests import BAD_REQUEST
from dashboard.access.viewing import current_viewer
from dashboard.asked import asked_of
from dashboard.asking import in_thread
from dashboard.controls.records import shown_columns
from dashboard.table_request import TableRequest, order_of, table_request
from dashboard.view import View
from dashboard.words import _
from data import extract as extracts
from data.audit.entry import Action
from data.audit.trail import Trail
from data.errors import ExtractRefused, WatchfloorError
from data.extract import Extract
from data.labels import label_digest
from data.listing import Wanted, length
from data.partners import ANALYST, FILE
from data.released import Released
from data.store import Store
from data.viewer import Viewer
from data.words import msgid

MOST_A_MINUTE = 10
"""Files that one viewer may take a minute (release policy, A3 Exports)."""

LEFT_OUT = "X-Watchfloor-Left-Out"
"""How many of the records on screen may not leave in a file."""


def register(server: FastAPI, store: Store, trail: Trail) -> None:
    """Add the route. The guard has checked origin, type and size before."""
    rate = Rate()

    @server.post("/api/extracts", include_in_schema=False)
    async def extract(request: Request) -> Response:
        wanted = _read(await request.body())
        if wanted is None:
            return PlainTextResponse(_(BAD_REQUEST.body), BAD_REQUEST.status)
        viewer = current_viewer()
        try:
            rate.check(viewer)
            return await in_thread(lambda: _handed_out(store, trail, viewer, wanted))
        except ExtractRefused as error:
            trail.record(Action.DENIAL, viewer, {"purpose": FILE, "reasons": [error.title]}, durable=False)
            return _said(error, 409)
        except WatchfloorError as error:
            return _said(error, 503)


@dataclass(frozen=True)
class _Asked:
    """What the table shows: View, arrangement, and the grid's own request."""

    query: str
    arranged: View
    request: TableRequest


def _read(body: bytes) -> _Asked | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not isinstance(told.get("query"), str):
        return None
    said, conditions = told.get("arranged"), told.get("conditions")
    arranged, _notices = View.from_query(said if isinstance(said, str) else "")
    request = table_request(
        {"startRow": 0, "endRow": 1, "filterModel": conditions if isinstance(conditions, dict) else {}}
    )
    assert request is not None
    return _Asked(told["query"], arranged, request)


def _handed_out(store: Store, trail: Trail, viewer: Viewer, wanted: _Asked) -> Response:
    """The file, once the trail has it on the disk; without that there is none."""
    if ANALYST not in viewer.roles:
        raise ExtractRefused(
            msgid("Your role may look at records, not take them as a file."),
            msgid("Ask an analyst of your partner."),
        )
    released = store.released_to(viewer, FILE)
    asked = asked_of(released, wanted.query)
    listed = Wanted(asked.record_layers, order_of(wanted.arranged.sort), wanted.request.conditions)
    columns = shown_columns(wanted.arranged, asked.view.layers)
    made = extracts.csv_extract(released, asked.filter, listed, columns, _)
    seen = store.released_to(viewer)
    left_out = length(seen, asked_of(seen, wanted.query).filter, listed) - made.rows
    trail.record(Action.EXPORT, viewer, _recorded(released, asked.view, made), durable=True)
    return Response(
        made.content,
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{_name(released, made)}"',
            "Cache-Control": "private, no-store",
            LEFT_OUT: str(max(0, left_out)),
        },
    )


def _recorded(released: Released, view: View, made: Extract) -> Mapping[str, object]:
    """What the trail keeps: never content, every record's id."""
    return {
        "purpose": FILE,
        "format": "csv",
        "extract_id": made.id,
        "sha256": made.sha256,
        "view": view.to_query(),
        "version": released.version,
        "policy_version": released.policy.version,
        "policy_set": released.key.policy_set.digest,
        "originators": sorted({label.originator for label in made.labels}),
        "labels": [
            {"label": label_digest(label), "originator": label.originator, "count": count}
            for label, count in made.labels.items()
        ],
        "agreements": list(made.agreements),
        "record_ids": list(made.record_ids),
    }


def _name(released: Released, made: Extract) -> str:
    """OPERATION_table_YYYYMMDDThhmmZ_id.csv; the operation's id is an identifier of ours."""
    return f"{released.policy.operation.id}_table_{released.now:%Y%m%dT%H%MZ}_{made.id[:8]}.csv"


def _said(error: WatchfloorError, status: int) -> Response:
    sentences = [part for part in error.told(_) if part]
    return JSONResponse({"title": _(error.title), "sentences": sentences}, status)


@dataclass
class Rate:
    """How often each viewer took a file in the last minute; who has not for a minute is forgotten."""

    _taken: dict[Viewer, deque[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def check(self, viewer: Viewer) -> None:
        """Count one more. Raises ExtractRefused beyond MOST_A_MINUTE."""
        now = time.monotonic()
        with self._lock:
            self._taken = {who: times for who, times in self._taken.items() if now - times[-1] < 60}
            times = self._taken.setdefault(viewer, deque())
            while times and now - times[0] >= 60:
                times.popleft()
            if len(times) >= MOST_A_MINUTE:
                raise ExtractRefused(
                    msgid("You have taken {most} files in the last minute, which is the most."),
                    msgid("Wait a minute and try again."),
                    most=MOST_A_MINUTE,
                )
            times.append(now)
