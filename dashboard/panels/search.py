"""The search: one field for regions, places and released records. `assets/search.js` has its keys."""

from __future__ import annotations

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard.asked import asked_of
from dashboard.asking import ask
from dashboard.controls.found import LISTBOX, found_list, not_found_now
from dashboard.controls.marking import marked_with
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes, text_field
from dashboard.ids import Id
from dashboard.words import _
from data import labels_shown, search
from data.errors import StoreUnavailable
from data.released import Released
from data.search import Found
from data.search_text import MOST_CHARACTERS, SearchText
from data.store import Store


def layout() -> Component:
    """A field over the map's corner; what is found hangs below it."""
    return html.Div(
        [
            html.Div(
                [
                    text_field("search", _("Search places, regions and records"), MOST_CHARACTERS),
                    html.Kbd("/"),
                ],
                className="search-row",
            ),
            still(Id.FOUND, "found"),
            dcc.Store(id=Id.SEARCHED),
        ],
        className="search-panel",
        role="search",
        **attributes({"data-listbox": LISTBOX}),
    )


def register(app: Dash, store: Store) -> None:
    """What is found follows the text; whatever is no text to look for finds nothing and asks nothing."""

    @app.callback(
        Output(Id.FOUND, DRAWN),
        Input(Id.SEARCHED, "data"),
        State(Id.VIEW, "data"),
        prevent_initial_call=True,
    )
    async def look(text: object, query: object) -> str:
        wanted = SearchText.of(text)
        if wanted is None:
            return drawn(None)
        try:
            found, marking = await ask(store, lambda released: _found(released, wanted, query))
        except StoreUnavailable:
            return drawn(not_found_now(wanted))
        return drawn(found_list(found, wanted, marking))


def _found(released: Released, wanted: SearchText, query: object) -> tuple[Found, list[Component]]:
    """What is found, and the marking of its records."""
    asked = asked_of(released, query).filter
    found = search.search(released, wanted, asked)
    labels = labels_shown.labels_of_records(released, [each.record_id for each in found.records], asked)
    return found, marked_with(released, labels)
