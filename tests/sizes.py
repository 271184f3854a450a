"""How much a test with a long version does: little in CI, all of it with `make audit-tests`.

Such a test is marked `full_size` and asks `size("name")`; both numbers stand here and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

VARIABLE = "FULL_SIZES"


class Size(NamedTuple):
    """In CI, and in full."""

    ci: int
    full: int


SIZES: Mapping[str, Size] = MappingProxyType(
    {
        "audit_tamperings": Size(50, 1_000),
        "audit_kills": Size(20, 200),
        "mutant_examples": Size(60, 300),
    }
)


def is_full() -> bool:
    """Whether this run is the long one."""
    return bool(os.environ.get(VARIABLE))


def size(name: str) -> int:
    """How many of them this run does."""
    return SIZES[name].full if is_full() else SIZES[name].ci
