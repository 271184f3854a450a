"""The command line: `python app.py …`. What a command does stands in `dashboard.commands`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from dashboard.commands import (
    audit,
    cases,
    credentials,
    cube,
    exercise,
    feeds,
    organisations,
    people,
    policies,
    reference,
    regions,
    screens,
    sources,
    users,
    work,
)
from data.errors import WatchfloorError
from data.shown import shown

if TYPE_CHECKING:
    from dashboard.settings import Settings
    from data.home import Home
    from data.store import Store

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def main() -> None:
    """Run a command; an error of ours is one sentence on the error stream, and exit status 1."""
    try:
        app()
    except WatchfloorError as error:
        typer.echo(f"{error.title}: {shown(str(error))}", err=True)
        sys.exit(1)


@app.callback()
def about() -> None:
    """Watchfloor: the shared picture of a multinational operation."""


@app.command()
def serve() -> None:
    """Serve the page; a home with nothing in it gets the sample exercise first."""
    from dashboard.application import create_app
    from dashboard.serving import run
    from dashboard.settings import read_settings
    from dashboard.weekly import keep_weekly

    settings = read_settings()
    store = _opened(settings)
    application = create_app(settings, store)
    _prepare(store)
    keep_weekly(store)
    typer.echo(f"Watchfloor is at {settings.url}  (Ctrl+C ends it)")
    run(application.server, settings.host, settings.port)


def _prepare(store: Store) -> None:
    """Make ready meanwhile what is released to the first persona: the first visitor need not wait."""
    import threading
    from contextlib import suppress

    def ready() -> None:
        policy = store.policy()
        for persona in list(policy.personas)[:1]:
            with suppress(WatchfloorError):  # whoever asks is told
                store.released_to(policy.viewer(persona))

    threading.Thread(target=ready, name="prepare", daemon=True).start()


def _opened(settings: Settings) -> Store:
    """The store of the home; an unused home gets the sample, a home without records an empty lake.

    A sample that was broken off while it was made is made again.
    """
    from data.home import Home
    from data.lake import LakeWriter
    from data.store import Store

    home = Home(settings.home)
    if home.is_unused or _is_half_made(home):
        typer.echo(f"The home {settings.home} is empty: making the sample exercise.")
        feeds.load(settings.home)
    home = Home.open(settings.home)
    with LakeWriter(home):
        pass  # makes the lake, or what an earlier version's lake does not have yet
    return Store.open(home)


def _is_half_made(home: Home) -> bool:
    """Whether the home is the sample's but its feeds, which come last and all at once, are not there."""
    if not home.policy_file.exists() or home.holds_rows("files_taken"):
        return False
    from data.sample.rows import OPERATION

    return home.policy().operation.id == OPERATION


for commands in (
    *(feeds, cases, regions, reference, organisations, policies, cube),
    *(people, users, screens, credentials, audit, sources, work, exercise),
):
    commands.register(app)
