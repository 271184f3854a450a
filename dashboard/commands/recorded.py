"""What a command changes is in the audit trail before it is changed, with who sat at the machine."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.audit.trail import Trail
    from data.home import Home
    from data.viewer import Identity


@contextmanager
def trail_of(home: Home) -> Iterator[Trail]:
    """The home's trail, open for one command."""
    from dashboard.settings import read_settings
    from data.audit.trail import Trail

    trail = Trail.open(home, outside=read_settings().checkpoints)
    try:
        yield trail
    finally:
        trail.close()


def person_here() -> Identity:
    """Whoever sits at the machine: of no partner, with no role, released nothing."""
    from data.viewer import Identity

    name = f"{getpass.getuser()} at the command line"
    return Identity(name, name, "", "")
