"""A colour of a region means one value: on both maps of a comparison, in the steps of a play, in legends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from dashboard.asked import Asked, asked_of
from dashboard.comparison import pair_of, pictures
from dashboard.controls.legend import map_legend
from dashboard.panels.play import played
from dashboard.picture import Picture, picture
from dashboard.play_request import PlayRequest
from data.basemap.lines import OwnLines
from data.clock import fixed_clock
from data.lake import LakeWriter
from data.released import Released
from data.schema import INCIDENTS, REGIONS
from data.store import Store
from layers import regions
from tests.data.test_questions import NOWHERE, a_region
from tests.factories import NOW, T0, a_home, a_publication, a_row

FILL = "fill=records_per_1000_km2"
EARLIER, LATER = [
    "/".join((T0 + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ") for day in week)
    for week in ((0, 7), (10, 17))
]
PROVINCES = 8


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    """Eight provinces: in the earlier week the n-th has n incidents, in the later one three times as many."""
    rows = []
    for n in range(1, PROVINCES + 1):
        place = {"country_iso3": "DOM", "adm1_pcode": f"DO{n}", "adm2_pcode": None, "geo_precision": 4}
        for k in range(4 * n):
            day = T0 + timedelta(days=2 if k < n else 12)
            rows.append(a_row(INCIDENTS, 100 * n + k, start_at=day, end_at=day, **NOWHERE, **place))
    home = a_home(tmp_path_factory.mktemp("scales"))
    made = [a_region(f"DO{n}", 1, "DOM", -75 + n) for n in range(1, PROVINCES + 1)]
    with LakeWriter(home) as lake:
        lake.publish_regions(pa.Table.from_pylist(made, schema=REGIONS))
        lake.publish(a_publication(INCIDENTS, rows))
    store = Store(home, fixed_clock(NOW))
    yield store.released_to(store.policy().viewer("borland"))
    store.close()


def colours(shown: Picture) -> dict[float, object]:
    """The class of each value on a map."""
    assert shown.fill is not None
    classes = shown.regions["classes"]
    assert isinstance(classes, dict)
    return {value: classes[code] for code, value in shown.fill.values.items() if value is not None}


def said(shown: Picture) -> list[str]:
    """The rows of the fill in the legend beside the map."""
    fill: Any = map_legend(shown, OwnLines())[0]
    return [row.children[2].children for row in fill.children[1:]]


def compared(seen: Released) -> Asked:
    start, end = LATER.split("/")
    return asked_of(seen, f"from={start}&to={end}&compare={EARLIER}&{FILL}")


def test_a_colour_means_one_thing_on_both_maps_of_a_comparison(seen: Released) -> None:
    earlier, later = pictures(seen, pair_of(seen, compared(seen)), None)
    then, now = colours(earlier), colours(later)
    assert set(then) & set(now)
    assert {value: then[value] for value in set(then) & set(now)} == {
        value: now[value] for value in set(then) & set(now)
    }
    assert said(earlier) == said(later)
    assert len(said(later)) == 4


def test_a_colour_means_one_thing_in_every_step_and_in_the_legend(seen: Released) -> None:
    asked = asked_of(seen, FILL)
    whole = picture(seen, asked, None)
    fixed = regions.classes(whole.fill) if whole.fill else None
    assert fixed is not None
    assert len(fixed.breaks) == 3
    windows = [(T0 + timedelta(days=day), T0 + timedelta(days=day + 7)) for day in (0, 10)]
    for step, times in zip(played(seen, asked, PlayRequest(1, tuple(windows)), None), (1, 3), strict=True):
        shown = step["regions"]
        assert isinstance(shown, dict)
        values = {f"DO{n}": 0.5 * n * times for n in range(1, PROVINCES + 1)}
        assert shown["classes"] == {code: fixed.of(value) for code, value in values.items()}
