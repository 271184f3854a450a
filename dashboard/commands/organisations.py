"""`organisations …`: which names are one organisation. Likeness suggests, a person decides, both stay."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.options import home_folder, progress_bar

if TYPE_CHECKING:
    from data.home import Home
    from data.organisations.decisions import Decision
    from data.organisations.seen import SeenName
    from data.organisations.suggestions import Suggestion

commands = typer.Typer(no_args_is_help=True, help="Organisations: which names are one.")

Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names as the feeds write them.")]
Who = Annotated[str, typer.Option("--as", metavar="PERSONA", help="Who decides, from `personas`.")]
Reader = Annotated[
    str | None,
    typer.Option("--as", metavar="PERSONA", help="Whose released names are shown; else the first persona's."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="organisations")


@commands.callback()
def organisations() -> None:
    """Organisations: which names are one."""


@commands.command()
def suggest(who: Reader = None) -> None:
    """List names that look like one organisation. Nothing is changed."""
    from data.organisations.review import review

    with review(_home(), who) as reviewed:
        found = reviewed.suggestions()
        for number, suggestion in enumerate(found, 1):
            _show(number, suggestion, reviewed.persona)
        names = _counted(len({name.name for name in reviewed.seen}), "name")
        typer.echo(f"{_counted(len(found), 'group')} among the {names} released to {reviewed.persona}.")


@commands.command()
def merge(
    names: Names,
    into: Annotated[str, typer.Option(metavar="CODE", help="The organisation they are.")],
    who: Who,
) -> None:
    """Make names one organisation, in all records there are and will be."""
    from data.organisations.review import review

    with review(_home(), who) as reviewed, progress_bar() as progress:
        found = reviewed.merge(names, into, progress)
    _told(found, into, f"now {into}")


@commands.command()
def split(names: Names, who: Who) -> None:
    """Take names out of their organisation again."""
    from data.organisations.review import review

    with review(_home(), who) as reviewed, progress_bar() as progress:
        found = reviewed.split(names, progress)
    _told(found, None, "on its own")


@commands.command("list")
def list_all(who: Reader = None) -> None:
    """List organisations with their names."""
    from data.organisations.review import review

    with review(_home(), who) as reviewed:
        for item in reviewed.organisations():
            typer.echo(f"{item.code}  {_printed(item.title)}: {_counted(item.count, 'record')}")
            for name in item.names:
                typer.echo(f"  {_name(name)}")


@commands.command()
def log(who: Reader = None) -> None:
    """List who merged or split which names, and when."""
    from data.organisations.review import review

    with review(_home(), who) as reviewed:
        for decision in reviewed.log():
            typer.echo(_decision(decision))


@commands.command()
def apply() -> None:
    """Give older records the codes of the register, after an update or a new policy."""
    from data.organisations.review import apply as apply_to

    with progress_bar() as progress:
        counts = apply_to(_home(), progress)
    for feed, count in counts.items():
        typer.echo(f"{feed}: {count:,} records named again")


def _home() -> Home:
    from data.home import Home

    return Home.existing(home_folder())


def _show(number: int, suggestion: Suggestion, persona: str) -> None:
    """A group, and the command that would merge it."""
    what = f"is {suggestion.code} already, in part" if suggestion.is_known else "no organisation yet"
    typer.echo(f"{number}. score {suggestion.score}, {_counted(suggestion.count, 'record')}: {what}")
    for name in suggestion.names:
        typer.echo(f"  {_name(name)}")
    words = [*map(_printed, suggestion.open_names), "--into", suggestion.code or "CODE", "--as", persona]
    typer.echo(f"  python app.py organisations merge {shlex.join(words)}\n")


def _name(item: SeenName) -> str:
    from data.organisations.suggestions import languages

    told = ", ".join(languages(item.name)) or "–"
    code = f"  {item.code}" if item.code else ""
    return f"{item.count:>7,} × {_printed(item.name)}  ({told}){code}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _printed(name: str) -> str:
    """A partner's text on a terminal: signs that are not seen become blanks, so that none commands it."""
    return "".join(sign if sign.isprintable() else " " for sign in name)


def _told(found: tuple[SeenName, ...], code: str | None, what: str) -> None:
    """What the records say now, a line a name; then how many do not, and why."""
    for name in dict.fromkeys(item.name for item in found):
        count = sum(item.count for item in found if item.name == name and item.code == code)
        typer.echo(f"{_printed(name)}: {what}, {_counted(count, 'record')}")
    stated = sum(item.count for item in found if item.code not in (code, None))
    if stated:
        typer.echo(f"Not changed, for the code is the originator's own word: {_counted(stated, 'record')}.")
    later = sum(item.count for item in found if item.code is None) if code else 0
    if later:
        typer.echo(
            f"Not changed yet for what is released later by an agreement: {_counted(later, 'record')}."
        )


def _decision(decision: Decision) -> str:
    words = "merged into" if decision.action == "merge" else "split from"
    who = f"{decision.persona} ({decision.partner})"
    names = ", ".join(map(_printed, decision.names))
    return f"{decision.at:%Y-%m-%d %H:%M} UTC  {who}  {words} {decision.code}: {names}"
