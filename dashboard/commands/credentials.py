"""`credentials …`: partners' systems that post records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.options import home_folder
from dashboard.commands.recorded import record_change, trail_of
from data.shown import shown

if TYPE_CHECKING:
    pass

credentials = typer.Typer(
    no_args_is_help=True, help="Partners' systems that post records, each with its own."
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The credential's id: letters a-z, digits and dashes.")]


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(credentials, name="credentials")


@credentials.command()
def add(
    credential_id: Id,
    partner: Annotated[str, typer.Option(help="The partner whose records they are.")],
    feed: Annotated[str, typer.Option(help="incidents, deployments or deliveries.")],
    source: Annotated[
        str | None, typer.Option(help="What their source is called in the ids of records. Without: the id.")
    ] = None,
    level: Annotated[
        str | None, typer.Option(help="The level of records that do not say one. Without: each must.")
    ] = None,
    releasable_to: Annotated[
        list[str] | None, typer.Option(help="To whom those are released; one by one. Without: the partner.")
    ] = None,
) -> None:
    """Make a credential and print its secret, once: nobody can read it again."""
    from data.credentials import Credential, Credentials
    from data.home import Home

    home = Home.existing(home_folder())
    to = tuple(releasable_to or ())
    made = Credential(credential_id, partner, feed, source or credential_id, level, to)
    told = {"partner": partner, "feed": feed, "source": made.source, "level": level or "", "to": list(to)}
    with trail_of(home) as trail:
        record_change(trail, "credential", credential_id, "added", told)
        secret = Credentials(home).add(made)
    typer.echo(secret)
    typer.echo(f"Whoever has this posts records of {partner}. It is not shown again.", err=True)


@credentials.command("list")
def listed() -> None:
    """List the credentials, a line each: whose, for which source, when each was used last."""
    from data.credentials import Credentials
    from data.home import Home

    for one in Credentials(Home.existing(home_folder())).all():
        seen = f"{one.seen_at:%Y-%m-%d %H:%M} UTC" if one.seen_at else "never"
        to = ", ".join(one.releasable_to or ()) or "the partner alone"
        label = f"{one.level} to {to}" if one.level else f"to {to}, level said by each record"
        typer.echo(shown(f"{one.id}  {one.partner}  {one.feed}  {one.source}  {label}; used last {seen}"))


@credentials.command()
def revoke(credential_id: Id) -> None:
    """Take a credential back: nobody posts with it from now on. What it posted stays."""
    from data.credentials import Credentials
    from data.home import Home

    home = Home.existing(home_folder())
    with trail_of(home) as trail:
        record_change(trail, "credential", credential_id, "removed")
        Credentials(home).revoke(credential_id)
    typer.echo(f"The credential {shown(credential_id)} is taken back.")
