"""Attributes of elements that are no names of Python, and the one element that Dash's html has not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html


def attributes(given: Mapping[str, str]) -> dict[str, Any]:
    """As keyword arguments of an element; open in type, because no signature knows them."""
    return dict(given)


class Field(html.Button):
    """An `<input>` of a still part (`dashboard.drawn`): `type`, `value`, `title`, data-… and aria-…."""

    _type = "Input"
