"""The published cube: the same figures for everybody who signed in."""

from __future__ import annotations

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.asked import asked_of
from dashboard.asking import ask
from dashboard.controls.cube import Slice, choices, heat, key, rules, when
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.states import kept
from dashboard.view_values import CubeChoice
from dashboard.words import _
from data.cube.cells import CATEGORIES
from data.cube.published import PublishedCube, figures, published
from data.cube.weeks import weeks_of
from data.errors import HomeError, StoreUnavailable
from data.home import Home
from data.regions_shown import RegionIndex
from data.store import Store


def layout() -> Component:
    """One column that scrolls."""
    return html.Section(
        [still(Id.CUBE, "policy"), html.Div(id=Id.CUBE_STATE, className="panel-state")],
        className="policy-panel scroll",
        tabIndex="0",
        **attributes({"aria-label": _("Published counts")}),
    )


def register(app: Dash, store: Store) -> None:
    """The figures of the category that the View names."""

    @app.callback(
        Output(Id.CUBE, DRAWN),
        Output(Id.CUBE_STATE, "children"),
        Input(Id.VIEW, "data"),
        State(Id.CUBE_STATE, "children"),
    )
    async def tell(query: object, said: object) -> tuple[object, ...]:
        try:
            parts = await ask(
                store,
                lambda released: told(store.home, released.regions, asked_of(released, query).view.cube),
            )
            return drawn(parts), None
        except (StoreUnavailable, HomeError) as error:
            return kept(error, store.clock(), said, 1)


def told(home: Home, regions: RegionIndex, choice: CubeChoice | None) -> list[Component]:
    """Everything on the page. Of whoever asks nothing comes in here."""
    cube = published(home)
    title = html.Div([html.H2(_("Published counts")), when(cube)], className="policy-title")
    if cube.as_of is None:
        return [title, *rules()]
    shown = _shown(home, cube, choice)
    return [title, choices(cube, shown), heat(shown, regions), key(), *rules()]


def _shown(home: Home, cube: PublishedCube, choice: CubeChoice | None) -> Slice:
    """Without a choice the first category that has figures, and its last year."""
    every = [(feed, one) for feed, categories in CATEGORIES.items() for one in categories]
    first = next((pair for pair in every if cube.years(*pair)), every[0])
    feed, category = (choice.feed, choice.category) if choice is not None else first
    years = cube.years(feed, category)
    as_of = cube.as_of
    if as_of is None or not years:
        return Slice(feed, category, as_of.year if as_of else 0, (), {})
    year = choice.year if choice is not None and choice.year in years else years[-1]
    weeks = weeks_of(year, as_of)
    return Slice(feed, category, year, weeks, figures(home, feed, category, weeks))
