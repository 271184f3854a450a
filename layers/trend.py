"""A trend as a line of a few strokes beside its figure, in a neutral tone: more is not better or worse."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from urllib.parse import quote

from layers.symbols import TONES, Scheme

WIDTH, HEIGHT, EDGE = 64, 20, 2


def trend_uri(values: Sequence[float], scheme: Scheme) -> str:
    """The line as a `data:` address for an image element; empty where there is nothing to draw.

    It stands on zero, so that its height is the figure's; the last point is marked.
    """
    points = _points(values)
    if not points:
        return ""
    tones = TONES[scheme]
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    x, y = points[-1]
    box = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
        f'<polygon points="{EDGE},{HEIGHT} {line} {x:g},{HEIGHT}" fill="{tones.quiet}" fill-opacity=".22"/>'
        f'<polyline points="{line}" fill="none" stroke="{tones.quiet}" stroke-width="1.4"/>'
        f'<circle cx="{x:g}" cy="{y:g}" r="1.9" fill="{tones.text}"/></svg>'
    )
    return "data:image/svg+xml," + quote(drawn, safe="/:=' ,;()<>")


def _points(values: Sequence[float]) -> list[tuple[float, float]]:
    most = max((value for value in values if isfinite(value)), default=0.0)
    if len(values) < 2 or most <= 0:
        return []
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)
    share = (HEIGHT - 2 * EDGE) / most
    heights = [max(value, 0.0) * share if isfinite(value) else 0.0 for value in values]
    return [(round(EDGE + n * step, 1), round(HEIGHT - EDGE - height, 1)) for n, height in enumerate(heights)]
