"""The map: regions, hazard and the marks of each layer, in the frame that is on screen."""

from __future__ import annotations

from dash import Dash, Input, Output, State
from dash.development.base_component import Component

from dashboard.asked import asked_of
from dashboard.asking import ask, in_thread
from dashboard.controls.area import area_chip
from dashboard.controls.ground import stated, tell_refusal
from dashboard.controls.leaflet import SHAPES, Ground, map_frame
from dashboard.controls.legend import map_legend
from dashboard.controls.map_tools import measured, readout, tools, walk
from dashboard.drawn import DRAWN, drawn, still
from dashboard.frames import Place
from dashboard.ids import Id, MapIds
from dashboard.picture import Picture, picture
from dashboard.states import kept
from dashboard.words import _
from data.basemap.lines import BoundaryFile, OwnLines
from data.errors import StoreUnavailable
from data.store import Store
from layers.basemap import region_shapes

MAP = MapIds(Id.MAP)


def layout(place: Place, regions_version: str, profile: str) -> Component:
    """The map at its first place; later places are set in the browser."""
    return map_frame(
        MAP,
        Ground(place, regions_version, stated(OwnLines())),
        _("Map"),
        tools=tools(profile),
        beside=[still(Id.MAP_AREA, "map-area"), walk(), readout(), measured()],
    )


def register(app: Dash, store: Store, boundaries: BoundaryFile) -> None:
    """Marks follow View and frame; the regions' shapes come once; lines and disclaimer follow their file."""

    @app.callback(Output(MAP.regions, "data"), Input(MAP.version, "data"))
    async def shapes(_version: object) -> object:
        return await in_thread(lambda: region_shapes(store.regions().table))

    @app.callback(
        *[Output(MAP.layer(name), "data") for name in SHAPES],
        Output(MAP.regions, "hideout"),
        Output(MAP.legend, DRAWN),
        Output(Id.MAP_AREA, DRAWN),
        Output(MAP.note, "children"),
        Output(MAP.state, "children"),
        Output(MAP.ground, "children"),
        Output(MAP.ground, "data-lines"),
        Input(Id.VIEW, "data"),
        Input(Id.FRAME, "data"),
        State(MAP.state, "children"),
        State(MAP.ground, "data-lines"),
    )
    async def redraw(query: object, frame: object, said: object, shown: object) -> tuple[object, ...]:
        own = await in_thread(boundaries.now)
        tell_refusal(own, shown)
        ground = (stated(own), own.version)
        try:
            now = await ask(store, lambda released: picture(released, asked_of(released, query), frame))
        except StoreUnavailable as error:
            return (*kept(error, store.clock(), said, len(SHAPES) + 4), *ground)
        return (*answer(now, own), *ground)


def answer(now: Picture, own: OwnLines) -> tuple[object, ...]:
    """Shapes by layer, the regions' looks, the legend, the note, and that all is well."""
    shapes = [now.shapes[name] for name in SHAPES]
    return (*shapes, now.regions, drawn(map_legend(now, own)), drawn(area_chip(now.area)), now.note, None)
