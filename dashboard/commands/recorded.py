"""What a command changes is in the audit trail before it is changed, with who sat at the machine."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.audit.trail import Trail
    from data.home import Home
    from data.viewer import Identity

NOTHING: Mapping[str, object] = MappingProxyType({})


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


def record_change(
    trail: Trail, of: str, known_as: str, how: str, told: Mapping[str, object] = NOTHING
) -> None:
    """That who or what may come in is changed: an account, a screen, a credential.

    Before it is done, so that none changes without an entry; one that fails leaves an entry too.
    """
    from data.audit.entry import Action
    from data.viewer import Viewer

    details = {of: known_as, "how": how, **told}
    trail.record(Action.USER_CHANGE, Viewer((person_here(),)), details, durable=True)


def person_here() -> Identity:
    """Whoever sits at the machine: of no partner, with no role, released nothing."""
    from data.viewer import Identity

    name = f"{getpass.getuser()} at the command line"
    return Identity(name, name, "", "")
