"""The peer: the Dash app that one writes in an afternoon. pandas in memory, every point to the browser.

It has what the bench measures and nothing more: buttons for partners, a map of all points of the filter, a
timeline by type, four totals; a button that goes to the next week; a table of all rows in the browser's grid;
two maps of two months. It is not a straw man: points are canvas circles, sent as one GeoJSON in one
answer, figures are plain dicts, and the server is the same Uvicorn as ours.

    python -m tests.bench.naive FILE.parquet PORT map|table|compare
"""

from __future__ import annotations

import sys
from pathlib import Path

import dash_ag_grid as dag
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


def map_of(name: str, centre: list[float]) -> Component:
    """A map of all points, by the name of its layer."""
    layer = dl.GeoJSON(id=name, pointToLayer={"variable": "naive.point"})
    return dl.MapContainer(layer, center=centre, zoom=6, preferCanvas=True, style={"height": "640px"})


def grid(table: pd.DataFrame) -> Component:
    """All rows in the browser: what a grid does when nobody asks a server."""
    rows = table[["start_at", "incident_type", "originator", "deaths_best", "record_id"]].copy()
    rows["start_at"] = rows["start_at"].astype(str)
    columns = [{"field": name} for name in rows.columns]
    return dag.AgGrid(
        id="grid", columnDefs=columns, rowData=rows.to_dict("records"), style={"height": "900px"}
    )


def map_page(table: pd.DataFrame, partners: list[str], centre: list[float]) -> list[Component]:
    """Buttons, totals, the map, the timeline."""
    del table
    buttons = [html.Button(code, id=f"toggle-{code}", n_clicks=0) for code in partners]
    step = html.Button("next week", id="step", n_clicks=0)
    parts = [html.Div([*buttons, step]), html.Div(id="totals"), map_of("points", centre)]
    return [*parts, dcc.Graph(id="timeline")]


def compare_page(table: pd.DataFrame, partners: list[str], centre: list[float]) -> list[Component]:
    """Two maps of two months, and buttons that choose others."""
    del table, partners
    months = [html.Button(f"{n}", id=f"month-{n}", n_clicks=0) for n in range(4)]
    return [html.Div(months), map_of("earlier", centre), map_of("later", centre)]


def table_page(table: pd.DataFrame, partners: list[str], centre: list[float]) -> list[Component]:
    """The grid with everything in it."""
    del partners, centre
    return [grid(table)]


PAGES = {"map": map_page, "compare": compare_page, "table": table_page}


def create(table: pd.DataFrame, page: str = "map") -> Dash:
    """The whole app."""
    partners = sorted(table["originator"].unique())
    app = Dash(
        "naive",
        backend="fastapi",
        server=FastAPI(docs_url=None, redoc_url=None),
        assets_folder="none",
        suppress_callback_exceptions=True,
    )
    app.index_string = app.index_string.replace("</head>", f"<script>{DRAW}</script></head>")
    centre = [float(table["latitude"].mean()), float(table["longitude"].mean())]
    app.layout = html.Div(PAGES[page](table, partners, centre))

    @app.callback(
        Output("earlier", "data"),
        Output("later", "data"),
        [Input(f"month-{n}", "n_clicks") for n in range(4)],
    )
    def compare(*clicks: int) -> tuple[dict[str, object], dict[str, object]]:
        month = sum(clicks) % 10 + 2
        pair = [table[table["start_at"].dt.month == n] for n in (month - 1, month)]
        return points(pair[0]), points(pair[1])

    @app.callback(
        Output("points", "data"),
        Output("timeline", "figure"),
        Output("totals", "children"),
        [*(Input(f"toggle-{code}", "n_clicks") for code in partners), Input("step", "n_clicks")],
    )
    def redraw(*given: int) -> tuple[dict[str, object], dict[str, object], list[Component]]:
        *clicks, steps = given
        codes = [code for code, count in zip(partners, clicks, strict=True) if count % 2]
        chosen = table[table["originator"].isin(codes)] if codes else table
        if steps:
            chosen = chosen[chosen["start_at"].dt.isocalendar().week == steps % 50 + 1]
        return points(chosen), per_day(chosen), totals(chosen)

    return app


if __name__ == "__main__":
    made = create(read(Path(sys.argv[1])), sys.argv[3])
    uvicorn.run(made.server, port=int(sys.argv[2]), log_level="warning")
