"""The fields of a record in the drawer: what is asked first, all others folded, values in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import MappingProxyType

from dash import html
from dash.development.base_component import Component

from dashboard.controls.codes import code_words, column_words, match_words, metric_words
from dashboard.controls.layers import geo_words
from dashboard.controls.places import region_name
from dashboard.times import day, moment, number
from dashboard.words import _
from data.answers import RecordDetails
from data.released import Released
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS, column_names

HEAD = frozenset({"title", "description", "notes", "record_id"})
SOURCE = (
    "source_org",
    "source_name",
    "source_grade",
    "verification",
    "sources_count",
    "source_url",
    "source_licence",
)
PROVIDER = ("provider_pcode", "provider_adm2_name", "provider_adm1_name", "provider_country")
TIMES = ("start_at", "end_at", "reported_at", "valid_until")
WHERE = ("location_name", "adm2_name", "adm1_name", "country_iso3", "adm2_pcode", "adm1_pcode")
CODES_OF_PLACE = ("adm2_pcode", "adm1_pcode", "country_iso3")
LEADING = ("metric", "metric_value", "metric_unit", "metric_period")
MAIN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        INCIDENTS: column_names("incident_type severity deaths_best injured displaced affected originator"),
        DEPLOYMENTS: column_names(
            "presence_kind capability deployment_status contributor org_name role sector_code personnel"
            " capacity originator"
        ),
        DELIVERIES: column_names(
            "flow_status item quantity value_usd donor_name channel_org implementing_org recipient"
            " sector_code eta_at arrived_at originator"
        ),
    }
)
"""The columns that stand at the top of the drawer, by feed, in this order."""

UNIT_OF: Mapping[str, str] = MappingProxyType({"capacity": "capacity_unit", "quantity": "unit"})

SILENT_WORDS = """
    revision msg_type status operation time_precision received_at day geometry bbox
    native_type native_subtype mx my pcode_match pcode_valid_from provider_country provider_adm1_name
    provider_adm2_name provider_pcode source_org_code sidc icon source
    label_created_at release_from release_until
    label_review_on cap_category report_kind native_id metric_adds_over_time metric_adds_over_area
    further_figures line_no fx_rate latitude longitude
"""
SILENT = frozenset(SILENT_WORDS.split())
LEFT_OUT = HEAD | frozenset(SOURCE) | SILENT


def main_facts(details: RecordDetails, released: Released, profile: str) -> Component:
    """What is asked first; all other columns that hold something are folded below."""
    names = [*TIMES[:2], *MAIN[details.feed]]
    rows = [
        *_rows(details, profile, names[:2]),
        *_row(_("Place"), _where(details, released)),
        *_row(_("Figure"), _leading_figure(details)),
        *_rows(details, profile, names[2:]),
        *_row(_("Position"), _place(details)),
    ]
    return html.Dl(rows, className="facts")


def other_facts(details: RecordDetails, profile: str) -> Component | None:
    said = {*TIMES[:2], *MAIN[details.feed], *LEADING, *WHERE, *UNIT_OF.values(), "geo_precision"}
    names = [name for name in details.values if name not in said]
    rows = [
        *_rows(details, profile, names),
        *_row(
            column_words("geo_precision"),
            value_words(details.values.get("geo_precision"), profile, "geo_precision"),
        ),
        *_row(_("Region"), _matched(details)),
        *_row(_("Codes"), ", ".join(str(details.values[c]) for c in CODES_OF_PLACE if details.values.get(c))),
    ]
    if not rows:
        return None
    head = html.Summary(_("All other fields"))
    return html.Details([head, html.Dl(rows, className="facts")], className="more")


def _rows(details: RecordDetails, profile: str, names: Sequence[str]) -> list[Component]:
    shown = (name for name in names if name not in LEFT_OUT)
    return [part for name in shown for part in _row(column_words(name), _with_unit(details, profile, name))]


def _with_unit(details: RecordDetails, profile: str, name: str) -> str:
    said = value_words(details.values.get(name), profile, name)
    unit_name = UNIT_OF.get(name, "")
    unit = value_words(details.values.get(unit_name), profile, unit_name)
    return f"{said} {unit}".strip() if said else ""


def _row(title: str, said: str) -> list[Component]:
    return [html.Dt(title), html.Dd(said)] if said else []


def _where(details: RecordDetails, released: Released) -> str:
    """The place from the near to the far, each name once."""
    values = details.values
    country = str(values.get("country_iso3") or "")
    known = released.regions.by_code.get(country)
    names = [str(values.get(name) or "") for name in WHERE[:3]]
    return ", ".join(dict.fromkeys(filter(None, [*names, region_name(known) if known else country])))


def _leading_figure(details: RecordDetails) -> str:
    values = details.values
    value = values.get("metric_value")
    if not values.get("metric") or value is None:
        return ""
    unit = code_words("metric_unit", str(values.get("metric_unit") or ""))
    covers = code_words("metric_period", str(values.get("metric_period") or ""))
    figure = f"{number(float(str(value)))} {unit}".strip()
    said = _("{name}: {value}").format(name=metric_words(str(values["metric"])), value=figure)
    return f"{said} ({covers})" if covers else said


def _place(details: RecordDetails) -> str:
    latitude, longitude = details.values.get("latitude"), details.values.get("longitude")
    if not isinstance(latitude, float) or not isinstance(longitude, float):
        return geo_words(details.geo_level) if details.geo_level != "exact" else ""
    north, east = (_("N") if latitude >= 0 else _("S")), (_("E") if longitude >= 0 else _("W"))
    # where the comma parts the decimals it cannot part the two halves too
    between = " " if _.decimal_and_group.startswith(",") else ", "
    halves = ((latitude, north), (longitude, east))
    return between.join(f"{_.number(abs(degrees), 4, 4)}° {side}" for degrees, side in halves)


def _matched(details: RecordDetails) -> str:
    """How the region was found, and the provider's own words for it; nothing when the place is coarsened."""
    values = details.values
    matched = match_words(str(values.get("pcode_match") or "")) if details.geo_level == "exact" else ""
    given = [str(values[name]) for name in PROVIDER if values.get(name)]
    if matched and given:
        return _("{matched} (provider says {words})").format(matched=matched, words=", ".join(given))
    return matched


def value_words(value: object, profile: str, name: str = "") -> str:
    """A value as people read it; empty where there is nothing to say."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moment(value, profile)
    if isinstance(value, date):
        return day(datetime.combine(value, time(), UTC))
    if name in ("latitude", "longitude") and isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, int | float | Decimal):
        return number(float(value)) if name != "geo_precision" else _precision(int(value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(filter(None, (value_words(item, profile) for item in value)))
    if isinstance(value, Mapping):
        return " ".join(filter(None, (value_words(item, profile) for item in value.values())))
    return code_words(name, str(value))


def _precision(code: int) -> str:
    return {
        0: _("unknown"),
        1: _("exact"),
        2: _("within 25 km"),
        3: _("known for the district"),
        4: _("known for the province"),
        5: _("along a line"),
        6: _("known for the country"),
        7: _("at sea"),
    }.get(code, str(code))


def further_figures(figures: object) -> Component | None:
    if not isinstance(figures, list) or not figures:
        return None
    rows: list[Component] = []
    for item in figures:
        metric, value = str(item.get("metric") or ""), item.get("metric_value")
        if value is not None:
            unit = code_words("metric_unit", str(item.get("metric_unit") or ""))
            rows += [html.Dt(metric_words(metric)), html.Dd(f"{number(float(value))} {unit}".strip())]
    return html.Div([html.H3(_("Further figures of the report")), html.Dl(rows, className="facts")])
