"""A region in the drawer: counts by layer, last figures, latest records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard.actions import button
from dashboard.controls.codes import code_words
from dashboard.controls.layers import symbol
from dashboard.controls.places import name_of
from dashboard.controls.record import category_words, short_day
from dashboard.times import day, number
from dashboard.words import _
from data.answers import RegionDetails
from data.released import Released
from layers.base import LAYERS_BY_ID
from layers.metrics import metric_title


def region_parts(details: RegionDetails, released: Released) -> list[Component]:
    """What is known of the region in the View's period."""
    node = details.node
    known = released.regions.by_code.get(node.code)
    country = known.country_iso3 if known is not None else ""
    above = " / ".join(name_of(country, name) for name in details.path[:-1])
    version = _("boundaries of {day}").format(day=_day_of(node.version)) if node.version else ""
    return [
        html.Div(level_words(node.level), className="kind"),
        html.H2(name_of(node.code, node.name)),
        html.P(_.listed((above, node.code, version)), className="quiet"),
        _counts(details.counts),
        *_figures(details),
        *_latest(details),
    ]


def _day_of(version: date) -> str:
    return day(datetime.combine(version, time(), UTC))


def level_words(level: int) -> str:
    """Country, province or district."""
    return {0: _("Country"), 1: _("Province"), 2: _("District")}.get(level, _("Region"))


def _counts(counts: Mapping[str, int]) -> Component:
    rows: list[Component] = []
    for layer, count in counts.items():
        rows += [html.Dt([symbol(layer, 14), _(LAYERS_BY_ID[layer].title_key)]), html.Dd(_.number(count))]
    return html.Dl(rows, className="facts figures")


def _figures(details: RegionDetails) -> list[Component]:
    if not details.figures:
        return []
    rows: list[Component] = []
    for metric, value, unit, at in details.figures:
        said = f"{number(value)} {code_words('metric_unit', unit)}".strip()
        when = html.Span(day(at), className="quiet") if at is not None else ""
        rows += [html.Dt(_(metric_title(metric))), html.Dd([said, " ", when])]
    return [html.H3(_("Last figures")), html.Dl(rows, className="facts figures")]


def _latest(details: RegionDetails) -> list[Component]:
    if not details.latest:
        return [html.P(_("No record of this period here is released to you."), className="quiet")]
    return [html.H3(_("Latest here")), html.Ul([_record(row) for row in details.latest], className="latest")]


def _record(row: Mapping[str, object]) -> Component:
    state = str(row.get("verification") or "")
    said = [
        str(row.get("source_org") or ""),
        code_words("verification", state),
        short_day(row.get("start_at")),
    ]
    revised = row.get("revision")
    if isinstance(revised, int) and revised > 1:
        said.append(_("revised"))
    mark = symbol(str(row["layer"]), 14, hollow=state == "unverified", slashed=state == "disputed")
    title = str(row.get("title") or "") or category_words(str(row["layer"]), str(row.get("category") or ""))
    text = html.Span(
        [
            html.Span(title, className="name"),
            html.Span(_.listed(said), className="quiet"),
        ]
    )
    return html.Li(button([mark, text], f"sel={quote(str(row['record_id']), safe='')}", class_name="record"))
