"""T7: each callback under bodies that no page sends: refused or answered, never an error.

The bodies are the callback's own with one or two things made wrong, the same ones in every run.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from dash import Dash
from starlette.testclient import TestClient

from dashboard.access.census import CALLBACKS
from dashboard.access.requests import MOST_BODY
from tests.dashboard.conftest import body_for, output_of, post
from tests.sizes import figure, size

DEEP, DEEP_NAMED = 100_000, 40_000
"""As deep as fits into a body that is taken: lists, and tables in tables."""

BIG = 10**400
MARKER = "@@raw@@"

QUERIES = (
    *("known=0001-01-01&period=30d", "from=0001-01-01T00:00:00Z&to=9999-12-31T00:00:00Z"),
    *("known=9999-12-31T23:59:59Z", "from=1900-01-01&to=2100-01-01", "from=2014-13-01&to=x", "known=-1"),
    *("at=1e999,nan,inf", "at=85,540,18", "at=-85,-540,0", "at=0,0,0", "sel=region:", "sel=region:XQA"),
    *("sel=XAB:incidents:1", "sel=%00", "sel=" + "a" * 201, "region=" + ",".join(["X"] * 60), "region=A@B@C"),
    *("layer=none", "layer=none,incidents", "fill=deaths_per_case&region=XQA", "fill=1", "sort=-start_at,;"),
    *("compare=2026-09-01", "compare=2026-09-01/2026-08-01", "compare=/", "compare=1900-01-01/2100-01-01"),
    *("compare=x/y/z", "known=2026-09-01&compare=2099-01-01T00:00:00Z", "columns=title,-x;y", "sort=-title"),
    *("partner=\u202e", "sector=%ed%a0%bd", "%", "&&&===", "a" * 9_000, "&".join(["region=A"] * 200)),
)
FRAMES: tuple[object, ...] = (
    *([0, 0, 1, 1, 5], [-540, -90, 540, 90, 18], [500, 1, 540, 2, 3], [-540, 1, -500, 2, 3], [1, 1, 0, 0, 5]),
    *([BIG, 0, BIG, 1, 5], [0, 0, 1, 1, BIG], [0, 0, 1, 1, -BIG], ["0"] * 5, [[0]] * 5, [True] * 5, []),
    *([0, 0, 1, 1, 5.5], [0, 0, 1e-300, 1e-300, 18], [1e308, 0, 1e308, 1, 5], {"west": 0}, [None] * 5),
)
TABLES: tuple[object, ...] = (
    {"startRow": 0, "endRow": 100, "sortModel": [{"colId": "title", "sort": "asc"}], "filterModel": {}},
    {"startRow": 0, "endRow": BIG},
    {"startRow": -1, "endRow": 1e308, "sortModel": "x", "filterModel": []},
    {"startRow": 0, "endRow": 9, "filterModel": {"title": {"type": "contains", "filter": "\u0000" * 300}}},
    {"startRow": 0, "endRow": 9, "filterModel": {"start_at": {"type": "equals", "dateFrom": "0000-00-00"}}},
    {"startRow": 0, "endRow": 9, "filterModel": {"deaths_best": {"type": "inRange", "filter": BIG}}},
    {"startRow": 0, "endRow": 9, "sortModel": [{"colId": "rowid; DROP", "sort": "desc"}] * 900},
)
ODD: tuple[object, ...] = (
    *(None, True, 0, -1, 1.5, BIG, -BIG, 1e308, "", "x", "\x00", "é" * 500, [], {}, [[]], [None], {"": {}}),
    *({"__class__": "x"}, {"type": "Div", "namespace": "dash_html_components", "props": {}}, [BIG] * 9),
    *("../../etc/passwd", "<script>alert(1)</script>", "' or 1=1 --", {"id": "view", "property": "data"}),
    *("MATCH", '{"id":["ALL"]}', {"_dash_no_update": "_dash_no_update"}, "\u2028", "9" * 6_000),
)
RAW = (
    *(
        "[" * DEEP + "]" * DEEP,
        '{"a":' * DEEP_NAMED + "1" + "}" * DEEP_NAMED,
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
    ),
    *(
        '"\\ud83d"',
        '{"\\udc00":1}',
        "9" * 5_000,
        "-" + "9" * 4_299,
        "01",
        "'x'",
        "",
        "]",
        '"\\u0000"',
        "\x00",
    ),
)
"""JSON, or what is none, that json.dumps does not write."""

IDS = ("view", "frame", "page", "url", "persona", "totals", "nothing", "", "view.data", "..view", "é")
KEYS = ("output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds")
KINDS = {"frame": FRAMES, "records": TABLES}
Change = Callable[[random.Random, dict[str, Any], list[dict[str, Any]]], None]


def _items(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        item
        for key in ("inputs", "state")
        if isinstance(body.get(key), list)
        for item in body[key]
        if isinstance(item, dict)
    ]


def _forge(dice: random.Random, body: dict[str, Any], others: list[dict[str, Any]]) -> None:
    """The right shape; a View, a frame or a value of any other kind that no page would send."""
    del others
    for item in _items(body):
        if dice.random() < 0.8:
            forged: object = dice.choice(KINDS.get(str(item.get("id")), QUERIES))
            item["value"] = forged if dice.random() < 0.7 else dice.choice(ODD)


def _raw(dice: random.Random, body: dict[str, Any], others: list[dict[str, Any]]) -> None:
    del others
    for item in _items(body)[:1] if dice.random() < 0.5 else _items(body)[-1:]:
        item["value"] = [MARKER] if dice.random() < 0.3 else MARKER


def _retype(dice: random.Random, body: dict[str, Any], others: list[dict[str, Any]]) -> None:
    del others
    body[dice.choice(KEYS)] = dice.choice(ODD)


def _rename(dice: random.Random, body: dict[str, Any], others: list[dict[str, Any]]) -> None:
    del others
    for item in _items(body):
        if dice.random() < 0.6:
            wrong: tuple[object, ...] = (*IDS, *ODD)
            item[dice.choice(("id", "property", "extra"))] = dice.choice(wrong)


def _swap(dice: random.Random, body: dict[str, Any], others: list[dict[str, Any]]) -> None:
    """Parts of another callback's body."""
    other = dice.choice(others)
    for key in dice.sample(KEYS, dice.randint(1, 3)):
        body[key] = copy.deepcopy(other[key])


def _redirect(dice: random.Random, body: dict[str, Any], others: list[dict[str, Any]]) -> None:
    """An output that there is not."""
    del others
    output = f"{dice.choice(IDS)}.{dice.choice(('children', 'data', '__init__', ''))}"
    body["output"] = dice.choice((output, f"..{output}..", f"{body.get('output')}@x", "....", ".."))


def _tear(dice: random.Random, body: dict[str, Any], others: list[dict[str, Any]]) -> None:
    """A part less, or one doubled."""
    del others
    key = dice.choice(KEYS)
    if isinstance(body.get(key), list) and body[key] and dice.random() < 0.6:
        body[key] = dice.choice((body[key] * 2, body[key][1:], body[key] * 500))
    else:
        body.pop(key, None)


CHANGES: tuple[Change, ...] = (_forge, _forge, _raw, _retype, _rename, _swap, _redirect, _tear)


def _broken_text(dice: random.Random, text: str) -> bytes:
    """Now and then the text itself: cut, spoilt, another encoding, a byte longer than is taken."""
    written = text.replace(f'"{MARKER}"', dice.choice(RAW)).encode("utf-8", "surrogatepass")
    chance = dice.random()
    if chance < 0.02:
        return written.ljust(MOST_BODY + 1)[: MOST_BODY + 1]
    if chance < 0.04:
        return written[: dice.randrange(len(written))]
    if chance < 0.06:
        place = dice.randrange(len(written))
        return written[:place] + bytes([dice.randrange(256)]) + written[place + 1 :]
    return written.decode("utf-8", "replace").encode("utf-16") if chance < 0.07 else written


def bodies(app: Dash, output: str, many: int) -> Iterator[bytes]:
    """So many bodies for one callback."""
    dice = random.Random(output)
    every = [body_for(app, name, view="", frame=[0, 0, 1, 1, 5]) for name in sorted(app.callback_map)]
    own = next(body for body in every if body["output"] == output)
    for _n in range(many):
        body = copy.deepcopy(own)
        for change in dice.sample(CHANGES, dice.choice((1, 1, 2))):
            change(dice, body, every)
        yield _broken_text(dice, json.dumps(body))


@pytest.mark.full_size
@pytest.mark.parametrize("part", CALLBACKS)
def test_no_body_makes_a_5xx(
    client: TestClient, app: Dash, part: str, record_property: Callable[[str, object], None]
) -> None:
    statuses, many = set(), size("fuzz_bodies")
    for content in bodies(app, output_of(app, part), many):
        answer = post(client, content)
        wanted = (413,) if len(content) > MOST_BODY else (200, 204, 400)
        assert answer.status_code in wanted, content[:300]
        assert "Something went wrong" not in answer.text, content[:300]
        statuses.add(answer.status_code)
    figure(record_property, f"T7 bodies, {many:,} for each callback", many, "0 errors")
    assert {200, 400, 413} <= statuses, "the bodies are to be taken as well as refused"
