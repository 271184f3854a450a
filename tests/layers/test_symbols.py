"""Shapes and colours mean one thing, and can be told apart."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from layers.base import LAYERS
from layers.symbols import SERIES, SYMBOLS, TONES, Scheme, contrast, css_variables, drawing, svg, svg_uri

SCHEMES: tuple[Scheme, ...] = ("dark", "light", "paper")


def test_each_layer_has_a_shape_and_a_colour_of_its_own() -> None:
    assert len({symbol.shape for symbol in SYMBOLS.values()}) == len(SYMBOLS)
    for scheme in ("dark",):
        assert len({symbol.colours[scheme] for symbol in SYMBOLS.values()}) == len(SYMBOLS)
    assert {layer.id for layer in LAYERS} == set(SYMBOLS)


def test_presence_is_never_blue() -> None:
    for colour in SYMBOLS["presence"].colours.values():
        red, blue = int(colour[1:3], 16), int(colour[5:7], 16)
        assert red > blue


@pytest.mark.parametrize("scheme", SCHEMES)
def test_symbols_stand_out_from_every_ground(scheme: Scheme) -> None:
    tones = TONES[scheme]
    for layer, symbol in SYMBOLS.items():
        for ground in (tones.ground, tones.land, tones.operation, tones.panel):
            assert contrast(symbol.colours[scheme], ground) >= 3, (layer, ground)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_is_readable(scheme: Scheme) -> None:
    tones = TONES[scheme]
    for ground in (tones.panel, tones.land, tones.operation, tones.ground):
        assert contrast(tones.text, ground) >= 7
        assert contrast(tones.quiet, ground) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_chart_series_differ_from_their_neighbours_and_from_layers(scheme: Scheme) -> None:
    series = SERIES[scheme]
    assert len(set(series)) == 8
    assert all(contrast(one, other) >= 1.5 for one, other in pairwise(series))
    assert all(contrast(colour, TONES[scheme].panel) >= 3 for colour in series)
    assert not set(series) & {symbol.colours[scheme] for symbol in SYMBOLS.values()}


@pytest.mark.parametrize("layer", sorted(SYMBOLS))
def test_drawings_are_whole_svg(layer: str) -> None:
    strokes = drawing(layer, "dark", slashed=True, police=True)
    root = ElementTree.fromstring(svg(strokes))
    assert len(root) == len(strokes)
    assert unquote(svg_uri(strokes)).endswith(svg(strokes))


def test_doubt_changes_the_look() -> None:
    looks = [
        drawing("incidents", "dark"),
        drawing("incidents", "dark", hollow=True),
        drawing("incidents", "dark", slashed=True),
        drawing("incidents", "dark", approximate=True),
    ]
    assert len(set(looks)) == 4


def test_style_sheet_gets_every_colour() -> None:
    found = css_variables("light")
    assert found["--wf-incidents"] == SYMBOLS["incidents"].colours["light"]
    assert found["--wf-land"] == TONES["light"].land
