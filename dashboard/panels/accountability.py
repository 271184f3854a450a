"""Who saw or took whose data: for owners their own, for overseers all of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.asking import ask
from dashboard.controls.account import account_parts
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.states import kept
from dashboard.words import _
from data.accountability import DAYS, account, may_read, reads_all
from data.audit.trail import Trail
from data.clock import system_clock
from data.errors import StoreUnavailable
from data.released import Released
from data.store import Store


def layout() -> Component:
    """One column that scrolls."""
    return html.Section(
        [still(Id.ACCOUNT, "policy"), html.Div(id=Id.ACCOUNT_STATE, className="panel-state")],
        className="policy-panel scroll",
        tabIndex="0",
        **attributes({"aria-label": _("Accountability")}),
    )


def register(app: Dash, store: Store, trail: Trail) -> None:
    """The account is made anew whenever the page asks."""

    @app.callback(
        Output(Id.ACCOUNT, DRAWN),
        Output(Id.ACCOUNT_STATE, "children"),
        Input(Id.VIEW, "data"),
        State(Id.ACCOUNT_STATE, "children"),
    )
    async def tell(query: object, said: object) -> tuple[object, ...]:
        del query
        try:
            return drawn(await ask(store, lambda released: told(released, trail, system_clock()))), None
        except StoreUnavailable as error:
            return kept(error, store.clock(), said, 1)


def told(released: Released, trail: Trail, now: datetime) -> list[Component]:
    """What the viewer may read of the trail; `now` is real time, as the trail's."""
    viewer = released.viewer
    if not may_read(viewer):
        return [html.P(_("This page is for releasers and overseers."), className="nothing")]
    own = None if reads_all(viewer) else next(iter(viewer.partners))
    entries = trail.entries(originator=own, since=now - timedelta(days=DAYS))
    return account_parts(account(entries, released.policy, viewer, now), released.policy.operation.marking)
