"""`cube …`: counts that are published to every partner, also of records that are not released to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from dashboard.commands.options import home_folder
from dashboard.commands.recorded import person_here, trail_of

commands = typer.Typer(
    no_args_is_help=True, help="Published counts: fixed cells, each enough not to tell on."
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="cube")


@commands.callback()
def cube() -> None:
    """Published counts: fixed cells, each enough not to tell on anybody."""


@commands.command()
def publish(
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M:%SZ"], help="In an exercise: what time it is there."),
    ] = None,
) -> None:
    """Publish the counts of the whole weeks that have settled, once for each ISO week."""
    from datetime import UTC

    from data.cube.publish import publish as publish_cube
    from data.home import Home

    home = Home.existing(home_folder())
    with trail_of(home) as trail:
        stated = at.replace(tzinfo=UTC) if at is not None else None
        done = publish_cube(home, person_here(), stated, record=trail.record)
    said = "Published" if done.is_new else "Nothing changes: published already"
    typer.echo(f"{said} as of {done.as_of:%Y-%m-%d}; the next is due on {done.next_at:%Y-%m-%d}.")
