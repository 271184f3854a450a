"""`personas`, `explain`: who can be tried, and why somebody sees a record or does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.options import home_folder, moment

if TYPE_CHECKING:
    from data.evidence import Evidence


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(personas)
    app.command()(explain)


def personas() -> None:
    """List who can be tried, a line each, the id first."""
    from data.home import Home

    policy = Home.existing(home_folder()).policy()
    width = max((len(persona.id) for persona in policy.personas.values()), default=0)
    for persona in policy.personas.values():
        roles = ", ".join(sorted(persona.roles))
        bound = (
            "all regions" if persona.regions is None else ", ".join(sorted(persona.regions)) or "no region"
        )
        who = f"{persona.id:<{width}}  {persona.partner:<5} {persona.clearance:<10} {persona.name}"
        typer.echo(f"{who}: {roles}; {bound}")


def explain(
    record_id: Annotated[str, typer.Argument(help="The id of a record.")],
    who: Annotated[str, typer.Option("--as", help="A persona, from `personas`.")],
    known: Annotated[
        str | None, typer.Option(metavar="TIME", help="The revision known then; else the newest.")
    ] = None,
) -> None:
    """Tell the decision on a record rule by rule, on screen and in a file."""
    from data.evidence import evidence, is_recalled, known_at
    from data.explain import explain as reasons
    from data.explain import lines
    from data.home import Home
    from data.store import Store

    at = moment(known, "--known")
    home = Home.existing(home_folder())
    store = Store.open(home)
    policy = store.policy()
    viewer = policy.viewer(who)
    found = evidence(home, record_id)
    newest = found[-1]
    shown = known_at(found, at) if at else newest
    if shown is None:
        typer.echo(f"The record was not known at {known}: nothing of it is shown for that time.")
        return
    if is_recalled(found, shown):
        what = "The record" if is_recalled(found, newest) else f"Revision {shown.revision}"
        typer.echo(f"{what} was recalled: it is released to nobody, at any knowledge time.")
        return
    typer.echo(_heading(record_id, shown, newest, who))
    both = (shown.label, shown.facts), (newest.label, newest.facts)
    for purpose in ("screen", "file"):
        typer.echo(f"\n{purpose}:")
        for line in lines(reasons(policy, viewer, *both, store.now(), purpose)):
            typer.echo(f"  {line}")


def _heading(record_id: str, shown: Evidence, newest: Evidence, who: str) -> str:
    ends = ", cancelled" if shown.msg_type == "cancel" else ""
    later = "" if shown is newest else f" (the newest is {newest.revision})"
    return f"{record_id}, revision {shown.revision}{ends}{later}, for {who}"
