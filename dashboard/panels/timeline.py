"""The timeline under the map: stacked by category; a brush on it is the period (`assets/view.js`)."""

from __future__ import annotations

from typing import Literal

from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.asked import Asked, asked_of
from dashboard.asking import ask
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.panels.graph import graph
from dashboard.states import kept
from dashboard.words import _
from data import timeline
from data.errors import StoreUnavailable
from data.released import Released
from data.store import Store
from layers.timeline import empty_figure, figure

Scheme = Literal["dark", "light"]


def layout() -> Component:
    """The place of the graph: it comes once the map has been seen (`assets/view.js` says when)."""
    waiting = html.P(_("The chart is on its way."), className="waiting")
    return html.Section(
        [waiting, html.Div(id=Id.TIMELINE_PLACE), dcc.Store(id=Id.MAP_SEEN, data=False)],
        className="timeline-panel",
        **attributes({"aria-label": _("Timeline")}),
    )


def register(app: Dash, store: Store) -> None:
    """The timeline follows the View and the scheme.

    Reading the chart library takes a browser half a second in which it draws nothing: the map goes first.
    """

    @app.callback(Output(Id.TIMELINE_PLACE, "children"), Input(Id.MAP_SEEN, "data"))
    async def begin(seen: object) -> object:
        return chart() if seen is True else no_update

    @app.callback(
        Output(Id.TIMELINE, "figure"),
        Output(Id.TIMELINE_STATE, "children"),
        Input(Id.VIEW, "data"),
        Input(Id.SCHEME, "data"),
        State(Id.TIMELINE_STATE, "children"),
    )
    async def redraw(query: object, scheme: object, said: object) -> tuple[object, ...]:
        tone: Scheme = "light" if scheme == "light" else "dark"
        try:
            return await ask(store, lambda released: drawn(released, asked_of(released, query), tone)), None
        except StoreUnavailable as error:
            return kept(error, store.clock(), said, 1)


def chart() -> list[Component]:
    """The graph and how to use it."""
    return [
        html.Div(graph(Id.TIMELINE, "timeline-graph"), className="timeline-box"),
        html.Span(_("Drag across the bars to choose a period"), className="hint"),
        html.Div(id=Id.TIMELINE_STATE, className="panel-state"),
    ]


def drawn(released: Released, asked: Asked, scheme: Scheme) -> dict[str, object]:
    """The figure, with its bins in `layout.meta` for the brush to be rounded to."""
    if not asked.record_layers:
        return empty_figure(_("No layer is on"), scheme, _)
    answer = timeline.timeline(released, asked.filter, asked.record_layers)
    whole = asked.filter.start is None
    picture = figure(answer, None if whole else (asked.filter.start, asked.filter.end), scheme, _)
    layout = picture["layout"]
    assert isinstance(layout, dict)
    layout["meta"] = {
        "starts": [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in answer.starts],
        "days": answer.step_days,
    }
    return picture
