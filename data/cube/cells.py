"""What the cube counts by: a feed's own standard column as category, a first-level area, an ISO week.

Everything that can be asked of it is listed here, so the choices on the page hang on no record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from data.schema import DELIVERIES, DEPLOYMENTS, FEEDS, INCIDENTS

CATEGORY_COLUMN: Mapping[str, str] = MappingProxyType(
    {INCIDENTS: "incident_type", DEPLOYMENTS: "sector_code", DELIVERIES: "sector_code"}
)
"""By feed. Records that state none are in no cell."""

CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        feed: tuple(sorted(FEEDS[feed].by_name[column].allowed or ()))
        for feed, column in CATEGORY_COLUMN.items()
    }
)

HEALTH_OR_PROTECTION = frozenset(
    {"epidemic", "violence_civilians", "aid_worker_attack", "displacement", "HEA"}
)
PROTECTION_SECTORS = "PRO"
"""PRO and its areas of responsibility, PRO-GBV and so on."""


@dataclass(frozen=True, order=True)
class Cell:
    """`area` is a code of the first level, `week` the Monday on which its ISO week begins (UTC)."""

    feed: str
    area: str
    category: str
    week: date


def is_protected(category: str) -> bool:
    """Whether a category is one of protection or health, whose cells need more records."""
    return category in HEALTH_OR_PROTECTION or category.startswith(PROTECTION_SECTORS)
