"""What every map of a page puts out, and what it is answered: one list of outputs, one way to fill them."""

from __future__ import annotations

from collections.abc import Callable

from dash import Dash, Input, Output
from dash.development.base_component import Component

from dashboard.asking import in_thread
from dashboard.controls.ground import stated
from dashboard.controls.leaflet import SHAPES
from dashboard.drawn import DRAWN, drawn
from dashboard.ids import MapIds
from dashboard.picture import Picture
from dashboard.states import kept
from data.basemap.lines import OwnLines
from data.errors import StoreUnavailable
from data.store import Store
from layers.basemap import region_shapes

Legend = Callable[[Picture, OwnLines], list[Component]]
KEPT = len(SHAPES) + 3
"""Outputs that stay as they are when the store cannot answer."""


def map_outputs(ids: MapIds) -> list[Output]:
    """Shapes by layer, the regions' looks, the legend, the note, the state, the ground's words and lines."""
    return [
        *[Output(ids.layer(name), "data") for name in SHAPES],
        Output(ids.regions, "hideout"),
        Output(ids.legend, DRAWN),
        Output(ids.note, DRAWN),
        Output(ids.state, "children"),
        Output(ids.ground, "children"),
        Output(ids.ground, "data-lines"),
    ]


def map_answer(now: Picture, own: OwnLines, legend: Legend) -> tuple[object, ...]:
    """A picture as `map_outputs` take it."""
    shapes = [now.shapes[name] for name in SHAPES]
    return (*shapes, now.regions, drawn(legend(now, own)), drawn(now.note), None, stated(own), own.version)


def map_kept(error: StoreUnavailable, store: Store, said: object, own: OwnLines) -> tuple[object, ...]:
    """The last good picture stays, and says since when; the ground follows its file all the same."""
    return (*kept(error, store.clock(), said, KEPT), stated(own), own.version)


def register_regions(app: Dash, store: Store, ids: MapIds) -> None:
    """The regions' shapes come once for each version of them; they are public."""

    @app.callback(Output(ids.regions, "data"), Input(ids.version, "data"))
    async def shapes(_version: object) -> object:
        return await in_thread(lambda: region_shapes(store.regions().table))
