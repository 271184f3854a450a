"""`audit verify`, `audit key`, `audit checkpoint`, `audit anew`: the trail, looked at from outside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.options import home_folder

if TYPE_CHECKING:
    from data.audit.verify import Verified
    from data.home import Home

commands = typer.Typer(no_args_is_help=True, help="Audit: the trail of who saw, took and changed what.")

MOST_STEPS = 5


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="audit")


@commands.callback()
def audit() -> None:
    """Audit: the trail of who saw, took and changed what."""


@commands.command()
def verify(
    checkpoints: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Checkpoints from outside; else those of WATCHFLOOR_CHECKPOINTS."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The public key, as `audit key` printed it once.")
    ] = None,
) -> None:
    """Check that every entry is there, in its place, as it was written; or tell the first fault."""
    from data.audit import verify as verifying
    from data.audit.keys import public_key

    home = _home()
    known = public_key(key) if key is not None else None
    found = verifying.verify(home, checkpoints or _outside(), known)
    for line in _lines(found, verifying.torn_lines(home)):
        typer.echo(line)


@commands.command("key")
def key_command() -> None:
    """Print the public key of the checkpoints, to be kept outside of the home."""
    from data.audit.keys import as_text, signing_key

    typer.echo(as_text(signing_key(_home()).public_key()), nl=False)


@commands.command()
def checkpoint() -> None:
    """Sign a checkpoint of now and print it, to be kept outside of the home."""
    from data.audit.trail import Trail

    trail = Trail.open(_home(), outside=_outside())
    try:
        typer.echo(trail.checkpoint().line())
    finally:
        trail.close()


@commands.command()
def anew(
    reason: Annotated[str, typer.Option(help="Why, in words: the new trail begins with it.")],
    checkpoints: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Checkpoints from outside; else those of WATCHFLOOR_CHECKPOINTS."),
    ] = None,
) -> None:
    """Put a trail away that does not verify, and begin another. Ends in an error when it verifies."""
    from data.audit.anew import begin_anew

    folder, fault = begin_anew(_home(), reason, checkpoints or _outside())
    typer.echo(f"The old trail is in {folder}: {fault}")
    typer.echo("Start the server again. Another trail needs another file in WATCHFLOOR_CHECKPOINTS.")


def _home() -> Home:
    from data.home import Home

    return Home.existing(home_folder())


def _outside() -> Path | None:
    from dashboard.settings import read_settings

    return read_settings().checkpoints


def _lines(found: Verified, torn: int) -> list[str]:
    """What was checked, in one sentence; then what is to be known beside it."""
    return [_checked(found), *_notes(found, torn)]


def _checked(found: Verified) -> str:
    if not found.entries:
        return "The audit trail has no entry yet."
    entries = _counted(found.entries, "entry", "entries")
    checkpoints = _counted(found.checkpoints, "checkpoint", "checkpoints")
    outside = f", {found.outside:,} of them from outside" if found.outside else ""
    return (
        f"Checked {entries} from {_minute(found.first_utc)} to {_minute(found.last_utc)} UTC against"
        f" {checkpoints}{outside}: every entry is in its place, as it was written."
    )


def _notes(found: Verified, torn: int) -> list[str]:
    told = []
    if not found.outside:
        told.append("There is no checkpoint from outside: a truncated tail would not be noticed.")
    elif found.last_outside < found.entries:
        after = _counted(found.entries - found.last_outside, "entry", "entries")
        told.append(f"The last checkpoint from outside does not cover the last {after}.")
    if found.torn_bytes:
        told.append(
            f"Half a line of {found.torn_bytes:,} bytes stands at the end, as a crash leaves it: the next"
            " start sets it aside."
        )
    if torn:
        told.append(f"Half a line was set aside after a crash {_counted(torn, 'time', 'times')}.")
    for seq, seconds in found.steps_back[:MOST_STEPS]:
        told.append(f"The clock had gone back by {seconds:,.0f} s at entry {seq}.")
    if len(found.steps_back) > MOST_STEPS:
        told.append(f"It went back {len(found.steps_back) - MOST_STEPS} times more.")
    return told


def _minute(utc: str) -> str:
    return utc[:16].replace("T", " ")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
