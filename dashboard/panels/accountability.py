"""Who saw or took whose data: for owners their own, for overseers all of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.asking import ask
from dashboard.controls.account import account_parts
from dashboard.controls.account_report import report_buttons
from dashboard.controls.held import destroy_parts, held_parts
from dashboard.controls.reported import reported_parts
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.states import kept
from dashboard.words import _
from data.accountability import DAYS, account, may_read, reads_all
from data.audit.trail import Trail
from data.clock import system_clock
from data.errors import StoreUnavailable
from data.held import held, to_destroy
from data.home import Home
from data.released import Released
from data.reporting import reports_for
from data.reports import all_reports
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
            parts = await ask(store, lambda released: told(released, store.home, trail, system_clock()))
            return drawn(parts), None
        except StoreUnavailable as error:
            return kept(error, store.clock(), said, 1)


def told(released: Released, home: Home, trail: Trail, now: datetime) -> list[Component]:
    """What the viewer may read of the trail; `now` is real time, as the trail's."""
    viewer = released.viewer
    profile = released.policy.operation.marking
    own_code = next(iter(viewer.partners), "")
    destroy = destroy_parts(to_destroy(home, viewer, trail.exports(partner=own_code)), profile)
    if not may_read(viewer):
        return [*destroy, *_rest(bool(destroy))]
    own = None if reads_all(viewer) else next(iter(viewer.partners))
    entries = trail.entries(originator=own, since=now - timedelta(days=DAYS))
    found = account(entries, released.policy, viewer, now)
    return [
        *destroy,
        *reported_parts(reports_for(home, released, all_reports(home)), viewer, profile),
        *held_parts(held(home, released, trail.exports(originator=own_code)), profile),
        *account_parts(found, profile, report_buttons()),
    ]


def _rest(some_recalled: bool) -> list[Component]:
    """What there is for people who read no account."""
    said = html.P(_("Who saw or took data is for releasers and overseers."), className="quiet")
    if some_recalled:
        return [said]
    none = html.P(_("No file that your partner took has been recalled."), className="nothing")
    return [html.Div([html.H2(_("Accountability")), said], className="policy-title"), none]
