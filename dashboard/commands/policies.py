"""`policy …`: who may see what, put in force as a whole; what widens waits for two releasers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.options import home_folder
from dashboard.commands.recorded import person_here, trail_of

if TYPE_CHECKING:
    from data.home import Home
    from data.policy_change import Outcome, Proposal
    from data.viewer import Identity

commands = typer.Typer(no_args_is_help=True, help="The policy: who may see what.")

Who = Annotated[
    str | None,
    typer.Option("--as", metavar="PERSONA", help="Who does it, from `personas`; else your name here."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="policy")


@commands.callback()
def policy() -> None:
    """The policy: who may see what."""


@commands.command()
def apply(
    file: Annotated[Path, typer.Argument(help="A whole policy.toml, with [[relabel]] if you like.")],
    who: Who = None,
    yes: Yes = False,
) -> None:
    """Tell what the file changes, ask, and put it in force; what widens waits for two releasers."""
    from data.policy import content_of
    from data.policy_change import carry_out, propose

    home = _home()
    proposal = propose(home, content_of(file), file.name)
    if proposal.is_nothing:
        typer.echo("Nothing changes: the file says what is in force.")
        return
    if proposal.already is not None:
        typer.echo(f"Nothing changes: this file waits already, staged as {proposal.already.number}.")
        return
    for line in _told(proposal):
        typer.echo(line)
    if not yes and not typer.confirm("Put this in force?"):
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)
    with trail_of(home) as trail:
        outcome = carry_out(home, proposal, _person(home, who), record=trail.record)
    for line in _came(outcome):
        typer.echo(line)


@commands.command()
def show() -> None:
    """Show what is in force: partners, groups and agreements with their dates, and what waits."""
    from data.policy_change import current
    from data.policy_difference import overview
    from data.policy_staging import waiting

    home = _home()
    for line in overview(current(home).parsed()):
        typer.echo(line)
    if open_changes := waiting(home):
        typer.echo(f"{len(open_changes)} staged, see `python app.py policy staged`")


@commands.command("versions")
def list_versions() -> None:
    """List every policy that was ever in force, the last one last."""
    from data.policy_versions import versions

    for one in versions(_home()):
        by = f"{one.who} ({one.partner})" if one.partner else one.who or "–"
        typer.echo(f"{one.number}  {one.at:%Y-%m-%d %H:%M} UTC  {one.how:<8}  {one.hash[:16]}  {by}")


@commands.command()
def staged() -> None:
    """List what waits for releasers: why it widens, who has approved, who is missing."""
    from data.policy_staging import lacking, waiting

    for one in waiting(_home()):
        typer.echo(f"{one.number}. by {one.who}, {one.at:%Y-%m-%d %H:%M} UTC")
        for words in one.told.lines:
            typer.echo(f"   {words}")
        for approval in one.approvals:
            typer.echo(
                f"   approved by {approval.who} ({approval.partner}), {approval.at:%Y-%m-%d %H:%M} UTC"
            )
        typer.echo(f"   waits for {'; '.join(lacking(one))}")


@commands.command()
def purge(
    records: Annotated[
        list[str] | None, typer.Argument(metavar="[RECORD]...", help="Ids of records.")
    ] = None,
    agreement: Annotated[
        str | None, typer.Option(metavar="ID", help="All that was given under an agreement that has ended.")
    ] = None,
    returned: Annotated[bool, typer.Option("--returned", help="The data was handed back.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would go, and change nothing.")
    ] = False,
    who: Who = None,
    yes: Yes = False,
) -> None:
    """Take records out of the home for good: every revision, every byte. A tombstone stays."""
    from data.errors import NotPurged
    from data.purge import carry_out, purge_of_agreement, purge_of_records

    home = _home()
    if bool(records) == bool(agreement):
        raise NotPurged("What is to go was not said.", "Name records, or one agreement with --agreement.")
    if agreement:
        planned = purge_of_agreement(home, agreement, handed_back=returned)
    else:
        planned = purge_of_records(home, records or ())
    for feed, ids in planned.by_feed.items():
        typer.echo(f"{feed}: {_records(len(ids))}, every revision ({planned.why})")
    if planned.aggregates:
        typer.echo(f"{len(planned.aggregates):,} counts by month and area stay")
    if dry_run or planned.is_nothing:
        typer.echo(f"{_records(len(planned.records))} would go. Nothing was changed.")
        return
    if not yes and not typer.confirm("Nobody can bring this back. Purge it?"):
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)
    with trail_of(home) as trail:
        count = carry_out(home, planned, _person(home, who), record=trail.record)
    typer.echo(f"{_records(count)} purged.")


def _records(count: int) -> str:
    return f"{count:,} record{'' if count == 1 else 's'}"


def _home() -> Home:
    from data.errors import HomeError
    from data.home import Home

    home = Home(home_folder())
    if not home.policy_file.exists():
        raise HomeError(f"The home {home.path} is empty.", "Begin one with `serve`, `sample` or `ingest`.")
    return home


def _person(home: Home, persona: str | None) -> Identity:
    """A persona of the policy in force, else whoever sits here, of no partner."""
    from data.policy_change import current

    if persona is not None:
        return current(home).parsed().viewer(persona).identities[0]
    return person_here()


def _told(proposal: Proposal) -> list[str]:
    lines = list(proposal.lines)
    if proposal.wider:
        lines += [
            "",
            "This may widen, so what narrows is in force at once and the rest waits for two releasers:",
        ]
        lines += [f"  {reason}" for reason in proposal.wider]
    elif proposal.waits:
        lines += ["", "The labels that widen wait for two releasers."]
    return lines


def _came(outcome: Outcome) -> list[str]:
    lines = ["In force." if outcome.whole else "What narrows is in force."]
    if outcome.relabelled:
        lines.append(f"{outcome.relabelled:,} records have a stricter label.")
    if outcome.staged is not None:
        lines.append(f"The rest is staged as {outcome.staged.number}: two releasers must approve it.")
    return lines
