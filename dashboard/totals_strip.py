"""Headline figures as a strip: unit, change against the period before, what each covers."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.asked import Asked, words_of
from dashboard.elements import attributes
from dashboard.words import _, several
from data import totals
from data.answers import Total
from data.released import Released
from layers.symbols import Scheme
from layers.totals import MONEY, Headline, figure_and_unit, headlines
from layers.trend import HEIGHT, WIDTH, trend_uri

SCHEMES: tuple[Scheme, ...] = ("dark", "light")
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
    return [_figure(headline, total, _change(total) if compared else "") for headline, total in pairs]


def _figure(headline: Headline, total: Total, change: str) -> Component:
    covers = _covers(total)
    notes = [
        html.Span(text, className=f"total-note {name}")
        for name, text in (
            ("change", change),
            ("note", headline.note),
            ("unverified", headline.unverified),
            ("as-of", headline.as_of),
            ("covers-note", covers),
        )
        if text
    ]
    told = (headline.exact, headline.change, headline.as_of, f"{covers} {_owners(total)}".strip())
    figure = [html.Span(headline.figure, className="figure"), html.Span(headline.unit, className="unit")]
    value = html.Div([*figure, html.Div(_trend(total), className="trends")], className="total-value")
    return html.Div(
        [html.Div(headline.title, className="total-title"), html.Div([value, *notes])],
        className="total",
        title="\n".join(filter(None, told)),
        **attributes({"data-total": headline.id}),
    )


def _covers(total: Total) -> str:
    """Of what the figure is: only what is released to whoever looks."""
    if not total.records:
        return ""
    return _("covers {count} released to you").format(count=_.number(total.records))


def _owners(total: Total) -> str:
    if not total.originators:
        return ""
    return several("of {count} partner", "of {count} partners", total.originators)


def _trend(total: Total) -> list[Component]:
    """How the figure went over the period, in the tones of both schemes."""
    drawn = [(scheme, trend_uri(total.trend, scheme)) for scheme in SCHEMES]
    return [
        html.Img(src=uri, alt="", className=f"trend only-{scheme}", width=str(WIDTH), height=str(HEIGHT))
        for scheme, uri in drawn
        if uri
    ]


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
