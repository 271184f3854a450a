"""Which recipe a file is for, when nobody says: the one whose columns it has."""

from __future__ import annotations

from collections.abc import Collection

from data.errors import FileRefused, RecipeError
from data.feeds.file_form import FileForm
from data.feeds.parsed_sheet import parsed_sheet
from data.feeds.recipe import Recipe
from data.feeds.recipe_file import columns_named, recipes
from data.parsing import DEFAULT_LIMITS, Limits


def recipe_for(file_name: str, content: bytes, limits: Limits = DEFAULT_LIMITS) -> Recipe:
    """The one shipped recipe whose columns are all in the file. Never guesses between two.

    Raises FileRefused when the file cannot be read at all, RecipeError when no recipe fits or several do.
    """
    likely = [item for item in recipes() if item.file.format in _formats(content)]
    forms = {_header_form(item.file) for item in likely}
    there = {form: _columns(file_name, content, form, limits) for form in forms}
    fitting = [item for item in likely if _fits(item, there[_header_form(item.file)])]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(item.name for item in fitting or recipes())
    words = "Several recipes fit" if fitting else "No recipe fits"
    raise RecipeError(f"{words} the columns of {file_name}.", f"Name one of {names}.")


def _formats(content: bytes) -> tuple[str, ...]:
    """How a file that begins like this may be written: no table of text begins like JSON or XML."""
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return ("geojson",)
    return ("rss",) if start.startswith(b"<") else ("csv", "parquet")


def _header_form(form: FileForm) -> FileForm:
    """What matters for the names of columns: recipes share a few of these."""
    return FileForm(form.format, form.delimiter, form.preamble, form.hxl_row)


def _columns(file_name: str, content: bytes, form: FileForm, limits: Limits) -> Collection[str]:
    try:
        return parsed_sheet(file_name, content, form, limits).columns
    except FileRefused:
        if form.preamble or form.hxl_row:
            return ()
        raise


def _fits(recipe: Recipe, there: Collection[str]) -> bool:
    return all(name in there for name in columns_named(recipe) if name not in recipe.file.optional)
