"""What is held against what, in words, and the ways to another comparison; the figures of both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import isfinite

from dash import html
from dash.development.base_component import Component

from dashboard.actions import button
from dashboard.asked import period_words
from dashboard.comparison import Pair, TotalPair
from dashboard.controls.fields import time_field
from dashboard.controls.seen_by import eyes, eyes_title
from dashboard.controls.spans import SPANS, before, is_about
from dashboard.elements import attributes
from dashboard.times import moment
from dashboard.view_values import EARLIEST, against_words
from dashboard.words import _
from data.answers import Total
from data.released import Released
from layers.totals import MONEY, display, figure_and_unit

A_YEAR = timedelta(days=365)


def comparison_head(released: Released, pair: Pair) -> list[Component]:
    """Which two are compared, and the other choices: periods, or knowledge times."""
    view, now = pair.later.view, released.now
    known = min(view.known_at or now, now)
    return [
        html.H2(_("Compare")),
        _group(_("with the period"), _periods(pair, now)),
        _group(_("with what was known so long before"), _times(pair, known)),
        time_field("compare", _shown(pair, known), _("Known at, UTC")),
        *eyes(released, pair),
    ]


def _shown(pair: Pair, known: datetime) -> datetime:
    return pair.earlier.view.known_at or known


def _group(title: str, buttons: Sequence[Component]) -> Component:
    said = attributes({"aria-label": title})
    return html.Div(
        [
            html.Span(title, className="quiet"),
            html.Div(list(buttons), className="segments", role="group", **said),
        ],
        className="compared-group",
    )


def _periods(pair: Pair, now: datetime) -> list[Component]:
    start, end = pair.later.view.times(now)
    if start is None:
        return [html.Span(_("choose a period first"), className="segment off")]
    spans = ((_("before it"), end - start), (_("a year before"), A_YEAR))
    return [
        _choice(pair, words, (start - span, end - span)) for words, span in spans if start - span >= EARLIEST
    ]


def _times(pair: Pair, known: datetime) -> list[Component]:
    other = pair.earlier.view.known_at if pair.by_knowledge else None
    return [
        button(
            _(words),
            f"compare={against_words(before(known, span))}",
            pressed=other is not None and is_about(known - other, span),
            class_name="segment",
        )
        for words, span in SPANS
    ]


def _choice(pair: Pair, words: str, compare: tuple[datetime, datetime]) -> Component:
    other = pair.earlier.view
    sets = f"compare={against_words(compare)}"
    pressed = not pair.by_knowledge and pair.other is None and (other.start, other.end) == compare
    return button(words, sets, pressed=pressed, class_name="segment")


def titles(released: Released, pair: Pair, profile: str) -> tuple[list[Component], list[Component]]:
    """What stands over each of the two maps: its period, its knowledge time, or who sees it."""
    told: list[list[Component]] = []
    if pair.other is not None:
        yours = _.listed([_("What you see"), _("your own records")])
        return [html.Strong(eyes_title(pair.other))], [html.Strong(yours)]
    for asked in (pair.earlier, pair.later):
        known = asked.view.known_at
        words = (
            _("as known {time}").format(time=moment(known or released.now, profile))
            if pair.by_knowledge
            else period_words(released, asked)
        )
        told.append([html.Strong(words)])
    return told[0], told[1]


def figures(pairs: Sequence[TotalPair]) -> Component:
    """Each headline figure then and now, and the difference in a neutral tone."""
    return html.Div([_figures(pair) for pair in pairs], className="totals compared")


def _figures(pair: TotalPair) -> Component:
    head = display(pair.later, _)
    value = html.Div(
        [
            html.Span(_said(pair.earlier), className="figure then"),
            html.Span("→", className="arrow"),
            html.Span(_said(pair.later), className="figure"),
            # A sum of money says its unit itself: the two may be in millions and in billions.
            html.Span("" if pair.later.unit in MONEY else head.unit, className="unit"),
        ],
        className="total-value",
    )
    notes = [html.Span(_difference(pair), className="total-note change")]
    unverified = (pair.earlier.unverified, pair.later.unverified)
    if any(unverified):
        then, now = (_.number(figure) for figure in unverified)
        said = _("of which {then} → {now} unverified").format(then=then, now=now)
        notes.append(html.Span(said, className="total-note unverified"))
    return html.Div(
        [
            html.Div(head.title, className="total-title"),
            html.Div([value, *notes]),
        ],
        className="total",
        **attributes({"data-total": pair.later.id}),
    )


def _said(total: Total) -> str:
    if not isfinite(total.value):
        return "–"
    figure, unit = figure_and_unit(total.value, total.unit, _)
    return f"{figure} {unit}" if total.unit in MONEY else figure


def _difference(pair: TotalPair) -> str:
    one, other = pair.earlier, pair.later
    if not (isfinite(one.value) and isfinite(other.value)):
        return _("not to be compared")
    difference = other.value - one.value
    if not difference:
        return _("= the same")
    figure, unit = figure_and_unit(abs(difference), other.unit, _)
    amount = f"{figure} {unit}" if other.unit in MONEY else figure
    return f"{'▲' if difference > 0 else '▼'} {amount}"
