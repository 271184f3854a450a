"""A file from outside is parsed in a process of its own, which is ended when it takes too much.

The child is a fresh interpreter: it gets a private copy of the file's bytes, an empty environment and no
open file but its three streams. It limits itself before it looks at a byte (`data.parsing_child`), and its
answer is an Arrow stream in a private file: plain columns, never objects. Whatever becomes of it, the parent
goes on with a table or with one sentence.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import pyarrow as pa

from data.errors import WatchfloorError
from data.shown import shown

log = logging.getLogger("watchfloor.parsing")

PROJECT = Path(__file__).resolve().parents[1]

OUT_OF_MEMORY, ANSWER_TOO_LARGE = 3, 4
"""Exit statuses of the child beside 0 (it answered) and those of Python's own."""

ENVIRONMENT = {
    "PYTHONPATH": str(PROJECT),
    "LC_ALL": "C.UTF-8",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""All that the child knows of where it runs. One thread: each would reserve memory of its own."""

MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """What parsing one file may take. The settings of the same names (README, Settings) set them."""

    file_mb: int = 256
    file_rows: int = 500_000
    parse_mb: int = 2_048
    parse_seconds: int = 120


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Parser:
    """A kind of file: the module that is the child, the error that refuses, and what an answer looks like."""

    module: str
    refused: Callable[[str, str], WatchfloorError]
    fits: Callable[[pa.Schema], bool]


def parsed(
    parser: Parser, file_name: str, content: bytes, request: Mapping[str, object], limits: Limits
) -> pa.Table:
    """The answer of a child about these bytes, checked. `request` is what its parser is told, as JSON.

    Raises `parser.refused` with the child's own sentence, or with one that names the limit it reached.
    """
    try:
        with TemporaryFile() as copy, TemporaryFile() as answer, TemporaryFile() as said:
            copy.write(content)
            copy.seek(0)
            status = _ending(_command(parser, file_name, request, limits), (copy, answer, said), limits)
            said.seek(0)
            log.debug("parser of %s: %s", file_name, said.read(MEGABYTE).decode("utf-8", "replace"))
            if status != 0:
                raise parser.refused(*_broken_off(file_name, status, limits))
            return _answer(parser, file_name, answer)
    except OSError as error:
        raise parser.refused(
            f"The file {file_name} could not be given to its parser: {error.strerror}.",
            "Make room in the folder for temporary files, and give it again.",
        ) from error


def _command(parser: Parser, file_name: str, request: Mapping[str, object], limits: Limits) -> list[str]:
    order = json.dumps({"file_name": file_name, "limits": asdict(limits), "request": request})
    return [sys.executable, "-P", "-m", parser.module, order]


def _ending(
    command: list[str], streams: tuple[IO[bytes], IO[bytes], IO[bytes]], limits: Limits
) -> int | None:
    """How the child ended: its status, a signal as a negative number, None when its time was up."""
    copy, answer, said = streams
    child = subprocess.Popen(
        command, stdin=copy, stdout=answer, stderr=said, env=ENVIRONMENT, cwd="/", start_new_session=True
    )
    overdue = threading.Event()

    def end() -> None:
        overdue.set()
        _end(child)

    clock = threading.Timer(limits.parse_seconds, end)
    clock.start()
    try:
        status = child.wait()
    finally:
        clock.cancel()
        _end(child)
        child.wait()
    return None if overdue.is_set() else status


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child, and what it may have started: it has a session of its own, that bears its id."""
    if child.poll() is None:  # its id is its own until somebody has asked how it ended
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _broken_off(file_name: str, status: int | None, limits: Limits) -> tuple[str, str]:
    """The sentence for a child that did not answer, and what to do."""
    began = f"The file {file_name} was not taken: parsing it"
    nothing = "Nothing of it was published."
    memory = f"WATCHFLOOR_PARSE_MB ({limits.parse_mb:,} MB)"
    if status in (None, -signal.SIGXCPU, -signal.SIGALRM):
        return (
            f"{began} took longer than WATCHFLOOR_PARSE_SECONDS ({limits.parse_seconds:,} s).",
            f"{nothing} Ask the partner for it in parts, or raise the setting if you trust the file.",
        )
    if status in (OUT_OF_MEMORY, ANSWER_TOO_LARGE, -signal.SIGKILL):
        return (
            f"{began} needs more memory than WATCHFLOOR_PARSE_MB allows ({limits.parse_mb:,} MB).",
            f"{nothing} Ask the partner for it in parts, or raise the setting if you trust the file.",
        )
    how = signal.Signals(-status).name if status is not None and status < 0 else f"status {status}"
    return (
        f"{began} ended without an answer ({how}): it is damaged, or needs more memory than {memory}.",
        f"{nothing} Ask the partner to send it again.",
    )


def no_answer(parser: Parser, file_name: str) -> WatchfloorError:
    """The refusal of a file whose child said what no parser of ours says."""
    return parser.refused(
        f"The file {file_name} was not taken: its parser gave an answer that is none.",
        "Ask the partner to send it again.",
    )


def _answer(parser: Parser, file_name: str, answer: IO[bytes]) -> pa.Table:
    """The child's table. Its form is checked before its content: the file may have had its way there."""
    unclear = no_answer(parser, file_name)
    answer.seek(0)
    try:
        stream = pa.ipc.open_stream(answer.read())  # a copy, which nobody changes after it was checked
        told = {key.decode(): value.decode() for key, value in (stream.schema.metadata or {}).items()}
        if "refused" in told:
            raise parser.refused(shown(told["refused"]), shown(told.get("advice", "")))
        if not parser.fits(stream.schema):
            raise unclear
        table = stream.read_all()
        table.validate(full=True)
        if any(table.column(n).null_count for n, field in enumerate(table.schema) if not field.nullable):
            raise unclear
    except (pa.ArrowException, ValueError, OSError) as error:
        raise unclear from error
    return table
