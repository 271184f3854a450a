"""`users …`: the accounts of a home. Passwords come from the terminal or the input, never an argument."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.options import home_folder
from dashboard.commands.recorded import record_change, trail_of
from data.errors import AccountRefused
from data.shown import shown

if TYPE_CHECKING:
    pass

users = typer.Typer(
    no_args_is_help=True, help="Who can sign in: accounts with their partner, roles, clearance."
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The account's id: letters a-z, digits and . _ -")]
FromInput = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from the input, one line; else it is asked."),
]


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(users, name="users")


@users.command()
def add(
    account_id: Id,
    partner: Annotated[str, typer.Option(help="The code of the partner they belong to.")],
    role: Annotated[list[str], typer.Option(help="What they may do; several are given one by one.")],
    clearance: Annotated[str, typer.Option(help="The highest level they may see, as the policy names it.")],
    category: Annotated[list[str] | None, typer.Option(help="A category they hold.")] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="A region they are bound to, or `all`. Without: none.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Their name, for the page. Without: the id.")] = None,
    issuer: Annotated[str | None, typer.Option(help="The identity provider that knows them.")] = None,
    subject: Annotated[str | None, typer.Option(help="Their `sub` at that provider.")] = None,
    password_stdin: FromInput = False,
) -> None:
    """Make an account; the password is asked twice."""
    from data.account import Account
    from data.accounts import add as keep
    from data.home import Home

    home = Home.existing(home_folder())
    regions = None if region == ["all"] else frozenset(region or ())
    account = Account(
        account_id,
        name or account_id,
        partner,
        frozenset(role),
        clearance,
        frozenset(category or ()),
        regions,
        issuer,
        subject,
    )
    without_password = subject is not None and not password_stdin
    secret = None if without_password else _password(password_stdin)
    with trail_of(home) as trail:
        told = {"partner": partner, "roles": sorted(account.roles), "clearance": clearance}
        record_change(trail, "account", account_id, "added", told)
        keep(home, account, secret)
    typer.echo(f"The account {account_id} of {partner} can sign in.")


@users.command("list")
def listed() -> None:
    """List the accounts, a line each, the id first."""
    from data.accounts import accounts_of
    from data.home import Home

    accounts = accounts_of(Home.existing(home_folder()))
    width = max((len(account.id) for account in accounts), default=0)
    for account in accounts:
        bound = (
            "all regions" if account.regions is None else ", ".join(sorted(account.regions)) or "no region"
        )
        who = f"{account.id:<{width}}  {account.partner:<5} {account.clearance:<10} {account.name}"
        typer.echo(shown(f"{who}: {', '.join(sorted(account.roles))}; {bound}"))


@users.command()
def remove(account_id: Id) -> None:
    """Take an account away; it is signed out everywhere."""
    from data.accounts import remove as forget
    from data.home import Home

    home = Home.existing(home_folder())
    with trail_of(home) as trail:
        record_change(trail, "account", account_id, "removed")
        forget(home, account_id)
    typer.echo(f"The account {shown(account_id)} is gone, and signed out everywhere.")


@users.command()
def password(account_id: Id, password_stdin: FromInput = False) -> None:
    """Give an account another password; it is signed out everywhere."""
    from data.accounts import set_password
    from data.home import Home

    home, secret = Home.existing(home_folder()), _password(password_stdin)
    with trail_of(home) as trail:
        record_change(trail, "account", account_id, "password")
        set_password(home, account_id, secret)
    typer.echo(f"The account {shown(account_id)} has another password, and is signed out everywhere.")


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise AccountRefused(
            "There is no terminal to ask for the password.", "Give it with --password-stdin."
        )
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise AccountRefused("The two passwords are not the same.", "Try again.")
    return first
