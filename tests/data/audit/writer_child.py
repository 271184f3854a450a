"""A process that writes to a trail until it is ended, saying each entry after it was acknowledged.

`python -m tests.data.audit.writer_child HOME NAME COUNT ROOM TEAR`: COUNT 0 goes on for ever. With ROOM no
file may grow beyond so many bytes, until a durable entry was refused; then there is room again. With TEAR the
process is killed in the middle of writing that entry, counted from 1.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
from pathlib import Path

from data.audit.entry import Action
from data.audit.trail import Trail
from data.errors import AuditUnavailable
from data.home import Home
from tests.data.audit.trails import ANALYST

LARGE = [f"XAA:test:{number}" for number in range(20_000)]
"""An export that takes long to write: a kill falls into the middle of it."""


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def torn_at(number: int, chance: random.Random) -> None:
    """From now on the write of that entry ends somewhere in it, and the process with it."""
    write, left = os.write, iter(range(number - 1, -1, -1))

    def torn(handle: int, content: bytes) -> int:
        if next(left):
            return write(handle, content)
        write(handle, content[: chance.randrange(1, len(content))])
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    os.write = torn  # type: ignore[assignment]


def main(home: Path, name: str, count: int, room: int, tear: int) -> None:
    chance = random.Random(name)
    trail = Trail.open(Home(home))
    if tear:
        torn_at(tear, chance)
    if room:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    tell("ready")
    number = 0
    while not count or number < count:
        durable = chance.random() < 0.5
        ids = LARGE if durable and not count and chance.random() < 0.1 else LARGE[:2]
        action = Action.EXPORT if durable else Action.VIEW
        details = {"name": name, "number": number, "record_ids": ids}
        try:
            seq = trail.record(action, ANALYST, details, durable=durable)
            tell(f"{seq} {number} {int(durable)}")
        except AuditUnavailable as error:
            tell(f"refused {error.message}")
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            room = 0
        number += 1
    trail.close()
    tell("closed")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:]))
