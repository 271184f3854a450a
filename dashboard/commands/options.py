"""What several commands share: the home that is meant, and a bar that shows how far the work is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from data.errors import SettingError

if TYPE_CHECKING:
    from pathlib import Path

    from data.parsing import Limits

Progress = Callable[[int, int, str], None]


def home_folder() -> Path:
    """The folder that WATCHFLOOR_HOME names."""
    from dashboard.settings import read_settings

    return read_settings().home


def file_limits() -> Limits:
    """What parsing a file may take, as the settings say."""
    from dashboard.settings import read_settings

    return read_settings().limits


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on the error stream, so that the report on the output stays clean."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def show(done: int, total: int, words: str) -> None:
            bar.update(task, completed=done, total=total, description=words)

        yield show


def moment(text: str | None, option: str) -> datetime | None:
    """An ISO time given as an option; without a zone it is UTC."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingError(
            f"{option} is {text!r}, which is no time.", "Write it like 2014-11-30T18:00Z."
        ) from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def codes(text: str | None) -> tuple[str, ...] | None:
    """A comma list of codes given as an option."""
    if text is None:
        return None
    return tuple(code.strip() for code in text.split(",") if code.strip())
