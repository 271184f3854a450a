"""The rail: regions, period, layers, fill, partners, sectors. All of it follows from the View."""

from __future__ import annotations

from dataclasses import replace

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.asked import Asked, asked_of, period_words
from dashboard.asking import ask
from dashboard.controls.knowledge import MOST_STEPS, knowledge
from dashboard.controls.layers import layer_list
from dashboard.controls.lists import fill_title, fills, partners, sectors, summary
from dashboard.controls.period import period
from dashboard.controls.regions import region_tree
from dashboard.controls.trays import RAIL, tray, tray_head
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes, text_field
from dashboard.ids import Id
from dashboard.states import kept
from dashboard.words import _
from data import changes, facets
from data.errors import StoreUnavailable
from data.released import Released
from data.store import Store

PARTS = (
    Id.RAIL_REGIONS,
    Id.RAIL_PERIOD,
    Id.RAIL_LAYERS,
    Id.RAIL_FILL,
    Id.RAIL_PARTNERS,
    Id.RAIL_SECTORS,
)


def layout() -> Component:
    """The headings stand still; what is under them comes with each View."""
    return html.Aside(
        [
            tray_head(RAIL),
            html.Div(id=Id.RAIL_STATE, className="panel-state"),
            _section(
                _("Region"),
                _search("region-search", Id.RAIL_REGIONS, _("Region by name or code")),
                still(Id.RAIL_REGIONS, "scroll regions"),
                class_name="grows",
            ),
            _section(_("Period"), still(Id.RAIL_PERIOD)),
            _section(_("Layers"), still(Id.RAIL_LAYERS)),
            still(Id.RAIL_FILL),
            still(Id.RAIL_PARTNERS),
            still(Id.RAIL_SECTORS),
            html.P(_("Counts cover what is released to you."), className="covers"),
        ],
        className="rail",
        **attributes({"aria-label": _("Filters and layers"), **tray(RAIL)}),
    )


def register(app: Dash, store: Store) -> None:
    """One answer fills the whole rail: every count in it is of the same moment."""

    @app.callback(
        *[Output(part, DRAWN) for part in PARTS],
        Output(Id.RAIL_STATE, "children"),
        Input(Id.VIEW, "data"),
        State(Id.RAIL_STATE, "children"),
    )
    async def refill(query: object, said: object) -> tuple[object, ...]:
        try:
            parts = await ask(store, lambda released: filled(released, asked_of(released, query)))
            return (*map(drawn, parts), None)
        except StoreUnavailable as error:
            return kept(error, store.clock(), said, len(PARTS))


def filled(released: Released, asked: Asked) -> tuple[Component, ...]:
    """The rail's parts for one viewer and View."""
    offered = facets.facets(released, asked.filter, asked.record_layers)
    # the bars reach up to now, so that a way leads forward again
    up_to_now = replace(asked.view, known_at=None).to_filter(released.now)
    steps = changes.steps(released, up_to_now, asked.record_layers, MOST_STEPS)
    view = asked.view
    by_layer = {facet.layer: facet for facet in offered.layers}
    return (
        region_tree(offered.regions, view.regions, drawn=view.area is not None),
        html.Div(
            [
                period(view, asked.filter, period_words(released, asked), released.now),
                knowledge(view, steps, asked.filter.end or released.now, released.now),
            ]
        ),
        layer_list(view, by_layer, released.now),
        _folded(_("Region fill"), fill_title(view.fill) if view.fill else _("no fill"), fills(view)),
        _folded(
            _("Partners"),
            summary(view.partners, len(offered.partners)),
            partners(offered.partners, view),
        ),
        _folded(
            _("Sectors"),
            summary(view.sectors, len(offered.sectors)),
            sectors(offered.sectors, view),
        ),
    )


def _section(title: str, *parts: Component, class_name: str = "") -> Component:
    return html.Section([html.H2(title), *parts], className=f"section {class_name}".strip())


def _folded(title: str, said: str, content: Component) -> Component:
    """A part that folds; what was opened stays open, because the element stays."""
    head = html.Summary([html.H2(title), html.Span(said, className="summary")])
    inside = html.Div(content, className="scroll folded")
    return html.Details([head, inside], className="section")


def _search(identity: str, target: Id, said: str) -> Component:
    none = html.P(
        _("No region here has this name or code."), className="no-hit quiet", role="status", hidden=True
    )
    return html.Div(
        [text_field(identity, said), none],
        className="search-row",
        **attributes({"data-filters": str(target)}),
    )
