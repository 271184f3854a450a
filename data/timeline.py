"""The timeline: records per bin over the whole operation, stacked by category.

Where the incidents are mostly reports that carry a figure which adds over area (weekly cases by
district), the row shows that figure summed over area per bin instead; when its windows overlap the bins
are never wider than its period and never added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from data.answers import Series, Timeline, TimelineRow
from data.area_marks import CATEGORY
from data.changes import first_known
from data.columns import NO_TIME, Codes, Flags
from data.filters import LAYER_FEEDS, Filter, goes_on
from data.geography import day_number
from data.released import Released
from data.rows import EPOCH, MICROSECONDS_A_DAY, Rows, microseconds
from data.schema import DELIVERIES, INCIDENTS

DAY_ZERO = datetime(2000, 1, 1, tzinfo=UTC)
DAY_ZERO_DAYS = (DAY_ZERO - EPOCH).days
FIRST_MONDAY = 2
"""2000-01-03 was a Monday: weeks begin on Mondays (ISO 8601)."""

STEPS = (1, 7, 28)
MOST_BINS = 100
MOST_SERIES = 6
OTHER = "other"

Bins = tuple[int, int, int]
"""First day (since 2000-01-01), days a bin, number of bins."""


def timeline(released: Released, asked: Filter, layers: Sequence[str]) -> Timeline:
    """One row per layer that has events in time; deployments and presence when nothing else is on."""
    metric = _leading_metric(released, asked) if "incidents" in layers else None
    bins = _bins(released, asked, weekly=metric is not None)
    rows = [
        _measured(released, asked, metric, bins)
        if layer == "incidents" and metric
        else _counted(released, asked, layer, bins)
        for layer in ("incidents", "deliveries")
        if layer in layers
    ]
    if not rows:
        rows = [
            _active(released, asked, layer, bins) for layer in ("military", "presence") if layer in layers
        ]
    first, step, count = bins
    starts = tuple(DAY_ZERO + timedelta(days=first + n * step) for n in range(count))
    return Timeline(
        starts=starts, step_days=float(step), rows=tuple(rows), complete_until=released.known_at(asked)
    )


def _bins(released: Released, asked: Filter, *, weekly: bool) -> Bins:
    known = released.known_at(asked)
    low, high = _days_known(released, released.content_at(asked))
    if low is None or high is None:
        low = high = day_number(known)
    high = min(high, day_number(known))
    low = min(low, high)
    span = high - low + 1
    step = 7 if weekly else next((s for s in STEPS if span / s <= MOST_BINS), STEPS[-1])
    if step > 1:
        low -= (low - FIRST_MONDAY) % 7
    return low, step, max(1, -(-(high - low + 1) // step))


def _days_known(released: Released, known: datetime) -> tuple[int | None, int | None]:
    """The first and last day of incidents and deliveries known by then, superseded ones too."""
    days = []
    for feed in (INCIDENTS, DELIVERIES):
        columns = released.columns(feed)
        days.append(columns.whole("day")[columns.times("known_from") <= microseconds(known)])
    found = np.concatenate(days)
    return (int(found.min()), int(found.max())) if len(found) else (None, None)


def _begun(released: Released, asked: Filter, layer: str) -> Rows:
    """The records of all time that had begun when knowledge ends: what is planned is no bar yet."""
    rows = released.all_time(asked, layer)
    return rows.only(rows.times("start_at") < microseconds(released.known_at(asked)))


def _leading_metric(released: Released, asked: Filter) -> tuple[str, bool] | None:
    """The metric that most incidents carry, and whether its windows overlap; None when most are events."""
    rows = released.all_time(asked, "incidents")
    summed = rows.codes("report_kind").any_of(("report",))
    summed &= rows.codes("metric_adds_over_area").any_of(("sum",))
    carrying = rows.only(summed)
    counts = carrying.codes("metric").counts()
    if not counts:
        return None
    leading = min(counts, key=lambda name: (-counts[name], name))
    if 2 * counts[leading] <= len(rows):
        return None
    over_time = carrying.only(carrying.codes("metric").any_of((leading,))).codes("metric_adds_over_time")
    return leading, max(over_time.counts(), default="") != "sum"


def _measured(released: Released, asked: Filter, metric: tuple[str, bool], bins: Bins) -> TimelineRow:
    rows = _begun(released, asked, "incidents")
    carrying = rows.codes("report_kind").any_of(("report",)) & rows.codes("metric").any_of((metric[0],))
    rows = rows.only(carrying & ~np.isnan(rows.numbers("metric_value")))
    names = {code: region.name for code, region in released.regions.by_code.items() if region.level == 0}
    binned = _binned(rows, rows.codes("country_iso3"), bins, rows.numbers("metric_value"))
    named = {names.get(code, code): values for code, values in binned.items()}
    revised = _binned_count(rows, _is_revised(released, rows), bins)
    return TimelineRow("incidents", _series(named, bins), metric[0], metric[1], revised)


def _is_revised(released: Released, rows: Rows) -> Flags:
    """Of the rows shown, those whose record was known before with another state."""
    first = first_known(released, INCIDENTS)[rows.index]
    flags: Flags = rows.times("known_from") > first
    return flags


def _binned_count(rows: Rows, flags: Flags, bins: Bins) -> tuple[int, ...]:
    first, step, count = bins
    place = (rows.whole("day")[flags] - first) // step
    return tuple(np.bincount(place[(place >= 0) & (place < count)], minlength=count).tolist())


def _counted(released: Released, asked: Filter, layer: str, bins: Bins) -> TimelineRow:
    rows = _begun(released, asked, layer)
    binned = _binned(rows, rows.codes(CATEGORY[LAYER_FEEDS[layer]]), bins)
    return TimelineRow(layer, _series(binned, bins, _ranked(released, asked, layer)))


def _binned(
    rows: Rows, codes: Codes, bins: Bins, weights: NDArray[np.float64] | None = None
) -> dict[str, NDArray[np.float64]]:
    """By category, rows (or what they weigh) in each bin; rows outside the bins are left out."""
    first, step, count = bins
    place = (rows.whole("day") - first) // step
    inside = (place >= 0) & (place < count)
    category = codes.values[inside] + 1  # NONE is a category too, the empty one
    kinds = len(codes.words) + 1
    found = np.bincount(
        category * count + place[inside], None if weights is None else weights[inside], kinds * count
    ).reshape(kinds, count)
    return {name: found[n] for n, name in enumerate(("", *codes.words)) if n in category}


def _active(released: Released, asked: Filter, layer: str, bins: Bins) -> TimelineRow:
    """Who was there in each bin: came before its end, and had not left before its beginning."""
    first, step, count = bins
    rows = released.all_time(asked, layer)
    codes = rows.codes(CATEGORY[LAYER_FEEDS[layer]])
    starts = first + np.arange(count) * step
    begun = np.searchsorted(starts + step, rows.whole("day"), side="right")
    end = rows.times("end_at")
    last_day = (end - 1) // MICROSECONDS_A_DAY - DAY_ZERO_DAYS  # an end is the first moment without it
    left = np.where(goes_on(rows.codes("deployment_status")), count, 0)
    ended = np.where(end == NO_TIME, left, np.searchsorted(starts, last_day, "right"))
    here = begun < ended
    category, kinds = codes.values[here] + 1, len(codes.words) + 1
    # who is there in a bin = who came in it or before, less who left before it
    steps = np.zeros((kinds, count + 1))
    np.add.at(steps, (category, begun[here]), 1)
    np.add.at(steps, (category, ended[here]), -1)
    found = steps.cumsum(axis=1)[:, :count]
    binned = {name: found[n] for n, name in enumerate(("", *codes.words)) if n in category}
    return TimelineRow(layer, _series(binned, bins, _ranked(released, asked, layer)))


def _ranked(released: Released, asked: Filter, layer: str) -> tuple[str, ...]:
    """The layer's categories by how many records they have when nothing is filtered.

    Each keeps its place, and so its colour, whatever is chosen: two pictures can be compared.
    """
    rows = released.all_time(Filter(known_at=asked.known_at), layer)
    counts = rows.codes(CATEGORY[LAYER_FEEDS[layer]]).counts()
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _series(
    binned: Mapping[str, NDArray[np.float64]], bins: Bins, ranked: Sequence[str] = ()
) -> tuple[Series, ...]:
    """The leading categories in their order, the rest together; each with one value a bin."""
    names = list(dict.fromkeys([*ranked, *sorted(binned)]))
    kept = names if len(names) <= MOST_SERIES else [*names[: MOST_SERIES - 1], OTHER]
    values = {name: np.zeros(bins[2]) for name in kept}
    for name, found in binned.items():
        values[name if name in values else OTHER] += found
    return tuple(Series(name, tuple(values[name].tolist())) for name in values)
