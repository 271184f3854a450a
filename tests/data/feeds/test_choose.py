"""A file without a recipe's name is taken by the one recipe that fits, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import FileRefused, RecipeError
from data.feeds.choose import recipe_for
from tests.data.feeds.fake_lake import as_csv, event


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("ebola_cases_weekly_adm2.csv", "ebola-cases"),
        ("medical_centres_snapshots_2014.csv", "ebola-centres"),
        ("fts_funding_snapshots_2014-2015.csv", "ebola-fts"),
    ],
)
def test_the_real_files_choose_their_recipes(real_files: Path, name: str, recipe: str) -> None:
    content = (real_files / "ebola_west_africa" / name).read_bytes()
    assert recipe_for(name, content).name == recipe


def test_a_file_that_fits_none_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"No recipe fits the columns of x.csv. Name one of ebola-3w"):
        recipe_for("x.csv", as_csv([event(1)]))


def test_a_file_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(FileRefused, match="is empty"):
        recipe_for("x.csv", b"")
