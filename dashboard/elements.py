"""Attributes of elements that are no names of Python: data-… and aria-…."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def attributes(given: Mapping[str, str]) -> dict[str, Any]:
    """As keyword arguments of an element; open in type, because no signature knows them."""
    return dict(given)
