"""Headline figures as a strip: unit, change against the period before, what each covers."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.asked import Asked, words_of
from dashboard.elements import attributes
from dashboard.words import _
from data import totals
from data.answers import Total
from data.released import Released
from layers.totals import MONEY, Headline, figure_and_unit, headlines

LEAST_FOR_SHARE, LARGEST_SHARE = 10, 300
"""A change is said as a share of at least so many, up to so many per cent."""


def counted(released: Released, asked: Asked, *, compared: bool = True) -> list[Component]:
    """Four to six figures; with no layer on there is nothing to count, and that is said.

    `compared`: whether each says its change against the period before.
    """
    found = totals.totals(released, asked.filter, asked.record_layers) if asked.record_layers else ()
    if not found:
        return [
            html.Div(
                _("Nothing to count: {words}").format(words=words_of(released, asked)), className="no-totals"
            )
        ]
    pairs = zip(headlines(found, _), found, strict=True)
    return [_figure(headline, _change(total) if compared else "") for headline, total in pairs]


def _figure(headline: Headline, change: str) -> Component:
    notes = [
        html.Span(text, className=f"total-note {name}")
        for name, text in (
            ("change", change),
            ("note", headline.note),
            ("unverified", headline.unverified),
            ("as-of", headline.as_of),
        )
        if text
    ]
    value = [html.Span(headline.figure, className="figure"), html.Span(headline.unit, className="unit")]
    return html.Div(
        [
            html.Div(headline.title, className="total-title"),
            html.Div([html.Div(value, className="total-value"), *notes]),
        ],
        className="total",
        title="\n".join(filter(None, (headline.exact, headline.change, headline.as_of))),
        **attributes({"data-total": headline.id}),
    )


def _change(total: Total) -> str:
    """Against the period before, short; the tooltip says it in full. Neutral: more is not better or worse.

    A share of almost nothing says nothing, so then the difference itself stands there.
    """
    if total.before is None or total.value == total.before:
        return "" if total.before is None else _("= as before")
    difference = total.value - total.before
    arrow = "▲" if difference > 0 else "▼"
    figure, unit = figure_and_unit(abs(difference), total.unit, _)
    share = (
        100 * abs(difference) / abs(total.before) if total.before >= LEAST_FOR_SHARE else LARGEST_SHARE + 1
    )
    amount = (
        _("{percent} %").format(percent=_.number(share))
        if share <= LARGEST_SHARE
        else f"{figure} {unit}"
        if total.unit in MONEY
        else figure
    )
    return _("{arrow} {amount} vs before").format(arrow=arrow, amount=amount)
