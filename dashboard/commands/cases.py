"""`case`: an operation of the past from published files, in one command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.options import home_folder, progress_bar

if TYPE_CHECKING:
    from data.cases.load import LoadedCase
    from data.feeds.report import Report

COUNTED = ("read", "new", "revised", "duplicate", "quarantined")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(case)


def case(
    name: Annotated[str, typer.Argument(help="ebola-2014, haiti or minusma.")],
    folder: Annotated[Path, typer.Argument(help="Holds the files, in whatever folders beneath it.")],
) -> None:
    """Load a case study: regions, files, partners and agreements of an operation of the past, as a replay."""
    from data.cases.load import load_case

    with progress_bar() as progress:
        loaded = load_case(home_folder(), name, folder, progress)
    for line in _lines(loaded):
        typer.echo(line)


def _lines(loaded: LoadedCase) -> list[str]:
    """What was loaded, a line a file, and what comes next."""
    from data.clock import system_clock
    from data.marking import marking
    from data.viewer import NOBODY

    policy = loaded.policy
    strip = marking(policy, (), NOBODY, policy.operation.until_at or system_clock()).strip
    regions = sum(count for _, count in loaded.regions)
    width = max(len(delivery.file) for delivery, _ in loaded.reports)
    known = "; everything had been loaded before" if loaded.is_all_known else ""
    return [
        f"{loaded.case.title}: {strip}{known}",
        f"{'regions':<{width}}  {regions:,} new",
        *(f"{delivery.file:<{width}}  {_counts(report)}" for delivery, report in loaded.reports),
        f"{'in all':<{width}}  {_sums([report for _, report in loaded.reports])}",
        f"Personas: {', '.join(policy.personas)}. `python app.py serve` shows it.",
    ]


def _counts(report: Report) -> str:
    open_places = sum(count for _, count in report.unmatched)
    counts = ", ".join(f"{name} {getattr(report, name):,}" for name in COUNTED)
    ended = f", ended {report.ended:,}" if report.ended else ""
    return f"{counts}{ended}" + (f", in no region {open_places:,}" if open_places else "")


def _sums(reports: list[Report]) -> str:
    return ", ".join(f"{name} {sum(getattr(report, name) for report in reports):,}" for name in COUNTED)
