"""The region tree: several may be chosen; branches open and close in the browser (`assets/rail.js`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.actions import button, checkbox
from dashboard.controls.places import name_of
from dashboard.elements import attributes
from dashboard.words import _
from data.answers import RegionNode
from data.filters import split_region
from data.names import plain

Children = Mapping[str | None, Sequence[RegionNode]]


def region_tree(nodes: Sequence[RegionNode], chosen: tuple[str, ...], *, drawn: bool = False) -> Component:
    """The tree with how many records of the filter each region holds. `drawn`: an area is drawn too."""
    bare = frozenset(split_region(code)[0] for code in chosen)
    whole = button(
        [html.Span(_("Whole operation"), className="name")],
        "region=&area=&sel=",
        pressed=not bare and not drawn,
        class_name="whole",
    )
    if not nodes:
        none = _("No region holds a record of this filter.")
        return html.Div([whole, html.P(none, className="quiet")])
    children = _by_parent(nodes)
    # whose regions are loaded is where the operation is; the others are where a record happens to be
    roots = sorted(children.get(None, ()), key=lambda node: (node.code not in children, plain(_name(node))))
    branches = [_branch(node, children, bare) for node in roots]
    return html.Div([whole, html.Ul(branches, className="tree")])


def _by_parent(nodes: Sequence[RegionNode]) -> Children:
    codes = {node.code for node in nodes}
    grouped: dict[str | None, list[RegionNode]] = {}
    for node in nodes:
        grouped.setdefault(node.parent if node.parent in codes else None, []).append(node)
    return grouped


def _branch(node: RegionNode, children: Children, chosen: frozenset[str]) -> Component:
    below = children.get(node.code, ())
    label = [
        html.Span(_name(node), className="name"),
        html.Span(_.number(node.count) if node.count else "", className="count"),
    ]
    line = [_opener(node) if below else html.Span(className="opener-room")]
    line.append(checkbox(label, "region", node.code, checked=node.code in chosen, title=node.code))
    parts: list[Component] = [html.Div(line, className="line")]
    if below:
        parts.append(html.Ul([_branch(child, children, chosen) for child in below]))
    return html.Li(parts, **attributes({"data-code": node.code, "data-name": _name(node).casefold()}))


def _name(node: RegionNode) -> str:
    return name_of(node.code, node.name)


def _opener(node: RegionNode) -> Component:
    said = _("Open or close {name}").format(name=_name(node))
    return html.Button(
        "", className="opener", type="button", **attributes({"data-open": node.code, "aria-label": said})
    )
