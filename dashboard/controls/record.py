"""A record in the drawer: title, facts, source and grade, revisions, label, what it was released under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal

from dash import html
from dash.development.base_component import Component

from dashboard.controls.codes import code_words, column_words, match_words, metric_words
from dashboard.controls.layers import geo_words, symbol
from dashboard.times import age, day, moment, number
from dashboard.words import _, several
from data.answers import RecordDetails, Revision
from data.feeds.recipe_file import recipes
from data.released import Released
from layers.base import LAYERS_BY_ID

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
CATEGORIES = ("incident_type", "capability", "flow_status")
TIMES = ("start_at", "end_at", "reported_at", "valid_until")
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


def record_parts(details: RecordDetails, released: Released) -> list[Component]:
    """Top to bottom, the most asked first."""
    values, profile = details.values, released.policy.operation.marking
    parts: list[Component | None] = [
        _head(details),
        _text(values.get("description")),
        _facts(details, profile),
        _figures(values.get("further_figures")),
        _text(values.get("notes")),
        _source(details, released),
        _revisions(details.revisions, profile),
        _release(details),
        html.P(str(values.get("record_id") or ""), className="record-id"),
    ]
    return [part for part in parts if part is not None]


def _head(details: RecordDetails) -> Component:
    layer, values = LAYERS_BY_ID[details.layer], details.values
    state = str(values.get("verification") or "")
    mark = symbol(details.layer, hollow=state == "unverified", slashed=state == "disputed")
    kind = html.Div([mark, html.Span(_(layer.title_key))], className="kind")
    code = str(next((values[name] for name in CATEGORIES if values.get(name)), ""))
    title = str(values.get("title") or "") or category_words(details.layer, code)
    return html.Div([kind, html.H2(title)])


def _text(value: object) -> Component | None:
    return html.P(str(value), className="description") if value else None


def _facts(details: RecordDetails, profile: str) -> Component:
    order = [*TIMES, *(name for name in details.values if name not in TIMES)]
    rows: list[Component] = []
    for name in order:
        if name in LEFT_OUT:
            continue
        said = value_words(details.values.get(name), profile, name)
        if said:
            rows += [html.Dt(column_words(name)), html.Dd(said)]
    for name, said in ((_("Region"), _matched(details)), (_("Position"), _place(details))):
        if said:
            rows += [html.Dt(name), html.Dd(said)]
    return html.Dl(rows, className="facts")


def _place(details: RecordDetails) -> str:
    latitude, longitude = details.values.get("latitude"), details.values.get("longitude")
    if not isinstance(latitude, float) or not isinstance(longitude, float):
        return geo_words(details.geo_level) if details.geo_level != "exact" else ""
    north, east = (_("N") if latitude >= 0 else _("S")), (_("E") if longitude >= 0 else _("W"))
    return f"{abs(latitude):.4f}° {north}, {abs(longitude):.4f}° {east}"


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


def _figures(figures: object) -> Component | None:
    if not isinstance(figures, list) or not figures:
        return None
    rows: list[Component] = []
    for item in figures:
        metric, value = str(item.get("metric") or ""), item.get("metric_value")
        if value is not None:
            unit = code_words("metric_unit", str(item.get("metric_unit") or ""))
            rows += [html.Dt(metric_words(metric)), html.Dd(f"{number(float(value))} {unit}".strip())]
    return html.Div([html.H3(_("Further figures of the report")), html.Dl(rows, className="facts")])


def _source(details: RecordDetails, released: Released) -> Component:
    values = details.values
    rows: list[Component] = []
    for name in SOURCE:
        said = value_words(values.get(name), released.policy.operation.marking, name)
        if not said:
            continue
        link = name == "source_url" and said.startswith(("https://", "http://"))
        shown = html.A(said, href=said, target="_blank", rel="noopener noreferrer") if link else said
        rows += [html.Dt(column_words(name)), html.Dd(shown)]
    if details.revisions:
        rows += [html.Dt(_("Known since")), html.Dd(_known(details, released))]
    return html.Div([html.H3(_("Source")), html.Dl(rows, className="facts")])


def _known(details: RecordDetails, released: Released) -> str:
    """How long the revision shown has been known; in a replay that may be reckoned from the report's date."""
    said = _("{age} ago").format(age=age(details.revisions[-1].known_from, released.now))
    if released.policy.operation.kind == "replay" and _is_reckoned(details.values.get("source")):
        return _("{age}, derived from the report's date").format(age=said)
    return said


def _is_reckoned(source: object) -> bool:
    return any(recipe.source == source and recipe.version_offset for recipe in recipes())


def _revisions(revisions: Sequence[Revision], profile: str) -> Component | None:
    if not revisions:
        return None
    items = [
        html.Li(
            [
                html.Span(_("Revision {n}").format(n=revision.revision), className="name"),
                html.Span(moment(revision.known_from, profile), className="at"),
                html.Span(
                    ", ".join(column_words(name) for name in revision.changed[:6]) or _(revision.msg_type),
                    className="changed",
                ),
            ]
        )
        for revision in reversed(revisions)
    ]
    title = several("{count} revision", "{count} revisions", len(revisions))
    return html.Div([html.H3(title), html.Ul(items, className="revisions")])


def _release(details: RecordDetails) -> Component:
    label = details.label
    chips = [html.Span(str(label.get("classification") or ""), className="label-chip")]
    if label.get("tlp"):
        tlp = str(label["tlp"])
        chips.append(html.Span(f"TLP:{tlp}", className=f"tlp tlp-{tlp.split('+')[0].lower()}"))
    rows: list[Component] = []
    for name in (
        "originator",
        "releasable_to",
        "display_only_to",
        "required_categories",
        "caveats",
        "sensitivity",
    ):
        said = value_words(label.get(name), "")
        if said:
            rows += [html.Dt(column_words(name)), html.Dd(said)]
    return html.Div(
        [
            html.H3(_("Release")),
            html.Div(chips, className="label-chips"),
            html.P(_released_words(details), className="released-under"),
            html.Dl(rows, className="facts"),
        ]
    )


def _released_words(details: RecordDetails) -> str:
    if details.own:
        return _("Your own record.")
    under = ", ".join(details.agreements)
    said = (
        _("Released to you under {agreements}.").format(agreements=under) if under else _("Released to you.")
    )
    if details.geo_level != "exact":
        said += " " + _("Place: {level}.").format(level=geo_words(details.geo_level))
    return said


def category_words(layer: str, code: str) -> str:
    """What stands for a title that is not released: the record's category, else its layer."""
    declared = LAYERS_BY_ID[layer]
    words = _(declared.categories.get(code, code.replace("_", " "))) or _(declared.title_key)
    return words[:1].upper() + words[1:]


def short_day(at: object) -> str:
    """The day of a time, or nothing."""
    return day(at) if isinstance(at, datetime) else ""
