"""The one factory of graphs: no upload, no cloud, no mode bar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from dash import dcc

from dashboard.ids import Id

CONFIG: Mapping[str, Any] = {
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
    "displayModeBar": False,
    "doubleClick": False,
    "responsive": True,
    "scrollZoom": False,
}


def graph(identity: Id, class_name: str = "graph") -> dcc.Graph:
    """An empty graph that never sends a figure anywhere."""
    return dcc.Graph(
        id=identity,
        className=class_name,
        responsive=True,
        config=cast(dcc.Graph.Config, dict(CONFIG)),
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
