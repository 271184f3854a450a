"""The layers: switch, symbol, count, release badge, age; and below it what the symbols mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from dashboard.actions import checkbox
from dashboard.elements import attributes
from dashboard.times import age
from dashboard.view import DEFAULT_LAYERS, LAYERS, View
from dashboard.words import _
from data.answers import LayerFacet
from layers.base import LAYERS_BY_ID
from layers.symbols import drawing, svg_uri


def layer_list(view: View, facets: Mapping[str, LayerFacet], now: datetime) -> Component:
    """One line a layer, in the order of the View's words; those that are off at first fold away."""
    beside = [layer for layer in LAYERS if layer not in DEFAULT_LAYERS]
    on = sum(layer in view.layers for layer in beside)
    said = _("{on} of {all} on").format(on=on, all=len(beside)) if on else _("none on")
    head = [html.Span(_("Reference layers"), className="name"), html.Span(said, className="summary")]
    return html.Div(
        [
            html.Ul(
                [_line(layer, view, facets.get(layer), now) for layer in DEFAULT_LAYERS], className="layers"
            ),
            html.Details(
                [
                    html.Summary(head),
                    html.Ul([_line(layer, view, None, now) for layer in beside], className="layers"),
                ],
                className="beside",
            ),
        ]
    )


def symbol(layer: str, size: int = 16, *, hollow: bool = False, slashed: bool = False) -> Component:
    """The layer's symbol as drawn on the map, in the tones of both schemes (the style sheet shows one)."""
    images = [
        html.Img(
            src=svg_uri(drawing(layer, scheme, hollow=hollow, slashed=slashed), size),
            alt="",
            className=f"only-{scheme}",
            width=str(size),
            height=str(size),
        )
        for scheme in ("dark", "light")
    ]
    return html.Span(images, className="symbol", **attributes({"aria-hidden": "true"}))


def geo_words(geo_level: str) -> str:
    """How exactly the places of a layer are released to this viewer."""
    return {
        "exact": _("released"),
        "adm2": _("by district"),
        "adm1": _("by province"),
        "adm0": _("by country"),
        "none": _("without place"),
        "mixed": _("partly coarsened"),
    }.get(geo_level, geo_level)


def _line(layer: str, view: View, facet: LayerFacet | None, now: datetime) -> Component:
    on = layer in view.layers
    label: list[Component | str] = [
        symbol(layer),
        html.Span(_(LAYERS_BY_ID[layer].title_key), className="name"),
        html.Span(_.number(facet.count) if facet is not None else "", className="count"),
    ]
    parts: list[Component] = [checkbox(label, "layer", layer, checked=on, class_name="check layer")]
    if facet is not None and on:
        parts.append(_badges(facet, now))
    return html.Li(parts, className="" if on else "off")


def _badges(facet: LayerFacet, now: datetime) -> Component:
    words: list[Component] = []
    if facet.count:
        words.append(html.Span(geo_words(facet.geo_level), className="badge"))
    if facet.delayed:
        words.append(html.Span(_("delayed"), className="badge"))
    if facet.newest_at is not None:
        said = _("The newest of them became known {age} ago").format(age=age(facet.newest_at, now))
        words.append(html.Span(age(facet.newest_at, now), className="age", title=said))
    words += [html.Span(_ignored(name), className="badge note") for name in facet.ignores]
    return html.Div(words, className="badges")


def _ignored(name: str) -> str:
    return {"partner": _("not filtered by partner"), "sector": _("not filtered by sector")}.get(name, name)
