"""One thing has one name: the timeline, the table, the drawer and the changes call a category alike."""

from __future__ import annotations

import pytest

from dashboard.controls.codes import code_words
from data.area_marks import CATEGORY
from layers.base import LAYERS
from layers.layer import Layer

RECORD_LAYERS = [layer for layer in LAYERS if layer.feed]


@pytest.mark.parametrize("layer", RECORD_LAYERS, ids=lambda layer: layer.id)
def test_a_category_is_called_the_same_everywhere(layer: Layer) -> None:
    assert layer.categories
    said = {code: code_words(CATEGORY[layer.feed], code) for code in layer.categories}
    assert said == dict(layer.categories)
