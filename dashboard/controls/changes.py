"""What changed between two knowledge times, in words: the two times, the counts, the list."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.actions import button
from dashboard.controls.codes import column_words
from dashboard.controls.facts import value_words
from dashboard.controls.fields import time_field
from dashboard.controls.layers import symbol
from dashboard.controls.record import category_words
from dashboard.controls.spans import SPANS, before, is_about
from dashboard.elements import attributes
from dashboard.times import moment
from dashboard.view import View
from dashboard.view_values import time_words
from dashboard.words import _, several
from data.changes import CHANGE_KINDS, MOST_CHANGES, Change, Changes
from data.regions_shown import RegionIndex
from layers.changes import BADGES, KIND_TITLES

MOST_DIFFERENCES = 6
PLACES = ("location_name", "adm2_name", "adm1_name", "country_iso3")


def changes_head(view: View, found: Changes, profile: str) -> list[Component]:
    """Since when and until when, how much, and the ways to another span."""
    return [
        html.Div(
            [
                html.H2(_("What changed")),
                html.Span(_("from what was known"), className="quiet"),
                time_field("compare", found.since, _("Known at first, UTC")),
                html.Span(_("to what was known"), className="quiet"),
                html.Strong(moment(found.until, profile)),
                _spans(view, found),
            ],
            className="changes-times",
        ),
        html.Ul([_count(kind, found) for kind in CHANGE_KINDS], className="changes-counts"),
    ]


def _spans(view: View, found: Changes) -> Component:
    buttons = [
        button(
            _(words),
            f"compare={time_words(before(found.until, span))}",
            pressed=view.compare is not None and is_about(found.until - found.since, span),
            class_name="segment",
        )
        for words, span in SPANS
    ]
    last = button(_("Last day of changes"), "compare=", pressed=view.compare is None, class_name="segment")
    return html.Div(
        [last, *buttons], className="segments", role="group", **attributes({"aria-label": _("How far back")})
    )


def _count(kind: str, found: Changes) -> Component:
    total = sum(count for (_layer, one), count in found.counts.items() if one == kind)
    return html.Li(
        [_badge(kind), html.Strong(_counted(kind, total))],
        className="changes-count",
        **attributes({"data-name": kind}),
    )


def _counted(kind: str, total: int) -> str:
    return {
        "new": several("{count} new", "{count} new", total),
        "corrected": several("{count} corrected", "{count} corrected", total),
        "withdrawn": several("{count} withdrawn", "{count} withdrawn", total),
    }[kind]


def _badge(kind: str) -> Component:
    return html.Span(BADGES[kind], className=f"change-badge {kind}", **attributes({"aria-hidden": "true"}))


def changes_list(found: Changes, profile: str, regions: RegionIndex) -> list[Component]:
    """The newest changes first; where there are more, that is said."""
    total = sum(found.counts.values())
    parts: list[Component] = [
        html.Ul([_item(change, profile, regions) for change in found.newest], className="changes-list")
    ]
    if total > len(found.newest):
        said = _("The newest {most} of {total}. Narrow the filter or the times to see the others.")
        parts.append(
            html.P(said.format(most=MOST_CHANGES, total=_.number(total)), className="quiet changes-more")
        )
    return parts


def _item(change: Change, profile: str, regions: RegionIndex) -> Component:
    values = change.values
    state = str(values.get("verification") or "")
    title = str(values.get("title") or "") or category_words(change.layer, str(values.get("category") or ""))
    mark = symbol(change.layer, 14, hollow=state == "unverified", slashed=state == "disputed")
    said = [
        html.Span(title, className="name"),
        html.Span(_line(change, profile, regions), className="quiet"),
        *[html.Span(words, className="difference") for words in _differences(change, profile)],
    ]
    identity = str(values.get("record_id") or "")
    head = html.Span([_badge(change.kind), mark], className="change-mark")
    control = html.Button(
        [head, html.Span(said, className="change-words")],
        type="button",
        className="change-row",
        **attributes({"data-set": f"sel={identity}"}),
    )
    return html.Li(control, **attributes({"data-code": identity}))


def _line(change: Change, profile: str, regions: RegionIndex) -> str:
    """The kind in words, when it became known, where, whose."""
    values = change.values
    kind = {
        "entered": _("corrected: now in your filter"),
        "left": _("corrected: no longer in your filter"),
    }.get(change.crossing, _(KIND_TITLES[change.kind]))
    place = next((str(values[name]) for name in PLACES if values.get(name)), "")
    named = regions.by_code[place].name if place in regions.by_code else place
    parts = (kind, moment(change.known_at, profile), named, str(values.get("originator") or ""))
    return _.listed(parts)


def _differences(change: Change, profile: str) -> Sequence[str]:
    """Deaths: 3 → 5."""
    said = [
        _("{field}: {before} → {after}").format(
            field=column_words(name),
            before=_value(before, profile, name),
            after=_value(after, profile, name),
        )
        for name, before, after in change.differs[:MOST_DIFFERENCES]
    ]
    more = len(change.differs) - MOST_DIFFERENCES
    return [*said, several("and {count} field more", "and {count} fields more", more)] if more > 0 else said


def _value(value: object, profile: str, name: str) -> str:
    return value_words(value, profile, name) or _("nothing")
