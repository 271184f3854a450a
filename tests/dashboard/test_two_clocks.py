"""The page as known at T is the page of a store that holds only what was ingested by T.

Equal where no label, agreement or recall changed since; where one did, what is shown is a part of it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from starlette.testclient import TestClient

from dashboard.application import create_app
from dashboard.settings import Settings
from dashboard.view import View
from dashboard.view_values import time_words
from data.clock import fixed_clock
from data.filters import LAYER_FEEDS
from data.labels import Label
from data.listing import Wanted, listing
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS
from data.store import Store
from tests.dashboard.conftest import ORIGIN, body_for, output_of, post
from tests.factories import NOW, OPEN_TO_ALL, T0, a_home, a_publication, a_row, publish

Row = dict[str, object]
Ask = Callable[[str, str], Any]
TIMES = (T0 + timedelta(days=5), T0 + timedelta(days=13, hours=7), T0 + timedelta(days=24))
LABELS = (OPEN_TO_ALL, Label("XAA", "TEST", "OPEN", ("XAB",)), Label("XAA", "TEST", "OPEN", ()))
FEEDS = (INCIDENTS, DEPLOYMENTS, DELIVERIES)
LAYERS = tuple(LAYER_FEEDS)


def histories(choose: random.Random, *, relabelled: bool) -> dict[str, list[list[Row]]]:
    """By feed: records of one to four revisions. `relabelled`: the last ones may have another label."""
    return {
        feed: [_history(feed, 1000 * place + n, choose, relabelled) for n in range(40)]
        for place, feed in enumerate(FEEDS)
    }


def _history(feed: str, number: int, choose: random.Random, relabelled: bool) -> list[Row]:
    hours = sorted(choose.sample(range(1, 28 * 24), choose.randint(1, 4)))
    label = choose.randrange(2)
    rows = [
        a_row(
            feed,
            number,
            revision=n + 1,
            start_at=T0 + timedelta(hours=hours[0] - 1),
            ingested_at=T0 + timedelta(hours=hour),
            received_at=T0 + timedelta(hours=hour),
            msg_type="new" if n == 0 else _message(choose, relabelled),
            label_id=choose.randrange(3) if relabelled and n else label,
            longitude=-70 + choose.random(),
            latitude=19 + choose.random(),
            title=f"State {n}",
        )
        for n, hour in enumerate(hours)
    ]
    for row, successor in pairwise(rows):
        row["superseded_at"] = row["superseded_received_at"] = successor["ingested_at"]
    return rows


def _message(choose: random.Random, relabelled: bool) -> str:
    return choose.choice(["update"] * 5 + ["cancel"] + (["recall"] if relabelled else []))


def until(rows: list[Row], at: datetime) -> list[Row]:
    """The revisions that were ingested by a time, as the store had them then."""
    kept = [dict(row) for row in rows if row["ingested_at"] <= at]  # type: ignore[operator]
    for row in kept:
        if row.get("superseded_at") is not None and row["superseded_at"] > at:  # type: ignore[operator]
            row["superseded_at"] = row["superseded_received_at"] = None
    return kept


def a_store(folder: Path, made: dict[str, list[list[Row]]], at: datetime | None) -> Store:
    home = a_home(folder)
    for feed, records in made.items():
        rows = [row for record in records for row in (until(record, at) if at else record)]
        publish(home, a_publication(feed, rows, LABELS))
    return Store(home, fixed_clock(NOW))


@contextmanager
def asking(store: Store) -> Iterator[Ask]:
    """Asks every callback of every page at a View, as the page asks."""
    app: Dash = create_app(Settings(), store)
    table = {"startRow": 0, "endRow": 100, "sortModel": [{"colId": "record_id", "sort": "asc"}]}
    given = {"frame": [-72, 17, -66, 22, 6], "records": table, "arranged": "", "scheme": "dark"}
    with TestClient(app.server, base_url=ORIGIN, headers={"Origin": ORIGIN}) as client:
        client.get("/")

        def ask(part: str, query: str) -> Any:  # noqa: ANN401 - JSON
            answer = post(client, body_for(app, output_of(app, part), view=query, **given))
            assert answer.status_code == 200, part
            return json.loads(answer.text)["response"]

        yield ask


MORE = ("", "&region=XQ01", "&period=7d", "&layer=incidents,deliveries", "&sel=XAA:test:7")
PARTS = (
    *("marking-top.data-drawn", "totals.data-drawn", "map-layer-incidents.data", "timeline.figure"),
    *("details.data-drawn", "records.getRowsResponse", "records-place.data-row"),
    *("changes-head.data-drawn", "changed-layer-incidents.data", "earlier-layer-incidents.data"),
    *("rail-regions.data-drawn",),
)


def without_bars(found: dict[str, Any]) -> dict[str, Any]:
    """The bars of the second clock show all that is known now, whatever is looked at; all else must agree."""
    return {name: said for name, said in found.items() if name != "rail-period"}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ask, list[Ask]]]:
    made = histories(random.Random(1), relabelled=False)
    folder = tmp_path_factory.mktemp("clocks")
    stores = [a_store(folder / f"{n}", made, at) for n, at in enumerate((*TIMES, None))]
    with ExitStack() as stack:
        asks = [stack.enter_context(asking(store)) for store in stores]
        yield asks[-1], asks[:-1]
    for store in stores:
        store.close()


@pytest.mark.parametrize("place", range(len(TIMES)))
@pytest.mark.parametrize("part", PARTS)
def test_the_page_at_a_time_is_the_page_of_what_was_ingested_by_then(
    plain: tuple[Ask, list[Ask]], place: int, part: str
) -> None:
    whole, stores = plain
    for more in MORE:
        query = View.from_query(f"known={time_words(TIMES[place])}{more}")[0].to_query()
        assert without_bars(whole(part, query)) == without_bars(stores[place](part, query)), query


def shown(store: Store, at: datetime, viewer: str) -> set[tuple[str, str]]:
    """Record and title of everything that the table lists as known at a time."""
    released = store.released_to(store.policy().viewer(viewer))
    asked = View(known_at=at).to_filter(released.now)
    page = listing(released, asked, Wanted(LAYERS), ("title",), 0, 500)
    return {(str(row["record_id"]), str(row["title"])) for row in page.rows}


@pytest.mark.parametrize("seed", range(3))
def test_where_labels_tightened_or_records_were_recalled_less_is_shown(tmp_path: Path, seed: int) -> None:
    """Old knowledge never revives an old permission: what is shown is a part of what was shown then."""
    made = histories(random.Random(seed), relabelled=True)
    whole = a_store(tmp_path / "whole", made, None)
    for at in TIMES:
        then = a_store(tmp_path / f"{at:%d}", made, at)
        for viewer in ("aldara", "borland", "cordia", "dunmark"):
            old, new = (
                {(identity.split(":~")[0], title) for identity, title in shown(store, at, viewer)}
                for store in (then, whole)
            )
            assert new <= old
        then.close()
    whole.close()
