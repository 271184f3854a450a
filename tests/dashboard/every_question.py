"""Every question that a page may ask, in any language: each View, each path, each state of the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash import Dash
from starlette.testclient import TestClient

from dashboard.access.language import LANGUAGE_COOKIE
from dashboard.pages import router
from tests.dashboard.conftest import body_for, post

VIEWS = (
    "",
    "layer=none",
    "layer=deliveries&sector=HEA&partner=XAB&role=funding",
    "region=XQA10&period=7d&fill=deaths_per_case",
    "fill=records_per_1000_km2&sel=region:XQA10",
    "fill=weeks_since_report&sel=XAB:incidents:1&known=2026-09-01T00:00:00Z",
    "from=2026-08-01T00:00:00Z&to=2026-08-01T18:00:00Z&sel=nobody",
    "compare=2026-08-20T00:00:00Z",
    "compare=2026-08-01T00:00:00Z/2026-08-08T00:00:00Z&period=30d",
    "cube=incidents:flood:2025",
    "cube=deliveries:HEA",
)
GRID = {"startRow": 0, "endRow": 12, "filterModel": {}, "sortModel": []}
NARROWED = {**GRID, "filterModel": {"title": {"filterType": "text", "type": "contains", "filter": "1"}}}
PLAY = {"serial": 1, "windows": [["2026-08-01T00:00:00Z", "2026-08-08T00:00:00Z"]]}


def in_language(code: str) -> dict[str, str]:
    return {"Cookie": f"{LANGUAGE_COOKIE}={code}"}


def bodies(app: Dash, output: str) -> Iterator[dict[str, Any]]:
    """What a page may ask of a callback: each View, each path, each state of the table."""
    shared = {"frame": [-80, 15, -70, 25, 7], "map_seen": True, "play_asked": PLAY, "scheme": "dark"}
    if output == "page.children":
        for path in router.PAGES:
            for search in ("", "?period=9h&from=x&known=y&compare=z&at=1&sel=%3C&region=a@b&sort=%3C"):
                body = body_for(app, output)
                body["inputs"][0]["value"], body["state"][0]["value"] = path, search
                yield body
        return
    for view in VIEWS:
        for grid in (GRID, NARROWED):
            yield body_for(app, output, view=view, arranged="", records=grid, **shared)


def asked(client: TestClient, body: object, code: str) -> object:
    answer = post(client, body, **in_language(code))
    assert answer.status_code in (200, 204), answer.text
    return answer.json() if answer.status_code == 200 else {}
