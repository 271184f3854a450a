"""/api/feeds/FEED/records: a partner's system posts; /api/feeds/FEED/deliveries/ID: what became of it.

A delivery is acknowledged (202) once it is on the disk of the home's spool; the worker takes it from there.
The header `Idempotency-Key` makes a post that is repeated the same delivery. The guard has checked the
credential, the content type and the size before. /api/openapi.json says all of this for programs.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.access.credential_asker import ByCredential
from dashboard.access.requests import DELIVERIES, NOTHING_HERE, Headers, content_type
from dashboard.api_document import DELIVERY, RECORDS, api_document
from dashboard.asking import in_thread
from dashboard.words import _
from data.credentials import Credential
from data.errors import KeyReused, SpoolFull, WatchfloorError
from data.schema import FEED_NAMES
from data.spool import WAITING, Posted, Spool
from data.words import msgid

log = logging.getLogger("watchfloor.records")

KEY = re.compile(r"[\x21-\x7e]{8,128}")
RETRY_SECONDS = "30"
NEEDS_KEY = msgid("The header Idempotency-Key is missing, or is not 8 to 128 printable signs without blanks.")
OTHER_FEED = msgid("This credential is for another feed.")
NOT_KEPT = msgid("The delivery cannot be kept now. Post it again in a while, under the same key.")
NO_FEED = msgid("There is no such feed: there are incidents, deployments and deliveries.")


def register(server: FastAPI, programs: ByCredential, spool: Spool) -> None:
    """Add the routes."""

    @server.post(RECORDS, include_in_schema=False)
    async def records(feed: str, request: Request) -> Response:
        headers = Headers.of(request.scope["headers"])
        key = headers.values.get("idempotency-key", "")
        if feed not in FEED_NAMES:
            return _problem(404, _(NO_FEED))
        if not KEY.fullmatch(key):
            return _problem(400, _(NEEDS_KEY))
        form, content = DELIVERIES[content_type(headers)], await request.body()
        return await _answered(programs, headers, lambda who: _put(spool, who, feed, key, form, content))

    @server.get("/api/openapi.json", include_in_schema=False)
    async def document() -> Response:
        return JSONResponse(api_document())

    @server.get(DELIVERY, include_in_schema=False)
    async def delivery(feed: str, delivery_id: str, request: Request) -> Response:
        headers = Headers.of(request.scope["headers"])
        return await _answered(programs, headers, lambda who: _told(spool, who, feed, delivery_id))


async def _answered(
    programs: ByCredential, headers: Headers, work: Callable[[Credential], Response]
) -> Response:
    """Beside all questions: whoever acknowledges must not wait for pictures."""

    def answer() -> Response:
        credential = programs.credential(headers)
        if credential is None:  # taken back while the body came
            return _problem(401, _(msgid("Nobody is signed in.")))
        try:
            return work(credential)
        except KeyReused as error:
            return _problem(422, str(error))
        except SpoolFull as error:  # its sentence is for whoever posts; others are for the log
            return _problem(503, str(error), {"Retry-After": RETRY_SECONDS})
        except WatchfloorError as error:
            log.error("a delivery could not be kept or told: %s", error)
            return _problem(503, _(NOT_KEPT), {"Retry-After": RETRY_SECONDS})

    return await in_thread(answer, pool="posts")


def _put(spool: Spool, who: Credential, feed: str, key: str, form: str, content: bytes) -> Response:
    if who.feed != feed:
        return _problem(403, _(OTHER_FEED))
    kept = spool.put(who, key, form, content)
    where = DELIVERY.format(feed=feed, delivery_id=kept.id)
    return JSONResponse(_shown(kept), 202 if kept.state == WAITING else 200, {"Location": where})


def _told(spool: Spool, who: Credential, feed: str, delivery_id: str) -> Response:
    found = spool.of(delivery_id, who.partner)
    if found is None or found.feed != feed:
        return _problem(404, _(NOTHING_HERE.body))
    return JSONResponse(_shown(found))


def _shown(delivery: Posted) -> dict[str, object]:
    shown: dict[str, object] = {
        "delivery": delivery.id,
        "feed": delivery.feed,
        "state": delivery.state,
        "posted_at": f"{delivery.at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "sha256": delivery.sha256,
    }
    return {**shown, **json.loads(delivery.told)} if delivery.told else shown


def _problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """As RFC 9457 has it."""
    told = {"title": _(msgid("Not taken")), "status": status, "detail": detail}
    return JSONResponse(told, status, headers, media_type="application/problem+json")
