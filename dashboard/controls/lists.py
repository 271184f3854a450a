"""Partners with the role they are looked for in, sectors, and the region fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboard.actions import button, checkbox
from dashboard.asked import ROLE_WORDS
from dashboard.controls.codes import SECTOR_NAMES
from dashboard.elements import attributes
from dashboard.view import FILLS, View
from dashboard.words import _
from data.answers import Facet
from data.filters import ROLES
from layers import regions


def partners(facets: Sequence[Facet], view: View) -> Component:
    """Only partners of what is released to this viewer, and the role they are looked for in."""
    parts: list[Component] = [_roles(view)]
    parts.append(_checks(facets, "partner", view.partners, _("No partner in what is released to you.")))
    return html.Div(parts)


def sectors(facets: Sequence[Facet], view: View) -> Component:
    """Sectors of what is released, by name."""
    named = [replace(facet, name=_(SECTOR_NAMES.get(facet.code, facet.name))) for facet in facets]
    return _checks(named, "sector", view.sectors, _("No sector in what is released to you."))


def fills(view: View) -> Component:
    """One rate colours the regions, or none does."""
    choices = [("", _("No fill")), *((name, fill_title(name)) for name in FILLS)]
    return html.Div(
        [
            button(title, f"fill={name}", pressed=view.fill == name, class_name="choice")
            for name, title in choices
        ],
        className="choices",
    )


def fill_title(name: str) -> str:
    """What the fill shows, in words: as its legend says it."""
    return regions.title(name, _)


def summary(chosen: tuple[str, ...], offered: int) -> str:
    """What a closed list says of itself."""
    if chosen:
        return ", ".join(chosen[:3]) + (f" +{len(chosen) - 3}" if len(chosen) > 3 else "")
    return _("all {n} released to you").format(n=offered) if offered else _("none in this filter")


def _roles(view: View) -> Component:
    return html.Div(
        [
            button(
                _(ROLE_WORDS[role]),
                f"role={'' if role == 'any' else role}",
                pressed=view.role == role,
                class_name="chip",
            )
            for role in ROLES
        ],
        className="chips",
        role="group",
        **attributes({"aria-label": _("Role")}),
    )


def _checks(facets: Sequence[Facet], key: str, chosen: tuple[str, ...], none: str) -> Component:
    known = {facet.code for facet in facets}
    absent = [Facet(code, code, 0) for code in chosen if code not in known]
    if not facets and not absent:
        return html.P(none, className="quiet")
    items = [_item(facet, key, facet.code in chosen) for facet in (*absent, *facets)]
    return html.Ul(items, className="checks")


def _item(facet: Facet, key: str, chosen: bool) -> Component:
    label: list[Component | str] = [
        html.Span(facet.name, className="name"),
        html.Span(_.number(facet.count) if facet.count else "", className="count"),
    ]
    item = checkbox(label, key, facet.code, checked=chosen, title=facet.code)
    return html.Li(item, **attributes({"data-name": f"{facet.name} {facet.code}".casefold()}))
