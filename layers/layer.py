"""What a layer is: a declaration. Each has a file of its own; `layers.base` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from layers.symbols import Symbol


@dataclass(frozen=True)
class Layer:
    """One layer of the map.

    `feed` is empty for a reference layer: drawn, never counted. Texts are catalogue keys.
    """

    id: str
    feed: str
    title_key: str
    symbol: Symbol
    noun_key: str
    """What its records are called in a sentence, in the plural: "12 incidents"."""
    categories: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Catalogue key by category code, in the order in which charts stack them."""
    verified: bool = False
    """Its records carry a verification: unverified ones are hollow, disputed ones slashed."""
    inner: frozenset[str] = frozenset()
    """Categories that carry the inner mark (police among the military)."""
