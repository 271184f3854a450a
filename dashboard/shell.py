"""What stands around every page: marking top and bottom, header with clocks and persona, faults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.access.viewing import current_viewer
from dashboard.controls.trays import MENU, tray, tray_head
from dashboard.drawn import still
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.languages import LANGUAGES, USUAL, Language, current_language
from dashboard.pages.paths import ACCOUNT, OF_RELEASE, TITLES
from dashboard.panels import marking, saved_views
from dashboard.words import _
from data.accountability import may_read
from data.partners import ANALYST
from data.policy import Persona, Policy
from data.screens import is_screen
from data.viewer import Viewer

# The icon is part of the page: a browser asks for one of its own address at every change of the View.
INDEX = """<!DOCTYPE html>
<html {%spoken%} data-mantine-color-scheme="dark">
<head>{%metas%}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<link rel="preload" href="/_dash-layout" as="fetch" crossorigin="anonymous">
<link rel="preload" href="/_dash-dependencies" as="fetch" crossorigin="anonymous">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
%3Crect width='16' height='16' rx='3' fill='%230f1822'/%3E\
%3Cpath d='M3 3h10v10H3z' fill='none' stroke='%237cc4ff'/%3E\
%3Cpath d='M3 3h5v10H3z' fill='%237cc4ff'/%3E%3C/svg%3E">
<title>{%title%}</title>{%css%}</head>
<body>{%app_entry%}{%config%}{%scripts%}{%renderer%}</body>
</html>"""


def layout(
    policy: Policy, languages: Sequence[str] = USUAL, *, by_persona: bool = True, signs_out: bool = True
) -> Component:
    """The frame; the page itself comes by its path.

    `by_persona`: whoever looks chooses who they are. `signs_out`: else they sign in and out here.
    """
    if is_screen(current_viewer()):
        ways: list[Component] = [_screen()]
    else:
        who = _persona_switch(policy) if by_persona else _person(signs_out=signs_out)
        ways = [saved_views.layout(), _scheme_switch(), _language_switch(languages), who]
    return html.Div(
        [
            html.A(_("Skip to the map"), href="#map", className="skip", **attributes({"data-skip": ""})),
            dcc.Location(id=Id.URL, refresh=False),
            marking.layout(Id.MARKING_TOP),
            _header(policy, ways),
            html.Div(id=Id.FAULT, className="faults"),
            html.Div(id=Id.PAGE, className="page"),
            _rules_changing(),
            marking.layout(Id.MARKING_BOTTOM),
        ],
        className="shell on-screen" if is_screen(current_viewer()) else "shell",
    )


def _rules_changing() -> Component:
    """Over the page while the rules of release change (`assets/rules.js`)."""
    said = _("The rules of release have changed. The picture is being drawn under the new ones.")
    return html.Div(html.P(said), className="rules-said", role="status")


def _header(policy: Policy, ways: Sequence[Component]) -> Component:
    name = html.Div(
        [
            html.Span("◧", className="brand-mark", **attributes({"aria-hidden": "true"})),
            html.H1("Watchfloor"),
        ],
        className="brand",
    )
    menu = [
        tray_head(MENU),
        _pages(),
        html.Span(html.Span(policy.operation.title), className="operation-title"),
        html.Span(className="space"),
        *ways,
    ]
    box = html.Div(menu, className="menu", **attributes(tray(MENU)))
    return html.Header([name, marking.clocks(), box], className="head")


def _pages() -> Component:
    """The ways from page to page; `assets/view.js` gives each the View that is looked at. A wall has none."""
    if is_screen(current_viewer()):
        return html.Nav([], className="pages")
    links = [_page(path) for path in TITLES if path not in OF_RELEASE]
    known = [_page(path) for path in OF_RELEASE if path != ACCOUNT or _has_account(current_viewer())]
    release = html.Details([html.Summary(_("Release")), html.Div(known)], className="popover release-pages")
    return html.Nav([*links, release], className="pages", **attributes({"aria-label": _("Pages")}))


def _has_account(viewer: Viewer) -> bool:
    """Whoever takes files too: that a file was recalled is read there."""
    return may_read(viewer) or ANALYST in viewer.roles


def _page(path: str) -> Component:
    return html.A(_(TITLES[path]), href=path, **attributes({"data-page": path}))


def _scheme_switch() -> Component:
    said = _("Dark or light")
    return html.Button(
        "◐",
        type="button",
        className="scheme",
        title=said,
        **attributes({"data-scheme": "", "aria-label": said}),
    )


def _language_switch(languages: Sequence[str]) -> Component:
    """Choosing sends it to /language and loads the page anew; the View, which is the address, stays."""
    buttons = [_speak(LANGUAGES[code]) for code in languages]
    return html.Div(
        buttons, className="segments languages", role="group", **attributes({"aria-label": _("Language")})
    )


def _speak(language: Language) -> Component:
    """Said in the language itself: whoever looks for it may not read any other."""
    spoken = language is current_language()
    told = {"data-language": language.code, "lang": language.code, "aria-label": language.name}
    return html.Button(
        language.short,
        type="button",
        className="segment",
        title=language.name,
        **attributes({**told, "aria-pressed": "true" if spoken else "false"}),
    )


def _persona_switch(policy: Policy) -> Component:
    """Exercise and replay: who is looking. Choosing sends it to /persona and loads the page anew."""
    mine = {identity.id for identity in current_viewer().identities}
    options = [_option(persona, persona.id in mine) for persona in _by_partner(policy.personas.values())]
    if not mine:
        options.insert(0, html.Option(_("Choose who you are"), value="", selected="selected", disabled=True))
    label = html.Label(_("You are"), htmlFor="persona", className="label")
    choice = html.Select(options, id="persona", className="persona", **attributes({"data-persona": ""}))
    return still("who", "who", [label, choice])


def _screen() -> Component:
    """Which wall it is, and before whom. Taken back, it goes to /screen at once (`assets/signed_out.js`)."""
    viewer = current_viewer()
    name = viewer.identities[0].name
    partners = _.listed([identity.partner for identity in viewer.identities], ", ")
    own = [html.Span(name, className="own-name"), html.Span(partners, className="own-partner")]
    return html.Div(own, className="person", **attributes({"data-signed-out": "", "data-goes-to": "/screen"}))


def _person(*, signs_out: bool) -> Component:
    """Who signed in, and the way out. `assets/signed_out.js` has the presses and the words of the end."""
    who = next(iter(current_viewer().identities), None)
    name, partner = (who.name, who.partner) if who is not None else ("", "")
    own = [html.Span(name, className="own-name"), html.Span(partner, className="own-partner")]
    said = {
        "data-signed-out": _("You are signed out"),
        "data-said": _("What is shown here is kept as it is, and nothing new comes."),
        "data-again": _("Sign in again"),
        "data-signs-in": "/sign-in" if signs_out else "",
    }
    if not signs_out:
        return html.Div(own, className="person", **attributes(said))
    box = html.Div([_way_out("here", _("Sign out")), _way_out("everywhere", _("Sign out everywhere"))])
    return html.Details([html.Summary(own), box], className="popover person", **attributes(said))


def _way_out(where: str, words: str) -> Component:
    told = attributes({"data-sign-out": where})
    return html.Button(words, type="button", className="quiet-button", **told)


def _option(persona: Persona, chosen: bool) -> Component:
    extra: dict[str, Any] = {"selected": "selected"} if chosen else {}
    return html.Option(f"{persona.partner} · {persona.name}", value=persona.id, **extra)


def _by_partner(personas: Iterable[Persona]) -> list[Persona]:
    return sorted(personas, key=lambda persona: (persona.partner, persona.name))
