"""Beginning anew: a person puts a trail away that does not verify. Nothing of it is thrown away."""

from __future__ import annotations

import hashlib
from pathlib import Path

from data.audit.entry import Action
from data.audit.places import checkpoints_of, put_away_of, trail_of
from data.audit.trail import Trail
from data.audit.trail_file import sync_folder
from data.audit.verify import verify
from data.clock import Clock, system_clock
from data.errors import AuditBroken, AuditUnavailable
from data.home import Home
from data.viewer import NOBODY


def begin_anew(
    home: Home, reason: str, outside: Path | None = None, clock: Clock = system_clock
) -> tuple[Path, str]:
    """Put the home's trail and its checkpoints into a folder of their own, and begin another.

    Its first entry tells the fault of the old one, its SHA-256 and the reason in words. `outside`: its
    checkpoints from elsewhere. The folder, and the fault. Raises AuditUnavailable when the trail verifies.
    """
    fault = _fault_of(home, outside)
    path = trail_of(home)
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
    folder = put_away_of(home, clock().strftime("%Y%m%dT%H%M%S%fZ"))
    try:
        folder.mkdir(parents=True)
        for each in (path, checkpoints_of(home)):
            if each.exists():
                each.rename(folder / each.name)
        sync_folder(home.audit)
    except OSError as error:
        raise AuditUnavailable(f"The audit trail cannot be put away: {error.strerror}.") from error
    trail = Trail.open(home)
    told = {"reasons": [reason], "fault": fault, "sha256": digest, "folder": folder.name}
    trail.record(Action.BEGUN_ANEW, NOBODY, told, durable=True)
    trail.close()
    return folder, fault


def _fault_of(home: Home, outside: Path | None) -> str:
    try:
        verify(home, outside)
    except AuditBroken as error:
        return error.message
    raise AuditUnavailable("The audit trail verifies: there is no reason to begin another.")
