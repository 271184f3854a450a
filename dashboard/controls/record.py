"""A record in the drawer: title, facts, source and grade, revisions, label, what it was released under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.controls.agreements import agreement_words
from dashboard.controls.codes import column_words
from dashboard.controls.facts import SOURCE, further_figures, main_facts, other_facts, value_words
from dashboard.controls.layers import geo_words, symbol
from dashboard.controls.report import report_form, withheld_note
from dashboard.elements import attributes
from dashboard.times import day, moment
from dashboard.words import _, several
from data.answers import RecordDetails, Revision
from data.feeds.recipe_file import recipes
from data.released import Released
from layers.base import LAYERS_BY_ID

CATEGORIES = ("incident_type", "capability", "flow_status")


def record_parts(details: RecordDetails, released: Released) -> list[Component]:
    """Top to bottom, the most asked first."""
    values, profile = details.values, released.policy.operation.marking
    is_withheld = values.get("record_id") in released.withheld
    parts: list[Component | None] = [
        _head(details),
        withheld_note() if is_withheld else None,
        None if details.inside else _outside(),
        _text(values.get("description")),
        main_facts(details, released, profile),
        further_figures(values.get("further_figures")),
        _text(values.get("notes")),
        _source(details, released),
        _revisions(details.revisions, profile),
        _release(details, released),
        other_facts(details, profile),
        None if is_withheld else report_form(str(values.get("record_id") or ""), released.viewer),
        html.P(str(values.get("record_id") or ""), className="record-id", **_at(values)),
    ]
    return [part for part in parts if part is not None]


def _at(values: Mapping[str, object]) -> dict[str, Any]:
    """Where the map finds the record when no mark of it is drawn there."""
    latitude, longitude = values.get("latitude"), values.get("longitude")
    there = isinstance(latitude, float) and isinstance(longitude, float)
    return attributes({"data-at": f"{latitude},{longitude}"}) if there else {}


def _head(details: RecordDetails) -> Component:
    layer, values = LAYERS_BY_ID[details.layer], details.values
    state = str(values.get("verification") or "")
    mark = symbol(details.layer, hollow=state == "unverified", slashed=state == "disputed")
    badge = html.Span(_badge(details), className="badge")
    kind = html.Div([mark, html.Span(_(layer.title_key)), badge], className="kind")
    code = str(next((values[name] for name in CATEGORIES if values.get(name)), ""))
    title = str(values.get("title") or "") or category_words(details.layer, code)
    return html.Div([kind, html.H2(title)])


def _badge(details: RecordDetails) -> str:
    """How it is released, in the words of the layers' badges; of one's own, whether others see it."""
    if not details.own:
        return geo_words(details.geo_level)
    shared = details.label.get("releasable_to") or details.label.get("display_only_to")
    return _("yours, shared") if shared else _("yours alone")


def _outside() -> Component:
    """Search opens records of any period, and a link one that its own filter leaves out."""
    return html.P(_("Outside your filter: not counted, not on the map."), className="quiet outside")


def _text(value: object) -> Component | None:
    return html.P(str(value), className="description") if value else None


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
    """Since when the revision shown is known; in a replay that may be reckoned from the report's date."""
    operation = released.policy.operation
    said = moment(details.revisions[-1].known_from, operation.marking)
    if operation.kind == "replay" and _is_reckoned(details.values.get("source")):
        return _("{time}, derived from the report's date").format(time=said)
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


def _release(details: RecordDetails, released: Released) -> Component:
    return release_part(details.label, _released_words(details, released))


def release_part(label: Mapping[str, object], words: str) -> Component:
    """The label as cut for the viewer, and under what it was released."""
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
            html.P(words, className="released-under"),
            html.Dl(rows, className="facts"),
        ]
    )


def _released_words(details: RecordDetails, released: Released) -> str:
    if details.own:
        return _("Your own record.")
    said = under_words(details.agreements, released)
    if details.geo_level != "exact":
        said += " " + _("Place: {level}.").format(level=geo_words(details.geo_level))
    return said


def under_words(agreements: Sequence[str], released: Released) -> str:
    """Under which agreements something was released to the viewer."""
    under = ", ".join(agreement_words(one, released.policy, released.viewer) for one in agreements)
    return (
        _("Released to you under {agreements}.").format(agreements=under) if under else _("Released to you.")
    )


def category_words(layer: str, code: str) -> str:
    """What stands for a title that is not released: the record's category, else its layer."""
    declared = LAYERS_BY_ID[layer]
    words = _(declared.categories.get(code, code.replace("_", " "))) or _(declared.title_key)
    return words[:1].upper() + words[1:]


def short_day(at: object) -> str:
    """The day of a time, or nothing."""
    return day(at) if isinstance(at, datetime) else ""
