"""Texts that run as scripts where somebody puts them into a page as they are; and a home that holds them in
every text: of records, sources, labels, regions, reference layers, partners, agreements and people.

Each of them, run, sets `window.__xss`, opens a dialog, or asks another host.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import shapely

from data.home import Home
from data.labels import Label
from data.schema import FEEDS
from tests.factories import NOW, POLICY, a_home, a_publication, a_row, publish

PAYLOADS = (
    '<img src=x onerror="window.__xss=1">',
    '"><svg onload="window.__xss=2">',
    "';window.__xss=3;//",
    "</script><script>window.__xss=4</script>",
    "<script>window.__xss=5</script>",
    "javascript:window.__xss=6",
    '<a href="javascript:window.__xss=7">x</a>',
    '<iframe srcdoc="<script>parent.__xss=8</script>"></iframe>',
    '<details open ontoggle="window.__xss=9">x</details>',
    '<input autofocus onfocus="window.__xss=10">',
    "<style>@import '//evil.example/11.css';</style>",
    '<video><source onerror="window.__xss=12"></video>',
    '<math><mi xlink:href="javascript:window.__xss=13">x</mi></math>',
    '<body onload="window.__xss=14">',
    '<object data="javascript:window.__xss=15"></object>',
    "${window.__xss=16}{{constructor.constructor('window.__xss=16')()}}",
    '`-(window.__xss=17)-`"onmouseover="window.__xss=17"x="',
    "<b onmouseover=window.__xss=18 onclick=window.__xss=18>x</b>",
    '<img src="//evil.example/19.png">',
    "![x](javascript:window.__xss=20)[x](javascript:window.__xss=20)",
    '<form action="javascript:window.__xss=21"><button autofocus>x</button></form>',
    "data:text/html,<script>window.__xss=22</script>",
    '<svg><animate onbegin="window.__xss=23" attributeName=x dur=1s>',
    "&lt;img src=x onerror=window.__xss=24&gt;\u2028</title><img src=x onerror=window.__xss=24>",
    '<template><img src=x></template><marquee onstart="window.__xss=25">x</marquee>',
)
LABEL = Label("XAA", "TEST", "OPEN", ("PUBLIC",), caveats=(PAYLOADS[0], PAYLOADS[4]))


def a_home_of_payloads(folder: Path, many: int) -> tuple[Home, list[str]]:
    """The home, and the ids of its records: one of each feed for each payload."""
    said = json.dumps(PAYLOADS[0] + PAYLOADS[4])
    policy = POLICY.replace('"Aldara"', said).replace('"Borland"', said).replace('"Cordia Relief"', said)
    policy = policy.replace('"Exercise Test"', said).replace('legal_basis = "test"', f"legal_basis = {said}")
    home = a_home(folder, policy.replace('"Aldara analyst"', said).replace('"Borland commander"', said))
    ids = []
    for base, feed in enumerate(FEEDS):
        rows = [_row(feed, base * 100 + n, payload) for n, payload in enumerate(PAYLOADS[:many])]
        ids += [str(row["record_id"]) for row in rows]
        publish(home, a_publication(feed, [*rows, *_later(rows[0])], (LABEL,)))
    return home, ids


def _row(feed: str, number: int, payload: str) -> dict[str, object]:
    """A row whose every free text is the payload."""
    row = a_row(
        feed, number, longitude=-72 + number % 100 / 10, latitude=18.5, received_at=NOW - timedelta(days=9)
    )
    for column in FEEDS[feed].columns:
        free = column.allowed is None and pa.types.is_string(column.type)
        if free and column.name not in ("record_id", "originator", "content_hash", "label_hash"):
            row[column.name] = payload
    placed = {"adm1_pcode": "XQ01", "adm2_pcode": None, "superseded_at": None, "superseded_received_at": None}
    return row | placed


def _later(row: dict[str, object]) -> list[dict[str, object]]:
    """The same record corrected, so that something has changed."""
    at = NOW - timedelta(hours=3)
    row |= {"superseded_at": at, "superseded_received_at": at}
    later = {"revision": 2, "msg_type": "update", "received_at": at, "ingested_at": at, "title": PAYLOADS[1]}
    return [row | later | {"superseded_at": None, "superseded_received_at": None}]


def files_of_payloads(folder: Path) -> tuple[Path, Path]:
    """Regions and reference features whose names are payloads."""
    box = json.loads(shapely.to_geojson(shapely.box(-73, 17, -62, 20)))
    region = {"code": "XQ01", "name": PAYLOADS[0], "parent": "XQQ"}
    point = json.loads(shapely.to_geojson(shapely.Point(-70, 19)))
    ports = [{"name": payload, "authority": payload, "legal_basis": payload} for payload in PAYLOADS]
    return _file(folder / "regions.geojson", box, [region]), _file(folder / "ports.geojson", point, ports)


def _file(path: Path, geometry: object, named: list[dict[str, str]]) -> Path:
    features = [{"type": "Feature", "properties": each, "geometry": geometry} for each in named]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path
