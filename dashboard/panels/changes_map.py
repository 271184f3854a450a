"""The map of what changed between two knowledge times: the layers' symbols, each with its badge."""

from __future__ import annotations

from dash import Dash, Input, Output, State
from dash.development.base_component import Component

from dashboard.asked import asked_of
from dashboard.asking import ask, in_thread
from dashboard.changed_picture import changed_picture
from dashboard.controls.ground import stated, tell_refusal
from dashboard.controls.leaflet import SHAPES, Ground, map_frame
from dashboard.controls.legend import change_legend
from dashboard.drawn import DRAWN, drawn
from dashboard.frames import Place
from dashboard.ids import Id, MapIds
from dashboard.states import kept
from dashboard.words import _
from data.basemap.lines import BoundaryFile, OwnLines
from data.errors import StoreUnavailable
from data.store import Store
from layers.basemap import region_shapes

MAP = MapIds(Id.CHANGES_MAP)


def layout(place: Place, regions_version: str) -> Component:
    """The map at its first place."""
    return map_frame(MAP, Ground(place, regions_version, stated(OwnLines())), _("Map of what changed"))


def register(app: Dash, store: Store, boundaries: BoundaryFile) -> None:
    """Marks follow View and frame."""

    @app.callback(Output(MAP.regions, "data"), Input(MAP.version, "data"))
    async def shapes(_version: object) -> object:
        return await in_thread(lambda: region_shapes(store.regions().table))

    @app.callback(
        *[Output(MAP.layer(name), "data") for name in SHAPES],
        Output(MAP.regions, "hideout"),
        Output(MAP.legend, DRAWN),
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
            now = await ask(store, lambda seen: changed_picture(seen, asked_of(seen, query), frame))
        except StoreUnavailable as error:
            return (*kept(error, store.clock(), said, len(SHAPES) + 3), *ground)
        layers = [now.shapes[name] for name in SHAPES]
        return (*layers, now.regions, drawn(change_legend(now, own)), now.note, None, *ground)
