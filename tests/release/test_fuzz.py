"""T7 over rows: whatever is sent to a callback, it answers nothing that is hidden, makes no error, and leaves
no memory behind.
"""

from __future__ import annotations

import copy
import gc
import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dash import Dash

from dashboard.access.requests import MOST_BODY
from tests.dashboard.conftest import body_for, post
from tests.dashboard.test_fuzz import bodies
from tests.release.asking import Asking
from tests.release.test_canaries import canaries_in
from tests.release.test_no_interference import GRIDS, HIDDEN_IDS, SEARCHED, VIEWS
from tests.release.worlds import worlds
from tests.sizes import figure, size

pytestmark = pytest.mark.filterwarnings("ignore:.*unclosed.*:ResourceWarning")

MOST_GROWTH = 50_000_000
"""Bytes that the process may grow by, once every callback has been warm (release policy, A7)."""

OTHERS = ("sel=XAA:visible:1", "kept=1", *(f"region={code}" for code in HIDDEN_IDS))


def aimed(app: Dash, output: str, many: int) -> Iterator[bytes]:
    """Bodies of the right shape that ask for what is somebody else's: records, conditions, texts."""
    dice, own = random.Random(output), body_for(app, output, view="", frame=[-80, 15, -65, 25, 7])
    for _ in range(many):
        body = copy.deepcopy(own)
        for item in (*body["inputs"], *body["state"]):
            view = dice.choice((*VIEWS, *OTHERS, f"sel={dice.choice(HIDDEN_IDS)}"))
            text = {"serial": dice.randrange(9), "text": dice.choice(SEARCHED)}
            item["value"] = dice.choice((view, view, view, dice.choice(GRIDS), text, item["value"]))
        yield json.dumps(body).encode()


def resident() -> int:
    """Bytes of this process in memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.full_size
def test_no_body_brings_out_what_is_hidden(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    many, tried = size("fuzz_bodies_over_rows"), 0
    with worlds(tmp_path, "borland", 1) as (_without, more), Asking(more, "borland") as asking:
        app, warm = asking.app, 0
        for content in _every(app, 12):
            post(asking.client, content)
        warm = resident()
        for content in _every(app, many):
            answer = post(asking.client, content)
            wanted = (413,) if len(content) > MOST_BODY else (200, 204, 400)
            assert answer.status_code in wanted, content[:300]
            assert "Something went wrong" not in answer.text, content[:300]
            assert canaries_in(answer.content) == [], content[:300]
            tried += 1
        grown = resident() - warm
    figure(record_property, f"T7 bodies over rows, {many:,} for each callback", tried, "0 errors, 0 canaries")
    figure(record_property, "T7 growth of memory over them, in kB", grown // 1_000, "less than 50,000")
    assert grown < MOST_GROWTH


def _every(app: Dash, many: int) -> Iterator[bytes]:
    for output in app.callback_map:
        yield from bodies(app, output, many // 2)
        yield from aimed(app, output, many - many // 2)
