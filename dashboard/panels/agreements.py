"""The policy as its partners may know it: a graph, a matrix, and the terms of each agreement."""

from __future__ import annotations

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.asking import ask
from dashboard.controls.agreement_parts import agreements_list, graph_of, groups_list, matrix
from dashboard.controls.staged import staged_list
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.states import kept
from dashboard.words import _
from data.errors import StoreUnavailable
from data.home import Home
from data.known_changes import known_changes
from data.known_policy import KNOW_ALL, known_policy
from data.released import Released
from data.store import Store
from data.tombstones import ends_carried_out


def layout() -> Component:
    """One column that scrolls."""
    return html.Section(
        [still(Id.POLICY, "policy"), html.Div(id=Id.POLICY_STATE, className="panel-state")],
        className="policy-panel scroll",
        tabIndex="0",
        **attributes({"aria-label": _("Agreements")}),
    )


def register(app: Dash, store: Store) -> None:
    """The page follows the policy, and what of it the viewer may know."""

    @app.callback(
        Output(Id.POLICY, DRAWN),
        Output(Id.POLICY_STATE, "children"),
        Input(Id.VIEW, "data"),
        State(Id.POLICY_STATE, "children"),
    )
    async def tell(query: object, said: object) -> tuple[object, ...]:
        del query
        try:
            return drawn(await ask(store, lambda released: told(released, store.home))), None
        except StoreUnavailable as error:
            return kept(error, store.clock(), said, 1)


def told(released: Released, home: Home) -> list[Component]:
    """Everything on the page for one viewer."""
    now = released.now
    known = known_policy(released.policy, released.viewer, now)
    staged = staged_list(known_changes(home, released.viewer), released.policy.operation.marking)
    if not known.agreements and not known.groups:
        return [*staged, html.P(_("No agreement and no group of your partner."), className="nothing")]
    every = _("All agreements and groups of this operation.")
    own = _("The agreements that your partner is a party to, and the groups that it is in.")
    parts: list[Component] = [
        html.Div(
            [
                html.H2(_("Agreements")),
                html.Span(own if not released.viewer.roles & KNOW_ALL else every, className="quiet"),
            ],
            className="policy-title",
        ),
        *staged,
        html.Div(
            [html.Div(graph_of(known, now), className="policy-picture"), matrix(known, now)],
            className="policy-pair",
        ),
    ]
    if known.agreements:
        parts += [html.H3(_("Terms")), agreements_list(known, released.regions, now, ends_carried_out(home))]
    if known.groups:
        parts += [html.H3(_("Groups")), groups_list(known, now)]
    return parts
