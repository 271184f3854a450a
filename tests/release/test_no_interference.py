"""Non-interference of every route and callback: what is hidden from a viewer moves no byte of any answer.

Two homes differ only in rows that are hidden from the viewer. Every address, by every method, and every
callback under a corpus of Views is asked of both: status, headers and body must be the same, and no canary in
either. What is asked is read from the application itself: a route or a callback that is added later is asked
too, or the test fails until it is said how.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from dash import Dash
from httpx2 import Response

from dashboard.pages import router
from dashboard.routes import account_reports, events
from data import extract, reporting, screens
from data.audit import entry, writing
from data.clock import fixed_clock
from tests.dashboard.conftest import body_for, post
from tests.factories import NOW
from tests.release.asking import Asking
from tests.release.worlds import CANARY, EVERY_VIEWER, VIEWERS, worlds
from tests.sizes import figure, is_full, size

pytestmark = pytest.mark.filterwarnings("ignore:.*unclosed.*:ResourceWarning")

SEEDS = range(1, 1 + size("dataset_pairs"))
ASKING = EVERY_VIEWER if is_full() else VIEWERS
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")

HIDDEN_IDS = ("XAC:cnry:50000", "XAA:cnry:50000", "XAC:cnry:51001", "XAA:cnry:52100")
VIEWS = (
    "",
    "layer=none",
    "period=7d&fill=records_per_1000_km2",
    "fill=weeks_since_report&known=2026-09-20T00:00:00Z",
    "region=XQQ&sel=region:XQ01",
    "partner=XAC&role=any",
    "sel=XAA:visible:1&at=18.5,-71.5,9",
    "from=2026-09-02T00:00:00Z&to=2026-09-09T00:00:00Z&layer=incidents,deliveries",
    "area=0,-110;0,-50;70,-50;70,-110",
    "compare=2026-09-20T00:00:00Z&sort=-title,record_id&columns=title,record_id,originator,source",
    "compare=2026-08-26T00:00:00Z/2026-09-02T00:00:00Z",
    "compare=XAB",
    "compare=XAC:SENSITIVE",
    "cube=incidents:flood:2026",
    *(f"sel={record}" for record in HIDDEN_IDS[:2]),
)
FRAMES = ([-80, 15, -65, 25, 7], [-180, -80, 180, 80, 2])
GRIDS = (
    {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": {}},
    {
        "startRow": 0,
        "endRow": 100,
        "sortModel": [{"colId": "start_at", "sort": "asc"}],
        "filterModel": {"title": {"filterType": "text", "type": "contains", "filter": CANARY}},
    },
)
SEARCHED = ("bridge", "XAA:visible:1", CANARY, HIDDEN_IDS[0])
WINDOWS = [["2026-09-02T00:00:00Z", "2026-09-09T00:00:00Z"], ["2026-09-09T00:00:00Z", "2026-09-16T00:00:00Z"]]

FILLED = {
    "package_name": "dash",
    "fingerprinted_path": "deps/react.js",
    "name": "world-50m.json",
    "path": "x",
    "feed": "incidents",
    "delivery_id": "0" * 32,
}
"""What stands in for each part of an address that is open."""

BODIES: Mapping[str, tuple[object, ...]] = {
    "/persona": ({"persona": "nobody"}, {}),
    "/language": ({"language": "fr"}, {"language": "xx"}),
    "/_dash-update-component": ({}, []),
    "/api/extracts": (
        {"query": ""},
        {"query": "layer=incidents&partner=XAA", "arranged": "columns=title,releasable_to&sort=-title"},
        {"query": "", "conditions": GRIDS[1]["filterModel"]},
        {"query": f"sel={HIDDEN_IDS[0]}"},
        {},
    ),
    "/api/account-reports": ({"format": "csv"}, {"format": "html"}, {"format": "x"}, {}),
    "/api/approvals": ({"staged": 1}, {"staged": "1"}, {}),
    "/api/reports": (
        {"record": HIDDEN_IDS[0], "reason": "unsafe", "remark": CANARY},
        {"record": HIDDEN_IDS[2], "reason": "wrong", "remark": ""},
        {"record": "XAA:visible:1", "reason": "wrong", "remark": "seen by both"},
        {"record": "XAA:visible:1", "reason": "wrong", "remark": "again"},
        {},
    ),
    "/api/reports/decision": ({"report": "0" * 32, "how": "released"}, {}),
    "/api/recalls": ({"extract": "0" * 32}, {}),
    "/api/feeds/{feed}/records": ({"records": [{"id": HIDDEN_IDS[0]}]}, {}),
    "/{path:path}": ({},),
}
"""What is posted to each route that takes a POST; the callbacks have their own corpus."""

CHANGING = frozenset({"date", "set-cookie"})
PAGE_LOAD = re.compile(rb'"end_?[iI]d":\s*"[^"]*"')
"""What Dash makes at random for each page that it sends; packed, it changes the length too."""


class SameEveryTime:
    """In the place of `secrets` and `time`: a file has an id of its own each time, an entry its moment and
    blind, and a checkpoint, which a page of accountability prints, is made of all entries."""

    def monotonic_ns(self) -> int:
        return 0

    def token_hex(self, count: int) -> str:
        return "0" * count

    def choice(self, signs: str) -> str:
        """Of the code that a wall shows."""
        return signs[0]


@pytest.fixture(scope="module", params=[(viewer, seed) for viewer in ASKING for seed in SEEDS], ids=str)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Asking, Asking]]:
    viewer, seed = request.param
    with ExitStack() as stack:
        for module, name in ((entry, "secrets"), (writing, "time")):
            stack.enter_context(patch.object(module, name, SameEveryTime()))
        pair = stack.enter_context(worlds(tmp_path_factory.mktemp("worlds"), viewer, seed))
        yield tuple(stack.enter_context(Asking(world, viewer)) for world in pair)  # type: ignore[misc]


def same(one: Response, other: Response, what: str) -> None:
    assert one.status_code == other.status_code, what
    assert PAGE_LOAD.sub(b"", one.content) == PAGE_LOAD.sub(b"", other.content), what
    changing = CHANGING | ({"content-length"} if one.request.url.path in router.PAGES else set())
    headers = [
        {name: value for name, value in each.headers.items() if name not in changing} for each in (one, other)
    ]
    assert headers[0] == headers[1], what
    for text in (one.text, str(headers)):
        for echo in HIDDEN_IDS:  # what was asked for may be said again
            text = text.replace(echo, "").replace(quote(echo), "")
        assert f"{CANARY}-" not in text, what
        assert f"{CANARY.lower()}:" not in text, what


def addresses(app: Dash) -> list[str]:
    """Every address that the application answers, its open parts filled."""
    found = []
    for route in app.server.routes:
        path = getattr(route, "path", None) or getattr(route, "path_format", "")
        names = re.findall(r"{(\w+)(?::\w+)?}", path)
        assert FILLED.keys() >= set(names), f"say in FILLED what stands for {names} of {path}"
        found.append(filled(path))
    return found


def filled(path: str) -> str:
    """A declared path with something in the place of each part that is open."""
    return re.sub(r"{(\w+)(?::\w+)?}", lambda part: FILLED[part[1]], path)


def views_of(seed: int) -> tuple[str, ...]:
    """Which Views a pair of homes is asked under: all of two pairs; of thirty a quarter each, in turn."""
    return VIEWS[seed % 4 :: 4] if is_full() else VIEWS


def questions(app: Dash, output: str, views: tuple[str, ...] = VIEWS) -> Iterator[dict[str, Any]]:
    """A callback under each View, frame, state of the table and text searched for."""
    names = {item["id"] for kind in ("inputs", "state") for item in app.callback_map[output][kind]}
    if "url" in names:
        for path in router.PAGES:
            for view in views:
                body = body_for(app, output)
                body["inputs"][0]["value"], body["state"][0]["value"] = path, f"?{view}"
                yield body
        return
    for view in views:
        for frame in FRAMES if "frame" in names else FRAMES[:1]:
            for grid in GRIDS if "records" in names else GRIDS[:1]:
                for text in SEARCHED if "searched" in names else SEARCHED[:1]:
                    yield body_for(
                        app,
                        output,
                        view=view,
                        arranged=view,
                        frame=frame,
                        records=grid,
                        searched=text,
                        saved_asked={"serial": 1},
                        play_asked={"serial": 1, "windows": WINDOWS},
                        map_seen=True,
                        scheme="dark",
                    )


@pytest.mark.full_size
def test_no_callback_is_moved_by_what_is_hidden(
    both: tuple[Asking, Asking],
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    one, other = both
    views = views_of(request.node.callspec.params["both"][1])
    asked = 0
    assert one.app.callback_map.keys() == other.app.callback_map.keys()
    for output in one.app.callback_map:
        for body in questions(one.app, output, views):
            same(post(one.client, body), post(other.client, body), f"{output[:60]} of {body}")
            asked += 1
    figure(record_property, "T4 answers of callbacks with and without what is hidden", asked, "0 differ")


@pytest.mark.full_size
def test_no_address_is_moved_by_what_is_hidden(
    both: tuple[Asking, Asking],
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setattr(events, "LIFE_SECONDS", 0.1)
    for module in (extract, screens, account_reports, reporting):
        monkeypatch.setattr(module, "secrets", SameEveryTime())
    monkeypatch.setattr(account_reports, "system_clock", fixed_clock(NOW))
    one, other = both
    for path in addresses(one.app):
        for method in METHODS:
            asked = [each.client.request(method, path, follow_redirects=False) for each in both]
            same(*asked, f"{method} {path}")
    for route in one.app.server.routes:
        path, methods = getattr(route, "path", ""), getattr(route, "methods", None) or ()
        if "POST" in methods:
            assert path in BODIES, f"say in BODIES what is posted to {path}"
            for body in BODIES[path]:
                asked = [each.client.post(filled(path), json=body) for each in both]
                same(*asked, f"POST {path} {body}")
    assert other.app is not one.app
    many = len(addresses(one.app)) * len(METHODS)
    figure(record_property, "T4 addresses and methods with and without what is hidden", many, "0 differ")


def test_the_canaries_are_there(tmp_path: Path) -> None:
    """The test itself: whoever owns what is hidden sees it, so that it could be found elsewhere."""
    with worlds(tmp_path, "borland", 1) as (_without, more), Asking(more, "cordia") as asking:
        found = [
            post(asking.client, body).text
            for output in asking.app.callback_map
            if "records.getRowsResponse" in output or "details" in output
            for body in questions(asking.app, output)
        ]
    assert any(f"{CANARY}-title" in text for text in found)
