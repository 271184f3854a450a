"""/api/extracts: the list of the table as a file: for whom, how often, and never before it is recorded.

The body is what the table shows: `query` (the View), `arranged` (order and columns), `conditions` (the grid's
own). The answer is the file, or a sentence that says why there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.file_rate import FileRate
from dashboard.access.requests import object_of
from dashboard.access.viewing import current_viewer
from dashboard.answering import handed_out, unreadable
from dashboard.asked import Asked, asked_of
from dashboard.controls.records import shown_columns
from dashboard.table_request import TableRequest, order_of, table_request
from dashboard.view import View
from dashboard.words import _
from data import extract as extracts
from data.audit.entry import Action
from data.audit.trail import Trail
from data.errors import ExtractRefused
from data.extract import Extract
from data.labels import label_digest
from data.listing import Wanted, length
from data.partners import ANALYST, FILE
from data.released import Released
from data.store import Store
from data.viewer import Viewer
from data.words import msgid

MOST_TRIES = 3
LEFT_OUT = "X-Watchfloor-Left-Out"
"""How many of the records on screen may not leave in a file."""


def register(server: FastAPI, store: Store, trail: Trail, rate: FileRate) -> None:
    """Add the route. The guard has checked origin, type and size before."""

    @server.post("/api/extracts", include_in_schema=False)
    async def extract(request: Request) -> Response:
        wanted = _read(await request.body())
        if wanted is None:
            return unreadable()
        viewer = current_viewer()
        return await handed_out(trail, rate, viewer, lambda: _made(store, trail, viewer, wanted))


@dataclass(frozen=True)
class _Asked:
    """What the table shows: View, arrangement, and the grid's own request."""

    query: str
    arranged: View
    request: TableRequest


def _read(body: bytes) -> _Asked | None:
    told = object_of(body)
    query = told.get("query")
    if not isinstance(query, str):
        return None
    said, conditions = told.get("arranged"), told.get("conditions")
    arranged, _notices = View.from_query(said if isinstance(said, str) else "")
    request = table_request(
        {"startRow": 0, "endRow": 1, "filterModel": conditions if isinstance(conditions, dict) else {}}
    )
    assert request is not None
    return _Asked(query, arranged, request)


def _made(store: Store, trail: Trail, viewer: Viewer, wanted: _Asked) -> Response:
    """The file, once the trail has it on the disk; without that there is none."""
    if ANALYST not in viewer.roles:
        raise ExtractRefused(
            msgid("Your role may look at records, not take them as a file."),
            msgid("Ask an analyst of your partner."),
        )
    released, asked, listed, made = _of_now(store, viewer, wanted)
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


def _of_now(store: Store, viewer: Viewer, wanted: _Asked) -> tuple[Released, Asked, Wanted, Extract]:
    """The file, by the policy and the reports that hold when it is done: else it is made anew.

    What the lake is told meanwhile is later than the file, whose entry says of which state it is.
    """
    for _again in range(MOST_TRIES):
        withheld, released = store.withheld(), store.released_to(viewer, FILE)
        asked = asked_of(released, wanted.query)
        listed = Wanted(asked.record_layers, order_of(wanted.arranged.sort), wanted.request.conditions)
        columns = shown_columns(wanted.arranged, asked.view.layers)
        made = extracts.csv_extract(released, asked.filter, listed, columns, _)
        if (store.policy().digest, store.withheld()) == (released.key.policy, withheld):
            return released, asked, listed, made
    raise ExtractRefused(
        msgid("What is released to you changed while the file was made."), msgid("Take it again.")
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
        "lake_version": released.key.lake_version,
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
