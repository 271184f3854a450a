"""`regions load`: boundaries of countries and their admin areas."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.options import file_limits, home_folder, progress_bar
from data.errors import SettingError

commands = typer.Typer(no_args_is_help=True, help="Regions: countries, first and second level.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="regions")


@commands.callback()
def regions() -> None:
    """Regions: countries, first and second level."""


@commands.command()
def load(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="GeoJSON or GeoParquet.")],
    level: Annotated[int, typer.Option(min=0, max=2, help="0 country, 1 first level, 2 second level.")],
    code: Annotated[str, typer.Option(metavar="FIELD", help="The property that holds the code.")],
    name: Annotated[str, typer.Option(metavar="FIELD", help="The property that holds the name.")],
    version: Annotated[str, typer.Option(metavar="DATE", help="From when the boundaries are valid.")],
    parent: Annotated[
        str | None, typer.Option(metavar="FIELD", help="The property with the code one level up.")
    ] = None,
    parent_name: Annotated[
        str | None,
        typer.Option(metavar="FIELD", help="Its name: makes the level above from this file."),
    ] = None,
    country: Annotated[
        str | None, typer.Option(metavar="FIELD", help="The property with the country's code or name.")
    ] = None,
) -> None:
    """Load boundaries; records that came before are matched again, as new revisions by `system`."""
    from data.feeds.rematching import rematch_regions
    from data.home import Home
    from data.lake import LakeWriter
    from data.parsed_boundaries import read_boundaries

    home, limits = Home.open(home_folder()), file_limits()
    tables = [
        read_boundaries(
            path,
            level=level,
            code_field=code,
            name_field=name,
            parent_field=parent,
            parent_name_field=parent_name,
            country_field=country,
            version=_day(version),
            report=typer.echo,
            limits=limits,
        )
        for path in files
    ]
    with LakeWriter(home) as lake:
        for table in tables:
            lake.publish_regions(table)
    for path, table in zip(files, tables, strict=True):
        typer.echo(f"{path.name}: {table.num_rows:,} regions")
    with progress_bar() as progress:
        matched = rematch_regions(home, progress)
    for feed, count in matched.items():
        if count:
            typer.echo(f"{feed}: {count:,} records matched again")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingError(
            f"--version is {text!r}, which is no date.", "Write it like 2014-01-31."
        ) from error
