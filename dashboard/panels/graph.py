"""The one factory of graphs: no upload, no cloud, no mode bar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from babel.dates import get_month_names
from dash import dcc

from dashboard.ids import Id
from dashboard.words import _

CONFIG: Mapping[str, Any] = {
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
    "displayModeBar": False,
    "doubleClick": False,
    "responsive": True,
    "scrollZoom": False,
}


def spoken() -> dict[str, object]:
    """The chart's months and figures, in plotly's words: it knows no language but English by itself."""
    signs = _.decimal_and_group
    written: dict[str, object] = {"decimal": signs[0], "thousands": signs[1]}
    if _.locale != "en":  # English is left to plotly
        written["months"] = list(get_month_names("wide", locale=_.locale).values())
        written["shortMonths"] = list(get_month_names("abbreviated", locale=_.locale).values())
    return {"locale": _.locale, "locales": {_.locale: {"dictionary": {}, "format": written}}}


def graph(identity: Id, class_name: str = "graph") -> dcc.Graph:
    """An empty graph that never sends a figure anywhere."""
    return dcc.Graph(
        id=identity,
        className=class_name,
        responsive=True,
        config=cast(dcc.Graph.Config, {**CONFIG, **spoken()}),
        figure={
            "data": [],
            "layout": {
                "paper_bgcolor": "rgba(0,0,0,0)",
                "plot_bgcolor": "rgba(0,0,0,0)",
                "xaxis": {"visible": False},
                "yaxis": {"visible": False},
            },
        },
    )
