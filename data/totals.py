"""Headline figures. Each says what it counts; goods and money are never added, nor pledged to committed,
nor strengths that overlap, nor figures whose windows overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan, nan

from data.answers import Total
from data.columns import NONE
from data.figures import last_by_region, summed_over_area
from data.filters import Filter
from data.released import Released
from data.rows import summed
from data.trends import ARRIVED, COMMITTED, described

MOST_TOTALS = 6
AREAS, NO_REPORT = "areas", "no_report"
"""The notes of a cumulative: over how many areas its last figures were added; that there was none."""
AT_END = "at_end"
"""The note of who is there: counted at the period's last moment, not over the period."""


def totals(released: Released, asked: Filter, layers: Sequence[str]) -> tuple[Total, ...]:
    """Four to six figures of the layers that are on, each with the same figure of the period before.

    Which figures they are, and their order, hangs on the whole operation: they keep their places when the
    period changes. What there was none of in the period says 0; a cumulative without a report says nothing.
    """
    whole = _totals(released, replace(asked, start=None, end=None), layers)
    shown = like(released, asked, layers, _fewest(_without_few_reports(whole)))
    shown = tuple(described(released, asked, total) for total in shown)
    earlier = period_before(asked)
    if earlier is None:
        return shown
    before = {total.id: total.value for total in _totals(released, earlier, layers)}
    return tuple(_beside(total, before.get(total.id)) for total in shown)


def like(
    released: Released, asked: Filter, layers: Sequence[str], figures: Sequence[Total]
) -> tuple[Total, ...]:
    """The same figures as these, of another filter: what a comparison holds against each other."""
    found = {total.id: total for total in _totals(released, asked, layers)}
    return tuple(found.get(total.id) or _none_of(total) for total in figures)


def _without_few_reports(found: tuple[Total, ...]) -> tuple[Total, ...]:
    """Where there are more events than reports, the reports have no figure of their own."""
    events = next((total.value for total in found if total.id == "events"), 0)
    return tuple(t for t in found if t.id != "reports" or (t.note_value or 0) > events)


def _beside(total: Total, before: float | None) -> Total:
    """The figure beside that of the period before: no count was 0, no cumulative is unknown."""
    if before is None:
        return total if total.note_id in (AREAS, NO_REPORT) else replace(total, before=0.0)
    return total if isnan(total.value) or isnan(before) else replace(total, before=before)


def _none_of(total: Total) -> Total:
    if total.note_id in (AREAS, NO_REPORT):
        return Total(total.id, nan, total.unit, note_id=NO_REPORT)
    return Total(total.id, 0, total.unit)


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
        if layer in layers and (layer == "presence" or len(released.all_time(asked, layer))):
            found.append(Total(layer, len(released.rows(asked, layer)), "places", note_id=AT_END))
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
    rows = released.rows(asked, "incidents")
    kind, verification = rows.codes("report_kind"), rows.codes("verification")
    event, report = kind.any_of(("event",)), kind.any_of(("report",))
    unverified = event & verification.any_of(("unverified",))
    deaths = rows.whole("deaths_best", 0)
    events, reports, dead = int(event.sum()), int(report.sum()), int(deaths[event].sum())
    found = []
    if events or not reports:
        found.append(Total("events", events, "events", unverified=int(unverified.sum())))
    if dead:
        found.append(Total("deaths", dead, "persons", unverified=int(deaths[unverified].sum())))
    if reports:
        above = report & (rows.numbers("metric_value") > 0)
        doubted = int((above & verification.any_of(("unverified",))).sum())
        total = Total("reports", int(above.sum()), "reports", note_id="of_reports", note_value=reports)
        found.append(replace(total, unverified=doubted))
        found += _cumulative(released, asked)
    return found


def _cumulative(released: Released, asked: Filter) -> list[Total]:
    sums = summed_over_area(last_by_region(released, asked))
    leading = [s for s in sums if s.metric in ("cumulative_cases", "cumulative_deaths")] or list(sums)
    return [
        Total(
            s.metric,
            s.value,
            s.unit,
            note_id=AREAS,
            note_value=s.areas,
            as_of=s.at,
            unverified=int(s.unverified),
        )
        for s in leading[:2]
    ]


def _deliveries(released: Released, asked: Filter) -> list[Total]:
    rows = released.rows(asked, "deliveries")
    aid, status = rows.codes("aid_type"), rows.codes("flow_status")
    money = aid.any_of(("funding",))
    goods = ~money & (aid.values != NONE)
    arrived, sent, flows = int((goods & status.any_of(ARRIVED)).sum()), int(goods.sum()), int(money.sum())
    found = []
    if sent or not flows:
        found.append(Total("arrived", arrived, "consignments", note_id="of_consignments", note_value=sent))
    if flows:
        value = rows.hundredths("value_usd")
        committed = summed(value[money & status.any_of(COMMITTED)]) / 100
        pledged = summed(value[money & status.any_of(("pledged",))]) / 100
        note = {"note_id": "pledged_apart", "note_value": float(pledged)} if pledged else {}
        found.append(Total("committed", float(committed), "USD", **note))  # type: ignore[arg-type]
    return found
