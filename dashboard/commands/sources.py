"""`sources …` and `pull`: what is fetched, and fetching it now."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.options import file_limits, home_folder
from data.shown import shown

sources = typer.Typer(no_args_is_help=True, help="What the worker fetches, for whom and how often.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(sources, name="sources")
    app.command()(pull)


@sources.command()
def load(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TOML file with [[source]] tables.")],
) -> None:
    """Declare these sources and no others."""
    from data.errors import SourceRefused
    from data.home import Home
    from data.sources import Sources
    from data.whole_file import bytes_of, file_name_of

    home = Home.existing(home_folder())
    content = bytes_of(file, file_limits(), SourceRefused)
    found = Sources(home).load(content, file_name_of(file))
    typer.echo(f"{len(found)} sources are declared.")


@sources.command()
def dump() -> None:
    """Write the sources as `load` takes them."""
    from data.home import Home
    from data.sources import Sources, as_toml

    typer.echo(as_toml(Sources(Home.existing(home_folder())).all()), nl=False)


@sources.command("list")
def listed() -> None:
    """List the sources, a line each: when each was fetched last, and what came of it."""
    from data.home import Home
    from data.sources import Sources

    known = Sources(Home.existing(home_folder()))
    every = known.all()
    if not every:
        typer.echo("No source is declared: write [[source]] tables, and see `sources load --help`.")
    for one in every:
        last = known.last_pull(one)
        at = f"{last.at:%Y-%m-%d %H:%M} UTC" if last.at else "never"
        often = f"every {one.every}" if one.every else "by hand"
        typer.echo(shown(f"{one.id}  {one.partner}  {one.recipe}  {often}; last {at}  {last.said}"))


def pull(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Its id; see `sources list`.")],
) -> None:
    """Fetch a source now and take what is new."""
    from data.feeds.pulling import pull as fetch
    from data.home import Home
    from data.sources import Sources

    home = Home.existing(home_folder())
    for line in fetch(home, Sources(home).of(source), file_limits()).said:
        typer.echo(line)
