"""Headline figures. Each says what it counts; goods and money are never added, nor pledged to committed,
nor strengths that overlap, nor figures whose windows overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.answers import Total
from data.figures import last_by_region, summed_over_area
from data.filters import Filter
from data.released import Released

MOST_TOTALS = 6

INCIDENTS_SQL = """
SELECT count(*) FILTER (report_kind = 'event') AS events,
    count(*) FILTER (report_kind = 'event' AND verification = 'unverified') AS unverified,
    count(*) FILTER (report_kind = 'report') AS reports,
    count(*) FILTER (report_kind = 'report' AND metric_value > 0) AS reports_above_zero,
    coalesce(sum(deaths_best) FILTER (report_kind = 'event'), 0)::BIGINT AS deaths,
    coalesce(sum(deaths_best) FILTER (report_kind = 'event' AND verification = 'unverified'), 0)::BIGINT
        AS deaths_unverified
FROM released.incidents WHERE {where}
"""
PRESENT_SQL = "SELECT count(*) AS n FROM released.deployments WHERE {where}"
DELIVERIES_SQL = """
SELECT count(*) FILTER (aid_type <> 'funding') AS goods,
    count(*) FILTER (aid_type <> 'funding' AND flow_status IN ('arrived', 'delivered', 'distributed'))
        AS arrived,
    count(*) FILTER (aid_type = 'funding') AS flows,
    coalesce(sum(value_usd) FILTER (aid_type = 'funding' AND flow_status IN ('committed', 'disbursed')), 0)
        ::DOUBLE AS committed,
    coalesce(sum(value_usd) FILTER (aid_type = 'funding' AND flow_status = 'pledged'), 0)::DOUBLE AS pledged
FROM released.deliveries WHERE {where}
"""


def totals(released: Released, asked: Filter, layers: Sequence[str]) -> tuple[Total, ...]:
    """Four to six figures of the layers that are on, each with the same figure of the period before."""
    now = _totals(released, asked, layers)
    earlier = period_before(asked)
    if earlier is None:
        return _fewest(now)
    before = {total.id: total.value for total in _totals(released, earlier, layers)}
    return _fewest(tuple(replace(total, before=before.get(total.id, 0.0)) for total in now))


def period_before(asked: Filter) -> Filter | None:
    """The same filter for the equally long period just before; None for a period without a start."""
    if asked.start is None or asked.end is None:
        return None
    return replace(asked, start=asked.start - (asked.end - asked.start), end=asked.start)


def _totals(released: Released, asked: Filter, layers: Sequence[str]) -> tuple[Total, ...]:
    found: list[Total] = []
    if "incidents" in layers:
        found += _incidents(released, asked)
    for layer in ("military", "presence"):
        if layer in layers:
            where = released.condition(asked, layer)
            count = released.ask(PRESENT_SQL.format(where=where.sql), where.params).column(0).to_pylist()[0]
            if count or layer == "presence":
                found.append(Total(layer, count, "places"))
    if "deliveries" in layers:
        found += _deliveries(released, asked)
    return tuple(found)


def _fewest(found: tuple[Total, ...]) -> tuple[Total, ...]:
    """At most six: what the rail counts as well gives way first."""
    for name in ("cumulative_deaths", "military", "presence", "deaths"):
        if len(found) > MOST_TOTALS:
            found = tuple(total for total in found if total.id != name)
    return found[:MOST_TOTALS]


def _incidents(released: Released, asked: Filter) -> list[Total]:
    where = released.condition(asked, "incidents")
    row = released.ask(INCIDENTS_SQL.format(where=where.sql), where.params).to_pylist()[0]
    found = []
    if row["events"] or not row["reports"]:
        found.append(Total("events", row["events"], "events", unverified=row["unverified"]))
    if row["deaths"]:
        found.append(Total("deaths", row["deaths"], "persons", unverified=row["deaths_unverified"]))
    if row["reports"] > row["events"]:
        found.append(
            Total(
                "reports",
                row["reports_above_zero"],
                "reports",
                note_id="of_reports",
                note_value=row["reports"],
            )
        )
    if row["reports"]:
        found += _cumulative(released, asked)
    return found


def _cumulative(released: Released, asked: Filter) -> list[Total]:
    sums = summed_over_area(last_by_region(released, asked))
    leading = [s for s in sums if s.metric in ("cumulative_cases", "cumulative_deaths")] or list(sums)
    return [
        Total(s.metric, s.value, s.unit, note_id="areas", note_value=s.areas, as_of=s.at) for s in leading[:2]
    ]


def _deliveries(released: Released, asked: Filter) -> list[Total]:
    where = released.condition(asked, "deliveries")
    row = released.ask(DELIVERIES_SQL.format(where=where.sql), where.params).to_pylist()[0]
    found = []
    if row["goods"] or not row["flows"]:
        found.append(
            Total(
                "arrived", row["arrived"], "consignments", note_id="of_consignments", note_value=row["goods"]
            )
        )
    if row["flows"]:
        found.append(
            Total("committed", row["committed"], "USD", note_id="pledged_apart", note_value=row["pledged"])
        )
    return found
