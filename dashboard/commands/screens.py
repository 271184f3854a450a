"""`screens …`: walls that look without a person, by the code that they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.options import home_folder
from dashboard.commands.recorded import record_change, trail_of
from data.shown import shown

if TYPE_CHECKING:
    pass

screens = typer.Typer(no_args_is_help=True, help="Walls: enrolled by the code that they show at /screen.")

Id = Annotated[str, typer.Argument(metavar="ID", help="The screen's id: letters a-z, digits and . _ -")]


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(screens, name="screens")


@screens.command()
def enrol(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The eight signs that it shows.")],
    screen_id: Id,
    partner: Annotated[list[str], typer.Option(help="Whose people may stand before it; one by one.")],
    clearance: Annotated[str, typer.Option(help="The highest level that it may show.")],
    category: Annotated[list[str] | None, typer.Option(help="A category that it may show.")] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="A region that it is bound to. Without: all.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Its name, for the page. Without: the id.")] = None,
) -> None:
    """Say which screen it is that shows this code; it goes to the map within seconds."""
    from data.home import Home
    from data.screens import Screen, Screens

    home = Home.existing(home_folder())
    screen = Screen(
        screen_id,
        name or screen_id,
        tuple(dict.fromkeys(partner)),
        clearance,
        frozenset(category or ()),
        frozenset(region) if region else None,
    )
    told = {"partners": list(screen.partners), "clearance": clearance}
    with trail_of(home) as trail:
        record_change(trail, "screen", screen_id, "enrolled", told)
        Screens(home).enrol(code.strip().upper().replace("-", "").replace(" ", ""), screen)
    typer.echo(f"The screen {screen_id} shows what all of {', '.join(screen.partners)} may see.")


@screens.command("list")
def listed() -> None:
    """List the screens, a line each: when they last asked, and for whom."""
    from data.home import Home
    from data.screens import Screens

    every = Screens(Home.existing(home_folder())).all()
    if not every:
        typer.echo(
            "No screen is enrolled. Open /screen on a wall: it shows the code that screens enrol asks for."
        )
    for one in every:
        seen = f"{one.seen_at:%Y-%m-%d %H:%M} UTC" if one.seen_at else "never"
        bound = "all regions" if one.regions is None else ", ".join(sorted(one.regions))
        told = f"{one.id}  {one.clearance}  {', '.join(one.partners)}; {bound}; last seen {seen}  {one.name}"
        typer.echo(shown(told))


@screens.command()
def revoke(screen_id: Id) -> None:
    """Take a screen's credential back: it goes blank within a minute."""
    from data.home import Home
    from data.screens import Screens

    home = Home.existing(home_folder())
    with trail_of(home) as trail:
        record_change(trail, "screen", screen_id, "revoked")
        Screens(home).revoke(screen_id)
    typer.echo(f"The screen {shown(screen_id)} is revoked, and goes blank within a minute.")
