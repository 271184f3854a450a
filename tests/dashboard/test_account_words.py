"""An entry of the account is told in the words of the screen: pages by their names, roles in the language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dashboard.controls.account import use_cells
from dashboard.controls.roles import ROLE_WORDS
from dashboard.languages import ENGLISH, LANGUAGES, set_language
from data.accountability import Use
from data.audit.entry import Action
from data.partners import ROLES

LOOKED = Use(
    datetime(2026, 9, 1, tzinfo=UTC), Action.VIEW, ("XAB",), ("releaser", "viewer"), (), 3, (), "/table"
)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    set_language(ENGLISH)


def test_a_page_is_called_as_in_the_header() -> None:
    assert use_cells(LOOKED, "humanitarian")[3] == "looked · Table"


def test_roles_are_said_in_the_language() -> None:
    set_language(LANGUAGES["fr"])
    assert use_cells(LOOKED, "humanitarian")[2] == "diffuseur, lecteur"


def test_every_role_has_a_word() -> None:
    assert set(ROLE_WORDS) == set(ROLES)
