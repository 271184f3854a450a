"""What every page of the picture opens with, and the element by which `assets/view.js` knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.controls.trays import bar
from dashboard.elements import attributes
from dashboard.frames import Place, box_words
from dashboard.ids import Id
from dashboard.notices import notice
from dashboard.view import ARRANGEMENT, DEFAULT_LAYERS, DEFAULT_PERIOD, KEYS, LAYERS, View
from dashboard.words import _
from data.geography import Bounds


@dataclass(frozen=True)
class Opening:
    """What a page opens with beside its View: the map's first place, boxes, the scheme."""

    place: Place
    extent: Bounds | None
    regions_version: str
    scheme: str
    profile: str = "humanitarian"
    """The operation's marking."""
    partner: str = ""
    """The viewer's own, where it has one: links say it, so that another partner is told."""
    version: str = ""
    """The viewer's own, by which `assets/events.js` knows whether the page is still of today."""
    rules: str = ""
    """What the rules are called under which it was opened (`dashboard/routes/events.py`)."""
    box: Bounds | None = None
    """Around what the View chooses: there the map opens when the View says no place."""


@dataclass(frozen=True)
class PageName:
    """A page: its name in the style sheet, its title, and the trays that it has on a small screen."""

    name: str
    title: str
    trays: Sequence[str]


def page(
    named: PageName, parts: Sequence[Component], view: View, notices: Sequence[str], opening: Opening
) -> Component:
    """`parts` in a page. `assets/view.js` reads the canonical query and the defaults here."""
    told = [notice(_("This link could not be read completely"), notices, "late")] if notices else []
    return html.Main(
        [
            bar(named.title, named.trays),  # first for the keyboard: a list before it may be long
            *parts,
            html.Div([*told, _of_another()], className="notices"),
            dcc.Store(id=Id.VIEW, data=view.asked().to_query()),
            dcc.Store(id=Id.FRAME),
            dcc.Store(id=Id.SCHEME, data=opening.scheme),
        ],
        className=f"picture {named.name}",
        id=named.name,
        **attributes(
            {
                "data-page": named.name,
                "data-partner": opening.partner,
                "data-version": opening.version,
                "data-rules": opening.rules,
                "data-query": view.to_query(),
                "data-keys": ",".join(KEYS),
                "data-arrangement": ",".join(ARRANGEMENT),
                "data-layers": ",".join(LAYERS),
                "data-layers-on": ",".join(DEFAULT_LAYERS),
                "data-period": DEFAULT_PERIOD,
                "data-extent": box_words(opening.extent),
                "data-box": box_words(opening.box),
                "data-home": f"{opening.place.latitude},{opening.place.longitude},{opening.place.zoom}",
            }
        ),
    )


def _of_another() -> Component:
    """What is said where the link was another partner's; `assets/saved.js` knows whose it was."""
    said = _(
        "{partner} made this link. You see what is released to {own}: your counts may differ from theirs."
    )
    told = {"data-title": _("A link of another partner"), "data-said": said, "data-close": _("Put away")}
    return html.Div(className="other-link", hidden=True, **attributes(told))
