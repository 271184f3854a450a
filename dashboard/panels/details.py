"""The drawer: everything released of what was clicked, and under what it was released."""

from __future__ import annotations

from dataclasses import replace

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.asked import Asked, asked_of
from dashboard.asking import ask
from dashboard.chosen import REFERENCE, REGION
from dashboard.controls.beside import reference_parts
from dashboard.controls.record import record_parts
from dashboard.controls.region import region_parts
from dashboard.controls.trays import DETAILS, tray, tray_head
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.states import kept
from dashboard.words import _
from data import details, reference
from data.errors import NotReleased, StoreUnavailable
from data.released import Released
from data.store import Store


def layout() -> Component:
    """Closed (empty) until something is selected."""
    return html.Aside(
        [
            tray_head(DETAILS, "sel="),
            still(Id.DETAILS, "details"),
            html.P(_("Nothing is chosen. Press a symbol or a region on the map."), className="none-chosen"),
            html.Div(id=Id.DETAILS_STATE, className="panel-state"),
        ],
        className="drawer",
        **attributes({"aria-label": _("Details"), "aria-live": "polite", **tray(DETAILS)}),
    )


def register(app: Dash, store: Store) -> None:
    """The drawer follows the View's selection."""

    @app.callback(
        Output(Id.DETAILS, DRAWN),
        Output(Id.DETAILS_STATE, "children"),
        Input(Id.VIEW, "data"),
        State(Id.DETAILS_STATE, "children"),
    )
    async def open_drawer(query: object, said: object) -> tuple[object, ...]:
        try:
            parts = await ask(store, lambda released: opened(released, asked_of(released, query)))
            return drawn(parts), None
        except StoreUnavailable as error:
            return kept(error, store.clock(), said, 1)


def opened(released: Released, asked: Asked) -> list[Component] | None:
    """A record's parts, a region's, the one answer for what is not there, or nothing."""
    selected = asked.view.selected
    if not selected:
        return None
    try:
        if selected.startswith(REGION):
            code = selected.removeprefix(REGION)
            return [_close(), *region_parts(details.region(released, code, asked.filter), released)]
        if selected.startswith(REFERENCE):
            row = reference.reference_details(released, selected.removeprefix(REFERENCE), asked.filter)
            return [_close(), *reference_parts(row, released)]
        found = details.record(released, selected, asked.filter)
        on = found.inside and found.layer in asked.record_layers
        return [_close(), *record_parts(replace(found, inside=on), released)]
    except NotReleased as error:
        return [_close(), html.H2(_(error.title)), html.P(_(error.message), className="quiet")]


def _close() -> Component:
    return html.Button(
        "×",
        type="button",
        className="drawer-close",
        **attributes({"data-set": "sel=", "aria-label": _("Close the details")}),
    )
