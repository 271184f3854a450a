"""`sample`, `recipes`, `ingest`: how records come into a home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.options import codes, file_limits, home_folder, moment, progress_bar


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(sample)
    app.command()(recipes)
    app.command()(ingest)


def sample(
    seed: Annotated[int, typer.Option(help="The same seed makes the same exercise.")] = 2026,
) -> None:
    """Make the sample exercise in a home with nothing in it."""
    load(home_folder(), seed)


def load(folder: Path, seed: int = 2026) -> None:
    """Make the sample exercise in this home, and say what is in it."""
    from data.sample import load_sample

    with progress_bar() as progress:
        loaded = load_sample(folder, seed=seed, progress=progress)
    if loaded.already:
        typer.echo(f"The sample exercise is in {folder} already.")
        return
    for feed, count in loaded.records.items():
        typer.echo(f"{feed}: {count:,} records in {loaded.revisions[feed]:,} revisions")


def recipes() -> None:
    """List the recipes, a line each, the name first."""
    from data.feeds.recipe_file import recipes as shipped

    found = shipped()
    width = max(len(recipe.name) for recipe in found)
    for recipe in found:
        typer.echo(f"{recipe.name:<{width}}  {recipe.feed}: {recipe.title}")


def ingest(
    words: Annotated[
        list[str],
        typer.Argument(metavar="[RECIPE] FILE...", help="A name from `recipes`, then one file or several."),
    ],
    originator: Annotated[str | None, typer.Option(metavar="CODE", help="Who owns the records.")] = None,
    releasable_to: Annotated[
        str | None, typer.Option(metavar="CODE,...", help="Who may see them; empty: the originator only.")
    ] = None,
    level: Annotated[str | None, typer.Option(help="Their level, one of the policy's.")] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="TIME", help="When an undated file was known (exercise, replay).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything but write.")] = False,
) -> None:
    """Take a partner's files by a recipe: read, new, revised, duplicate, quarantined with reasons."""
    from data.feeds.ingest import IngestOptions
    from data.feeds.ingest import ingest as take
    from data.feeds.report import report_lines
    from data.home import Home

    options = IngestOptions(
        originator, codes(releasable_to), level, moment(as_of, "--as-of"), dry_run, file_limits()
    )
    recipe, files = _recipe_and_files(words)
    with progress_bar() as progress:
        report = take(Home(home_folder()), recipe, files, options, progress)
    for line in report_lines(report):
        typer.echo(line)


def _recipe_and_files(words: list[str]) -> tuple[str, list[Path]]:
    """The recipe that is named, else the one whose columns the first file has."""
    from data.errors import FileRefused
    from data.feeds.choose import recipe_for
    from data.feeds.ingest import content_of
    from data.feeds.recipe_file import recipe, recipes
    from data.whole_file import file_name_of

    if words[0] in {shipped.name for shipped in recipes()} or not Path(words[0]).exists():
        if not words[1:]:
            raise FileRefused(
                f"No file was named for the recipe {recipe(words[0]).name}.", "Name one or several."
            )
        return words[0], [Path(word) for word in words[1:]]
    files, limits = [Path(word) for word in words], file_limits()
    chosen = recipe_for(file_name_of(files[0]), content_of(files[0], limits), limits)
    return chosen.name, files
