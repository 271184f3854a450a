"""A fill has one name, wherever it stands."""

from __future__ import annotations

import pytest
from dash import Dash
from starlette.testclient import TestClient

from dashboard.drawn import DRAWN
from dashboard.view import FILLS
from layers import regions
from tests.dashboard.conftest import body_for, output_of, post


def test_every_fill_that_can_be_chosen_has_a_title() -> None:
    assert set(FILLS) == set(regions.FILLS)


@pytest.mark.parametrize("name", FILLS)
def test_a_fill_is_chosen_and_explained_by_the_same_name(client: TestClient, app: Dash, name: str) -> None:
    rail = post(client, body_for(app, output_of(app, "rail-fill.data-drawn"), view=f"fill={name}"))
    legend = post(client, body_for(app, output_of(app, "map-legend.data-drawn"), view=f"fill={name}"))
    title = regions.FILLS[name].title_key
    chosen = str(rail.json()["response"]["rail-fill"])
    assert chosen.count(title) == 2, "in the list, and in the words of what is chosen"
    assert f'["{title}"]' in legend.json()["response"]["map-legend"][DRAWN]
