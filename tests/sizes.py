"""How much a test with a long version does: little in CI, all of it with `make audit-tests`.

Such a test is marked `full_size` and asks `size("name")`; both numbers stand here and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
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
        "cache_steps": Size(300, 10_000),
        "cubes": Size(20, 1_000),
        "dataset_pairs": Size(2, 30),
        "growing_worlds": Size(1, 100),
        "fuzz_bodies": Size(300, 1_000),
        "fuzz_bodies_over_rows": Size(40, 5_000),
        "mutant_examples": Size(60, 300),
        "oracle_pairs": Size(100_000, 1_000_000),
        "property_examples": Size(2_000, 50_000),
        "template_datasets": Size(2, 200),
        "worker_kills": Size(2, 200),
        "xss_payloads": Size(4, 25),
    }
)


def is_full() -> bool:
    """Whether this run is the long one."""
    return bool(os.environ.get(VARIABLE))


def size(name: str) -> int:
    """How many of them this run does."""
    return SIZES[name].full if is_full() else SIZES[name].ci


def parts(name: str, most: int = 8) -> list[range]:
    """Its numbers in several runs, for tests of which each takes long: they may be done side by side."""
    many = size(name)
    return [range(first, many, most) for first in range(min(most, many))]


FIGURE = "figure"


def figure(record: Callable[[str, object], None], what: str, done: int, found: str) -> None:
    """A line for the table that ends the run; `record` is pytest's `record_property`."""
    record(FIGURE, [what, done, found])
