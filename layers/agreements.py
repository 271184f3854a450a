"""Partners, groups and agreements as a graph: partners around, what they share within, drawn as one SVG.

An agreement of two is a curve between them; of several a diamond with a spoke to each party; a group is a
square. Solid is in force, dashed is to come, dotted has ended; the dates stand in the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from math import cos, pi, sin
from urllib.parse import quote

from data.known_policy import KnownPolicy, Standing, standing
from data.partners import BILATERAL, Agreement, Group
from layers.symbols import TONES, Tones

WIDTH, HEIGHT = 900, 520
MIDDLE = (WIDTH / 2, HEIGHT / 2)
PARTNERS_AT, HUBS_AT = (380.0, 215.0), (150.0, 90.0)
"""Half axes of the two ellipses, in units of the picture."""

DASHES = {Standing.IN_FORCE: "none", Standing.TO_COME: "7 5", Standing.ENDED: "1 5"}
HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    ' font-family="sans-serif" font-size="13">'
)
PULL = 0.45
"""How far the curve of two leans to the middle, so that it does not run along the ellipse."""

Point = tuple[float, float]


@dataclass(frozen=True)
class _Hub:
    """What several share."""

    name: str
    members: tuple[tuple[str, Standing], ...]
    shape: str
    standing: Standing


def graph(known: KnownPolicy, now: datetime, scheme: str) -> str:
    """The graph as a `data:` address of an SVG picture, WIDTH by HEIGHT."""
    tones = TONES[scheme]
    places = dict(zip(known.partners, _around(len(known.partners), PARTNERS_AT), strict=True))
    hubs = _hubs(known, now)
    parts = [
        *_curves([each for each in known.agreements if each.kind == BILATERAL], places, now, tones),
        *(
            part
            for hub, at in zip(hubs, _around(len(hubs), HUBS_AT), strict=True)
            for part in _hub(hub, at, places, tones)
        ),
        *(_partner(code, place, tones, own=code in known.own) for code, place in places.items()),
    ]
    return "data:image/svg+xml," + quote(HEAD + "".join(parts) + "</svg>")


def _around(count: int, axes: Point) -> list[Point]:
    """Places on an ellipse, the first at its top; one alone stands in the middle of the small one."""
    if count == 1 and axes == HUBS_AT:
        return [MIDDLE]
    turns = (2 * pi * n / max(count, 1) - pi / 2 for n in range(count))
    return [(MIDDLE[0] + axes[0] * cos(turn), MIDDLE[1] + axes[1] * sin(turn)) for turn in turns]


def _hubs(known: KnownPolicy, now: datetime) -> list[_Hub]:
    shared = [_agreed(each, now) for each in known.agreements if each.kind != BILATERAL]
    return shared + [_grouped(each, now) for each in known.groups]


def _agreed(agreement: Agreement, now: datetime) -> _Hub:
    stands = standing(agreement.from_at, agreement.until_at, now)
    return _Hub(agreement.id, tuple((code, stands) for code in sorted(agreement.parties)), "diamond", stands)


def _grouped(group: Group, now: datetime) -> _Hub:
    members = tuple((one.partner, standing(one.from_at, one.until_at, now)) for one in group.members)
    return _Hub(group.code, members, "square", Standing.IN_FORCE)


def _line(stands: Standing, colour: str) -> str:
    dashes = f'stroke-dasharray="{DASHES[stands]}" stroke-linecap="round"'
    return f'fill="none" stroke="{colour}" stroke-width="1.6" {dashes}'


def _curves(
    agreements: Sequence[Agreement], places: dict[str, Point], now: datetime, tones: Tones
) -> Iterator[str]:
    for agreement in agreements:
        one, other = (places[code] for code in sorted(agreement.parties))
        half = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
        lean = tuple(at + PULL * (middle - at) for at, middle in zip(half, MIDDLE, strict=True))
        stands = standing(agreement.from_at, agreement.until_at, now)
        yield (
            f'<path d="M{one[0]:.1f} {one[1]:.1f} Q{lean[0]:.1f} {lean[1]:.1f} {other[0]:.1f} {other[1]:.1f}"'
            f" {_line(stands, tones.focus)}/>"
        )
        at = tuple((a + 2 * b + c) / 4 for a, b, c in zip(one, lean, other, strict=True))
        yield _text(agreement.id, (at[0], at[1] - 4), tones.text, tones.panel)


def _hub(hub: _Hub, at: Point, places: dict[str, Point], tones: Tones) -> Iterator[str]:
    colour = tones.focus if hub.shape == "diamond" else tones.quiet
    for code, stands in hub.members:
        x, y = places[code]
        yield f'<path d="M{at[0]:.1f} {at[1]:.1f} L{x:.1f} {y:.1f}" {_line(stands, colour)}/>'
    turn = f' transform="rotate(45 {at[0]:.1f} {at[1]:.1f})"' if hub.shape == "diamond" else ""
    yield (
        f'<rect x="{at[0] - 7:.1f}" y="{at[1] - 7:.1f}" width="14" height="14" fill="{tones.panel}"'
        f' stroke="{colour}" stroke-width="2"{turn}/>'
    )
    yield _text(hub.name, (at[0], at[1] + 25), tones.text, tones.panel)


def _partner(code: str, at: Point, tones: Tones, *, own: bool) -> str:
    width = 14 + 9 * len(code)
    ground, ink = (tones.focus, tones.panel) if own else (tones.panel, tones.text)
    return (
        f'<rect x="{at[0] - width / 2:.1f}" y="{at[1] - 13:.1f}" width="{width}" height="26" rx="6"'
        f' fill="{ground}" stroke="{tones.focus if own else tones.border}" stroke-width="1.6"/>'
        f'<text x="{at[0]:.1f}" y="{at[1] + 5:.1f}" text-anchor="middle" fill="{ink}"'
        f' font-weight="600">{escape(code)}</text>'
    )


def _text(words: str, at: Point, colour: str, halo: str) -> str:
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" text-anchor="middle" fill="{colour}" stroke="{halo}"'
        f' stroke-width="4" paint-order="stroke">{escape(words)}</text>'
    )
