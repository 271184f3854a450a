"""Attributes of elements that are no names of Python: data-… and aria-…; and fields for text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component


def attributes(given: Mapping[str, str]) -> dict[str, Any]:
    """As keyword arguments of an element; open in type, because no signature knows them."""
    return dict(given)


class Field(html.Button):
    """An `<input>` of a still part (`dashboard.drawn`): `type`, `value`, `title`, data-… and aria-…."""

    _type = "Input"


def text_field(identity: str, said: str, most: int = 80) -> Component:
    """The place of a field that no callback listens to; `assets/fields.js` makes the field in it."""
    told = {"data-field": str(identity), "data-said": said, "data-most": str(most)}
    return html.Div(className="field", **attributes(told))
