"""Trails for tests: who writes, what is written, and what a tamperer with every right could do."""

from __future__ import annotations

import json
from pathlib import Path

from data.audit.checkpoints import Checkpoint, checkpoints_in, signed
from data.audit.entry import NOTHING_BEFORE, Action, committed, sealed
from data.audit.keys import signing_key
from data.audit.merkle import leaf_hash, root
from data.audit.places import checkpoints_of, trail_of
from data.audit.trail import Trail
from data.clock import system_clock
from data.home import Home
from data.partners import canonical
from data.viewer import Identity, Viewer

ANALYST = Viewer((Identity("ana", "Ana", "XAB", "OPEN", roles=frozenset({"viewer", "analyst"})),))


def seen(number: int) -> dict[str, object]:
    """Details of a view."""
    return {"purpose": "screen", "view": f"region=XQ{number}", "originators": ["XAA"], "number": number}


EVERY = 7


def a_trail(home: Home, entries: int, outside: Path | None = None) -> None:
    """A trail of so many entries more, closed; a checkpoint after every seventh."""
    trail = Trail.open(home, outside=outside)
    for number in range(entries):
        if trail.record(Action.VIEW, ANALYST, seen(number), durable=False) % EVERY == EVERY - 1:
            trail.checkpoint()
    trail.close()


def lines_of(home: Home) -> list[bytes]:
    return trail_of(home).read_bytes().splitlines(keepends=True)


def put(home: Home, lines: list[bytes]) -> None:
    trail_of(home).write_bytes(b"".join(lines))


def chained(lines: list[bytes]) -> list[bytes]:
    """The same entries with places, hashes and chain made to fit: what a careful forger writes."""
    previous, made = NOTHING_BEFORE, []
    for seq, line in enumerate(lines):
        told = json.loads(line)
        head = canonical({name: told[name] for name in ("action", "actor", "details")})[:-1]
        monotonic = told["monotonic"]
        at = system_clock().fromisoformat(told["utc"])
        previous, again = sealed(head, seq, at, monotonic, previous)
        made.append(again + b"\n")
    return made


def sign_again(home: Home) -> None:
    """Checkpoints beside the trail that fit what now stands in it, signed with the home's own key."""
    key = signing_key(home)
    leaves = [leaf_hash(committed(line.removesuffix(b"\n"))) for line in lines_of(home)]
    path = checkpoints_of(home)
    known = checkpoints_in(path, key.public_key())
    sizes = sorted({min(one.size, len(leaves)) for one in known})
    made: list[Checkpoint] = [signed(key, size, root(leaves[:size]), known[0].utc) for size in sizes]
    path.write_text("".join(one.line() + "\n" for one in made))
