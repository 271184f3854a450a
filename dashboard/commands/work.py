"""`work` and `run`: the process that takes what partners deliver, and both processes together."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.commands.options import file_limits, home_folder
from data.home import Home


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(work)
    app.command()(run)


def work() -> None:
    """Take what partners put into the inbox, and fetch what is due, until it is ended."""
    import logging
    import signal
    import threading

    from dashboard.settings import read_settings
    from data.feeds.worker import Worker

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_told: ended.set())
    home = Home(home_folder())
    typer.echo(f"What is put into {home.inbox}/PARTNER is taken  (Ctrl+C ends it)")
    Worker(home, file_limits(), rests_seconds=read_settings().inbox_rests_seconds).run(ended)


def run(
    no_play: Annotated[bool, typer.Option("--no-play", help="Leave the sample exercise as it is.")] = False,
) -> None:
    """Serve the page and take what is delivered, each in a process of its own; one that ends begins again.

    The sample exercise goes on meanwhile, in a third one.
    """
    from dashboard.settings import read_settings
    from dashboard.supervising import own_command, supervise

    commands = {name: own_command(name) for name in ("serve", "work")}
    speed = read_settings().exercise_speed
    if speed > 0 and not no_play and _is_sample(Home(home_folder())):
        commands["play"] = own_command("exercise", "play", "--speed", f"{speed:g}")
    raise typer.Exit(supervise(commands))


def _is_sample(home: Home) -> bool:
    """Whether the home is the sample exercise, or becomes it when it is served."""
    from data.errors import WatchfloorError
    from data.sample.playing import is_sample

    try:
        return home.is_unused or is_sample(home)
    except WatchfloorError:
        return False  # whoever serves says what is wrong with it
