"""The review of names: what a persona is shown, and the decisions that it takes.

Everything shown, and every name that may be decided about, comes from what is released to that persona.
A name that is withheld and a name that nobody uses are answered alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from data.clock import Clock, system_clock
from data.errors import OrganisationRefused
from data.feeds.prepare import Progress, silent
from data.feeds.renaming import rename_into
from data.home import Home
from data.lake import LakeWriter
from data.names import plain
from data.organisations.decisions import MERGE, SPLIT, Decision, decisions, record
from data.organisations.register import Register, register
from data.organisations.seen import SeenName, seen_names
from data.organisations.suggestions import Suggestion, suggestions
from data.policy_table import CODE_EXPECTED, is_code
from data.store import Store

NO_CODES = frozenset(("UNKNOWN", "NONE"))


@dataclass(frozen=True)
class Named:
    """An organisation as its names occur in what is released to somebody."""

    code: str
    title: str
    names: tuple[SeenName, ...]

    @property
    def count(self) -> int:
        """Records."""
        return sum(item.count for item in self.names)


@dataclass(frozen=True)
class Review:
    """A persona before the names released to it. `known`: what the policy says and everybody knows.

    `look` sees the names again, as they are released after a decision.
    """

    home: Home
    persona: str
    partner: str
    seen: tuple[SeenName, ...]
    known: Register
    past: tuple[Decision, ...]
    look: Callable[[], tuple[SeenName, ...]] = field(repr=False)

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Groups of names that look like one organisation."""
        return suggestions(self.seen, self.known, self._parted())

    def organisations(self) -> tuple[Named, ...]:
        """Organisations with a name in sight, by code."""
        found: dict[str, list[SeenName]] = {}
        for item in self.seen:
            if item.code:
                found.setdefault(item.code, []).append(item)
        return tuple(
            Named(code, self.known.titles.get(code, names[0].name), tuple(names))
            for code, names in sorted(found.items())
        )

    def log(self) -> tuple[Decision, ...]:
        """The decisions, the first one first, each with those of its names that are in sight."""
        keys = {item.key for item in self.seen}
        cut = [replace(d, names=tuple(n for n in d.names if plain(n) in keys)) for d in self.past]
        return tuple(decision for decision in cut if decision.names)

    def merge(
        self, names: Sequence[str], into: str, progress: Progress = silent, clock: Clock = system_clock
    ) -> tuple[SeenName, ...]:
        """Make these names the organisation `into`; these names as they stand in the records afterwards.

        Raises OrganisationRefused for a name that is not in sight and a code that is none.
        """
        if not is_code(into) or into in NO_CODES:
            raise OrganisationRefused(
                f"The code {into!r} is none; expected {CODE_EXPECTED}.",
                "An organisation that has a code keeps it: `organisations list` tells them.",
            )
        found = self._found(names)
        self._decide(MERGE, into, found, progress, clock)
        return self._again(found)

    def split(
        self, names: Sequence[str], progress: Progress = silent, clock: Clock = system_clock
    ) -> tuple[SeenName, ...]:
        """Take these names out of the organisation that each of them is; the names as they stand afterwards.

        The register says which organisation that is, not the records: a decision that reached no record can
        be taken back too. Raises OrganisationRefused.
        """
        found = self._found(names)
        held = register(self.home.policy(), self.past)
        for item in found:
            if held.code_of(item.name) is None:
                self._refuse_split([other for other in found if other.key == item.key])
            elif item.code and all(
                o.code not in (None, held.code_of(o.name)) for o in found if o.key == item.key
            ):
                self._refuse_split([item])
        for code in sorted({str(held.code_of(item.name)) for item in found}):
            mine = [item for item in found if held.code_of(item.name) == code]
            self._decide(SPLIT, code, mine, progress, clock)
        return self._again(found)

    @staticmethod
    def _refuse_split(found: Sequence[SeenName]) -> None:
        stated = [item for item in found if item.code]
        if stated:
            raise OrganisationRefused(
                f"That {stated[0].name!r} is {stated[0].code} is its originator's own word, and stays."
            )
        raise OrganisationRefused(
            f"The name {found[0].name!r} is of no organisation, so nothing can be split."
        )

    def _again(self, found: Sequence[SeenName]) -> tuple[SeenName, ...]:
        """What is released now of the same names: only what the persona may see is counted."""
        now = self.look()
        keys = dict.fromkeys(item.key for item in found)
        return tuple(item for key in keys for item in now if item.key == key)

    def _found(self, names: Sequence[str]) -> tuple[SeenName, ...]:
        by_key: dict[str, list[SeenName]] = {}
        for item in self.seen:
            by_key.setdefault(item.key, []).append(item)
        missing = [name for name in names if plain(name) not in by_key]
        if missing:
            raise OrganisationRefused(
                f"No organisation is called {missing[0]!r} in what is released to {self.persona}.",
                f"`organisations suggest --as {self.persona}` shows names as they are written.",
            )
        return tuple(item for key in dict.fromkeys(map(plain, names)) for item in by_key[key])

    def _decide(
        self, action: str, code: str, found: Sequence[SeenName], progress: Progress, clock: Clock
    ) -> None:
        """First the decision, then its revisions, under the lake's lock: a file that comes meanwhile waits.

        Should the revisions fail, the decision stands, and the next decision or `apply` makes them.
        """
        names = tuple(dict.fromkeys(item.name for item in found))
        with LakeWriter(self.home) as lake:
            record(self.home, Decision(clock(), self.persona, self.partner, action, code, names))
            rename_into(lake, self.home, progress)

    def _parted(self) -> frozenset[tuple[str, str]]:
        last = {plain(name): decision for decision in self.past for name in decision.names}
        return frozenset((key, d.code) for key, d in last.items() if d.action == SPLIT)


@contextmanager
def review(home: Home, persona: str | None) -> Iterator[Review]:
    """The review of a persona, else of the policy's first. Raises PolicyError when there is none such."""
    store = Store.open(home)
    try:
        policy = store.policy()
        who = next(iter(policy.personas), "") if persona is None else persona
        viewer = policy.viewer(who)

        def look() -> tuple[SeenName, ...]:
            return seen_names(store.released_to(viewer))

        partner = policy.personas[who].partner
        yield Review(home, who, partner, look(), register(policy), decisions(home), look)
    finally:
        store.close()


def apply(home: Home, progress: Progress = silent) -> dict[str, int]:
    """Give every record the codes that the register holds now; the number of new revisions by feed."""
    with LakeWriter(home) as lake:
        return rename_into(lake, home, progress)
