"""The timeline: records per bin over the whole operation, stacked by category.

Where the incidents are mostly reports that carry a figure which adds over area (weekly cases by
district), the row shows that figure summed over area per bin instead; when its windows overlap the bins
are never wider than its period and never added.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from data.answers import Series, Timeline, TimelineRow
from data.filters import LAYER_FEEDS, Filter
from data.geography import day_number
from data.marks import CATEGORY
from data.released import Released

DAY_ZERO = datetime(2000, 1, 1, tzinfo=UTC)
FIRST_MONDAY = 2
"""2000-01-03 was a Monday: weeks begin on Mondays (ISO 8601)."""

STEPS = (1, 7, 28)
MOST_BINS = 100
MOST_SERIES = 6
OTHER = "other"

EXTENT = """
SELECT min(low) AS low, max(high) AS high FROM (
    SELECT min(day) AS low, max(day) AS high FROM released.incidents WHERE known_from <= ?
    UNION ALL SELECT min(day), max(day) FROM released.deliveries WHERE known_from <= ?
)
"""
COUNTED = """
SELECT (day - ?) // ? AS bin, {category} AS category, count(*) AS value FROM released.{feed}
WHERE {where} AND day BETWEEN ? AND ? GROUP BY ALL ORDER BY ALL
"""
KINDS = """
SELECT metric, count(*) AS n, max(metric_adds_over_time) AS over_time, max(metric_period) AS period
FROM released.incidents
WHERE {where} AND report_kind = 'report' AND metric_adds_over_area = 'sum'
GROUP BY metric ORDER BY n DESC, metric
"""
MEASURED = """
SELECT (day - ?) // ? AS bin, coalesce(country_iso3, '') AS category, sum(metric_value) AS value
FROM released.incidents
WHERE {where} AND report_kind = 'report' AND metric = ? AND day BETWEEN ? AND ? GROUP BY ALL ORDER BY ALL
"""
RANKED = """
SELECT {category} AS category, count(*) AS n FROM released.{feed} WHERE {where}
GROUP BY category ORDER BY n DESC, category
"""
TOTAL = "SELECT count(*) FROM released.{feed} WHERE {where}"
ACTIVE = """
SELECT b.bin AS bin, {category} AS category, count(*) AS value
FROM (SELECT unnest(range(?)) AS bin) AS b JOIN released.{feed} AS t
    ON t.day < ? + (b.bin + 1) * ? AND coalesce(date_diff('day', DATE '2000-01-01', t.end_at::DATE)
        >= ? + b.bin * ?, t.deployment_status <> 'ended')
WHERE {where} GROUP BY ALL ORDER BY ALL
"""

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
    low, high = released.ask(EXTENT, (known, known)).to_pylist()[0].values()
    if low is None:
        low = high = day_number(known)
    high = min(high, day_number(known))
    low = min(low, high)
    span = high - low + 1
    step = 7 if weekly else next((s for s in STEPS if span / s <= MOST_BINS), STEPS[-1])
    if step > 1:
        low -= (low - FIRST_MONDAY) % 7
    return low, step, max(1, -(-(high - low + 1) // step))


def _leading_metric(released: Released, asked: Filter) -> tuple[str, bool] | None:
    """The metric that most incidents carry, and whether its windows overlap; None when most are events."""
    where = released.all_time(asked, "incidents")
    kinds = released.ask(KINDS.format(where=where.sql), where.params).to_pylist()
    if not kinds:
        return None
    everything = released.ask(TOTAL.format(feed="incidents", where=where.sql), where.params)
    if 2 * kinds[0]["n"] <= everything.column(0).to_pylist()[0]:
        return None
    return str(kinds[0]["metric"]), kinds[0]["over_time"] != "sum"


def _measured(released: Released, asked: Filter, metric: tuple[str, bool], bins: Bins) -> TimelineRow:
    first, step, count = bins
    where = released.all_time(asked, "incidents")
    rows = released.ask(
        MEASURED.format(where=where.sql),
        (first, step, *where.params, metric[0], first, first + step * count - 1),
    ).to_pylist()
    names = {code: region.name for code, region in released.regions.by_code.items() if region.level == 0}
    named = [{**row, "category": names.get(row["category"], row["category"])} for row in rows]
    return TimelineRow("incidents", _series(named, count), metric=metric[0], windows_overlap=metric[1])


def _counted(released: Released, asked: Filter, layer: str, bins: Bins) -> TimelineRow:
    first, step, count = bins
    feed = LAYER_FEEDS[layer]
    where = released.all_time(asked, layer)
    rows = released.ask(
        COUNTED.format(feed=feed, category=CATEGORY[feed], where=where.sql),
        (first, step, *where.params, first, first + step * count - 1),
    ).to_pylist()
    return TimelineRow(layer, _series(rows, count, _ranked(released, asked, layer)))


def _active(released: Released, asked: Filter, layer: str, bins: Bins) -> TimelineRow:
    first, step, count = bins
    feed = LAYER_FEEDS[layer]
    where = released.all_time(asked, layer)
    rows = released.ask(
        ACTIVE.format(feed=feed, category=CATEGORY[feed], where=where.sql),
        (count, first, step, first, step, *where.params),
    ).to_pylist()
    return TimelineRow(layer, _series(rows, count, _ranked(released, asked, layer)))


def _ranked(released: Released, asked: Filter, layer: str) -> tuple[str, ...]:
    """The layer's categories by how many records they have when nothing is filtered.

    Each keeps its place, and so its colour, whatever is chosen: two pictures can be compared.
    """
    feed = LAYER_FEEDS[layer]
    where = released.all_time(Filter(known_at=asked.known_at), layer)
    rows = released.ask(RANKED.format(feed=feed, category=CATEGORY[feed], where=where.sql), where.params)
    return tuple(str(name) for name in rows.column("category").to_pylist())


def _series(rows: Sequence[dict[str, object]], count: int, ranked: Sequence[str] = ()) -> tuple[Series, ...]:
    """The leading categories in their order, the rest together; each with one value a bin."""
    names = list(dict.fromkeys([*ranked, *sorted(str(row["category"]) for row in rows)]))
    kept = names if len(names) <= MOST_SERIES else [*names[: MOST_SERIES - 1], OTHER]
    values = {name: [0.0] * count for name in kept}
    for row in rows:
        name = str(row["category"])
        values[name if name in values else OTHER][int(str(row["bin"]))] += float(str(row["value"]))
    return tuple(Series(name, tuple(values[name])) for name in values)
