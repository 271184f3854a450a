"""Headline figures, each with its unit, its change against the period before, and what it covers."""

from __future__ import annotations

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.asked import asked_of
from dashboard.asking import ask
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.states import kept
from dashboard.totals_strip import counted
from dashboard.words import _
from data.errors import StoreUnavailable
from data.store import Store


def layout() -> Component:
    """A strip over the map."""
    return html.Section(
        [still(Id.TOTALS, "totals"), html.Div(id=Id.TOTALS_STATE, className="panel-state")],
        className="totals-panel",
        **attributes({"aria-label": _("Totals")}),
    )


def register(app: Dash, store: Store) -> None:
    """The totals follow the View."""

    @app.callback(
        Output(Id.TOTALS, DRAWN),
        Output(Id.TOTALS_STATE, "children"),
        Input(Id.VIEW, "data"),
        State(Id.TOTALS_STATE, "children"),
    )
    async def recount(query: object, said: object) -> tuple[object, ...]:
        try:
            parts = await ask(store, lambda released: counted(released, asked_of(released, query)))
            return drawn(parts), None
        except StoreUnavailable as error:
            return kept(error, store.clock(), said, 1)
