"""`exercise play`: the sample exercise goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from dashboard.commands.options import home_folder
from data.exercise_clock import FASTEST, SLOWEST

commands = typer.Typer(no_args_is_help=True, help="The sample exercise goes on.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="exercise")


@commands.callback()
def about() -> None:
    """The sample exercise goes on."""


@commands.command()
def play(
    speed: Annotated[
        float, typer.Option(min=SLOWEST, max=FASTEST, help="Seconds of the exercise in one second.")
    ] = 60.0,
    hours: Annotated[
        float | None, typer.Option(min=0.0, max=100_000.0, help="End after so many hours of the exercise.")
    ] = None,
) -> None:
    """Let the sample exercise go on, on its own clock, until it is ended."""
    import logging
    import signal
    import threading

    from data.home import Home
    from data.sample.playing import Player

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_told: ended.set())
    lasts = None if hours is None else timedelta(hours=hours)
    Player(Home(home_folder()), speed, lasts, told=typer.echo).run(ended)
