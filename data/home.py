"""A home: the folder that holds one operation, its policy, its lake and everything else of it.

The kind of the operation (exercise, replay, actual) decides the strip on the screens and the clock
(formats.md, "A home").
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from data.clock import Clock, RunningClock, fixed_clock, system_clock
from data.errors import HomeError
from data.exercise_clock import ExerciseClock
from data.policy import Policy, read_policy
from data.policy_force import texts_of

EXERCISE, REPLAY, ACTUAL = "exercise", "replay", "actual"

SHIPPED_POLICY = Path(__file__).parent / "policies" / "replay.toml"
"""What an empty home begins with: a replay whose policy knows the originators of the shipped recipes."""

FOLDERS = ("lake", "spool", "inbox", "quarantine", "audit", "sheets")
OWN_NAMES = frozenset(
    (
        *FOLDERS,
        "policy.toml",
        "policy.bounds",
        "boundaries.geojson",
        "identity.toml",
        "exercise_clock.json",
        "state.sqlite",
        "state.sqlite-wal",
        "state.sqlite-shm",
        "secret",
        "audit_key",
    )
)

ROWS_OF = """
SELECT count(*) FROM ducklake_data_file JOIN ducklake_table USING (table_id) WHERE table_name LIKE ?
"""
"""Files of rows that a table of the lake has had; small deliveries are files too, never inlined."""


@dataclass(frozen=True)
class Home:
    """The places in a home. Making one touches nothing on disk; `Home.open` does."""

    path: Path

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """The home at `path`; an empty or missing folder becomes a replay with the shipped policy.

        Raises HomeError when the folder is something else, PolicyError when its policy is wrong.
        """
        home = cls(Path(path))
        if not home.policy_file.exists():
            home._check_empty()
            home._begin(SHIPPED_POLICY.read_bytes())
        home.policy()
        return home

    @classmethod
    def existing(cls, path: Path | str) -> Self:
        """The home that is at `path`, for who only looks: nothing is made.

        Raises HomeError when there is none yet, PolicyError when its policy is wrong.
        """
        home = cls(Path(path))
        if not home.policy_file.exists():
            home._check_empty()
            raise HomeError(
                f"The home {home.path} is empty.",
                "Make the sample exercise in it with `serve` or `sample`, or take a file with `ingest`.",
            )
        home.policy()
        return home

    @classmethod
    def claim(cls, path: Path | str, policy_document: str, operation: str) -> Self:
        """The home at `path` for the operation with this id (`sample`, `case`); unused: it becomes that one.

        Raises HomeError when it holds another operation.
        """
        home = cls(Path(path))
        if home.is_unused:
            home._begin(policy_document.encode())
        held = home.policy().operation.id
        if held != operation:
            raise HomeError(
                f"The home {home.path} holds the operation {held!r}, not {operation!r}.",
                "Set WATCHFLOOR_HOME to another, empty folder.",
            )
        return home

    @property
    def policy_file(self) -> Path:
        """Who may see what."""
        return self.path / "policy.toml"

    @property
    def policy_bounds(self) -> Path:
        """Policies that the one in force is held to until their widening part is approved."""
        return self.path / "policy.bounds"

    @property
    def lake(self) -> Path:
        """The feeds, the label table, the regions."""
        return self.path / "lake"

    @property
    def catalog(self) -> Path:
        """The lake's catalogue: there as soon as the lake was opened for writing."""
        return self.lake / "catalog.sqlite"

    @property
    def secret_file(self) -> Path:
        """What signs cookies: `data.home_state.home_secret` makes and reads it."""
        return self.path / "secret"

    @property
    def state_file(self) -> Path:
        """Everything that is not feed data: users, screens, the ledger of sheets."""
        return self.path / "state.sqlite"

    @property
    def exercise_clock_file(self) -> Path:
        """How the clock of an exercise that was played goes: `data.exercise_clock` makes and reads it."""
        return self.path / "exercise_clock.json"

    @property
    def spool(self) -> Path:
        """Posted records that wait for the worker."""
        return self.path / "spool"

    @property
    def inbox(self) -> Path:
        """Files put here are taken by the worker."""
        return self.path / "inbox"

    @property
    def quarantine(self) -> Path:
        """Files that were refused."""
        return self.path / "quarantine"

    @property
    def audit(self) -> Path:
        """The audit trail."""
        return self.path / "audit"

    @property
    def audit_key_file(self) -> Path:
        """What signs the trail's checkpoints: `data.audit.keys` makes and reads it."""
        return self.path / "audit_key"

    @property
    def sheets(self) -> Path:
        """Map sheets that were handed out."""
        return self.path / "sheets"

    def policy(self) -> Policy:
        """The policy as it stands on disk now, held to its bounds."""
        return texts_of(self).parsed()

    @property
    def kind(self) -> str:
        """exercise, replay or actual."""
        return self.policy().operation.kind

    @property
    def is_unused(self) -> bool:
        """Whether an operation may begin here: the home is missing, empty, or was only opened.

        Only opened: its policy is the shipped one, unchanged, and its lake never held a row (no file
        taken, no region, no record). Raises HomeError when the folder is something else.
        """
        if not self.policy_file.exists():
            self._check_empty()
            return True
        return self.policy_file.read_bytes() == SHIPPED_POLICY.read_bytes() and not self.holds_rows()

    def holds_rows(self, table: str = "%") -> bool:
        """Whether a row was ever written to this table of the lake, or to any. In doubt: yes."""
        if not self.catalog.exists():
            return False
        address = f"{self.catalog.absolute().as_uri()}?mode=ro"
        try:
            with closing(sqlite3.connect(address, uri=True, timeout=10)) as catalog:
                return bool(catalog.execute(ROWS_OF, (table,)).fetchone()[0])
        except sqlite3.Error:
            return True

    def trial(self, folder: Path) -> Self:
        """A home in `folder` with the policy of this one, and no lake: to try what would happen here.

        Raises HomeError and PolicyError as `open` does.
        """
        if not self.policy_file.exists():
            self._check_empty()
            return type(self).open(folder)
        self.policy()
        copy = type(self)(folder)
        copy._begin(self.policy_file.read_bytes())
        return copy

    def _check_empty(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise HomeError(f"{self.path} is a file.", "Set WATCHFLOOR_HOME to a folder.")
        if self.path.is_dir():
            foreign = sorted(
                p.name for p in self.path.iterdir() if p.name[0] != "." and p.name not in OWN_NAMES
            )
            if foreign:
                raise HomeError(
                    f"The folder {self.path} holds other things (such as {foreign[0]!r}) and no policy.toml.",
                    "Set WATCHFLOOR_HOME to an empty folder.",
                )
        if self.holds_rows():
            raise HomeError(
                f"The home {self.path} holds records but no policy.toml, which says who may see them.",
                "Put its policy.toml back.",
            )

    def _begin(self, policy_document: bytes) -> None:
        try:
            for name in FOLDERS:
                (self.path / name).mkdir(parents=True, exist_ok=True)
            draft = self.path / ".policy.toml.new"
            draft.write_bytes(policy_document)
            read_policy(draft)
            draft.replace(self.policy_file)
        except OSError as error:
            raise HomeError(
                f"The home {self.path} cannot be made: {error.strerror}.",
                "Choose a folder that may be written to with WATCHFLOOR_HOME.",
            ) from error


def home_clock(home: Home, knowledge_ends_at: Callable[[], datetime | None]) -> Clock:
    """The clock of the home's kind.

    exercise: as it was played last, by a file of the home that all processes read; one that was never played
    starts at the scenario's end and goes on (decision 0039). replay: stands at the operation's end, or, where
    its policy states none, at what `knowledge_ends_at` says (the lake's last `ingested_at`; real time as long
    as the lake is empty; decision 0024). actual: real time. Raises HomeError when the file is broken.
    """
    operation = home.policy().operation
    if operation.kind == EXERCISE and operation.until_at is not None:
        starting = RunningClock.starting_at(operation.until_at)
        return ExerciseClock(home.exercise_clock_file, starting)
    if operation.kind == REPLAY and operation.until_at is not None:
        return fixed_clock(operation.until_at)
    if operation.kind == REPLAY:
        return lambda: knowledge_ends_at() or system_clock()
    return system_clock
