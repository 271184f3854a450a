"""Views kept under a name: save this one, open another, copy the link. `assets/saved.js` has the presses."""

from __future__ import annotations

from collections.abc import Sequence

from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard.access.viewing import current_viewer
from dashboard.asking import in_thread
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import Field, attributes
from dashboard.ids import Id
from dashboard.pages.paths import PATHS
from dashboard.view import View
from dashboard.words import _
from data import saved_views
from data.errors import NotSaved
from data.home import Home
from data.saved_views import MOST_NAME, MOST_VIEWS, SavedView
from data.store import Store
from data.viewer import Identity, Viewer


def layout() -> Component:
    """Closed until somebody opens it; it stands in the header."""
    return html.Details(
        [
            html.Summary(_("Views")),
            html.Div([still(Id.SAVED, "saved"), dcc.Store(id=Id.SAVED_ASKED)], className="saved-box"),
        ],
        className="popover saved-views",
    )


def register(app: Dash, store: Store) -> None:
    """What is asked is done for the viewer of this request alone; the answer is the list as it is then."""

    @app.callback(Output(Id.SAVED, DRAWN), Input(Id.SAVED_ASKED, "data"))
    async def answer(given: object) -> str:
        who = one_identity(current_viewer())
        if who is None:
            return drawn(html.P(_("Nobody is signed in, so no view can be kept."), className="quiet"))
        said = await in_thread(lambda: done(store.home, who, given))
        return drawn(said)


def one_identity(viewer: Viewer) -> Identity | None:
    """A person has one identity; a wall or a comparison keeps no views."""
    return viewer.identities[0] if len(viewer.identities) == 1 else None


def done(home: Home, who: Identity, given: object) -> list[Component]:
    """Carry out what was asked, if anything, and list what there is."""
    fault = ""
    try:
        _carry_out(home, who, given)
        views = saved_views.views_of(home, who)
    except NotSaved as error:
        fault, views = refusal_words(error.reason), saved_views.views_of(home, who)
    return [
        _form(who),
        *([html.P(fault, className="saved-fault", role="alert")] if fault else []),
        _listed(views, who),
    ]


def refusal_words(reason: str) -> str:
    """Why a view was not kept, and what to do."""
    return {
        "name": _("A view needs a name of 1 to {most} letters on one line.").format(most=MOST_NAME),
        "long": _("This view is too long to be kept: choose fewer regions or partners."),
        "many": _("{most} views are kept already: remove one first.").format(most=MOST_VIEWS),
    }[reason]


def _carry_out(home: Home, who: Identity, given: object) -> None:
    if not isinstance(given, dict):
        return
    removed, name = given.get("remove"), given.get("name")
    if isinstance(removed, str):
        saved_views.remove(home, who, removed[:64])
    elif name is not None:
        query = given.get("query")
        view, _told = View.from_query(query if isinstance(query, str) else "")
        address = (_path(given.get("path")), view.to_query())
        saved_views.save(home, who, saved_views.name_of(name), address, shared=given.get("shared") is True)


def _path(given: object) -> str:
    return given if isinstance(given, str) and given in PATHS else "/"


def _form(who: Identity) -> Component:
    named = attributes(
        {"data-save-name": "", "aria-label": _("Name of this view"), "data-most": str(MOST_NAME)}
    )
    shared: dict[str, str] = {"data-save-shared": "", "aria-checked": "false"}
    box = html.Span(className="box", **attributes({"aria-hidden": "true"}))
    words = _("Share with {partner}").format(partner=who.partner)
    return html.Div(
        [
            html.Div(
                [
                    html.Label(
                        [
                            html.Span(_("Name"), className="label"),
                            Field(type="text", value="", title=_("Name of this view"), **named),
                        ]
                    ),
                    html.Button(_("Save this view"), type="button", **attributes({"data-save": ""})),
                ],
                className="save-row",
            ),
            html.Button(
                [box, html.Span(words, className="name")],
                type="button",
                role="checkbox",
                className="check",
                **attributes(shared),
            ),
            html.Button(
                _("Copy the link"),
                type="button",
                className="quiet-button",
                **attributes({"data-copy-link": "", "data-done": _("Copied")}),
            ),
        ],
        className="save-form",
    )


def _listed(views: Sequence[SavedView], who: Identity) -> Component:
    if not views:
        return html.P(_("No view is kept yet."), className="quiet")
    return html.Ul([_item(view, who) for view in views], className="saved-list")


def _item(view: SavedView, who: Identity) -> Component:
    own = view.persona == who.id
    note = _("shared") if view.shared and own else "" if own else _("from {who}").format(who=view.person)
    parts: list[Component] = [
        html.A(view.name, href=view.address, className="saved-link"),
        html.Span(note, className="quiet"),
    ]
    if own:
        said = _("Remove {name}").format(name=view.name)
        parts.append(
            html.Button(
                "×",
                type="button",
                className="saved-remove",
                title=said,
                **attributes({"data-unsave": view.id, "aria-label": said}),
            )
        )
    return html.Li(parts, **attributes({"data-code": view.id}))
