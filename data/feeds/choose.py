"""Which recipe a file is for, when nobody says: the one whose columns it has."""

from __future__ import annotations

from data.errors import FileRefused, RecipeError
from data.feeds.reader import read_sheet
from data.feeds.recipe import Recipe
from data.feeds.recipe_file import columns_named, recipes


def recipe_for(file_name: str, content: bytes) -> Recipe:
    """The one shipped recipe whose columns are all in the file. Never guesses between two.

    Raises FileRefused when the file cannot be read at all, RecipeError when no recipe fits or several do.
    """
    fitting = [item for item in recipes() if _fits(item, file_name, content)]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(item.name for item in fitting or recipes())
    words = "Several recipes fit" if fitting else "No recipe fits"
    raise RecipeError(f"{words} the columns of {file_name}.", f"Name one of {names}.")


def _fits(recipe: Recipe, file_name: str, content: bytes) -> bool:
    try:
        there = read_sheet(file_name, content, recipe.file).columns
    except FileRefused:
        if recipe.file.preamble or recipe.file.hxl_row:
            return False
        raise
    return all(name in there for name in columns_named(recipe) if name not in recipe.file.optional)
