"""The child's side of `data.parsing`: limits first, then the bytes, then one answer.

A module that is a child ends with `answer(parse)`. What `parse` raises of ours becomes the sentence of the
refusal; what else goes wrong ends the process with a status that the parent understands.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import pyarrow as pa

from data.errors import WatchfloorError
from data.parsing import ANSWER_TOO_LARGE, MEGABYTE, OUT_OF_MEMORY, Limits

GRACE_SECONDS = 5
"""So long after the parent should have ended it the child ends by itself: the parent may be gone."""


@dataclass(frozen=True)
class Order:
    """What the parent wants parsed: how the file is called, its bytes, and what its parser is told."""

    file_name: str
    content: bytes
    request: dict[str, Any]
    limits: Limits


def answer(parse: Callable[[Order], pa.Table]) -> NoReturn:
    """Parse what stands on the standard input, and end the process."""
    told = json.loads(sys.argv[1])
    limits = Limits(**told["limits"])
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # what a library prints is no answer
        _limit(limits)
        os._exit(_answered(parse, told, limits, out.fileno()))


def _limit(limits: Limits) -> None:
    """Hard limits: the process itself cannot lift them again. No dump of a partner's data is left."""
    memory, seconds = limits.parse_mb * MEGABYTE, limits.parse_seconds
    _at_most(resource.RLIMIT_AS, memory)
    _at_most(resource.RLIMIT_FSIZE, memory)
    _at_most(resource.RLIMIT_CPU, seconds, seconds + GRACE_SECONDS)
    _at_most(resource.RLIMIT_CORE, 0)
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)


def _at_most(kind: int, soft: int, hard: int | None = None) -> None:
    """A limit, or the one that whoever started the parent has set, when it is lower."""
    there = resource.getrlimit(kind)[1]
    wanted = soft if hard is None else hard
    least = wanted if there == resource.RLIM_INFINITY else min(wanted, there)
    resource.setrlimit(kind, (min(soft, least), least))


def _answered(parse: Callable[[Order], pa.Table], told: dict[str, Any], limits: Limits, out: int) -> int:
    try:
        content = sys.stdin.buffer.read()
        _write(_table(parse, Order(told["file_name"], content, told["request"], limits)), out)
    except MemoryError:
        return OUT_OF_MEMORY
    except OSError as error:
        if error.errno not in (errno.ENOMEM, errno.EFBIG):
            raise
        return OUT_OF_MEMORY if error.errno == errno.ENOMEM else ANSWER_TOO_LARGE
    return 0


def _table(parse: Callable[[Order], pa.Table], order: Order) -> pa.Table:
    try:
        return parse(order)
    except WatchfloorError as error:
        return pa.schema([], {"refused": error.message, "advice": error.advice}).empty_table()


def _write(table: pa.Table, out: int) -> None:
    with os.fdopen(os.dup(out), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)
