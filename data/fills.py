"""The region fill: rates only (counts are symbols), by the finest regions loaded.

deaths_per_case: last cumulative deaths over last cumulative cases. records_per_1000_km2: incidents of the
filter over the region's area; where a level-1 region holds records that are known, or released, to level 1
only, every region under it has the rate of the whole (all its records over its area), for no finer one
would be true. Records known to the country only are in no rate. weeks_since_report: full weeks from the
last report's end to the knowledge time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from data.answers import FillValues
from data.figures import AREA_CODE, last_by_region
from data.filters import Filter
from data.released import Released

CASES, DEATHS = "cumulative_cases", "cumulative_deaths"
SECONDS_A_WEEK = 7 * 24 * 3600.0

PER_REGION = """
SELECT CASE WHEN geo_precision <> 4 THEN adm2_pcode END AS adm2, adm1_pcode AS adm1, count(*) AS n
FROM released.incidents
WHERE rowid IN (SELECT row FROM picked) AND geo_precision NOT IN (0, 6)
    AND coalesce(adm2_pcode, adm1_pcode) IS NOT NULL
GROUP BY ALL ORDER BY ALL
"""
LAST_REPORT = """
SELECT {code} AS code, max(coalesce(end_at, start_at)) AS at FROM released.incidents
WHERE rowid IN (SELECT row FROM picked) AND report_kind = 'report' AND {code} IS NOT NULL
GROUP BY ALL ORDER BY ALL
"""


def fill(released: Released, asked: Filter, name: str) -> FillValues:
    """The values of one fill for the leaf regions; None where nothing is known."""
    make, unit = FILLS[name]
    found = make(released, asked)
    values = {code: found.values.get(code) for code in leaf_codes(released)}
    return FillValues(name=name, level=2, values=values, unit=unit, by_province=found.by_province)


def leaf_codes(released: Released) -> tuple[str, ...]:
    """Regions that no loaded region lies under, countries apart."""
    regions = released.regions
    return tuple(
        code for code, region in regions.by_code.items() if region.level > 0 and code not in regions.children
    )


@dataclass(frozen=True)
class Rates:
    """A value by region, and the regions whose value is that of their whole level-1 region."""

    values: Mapping[str, float]
    by_province: frozenset[str] = frozenset()


def _deaths_per_case(released: Released, asked: Filter) -> Rates:
    rates = {}
    for code, figures in last_by_region(released, asked).items():
        if CASES in figures and DEATHS in figures and figures[CASES].value > 0:
            rates[code] = figures[DEATHS].value / figures[CASES].value
    return Rates(rates)


def _records_per_1000_km2(released: Released, asked: Filter) -> Rates:
    rows = released.ask(PER_REGION, rows=released.rows(asked, "incidents")).to_pylist()
    regions = released.regions.by_code
    counts: Counter[str] = Counter()
    for row in rows:
        # An area that is not loaded (of another version, say) leaves the record its level-1 region.
        known = next((code for code in (row["adm2"], row["adm1"]) if code in regions), None)
        if known is not None:
            counts[known] += row["n"]
    leaves = {code: _level_1(released, code) for code in leaf_codes(released)}
    coarse = {above for leaf, above in leaves.items() if above != leaf and counts[above]}
    whole: Counter[str] = Counter()
    for code, count in counts.items():
        whole[_level_1(released, code)] += count
    by_province = frozenset(leaf for leaf, above in leaves.items() if above in coarse)
    values = {}
    for leaf, above in leaves.items():
        count, place = (whole[above], above) if leaf in by_province else (counts[leaf], leaf)
        values[leaf] = 1000 * count / regions[place].area_km2
    return Rates(values, by_province)


def _level_1(released: Released, code: str) -> str:
    """The level-1 region that a region lies in; itself when it is one, or lies in none that is loaded."""
    regions, step = released.regions.by_code, code
    while regions[step].level > 1:
        parent = regions[step].parent
        if parent is None or parent not in regions:
            return code
        step = parent
    return step if regions[step].level == 1 else code


def _weeks_since_report(released: Released, asked: Filter) -> Rates:
    rows = released.ask(
        LAST_REPORT.format(code=AREA_CODE), rows=released.all_time(asked, "incidents")
    ).to_pylist()
    known = released.known_at(asked)
    weeks = {row["code"]: (known - row["at"]).total_seconds() // SECONDS_A_WEEK for row in rows}
    return Rates({code: max(0.0, value) for code, value in weeks.items()})


Fill = Callable[[Released, Filter], Rates]
FILLS: Mapping[str, tuple[Fill, str]] = MappingProxyType(
    {
        "deaths_per_case": (_deaths_per_case, "deaths per case"),
        "records_per_1000_km2": (_records_per_1000_km2, "incidents per 1,000 km²"),
        "weeks_since_report": (_weeks_since_report, "weeks"),
    }
)
"""The maker of each fill, and the unit of its values (titles: layers.regions.FILLS)."""
