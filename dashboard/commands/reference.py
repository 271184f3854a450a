"""`reference load`: hazards, ports, airfields, areas of responsibility."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.options import codes, file_limits, home_folder, moment

commands = typer.Typer(
    no_args_is_help=True, help="Reference layers: drawn beside the records, never counted."
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="reference")


@commands.callback()
def reference() -> None:
    """Reference layers: drawn beside the records, never counted."""


@commands.command()
def load(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="GeoJSON, GeoParquet or GeoPackage.")
    ],
    kind: Annotated[
        str,
        typer.Option(help="port, airfield, responsibility, track, track_point, wind_swath or cone."),
    ],
    originator: Annotated[str | None, typer.Option(metavar="CODE", help="Who owns the features.")] = None,
    releasable_to: Annotated[
        str | None, typer.Option(metavar="CODE,...", help="Who may see them; empty: the originator only.")
    ] = None,
    level: Annotated[str | None, typer.Option(help="Their level, one of the policy's.")] = None,
    source: Annotated[str, typer.Option(metavar="NAME", help="Who made them, in words.")] = "",
    as_of: Annotated[
        str | None, typer.Option(metavar="TIME", help="When the file was known (exercise, replay).")
    ] = None,
) -> None:
    """Load features; each has a name, and may have authority, legal_basis, from, until and label columns."""
    from data.feeds.row_labels import LabelOptions
    from data.home import Home
    from data.reference_load import ReferenceOptions, load_reference

    label = LabelOptions(originator, codes(releasable_to), level)
    options = ReferenceOptions(kind, label, source, moment(as_of, "--as-of"), file_limits())
    for name, count in load_reference(Home.open(home_folder()), files, options).items():
        typer.echo(f"{name}: {count:,} features")
