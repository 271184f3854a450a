"""The list of what changed between two knowledge times, with the times and the counts above it."""

from __future__ import annotations

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.asked import Asked, asked_of, words_of
from dashboard.asking import ask
from dashboard.changed_picture import since_of
from dashboard.controls.changes import changes_head, changes_list
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.states import kept, nothing_found
from dashboard.words import _
from data import changes
from data.errors import StoreUnavailable
from data.released import Released
from data.store import Store


def layout() -> Component:
    """The head and the list under it."""
    return html.Section(
        [
            still(Id.CHANGES_HEAD, "changes-head"),
            still(Id.CHANGES_LIST, "changes-scroll scroll"),
            html.Div(id=Id.CHANGES_STATE, className="panel-state"),
        ],
        className="changes-panel",
        **attributes({"aria-label": _("What changed")}),
    )


def register(app: Dash, store: Store) -> None:
    """Head and list follow the View."""

    @app.callback(
        Output(Id.CHANGES_HEAD, DRAWN),
        Output(Id.CHANGES_LIST, DRAWN),
        Output(Id.CHANGES_STATE, "children"),
        Input(Id.VIEW, "data"),
        State(Id.CHANGES_STATE, "children"),
    )
    async def tell(query: object, said: object) -> tuple[object, ...]:
        try:
            head, rows = await ask(store, lambda released: told(released, asked_of(released, query)))
        except StoreUnavailable as error:
            return kept(error, store.clock(), said, 2)
        return drawn(head), drawn(rows), None


def told(released: Released, asked: Asked) -> tuple[list[Component], list[Component]]:
    """Head and list for one viewer and View."""
    since = since_of(released, asked)
    found = changes.changes(released, asked.filter, asked.record_layers, since)
    profile = released.policy.operation.marking
    head = changes_head(asked.view, found, profile)
    if not found.newest:
        return head, [nothing_found(words_of(released, asked), _("No changes released to you"))]
    return head, changes_list(found, profile, released.regions)
