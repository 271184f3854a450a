"""What one snapshot is made from, and its statements with the names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from data.labels import Label
from data.policy import Policy
from data.regions_shown import RegionIndex
from data.released_tables import Asks
from data.viewer import Viewer


@dataclass(frozen=True)
class Asking:
    """Who asks, when, and by which policy; the labels, regions and secret of the home."""

    viewer: Viewer
    policy: Policy
    labels: Mapping[int, Label]
    regions: RegionIndex
    secret: bytes
    now: datetime


@dataclass(frozen=True)
class Making:
    """What the steps of one snapshot share. `changed`: of a feed, the records that alone are looked at."""

    connection: Asks
    name: str
    purpose: str
    asking: Asking
    changed: Mapping[str, pa.Table]

    def sql(self, template: str, feed: str = "", **parts: str) -> str:
        """A statement, about the records that changed alone where it is about some."""
        rows = f"{self.name}.rows_{feed}" if feed in self.changed else f"lake.{feed}"
        return template.format(name=self.name, feed=feed, rows=rows, **parts)
