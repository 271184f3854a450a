"""The region fill: rates only (counts are symbols), by the finest regions loaded.

deaths_per_case: last cumulative deaths over last cumulative cases. records_per_1000_km2: incidents of the
filter over the region's area. weeks_since_report: full weeks from the last report's end to the
knowledge time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from data.answers import FillValues
from data.figures import AREA_CODE, last_by_region
from data.filters import Filter
from data.released import Released

CASES, DEATHS = "cumulative_cases", "cumulative_deaths"
SECONDS_A_WEEK = 7 * 24 * 3600.0

PER_REGION = """
SELECT coalesce(adm2_pcode, adm1_pcode) AS code, count(*) AS n FROM released.incidents
WHERE {where} AND coalesce(adm2_pcode, adm1_pcode) IS NOT NULL GROUP BY ALL ORDER BY ALL
"""
LAST_REPORT = """
SELECT {code} AS code, max(coalesce(end_at, start_at)) AS at FROM released.incidents
WHERE {where} AND report_kind = 'report' AND {code} IS NOT NULL GROUP BY ALL ORDER BY ALL
"""


def fill(released: Released, asked: Filter, name: str) -> FillValues:
    """The values of one fill for the leaf regions; None where nothing is known."""
    make, unit = FILLS[name]
    found = make(released, asked)
    leaves = leaf_codes(released)
    values = {code: found.get(code) for code in leaves}
    return FillValues(name=name, level=2, values=values, unit=unit)


def leaf_codes(released: Released) -> tuple[str, ...]:
    """Regions that no loaded region lies under, countries apart."""
    regions = released.regions
    return tuple(
        code for code, region in regions.by_code.items() if region.level > 0 and code not in regions.children
    )


def _deaths_per_case(released: Released, asked: Filter) -> dict[str, float]:
    rates = {}
    for code, figures in last_by_region(released, asked).items():
        if CASES in figures and DEATHS in figures and figures[CASES].value > 0:
            rates[code] = figures[DEATHS].value / figures[CASES].value
    return rates


def _records_per_1000_km2(released: Released, asked: Filter) -> dict[str, float]:
    where = released.condition(asked, "incidents")
    rows = released.ask(PER_REGION.format(where=where.sql), where.params).to_pylist()
    counts = {row["code"]: row["n"] for row in rows}
    regions = released.regions.by_code
    return {code: 1000 * counts.get(code, 0) / regions[code].area_km2 for code in leaf_codes(released)}


def _weeks_since_report(released: Released, asked: Filter) -> dict[str, float]:
    where = released.all_time(asked, "incidents")
    rows = released.ask(LAST_REPORT.format(where=where.sql, code=AREA_CODE), where.params).to_pylist()
    known = released.known_at(asked)
    weeks = {row["code"]: (known - row["at"]).total_seconds() // SECONDS_A_WEEK for row in rows}
    return {code: max(0.0, value) for code, value in weeks.items()}


Fill = Callable[[Released, Filter], Mapping[str, float]]
FILLS: Mapping[str, tuple[Fill, str]] = MappingProxyType(
    {
        "deaths_per_case": (_deaths_per_case, "deaths per case"),
        "records_per_1000_km2": (_records_per_1000_km2, "records per 1,000 km²"),
        "weeks_since_report": (_weeks_since_report, "weeks"),
    }
)
