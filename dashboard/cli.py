"""The command line: `python app.py …`. Each command imports what it needs when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.errors import SettingError, WatchfloorError

if TYPE_CHECKING:
    from data.home import Home

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
regions = typer.Typer(no_args_is_help=True, help="Countries, provinces and districts.")
app.add_typer(regions, name="regions")

Progress = Callable[[int, int, str], None]


def main() -> None:
    """Run a command; an error of ours is one sentence on the error stream, and exit status 1."""
    try:
        app()
    except WatchfloorError as error:
        typer.echo(f"{error.title}: {error}", err=True)
        sys.exit(1)


@app.callback()
def about() -> None:
    """Watchfloor: the shared picture of a multinational operation."""


@app.command()
def serve() -> None:
    """Serve the page; an empty home gets the sample exercise first."""
    import uvicorn

    from dashboard.application import create_app
    from dashboard.settings import read_settings
    from data.home import Home
    from data.store import Store

    settings = read_settings()
    if not (settings.home / "policy.toml").exists():
        typer.echo(f"The home {settings.home} is empty: making the sample exercise.")
        _load_sample(settings.home)
    application = create_app(settings, Store.open(Home.open(settings.home)))
    typer.echo(f"Watchfloor is at {settings.url}  (Ctrl+C ends it)")
    uvicorn.run(
        application.server,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
    )


@app.command()
def sample(seed: Annotated[int, typer.Option(help="The same seed makes the same exercise.")] = 2026) -> None:
    """Make the sample exercise in the home, when the home is empty or holds it already."""
    from dashboard.settings import read_settings

    _load_sample(read_settings().home, seed)


@app.command()
def recipes() -> None:
    """The recipes, a line each: name, feed, what it reads."""
    from data.feeds.recipe_file import recipes as every

    for recipe in every():
        typer.echo(f"{recipe.name:<24} {recipe.feed:<12} {recipe.title}")


@app.command()
def ingest(
    recipe: Annotated[str, typer.Argument(help="A recipe's name; `recipes` lists them.")],
    files: Annotated[list[Path], typer.Argument(help="The files to take, in this order.")],
    originator: Annotated[str | None, typer.Option(help="Whose records they are: a partner's code.")] = None,
    releasable_to: Annotated[
        str | None, typer.Option(help="Codes with commas between: who may have them.")
    ] = None,
    level: Annotated[str | None, typer.Option(help="The level of the label.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="When an undated file was known: 2014-11-30T18:00:00Z.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and do nothing.")
    ] = False,
) -> None:
    """Take files of a partner into the home by a recipe."""
    from data.feeds.ingest import IngestOptions
    from data.feeds.ingest import ingest as take
    from data.feeds.report import report_lines

    released = tuple(releasable_to.split(",")) if releasable_to is not None else None
    options = IngestOptions(originator, released, level, _time(as_of), dry_run)
    with _bar() as progress:
        report = take(_home(), recipe, files, options, progress)
    for line in report_lines(report):
        typer.echo(line)


@regions.command("load")
def load_regions(
    file: Annotated[Path, typer.Argument(help="GeoJSON or GeoParquet, in degrees.")],
    level: Annotated[int, typer.Option(help="0 country, 1 province, 2 district.")],
    code: Annotated[str, typer.Option(help="The property with the region's code.")],
    name: Annotated[str, typer.Option(help="The property with its name.")],
    version: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The date of the boundaries.")],
    parent: Annotated[str | None, typer.Option(help="The property with its parent's code.")] = None,
    parent_name: Annotated[str | None, typer.Option(help="The property with its parent's name.")] = None,
    country: Annotated[str | None, typer.Option(help="The property with its country.")] = None,
) -> None:
    """Load boundaries, and match the records that are there to them again."""
    from data.boundaries import read_boundaries
    from data.feeds.rematching import rematch_regions
    from data.lake import LakeWriter

    home = _home()
    table = read_boundaries(
        file,
        level=level,
        code_field=code,
        name_field=name,
        version=version.date(),
        parent_field=parent,
        parent_name_field=parent_name,
        country_field=country,
        report=typer.echo,
    )
    with LakeWriter(home) as lake:
        lake.publish_regions(table)
    typer.echo(f"{table.num_rows:,} regions loaded.")
    with _bar() as progress:
        matched = rematch_regions(home, progress)
    typer.echo(", ".join(f"{count:,} {feed}" for feed, count in matched.items()) + " matched again.")


@app.command()
def personas() -> None:
    """Who can be tried in this home, a line each, the id first."""
    for persona in _home().policy().personas.values():
        roles = ", ".join(sorted(persona.roles))
        typer.echo(f"{persona.id:<24} {persona.partner:<8} {persona.clearance:<12} {persona.name} ({roles})")


@app.command()
def explain(
    record_id: Annotated[str, typer.Argument(help="A record's id.")],
    who: Annotated[str, typer.Option("--as", help="A persona; `personas` lists them.")],
) -> None:
    """Why somebody has a record or has it not, rule by rule."""
    from data.evidence import evidence
    from data.explain import explain as told
    from data.explain import lines
    from data.store import Store

    home = _home()
    policy = home.policy()
    revisions = [(one.label, one.facts) for one in evidence(home, record_id)]
    reasons = told(policy, policy.viewer(who), revisions[-1], revisions[-1], Store.open(home).now())
    for line in lines(reasons):
        typer.echo(line)


def _home() -> Home:
    from dashboard.settings import read_settings
    from data.home import Home

    return Home.open(read_settings().home)


def _load_sample(folder: Path, seed: int = 2026) -> None:
    from data.sample import load_sample

    with _bar() as progress:
        loaded = load_sample(folder, seed=seed, progress=progress)
    if loaded.already:
        typer.echo("The exercise is already there.")
        return
    typer.echo(", ".join(f"{count:,} {feed}" for feed, count in loaded.records.items()) + " made.")


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar with its count, on the error stream."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def told(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        yield told


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise SettingError(f"--as-of is {text!r}. Expected: a time such as 2014-11-30T18:00:00Z.") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
