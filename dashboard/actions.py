"""Controls are plain buttons that say what they do to the View; `assets/view.js` carries it out.

`data-set` is a query string of changes (an empty value is the default), `data-toggle` adds or takes away
one value of a list. No callback hears of a click: what follows, follows from the View.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.elements import attributes


def button(
    label: str | Sequence[Component | str],
    sets: str,
    *,
    pressed: bool | None = None,
    class_name: str = "button",
    title: str = "",
) -> Component:
    """A button that sets fields of the View."""
    extra: dict[str, Any] = {"data-set": sets}
    if pressed is not None:
        extra["aria-pressed"] = "true" if pressed else "false"
    if title:
        extra["title"] = title
    return html.Button(
        label if isinstance(label, str) else list(label), className=class_name, type="button", **extra
    )


def checkbox(
    label: Sequence[Component | str],
    key: str,
    value: str,
    *,
    checked: bool,
    class_name: str = "check",
    title: str = "",
) -> Component:
    """A check box that toggles one value of a list in the View."""
    extra: dict[str, Any] = {"data-toggle": f"{key}:{value}", "aria-checked": "true" if checked else "false"}
    if title:
        extra["title"] = title
    box = html.Span(className="box", **attributes({"aria-hidden": "true"}))
    return html.Button([box, *label], className=class_name, type="button", role="checkbox", **extra)
