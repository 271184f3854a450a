"""The peer: the Dash app that one writes in an afternoon. pandas in memory, every point to the browser.

It has what the bench measures and nothing more: buttons for partners, a map of all points of the filter, a
timeline by type, four totals. It is not a straw man: points are canvas circles, sent as one GeoJSON in one
answer, figures are plain dicts, and the server is the same Uvicorn as ours.

    python -m tests.bench.naive FILE.parquet PORT
"""

from __future__ import annotations

import sys
from pathlib import Path

import dash_leaflet as dl
import pandas as pd
import uvicorn
from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component
from fastapi import FastAPI

COLUMNS = [
    "record_id",
    "latitude",
    "longitude",
    "start_at",
    "originator",
    "incident_type",
    "deaths_best",
    "displaced",
]
DRAW = """
window.naive = {
  point: function (feature, latlng) {
    return L.circleMarker(latlng, {radius: 4, weight: 0, fillOpacity: 0.7, fillColor: '#ff6b4a'});
  }
};
"""


def read(path: Path) -> pd.DataFrame:
    """The columns it needs, with the day of each incident."""
    table = pd.read_parquet(path, columns=COLUMNS)
    for name in ("originator", "incident_type"):
        table[name] = table[name].astype(str)
    table["day"] = table["start_at"].dt.strftime("%Y-%m-%d")
    return table


def points(table: pd.DataFrame) -> dict[str, object]:
    """All of them, as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"id": record, "type": kind},
        }
        for record, lon, lat, kind in zip(
            table["record_id"], table["longitude"], table["latitude"], table["incident_type"], strict=True
        )
    ]
    return {"type": "FeatureCollection", "features": features}


def per_day(table: pd.DataFrame) -> dict[str, object]:
    """Incidents a day, stacked by type."""
    counts = table.groupby(["incident_type", "day"]).size()
    bars = [
        {"type": "bar", "name": kind, "x": list(days.index.get_level_values("day")), "y": days.tolist()}
        for kind, days in counts.groupby(level="incident_type")
    ]
    return {"data": bars, "layout": {"barmode": "stack", "height": 220, "margin": {"t": 10, "b": 30}}}


def totals(table: pd.DataFrame) -> list[Component]:
    """Four headline figures."""
    figures = {
        "incidents": len(table),
        "deaths": int(table["deaths_best"].sum()),
        "displaced": int(table["displaced"].sum()),
        "days": table["day"].nunique(),
    }
    return [html.Span(f"{name}: {value:,} ") for name, value in figures.items()]


def create(table: pd.DataFrame) -> Dash:
    """The whole app."""
    partners = sorted(table["originator"].unique())
    app = Dash(
        "naive", backend="fastapi", server=FastAPI(docs_url=None, redoc_url=None), assets_folder="none"
    )
    app.index_string = app.index_string.replace("</head>", f"<script>{DRAW}</script></head>")
    centre = [float(table["latitude"].mean()), float(table["longitude"].mean())]
    app.layout = html.Div(
        [
            html.Div([html.Button(code, id=f"toggle-{code}", n_clicks=0) for code in partners]),
            html.Div(id="totals"),
            dl.MapContainer(
                dl.GeoJSON(id="points", pointToLayer={"variable": "naive.point"}),
                id="map",
                center=centre,
                zoom=6,
                preferCanvas=True,
                style={"height": "640px"},
            ),
            dcc.Graph(id="timeline"),
        ]
    )

    @app.callback(
        Output("points", "data"),
        Output("timeline", "figure"),
        Output("totals", "children"),
        [Input(f"toggle-{code}", "n_clicks") for code in partners],
    )
    def redraw(*clicks: int) -> tuple[dict[str, object], dict[str, object], list[Component]]:
        codes = [code for code, count in zip(partners, clicks, strict=True) if count % 2]
        chosen = table[table["originator"].isin(codes)] if codes else table
        return points(chosen), per_day(chosen), totals(chosen)

    return app


if __name__ == "__main__":
    uvicorn.run(create(read(Path(sys.argv[1]))).server, port=int(sys.argv[2]), log_level="warning")
