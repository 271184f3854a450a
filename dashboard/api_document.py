"""How records are posted, as OpenAPI 3.1, made from the schema of the feeds themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

from dashboard.access.requests import ARROW, JSON, MOST_DELIVERY
from data.feeds.own_columns import record_schema
from data.schema import FEED_NAMES
from data.spool import REFUSED, TAKEN, WAITING

RECORDS = "/api/feeds/{feed}/records"
DELIVERY = "/api/feeds/{feed}/deliveries/{delivery_id}"
TEXT = {"type": "string"}
COUNTS = ("read", "new", "revised", "duplicate", "quarantined", "ended")


@cache
def api_document() -> dict[str, Any]:
    """The whole document; there is nothing of a home in it."""
    paths: dict[str, Any] = {}
    for feed in FEED_NAMES:
        paths[RECORDS.format(feed=feed)] = {"post": _post(feed)}
        paths[DELIVERY.replace("{feed}", feed)] = {"get": _get(feed)}
    schemas = {feed: record_schema(feed) for feed in FEED_NAMES} | {
        "Delivery": _delivery(),
        "Problem": _problem(),
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Watchfloor: records of partners",
            "version": "1",
            "description": "A delivery is acknowledged once it is on the disk, and taken soon after. The same"
            " records again change nothing; a record that is posted again with other content is a revision"
            " of it, and one with `msg_type` cancel or recall is taken back.",
        },
        "security": [{"credential": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"credential": {"type": "http", "scheme": "bearer"}},
        },
    }


def _post(feed: str) -> dict[str, Any]:
    records = {"type": "array", "minItems": 1, "items": {"$ref": f"#/components/schemas/{feed}"}}
    body = {"type": "object", "required": ["records"], "properties": {"records": records}}
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "schema": {**TEXT, "pattern": "^[\\x21-\\x7e]{8,128}$"},
        "description": "Another one for each delivery; a delivery that is posted again has the same.",
    }
    return {
        "summary": f"Post records of {feed}",
        "operationId": f"post_{feed}",
        "parameters": [key],
        "requestBody": {
            "required": True,
            "description": f"At most {MOST_DELIVERY // 2**20} MB; not compressed as a whole.",
            "content": {JSON: {"schema": body}, ARROW: {"schema": {**TEXT, "format": "binary"}}},
        },
        "responses": {
            "202": _answer("It is on the disk and waits."),
            "200": _answer("It was posted before under this key, and this became of it."),
            "400": _refused("The key is missing."),
            "401": {"description": "The credential is none, or was taken back."},
            "408": {"description": "The body took too long."},
            "413": {"description": "The body is too large."},
            "415": {"description": "The content type is none of these."},
            "422": _refused("The key belongs to another delivery."),
            "503": _refused("It is not taken now; see Retry-After."),
        },
    }


def _get(feed: str) -> dict[str, Any]:
    where = {"name": "delivery_id", "in": "path", "required": True, "schema": TEXT}
    return {
        "summary": "What became of a delivery",
        "operationId": f"delivery_of_{feed}",
        "parameters": [where],
        "responses": {
            "200": _answer("As it is now."),
            "401": {"description": "The credential is none, or was taken back."},
            "404": _refused("The partner has no such delivery, or it is older than thirty days."),
        },
    }


def _answer(words: str) -> dict[str, Any]:
    return {"description": words, "content": {JSON: {"schema": {"$ref": "#/components/schemas/Delivery"}}}}


def _refused(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}


def _delivery() -> dict[str, Any]:
    held = {"type": "object", "properties": {"number": {"type": "integer"}, "reason": TEXT}}
    told = {
        "delivery": TEXT,
        "feed": {**TEXT, "enum": list(FEED_NAMES)},
        "state": {**TEXT, "enum": [WAITING, TAKEN, REFUSED]},
        "posted_at": {**TEXT, "format": "date-time"},
        "sha256": TEXT,
        "said": {"type": "array", "items": TEXT, "description": "What became of it, in sentences."},
        "advice": TEXT,
        "held": {"type": "array", "items": held, "description": "Records that were held back, from 1."},
        **{name: {"type": "integer"} for name in COUNTS},
    }
    return {
        "type": "object",
        "required": ["delivery", "feed", "state", "posted_at", "sha256"],
        "properties": told,
    }


def _problem() -> dict[str, Any]:
    return {"type": "object", "properties": {"title": TEXT, "status": {"type": "integer"}, "detail": TEXT}}
