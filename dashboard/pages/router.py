"""Which page stands at which path. The path alone decides: a query string never builds a page anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from dash import Dash, Input, Output, State, ctx
from dash.development.base_component import Component

from dashboard.asked import Asked
from dashboard.asking import ask
from dashboard.chosen import chosen_box
from dashboard.ids import Id
from dashboard.pages import accountability, agreements, changes, compare, cube, operations, table
from dashboard.pages.opening import Opening
from dashboard.picture import first_place
from dashboard.view import View
from data.released import Released
from data.store import Store

Layout = Callable[[View, Sequence[str], Opening], Component]
SCHEME_COOKIE = "watchfloor_scheme"

PAGES: Mapping[str, Layout] = MappingProxyType(
    {
        "/": operations.layout,
        "/table": table.layout,
        "/changes": changes.layout,
        "/compare": compare.layout,
        "/agreements": agreements.layout,
        "/counts": cube.layout,
        "/accountability": accountability.layout,
    }
)
"""Every page of the picture by its path."""


def register(app: Dash, store: Store) -> None:
    """The page of the path, opened for the View of the query."""

    @app.callback(Output(Id.PAGE, "children"), Input(Id.URL, "pathname"), State(Id.URL, "search"))
    async def page(path: object, search: object) -> Component:
        scheme = "light" if ctx.cookies.get(SCHEME_COOKIE) == "light" else "dark"
        layout = PAGES.get(path if isinstance(path, str) else "/", operations.layout)
        view, told = View.from_query(search if isinstance(search, str) else "")
        return await ask(store, lambda released: layout(view, told, _opening(released, view, scheme)))


def _opening(released: Released, view: View, scheme: str) -> Opening:
    asked = Asked(view, view.to_filter(released.now))
    return Opening(
        place=first_place(released, asked),
        extent=released.extent(View().to_filter(released.now)),
        regions_version=released.regions.version,
        scheme=scheme,
        profile=released.policy.operation.marking,
        partner=next(iter(released.viewer.partners)) if len(released.viewer.partners) == 1 else "",
        box=chosen_box(released, asked),
        version=released.version,
        rules=released.key.policy_set.name,
    )
