"""How large symbols are drawn, in CSS pixels across: the area grows with the figure, so width by root."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, log10, sqrt

from data.answers import Mark, Marks

POINT = 13.0
"""One record. All points are alike: a bigger dot would claim a figure."""

CLUSTER_LEAST, CLUSTER_MOST = 15.0, 34.0
AREA_LEAST, AREA_MOST = 6.0, 46.0
ZERO = 6.0

LEAST_TOP_OF_COUNTS = 50.0
"""Two records in an area are not a large symbol because they are the most there is."""

_STEPS = (1.0, 2.0, 5.0, 10.0)


def nice_ceiling(value: float) -> float:
    """The smallest of 1, 2, 5 × a power of ten that is not below `value` (1 when it is not positive)."""
    if not isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in _STEPS if step * power >= value * (1 - 1e-12))


@dataclass(frozen=True)
class SizeScale:
    """Area symbols: `top` is drawn AREA_MOST pixels across, a quarter of it half as wide."""

    top: float
    metric: str = ""

    def diameter(self, value: float) -> float:
        """Pixels across; a figure of zero or below gets the small ring of zero."""
        if value <= 0:
            return ZERO
        return round(max(AREA_LEAST, AREA_MOST * sqrt(min(value, self.top) / self.top)), 1)

    def classes(self) -> tuple[tuple[float, float], ...]:
        """Up to three round figures and their diameters, largest first; none below one but `top`."""
        figures = (self.top, nice_ceiling(self.top / 5.01), nice_ceiling(self.top / 50.1))
        return tuple(
            (figure, self.diameter(figure)) for figure in figures if figure >= 1 or figure == self.top
        )


def figure(mark: Mark, metric: str) -> float:
    """What sizes an area symbol: its value; without a metric, how many records it stands for."""
    value = mark.value if mark.value is not None else 0.0 if metric else float(mark.count)
    return value if isfinite(value) else 0.0


def size_scale(marks: Marks) -> SizeScale | None:
    """The scale of the area symbols drawn; None when there is none."""
    metric = metric_in_force(marks)
    figures = [figure(mark, metric) for mark in marks.marks if mark.kind == "area"]
    if not figures:
        return None
    return SizeScale(nice_ceiling(max(*figures, 0.0 if metric else LEAST_TOP_OF_COUNTS)), metric)


def metric_in_force(marks: Marks) -> str:
    """The metric that sizes the area symbols; none when no area has a figure of it (then counts do)."""
    known = any(mark.kind == "area" and mark.value is not None for mark in marks.marks)
    return marks.metric if known else ""


def cluster_diameter(count: int, largest: int) -> float:
    """Pixels across of a cluster, by the root of its count against the largest drawn (at least 100)."""
    share = sqrt(max(count, 0) / max(largest, 100))
    return round(CLUSTER_LEAST + (CLUSTER_MOST - CLUSTER_LEAST) * min(share, 1.0), 1)
