"""The one table of shapes, glyphs and colours, for the map, the legends, the charts and paper.

A shape and its colour belong to one layer and to nothing else. Hollow = unverified, slashed = disputed, pale
inside = the place is approximate. Chart series have a palette of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote

Scheme = Literal["dark", "light", "paper"]
Shape = Literal["circle", "triangle", "square", "pentagon", "track", "port", "airfield", "outline"]

BOX = 24
"""Side of the box that `path` draws in, in SVG units."""


@dataclass(frozen=True)
class Symbol:
    """How a layer is drawn: its shape, the glyph that stands for it in running text, its colours."""

    shape: Shape
    glyph: str
    colours: Mapping[str, str]
    """Colour by scheme; at least 3:1 against every ground it is drawn on."""


def _symbol(shape: Shape, glyph: str, dark: str, light: str, paper: str) -> Symbol:
    return Symbol(shape, glyph, MappingProxyType({"dark": dark, "light": light, "paper": paper}))


SYMBOLS: Mapping[str, Symbol] = MappingProxyType(
    {
        "incidents": _symbol("circle", "●", "#ff6b4a", "#c93a1a", "#d55e00"),
        "military": _symbol("square", "■", "#56b4e9", "#1b6fae", "#0072b2"),
        "presence": _symbol("pentagon", "⬟", "#e8cfa9", "#84622f", "#6e5d45"),
        "deliveries": _symbol("triangle", "▲", "#35c48b", "#137a4b", "#00795a"),
        "hazard": _symbol("track", "⌁", "#c3cedb", "#4d5666", "#4d5666"),
        "ports": _symbol("port", "⚓", "#a9bccd", "#4b6072", "#46586a"),
        "airfields": _symbol("airfield", "⊘", "#b5b6cb", "#5a5a73", "#52526b"),
        "responsibility": _symbol("outline", "▭", "#c6b3c9", "#6f5a73", "#65516a"),
    }
)


@dataclass(frozen=True)
class Tones:
    """The neutral tones of a scheme: grounds, lines and text (look.md)."""

    ground: str
    panel: str
    land: str
    operation: str
    """Land of the loaded regions."""
    coast: str
    border: str
    region: str
    text: str
    quiet: str
    halo: str
    focus: str


TONES: Mapping[str, Tones] = MappingProxyType(
    {
        "dark": Tones(
            ground="#0b1118",
            panel="#0f1822",
            land="#17202b",
            operation="#212d3a",
            coast="#3d5166",
            border="#51667c",
            region="#4a6078",
            text="#dbe5ef",
            quiet="#8aa0b6",
            halo="#0b1118",
            focus="#7cc4ff",
        ),
        "light": Tones(
            ground="#d5e0ea",
            panel="#ffffff",
            land="#f0eee9",
            operation="#fbfaf7",
            coast="#93a5b6",
            border="#8b929b",
            region="#b3b6ba",
            text="#16222e",
            quiet="#4d6075",
            halo="#ffffff",
            focus="#0b63b0",
        ),
        "paper": Tones(
            ground="#dce8f1",
            panel="#ffffff",
            land="#f3f0ea",
            operation="#fcfbf8",
            coast="#8c9aa7",
            border="#7b7f84",
            region="#a9a9a6",
            text="#111111",
            quiet="#4a4f55",
            halo="#ffffff",
            focus="#0b63b0",
        ),
    }
)

_LIGHT_SERIES = (
    "#3d9791",
    "#7e497a",
    "#99894a",
    "#475995",
    "#60956b",
    "#8f4547",
    "#4c92b1",
    "#864e17",
)

SERIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dark": (
            "#85dcd6",
            "#bf84b9",
            "#decd8c",
            "#8195d7",
            "#a3dbad",
            "#d28281",
            "#90d7f9",
            "#c78a57",
        ),
        "light": _LIGHT_SERIES,
        "paper": _LIGHT_SERIES,
    }
)
"""Chart series, none of them a layer's colour: neighbours differ by 1.8:1, each by 3:1 from its panel."""


def contrast(one: str, other: str) -> float:
    """Contrast of two #rrggbb colours as WCAG 2.2 defines it, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _polygon(corners: int, radius: float, turn: float) -> str:
    middle = BOX / 2
    points = (
        (
            middle + radius * sin(turn + 2 * pi * i / corners),
            middle - radius * cos(turn + 2 * pi * i / corners),
        )
        for i in range(corners)
    )
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"


PATHS: Mapping[str, str] = MappingProxyType(
    {
        "circle": "M20.5 12A8.5 8.5 0 1 1 3.5 12A8.5 8.5 0 1 1 20.5 12Z",
        "triangle": "M12 3.2L21.2 19.6L2.8 19.6Z",
        "square": "M4.5 4.5H19.5V19.5H4.5Z",
        "pentagon": _polygon(5, 9.4, 0.0),
        "track": "M3 19C8 18 9 12 13 11S18 6 21 5",
        "port": "M12 8V20M8 11H16M5 14C5 18 8 20 12 20S19 18 19 14M12 8A2 2 0 1 1 12 4A2 2 0 1 1 12 8",
        "airfield": "M20.5 12A8.5 8.5 0 1 1 3.5 12A8.5 8.5 0 1 1 20.5 12ZM7.6 16.4L16.4 7.6",
        "outline": "M4 5H8M11 5H15M18 5H20V8M20 11V15M20 18V19H17M14 19H10M7 19H4V16M4 13V9",
    }
)
"""SVG path of each shape in a box of 24. Optically equal: a triangle reaches further than a square."""

REFERENCE_SHAPES = frozenset({"track", "port", "airfield", "outline"})
"""Lines without a body: what is drawn beside the records never looks like one."""

SLASH = "M4 20L20 4"
POLICE = "M12 9.2A2.8 2.8 0 1 1 12 14.8A2.8 2.8 0 1 1 12 9.2Z"
"""The inner mark that tells police from military."""


@dataclass(frozen=True)
class Stroke:
    """One path of a drawing: what to fill, what to stroke (`none` for neither), how wide, how strong."""

    d: str
    fill: str
    stroke: str
    width: float
    fill_opacity: float = 1.0


def drawing(
    layer: str,
    scheme: Scheme,
    *,
    hollow: bool = False,
    slashed: bool = False,
    approximate: bool = False,
    police: bool = False,
) -> tuple[Stroke, ...]:
    """The paths of a layer's symbol in a box of 24, back to front: for legends, tables and the drawer."""
    symbol = SYMBOLS[layer]
    colour, ground = symbol.colours[scheme], TONES[scheme].halo
    path = PATHS[symbol.shape]
    if symbol.shape in REFERENCE_SHAPES:
        return (Stroke(path, "none", colour, 2.4),)
    strokes = [Stroke(path, colour, colour, 2.2, 0.0 if hollow else 0.4 if approximate else 1.0)]
    if police:
        strokes.append(Stroke(POLICE, colour if hollow else ground, "none", 0.0))
    if slashed:
        strokes += [Stroke(SLASH, "none", ground, 5.0), Stroke(SLASH, "none", colour, 2.2)]
    return tuple(strokes)


def svg(strokes: tuple[Stroke, ...], size: int = 16) -> str:
    """The drawing as a whole SVG document; it holds nothing but our own constants."""
    paths = "".join(
        f'<path d="{s.d}" fill="{s.fill}" fill-opacity="{s.fill_opacity}" stroke="{s.stroke}"'
        f' stroke-width="{s.width}" stroke-linejoin="round" stroke-linecap="round"/>'
        for s in strokes
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {BOX} {BOX}" width="{size}" height="{size}">'
    )
    return f"{head}{paths}</svg>"


def svg_uri(strokes: tuple[Stroke, ...], size: int = 16) -> str:
    """The drawing as a `data:` address for an image element."""
    return "data:image/svg+xml," + quote(svg(strokes, size), safe="/:=' ,;()<>")


def css_variables(scheme: Scheme) -> dict[str, str]:
    """The colours as custom properties for the style sheet: `--wf-incidents`, `--wf-land`, …"""
    tones = TONES[scheme]
    names = {f"--wf-{name}": str(getattr(tones, name)) for name in Tones.__dataclass_fields__}
    return names | {f"--wf-{layer}": symbol.colours[scheme] for layer, symbol in SYMBOLS.items()}
