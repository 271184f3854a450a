"""Figures of reports, added only as each figure allows.

A figure says how it adds over time and over area (standards 18a): `sum`, `last`, `max` or `none`. A
cumulative is taken last; what comes in windows that overlap is never added over time, anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from data.filters import Filter
from data.released import Released

AREA_CODE = (
    "CASE WHEN geo_precision = 3 THEN coalesce(adm2_pcode, adm1_pcode)"
    " WHEN geo_precision = 4 THEN adm1_pcode END"
)

LAST = """
WITH shown AS (
    SELECT stored_id, stored_revision, record_id, start_at, verification, {code} AS code
    FROM released.incidents
    WHERE rowid IN (SELECT row FROM picked) AND report_kind = 'report'
)
SELECT s.code, f.metric, max_by(f.metric_value, row(s.start_at, s.record_id)) AS value,
    max(f.metric_unit) AS unit, max(f.metric_adds_over_area) AS over_area, max(s.start_at) AS at,
    coalesce(max_by(s.verification, row(s.start_at, s.record_id)) = 'unverified', false) AS unverified
FROM shown AS s JOIN released.figures AS f USING (stored_id, stored_revision)
WHERE f.metric_adds_over_time = 'last' AND s.code IS NOT NULL
GROUP BY s.code, f.metric ORDER BY s.code, f.metric
"""


@dataclass(frozen=True)
class Figure:
    """The last value of a cumulative figure for one region, with its unit and the report's start."""

    value: float
    unit: str
    adds_over_area: str
    at: datetime
    unverified: bool = False


def last_by_region(released: Released, asked: Filter) -> dict[str, dict[str, Figure]]:
    """Region code -> metric -> its last figure in the period."""
    rows = released.rows(asked, "incidents")
    found: dict[str, dict[str, Figure]] = {}
    if not rows.codes("report_kind").any_of(("report",)).any():
        return found
    for row in released.ask(LAST.format(code=AREA_CODE), rows=rows).to_pylist():
        figure = Figure(
            row["value"], row["unit"] or "", row["over_area"] or "none", row["at"], row["unverified"]
        )
        found.setdefault(row["code"], {})[row["metric"]] = figure
    return found


@dataclass(frozen=True)
class Sum:
    """A cumulative figure summed over areas, each taken last; `at`: the newest report in it.

    `unverified`: how much of the value comes of last reports that nobody has verified.
    """

    metric: str
    value: float
    unit: str
    areas: int
    at: datetime
    unverified: float = 0.0


def summed_over_area(figures: Mapping[str, Mapping[str, Figure]]) -> tuple[Sum, ...]:
    """Sums over the areas, of figures that may be added over area; by metric's name."""
    names = sorted({name for by_name in figures.values() for name in by_name})
    sums = []
    for name in names:
        found = [by_name[name] for by_name in figures.values() if name in by_name]
        if all(figure.adds_over_area == "sum" for figure in found):
            at = max(figure.at for figure in found)
            doubted = sum(figure.value for figure in found if figure.unverified)
            sums.append(Sum(name, sum(f.value for f in found), found[0].unit, len(found), at, doubted))
    return tuple(sums)
