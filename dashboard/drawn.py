"""What stands still in a panel, as one value: elements that no callback listens to are no components.

On every answer Dash walks all components of the page, several times. A rail of five hundred made a click
last seconds; as one attribute it costs nothing. `assets/drawn.js` builds the elements and touches only what
differs from the picture before, so focus, scroll and what was unfolded stay.

A node is a text, or `[tag, {attribute: text}, [node, …]]`. Texts stay texts: nothing here is markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.elements import attributes
from dashboard.ids import Id

DRAWN = "data-drawn"
"""The attribute, and so the property that a callback puts out."""

_TAGS = (
    "a button dd details div dl dt em h1 h2 h3 img input label li option p select span strong summary table"
    " tbody td th thead time tr ul"
)
TAGS = frozenset(_TAGS.split())
"""The elements that `assets/drawn.js` builds; the two lists are held together by a test."""

ATTRIBUTES: Mapping[str, str] = MappingProxyType(
    {"className": "class", "htmlFor": "for", "tabIndex": "tabindex"}
)
PLAIN = frozenset(
    "alt height href id lang rel role scope src style target title type value width".split()  # noqa: SIM905
)
FLAGS = frozenset({"disabled", "selected"})

Part = Component | str | int | float | None
Node = str | list[object]


def still(identity: Id | str, class_name: str = "", parts: Part | Sequence[Part] = None) -> Component:
    """The place of still parts; a callback's output is `(identity, DRAWN)`."""
    return html.Div(id=identity, className=class_name, **attributes({DRAWN: drawn(parts)}))


def drawn(parts: Part | Sequence[Part]) -> str:
    """The parts as `assets/drawn.js` reads them. Raises ValueError for what is no still element."""
    return json.dumps(nodes(parts), ensure_ascii=False, separators=(",", ":"))


def nodes(parts: object) -> list[Node]:
    if parts is None:
        return []
    if isinstance(parts, list | tuple):
        return [node for part in parts for node in nodes(part)]
    return [_element(parts) if isinstance(parts, Component) else str(parts)]


def _element(component: Component) -> Node:
    told: dict[str, Any] = component.to_plotly_json()  # type: ignore[no-untyped-call]
    tag, props = str(told["type"]).lower(), told["props"]
    if told["namespace"] != "dash_html_components" or tag not in TAGS:
        raise ValueError(f"{told['type']} is no still element; expected one of {', '.join(sorted(TAGS))}.")
    children = nodes(props.get("children"))
    said = dict(
        _attribute(name, value)
        for name, value in props.items()
        if name != "children" and value not in (None, False)
    )
    return [tag, said, children] if children else [tag, said]


def _attribute(name: str, value: object) -> tuple[str, object]:
    if name in FLAGS:
        return name, ""
    if name in PLAIN or name in ATTRIBUTES or name.startswith(("data-", "aria-")):
        return ATTRIBUTES.get(name, name), value if name == "style" else str(value)
    raise ValueError(f"{name} is no attribute of a still element.")
