"""How a headline figure went over its period, and what it covers: of how many records, of how many partners.

What happens is counted in each part of the period; who is present, and what has come together so far, is
taken at the end of each part. All of it is of released rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from data.answers import Total
from data.columns import NONE, Flags
from data.figures import AREA_CODE
from data.filters import LAYER_FEEDS, Filter, in_period, picked
from data.released import Released
from data.rows import EPOCH, Rows, microseconds

PARTS = 18
"""Points of a trend: as many as can be told apart in a line of a centimetre."""

ARRIVED = ("arrived", "delivered", "distributed")
COMMITTED = ("committed", "disbursed")
STOCKS = ("military", "presence")
FLOWS: Mapping[str, str] = {
    "events": "incidents",
    "deaths": "incidents",
    "reports": "incidents",
    "arrived": "deliveries",
    "committed": "deliveries",
}
"""Totals of what happens, and their layers. Every other total that is no stock is a cumulative figure."""

LAST_SO_FAR = """
WITH shown AS (
    SELECT stored_id, stored_revision, record_id, start_at, {code} AS code FROM released.incidents
    WHERE rowid IN (SELECT row FROM picked) AND report_kind = 'report'
)
SELECT epoch_us(s.start_at) AS at, dense_rank() OVER (ORDER BY s.code) - 1 AS area, f.metric_value AS value
FROM shown AS s JOIN released.figures AS f USING (stored_id, stored_revision)
WHERE f.metric = ? AND f.metric_adds_over_time = 'last' AND s.code IS NOT NULL
ORDER BY s.start_at, s.record_id
"""


@dataclass(frozen=True)
class _Span:
    """The period in parts: its two ends in microseconds, and the end of each part."""

    start: int
    end: int

    @property
    def ends(self) -> NDArray[np.int64]:
        return self.start + (self.end - self.start) * np.arange(1, PARTS + 1) // PARTS

    def part(self, times: NDArray[np.int64]) -> NDArray[np.int64]:
        """In which part each time lies; times outside are in the first or the last."""
        return np.clip((times - self.start) * PARTS // max(self.end - self.start, 1), 0, PARTS - 1)


def described(released: Released, asked: Filter, total: Total) -> Total:
    """The total with its trend, and the records and originators that it covers."""
    span = _span(released, asked)
    if total.id in STOCKS:
        rows = released.rows(asked, total.id)
        return _covering(total, rows, _stock(released, asked, total.id, span))
    if total.id in FLOWS:
        rows = released.rows(asked, FLOWS[total.id])
        flags, weights = counted(rows, total.id)
        covered = rows.only(_covered(rows, total.id))
        trend = np.bincount(span.part(rows.times("start_at")[flags]), weights[flags], PARTS)
        return _covering(total, covered, tuple(trend.tolist()))
    rows = released.rows(asked, "incidents")
    reports = rows.only(rows.codes("report_kind").any_of(("report",)))
    return _covering(total, reports, _cumulative(released, rows, total.id, span))


def counted(rows: Rows, name: str) -> tuple[Flags, NDArray[np.float64]]:
    """Which rows a total of what happens counts, and what each of them adds."""
    one = np.ones(len(rows))
    if FLOWS[name] == "incidents":
        kind = rows.codes("report_kind")
        if name == "reports":
            return kind.any_of(("report",)) & (rows.numbers("metric_value") > 0), one
        deaths = rows.whole("deaths_best", 0).astype(np.float64)
        return kind.any_of(("event",)), deaths if name == "deaths" else one
    status = rows.codes("flow_status")
    if name == "arrived":
        return _covered(rows, name) & status.any_of(ARRIVED), one
    return _covered(rows, name) & status.any_of(COMMITTED), rows.hundredths("value_usd") / 100


def _covered(rows: Rows, name: str) -> Flags:
    """The rows that a total looks at: of which it says how many there are."""
    if FLOWS[name] == "incidents":
        return rows.codes("report_kind").any_of(("report",) if name == "reports" else ("event",))
    aid = rows.codes("aid_type")
    money = aid.any_of(("funding",))
    return money if name == "committed" else ~money & (aid.values != NONE)


def _covering(total: Total, rows: Rows, trend: tuple[float, ...]) -> Total:
    originators = len(rows.codes("originator").counts())
    return replace(total, trend=trend, records=len(rows), originators=originators)


def _span(released: Released, asked: Filter) -> _Span:
    """A period without a beginning begins with the operation, at most when its first record did."""
    end = microseconds(min(asked.end or released.now, released.known_at(asked)))
    if asked.start is not None:
        return _Span(microseconds(asked.start), max(end, microseconds(asked.start) + 1))
    begin = released.policy.operation.from_at or released.now - timedelta(days=1)
    return _Span(min(microseconds(begin), end - 1), end)


def _stock(released: Released, asked: Filter, layer: str, span: _Span) -> tuple[float, ...]:
    columns, feed = released.columns(LAYER_FEEDS[layer]), LAYER_FEEDS[layer]
    whole = released.whole_regions(asked)
    meant = picked(columns, asked, layer, released.content_at(asked), whole)
    known = released.known_at(asked)
    ends = [_time(us) for us in span.ends.tolist()]
    return tuple(
        float((meant & in_period(columns, replace(asked, end=at), feed, known)).sum()) for at in ends
    )


def _time(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def _cumulative(released: Released, rows: Rows, metric: str, span: _Span) -> tuple[float, ...]:
    """The last figure of each area by the end of each part, added over the areas."""
    if not len(rows):
        return ()
    found = released.ask(LAST_SO_FAR.format(code=AREA_CODE), (metric,), rows=rows)
    if not found.num_rows:
        return ()
    at, area, value = (found.column(name).to_numpy() for name in ("at", "area", "value"))
    last = np.zeros(int(area.max()) + 1)
    steps = np.empty(len(at))
    for n, (place, figure) in enumerate(zip(area.tolist(), value.tolist(), strict=True)):
        steps[n], last[place] = figure - last[place], figure
    reached = np.searchsorted(at, span.ends, side="left")
    return tuple(np.concatenate([[0.0], steps.cumsum()])[reached].tolist())
