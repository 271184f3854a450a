"""Which records of a cell may be counted (release policy, A3 Aggregates). Pure: counts in, kinds out.
 Records that are not told apart by any decision are one *kind*. An *eye* is what somebody can know exactly,
as a set of kinds in the bits of a number: the rows released to them, and their partner's own. Whoever has
an eye can subtract what it sees from the figure; so what it does not see must be nothing, or enough by
itself: k records, of three originators, none with more than four fifths. Eye 0 sees nothing: for it the
cell itself must be enough.
 What is hidden from an eye and is not enough is left out, not the cell held back: the figure is then the
same as if those records did not exist, and so is its absence. Leaving out for one eye may leave too little
for another, so it is repeated until nothing changes. "k records of three originators" only gets truer by
more records; the largest choice is therefore one and the same, whichever eye is looked at first, and hidden
records that are too few change nothing in it. The share does not, so it is asked at the end, and a cell
that fails it is held back whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Eye = int
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """Records that no decision tells apart. `is_protected`: of protection or health, or needing a
    category."""

    originator: str
    is_protected: bool = False


@dataclass(frozen=True)
class Rules:
    """The figures of A3. Tests take rules away to see that the attack then finds something."""

    k: int = 5
    k_protected: int = 10
    originators: int = 3
    most_share: float = 0.8
    rounds_to: int = 5
    leaves_remainders_out: bool = True


A3 = Rules()


def countable(
    counts: Mapping[int, int], kinds: Sequence[Kind], eyes: Collection[Eye], rules: Rules = A3
) -> frozenset[int]:
    """Of one cell the kinds whose records are counted, all of each or none; empty: nothing is published.

    `counts` has the number of records of each kind (its place in `kinds`) that were not counted before. The
    same is asked of what is added to a cell later: the difference is then enough by itself for everybody.
    """
    row = np.zeros((1, len(kinds)))
    for kind, records in counts.items():
        row[0, kind] = records
    return frozenset(int(kind) for kind in np.flatnonzero(countable_cells(row, kinds, eyes, rules)[0]))


def countable_cells(
    counts: Numbers, kinds: Sequence[Kind], eyes: Collection[Eye], rules: Rules = A3
) -> NDArray[np.bool_]:
    """The same of many cells at once: of each (a row of `counts`) which kinds (columns) are counted."""
    looking = _Looking.of(kinds, eyes if rules.leaves_remainders_out else ())
    held = counts > 0
    while True:
        left = held & ~looking.too_few(np.where(held, counts, 0.0), rules)
        if np.array_equal(left, held):
            break
        held = left
    dominated = looking.is_dominated(np.where(held, counts, 0.0), rules)
    return held & ~dominated[:, np.newaxis]


def figure(records: int, rules: Rules = A3) -> int:
    """A number of records as it is published: rounded, half of it up."""
    return (records + rules.rounds_to // 2) // rules.rounds_to * rules.rounds_to


@dataclass(frozen=True)
class _Looking:
    """What is hidden from each eye (a row) of each kind (a column), 1 or 0; the kinds of each owner."""

    hidden: Numbers
    of_owner: tuple[NDArray[np.intp], ...]
    protected: NDArray[np.bool_]

    @classmethod
    def of(cls, kinds: Sequence[Kind], eyes: Collection[Eye]) -> _Looking:
        rows = [[not eye >> place & 1 for place in range(len(kinds))] for eye in sorted({0, *eyes})]
        owners = np.array([kind.originator for kind in kinds])
        places = tuple(np.flatnonzero(owners == owner) for owner in np.unique(owners))
        protected = np.array([kind.is_protected for kind in kinds], dtype=bool)
        return cls(np.array(rows, dtype=float).reshape(len(rows), len(kinds)), places, protected)

    def too_few(self, counts: Numbers, rules: Rules) -> NDArray[np.bool_]:
        """What has to be left out of each cell because it is hidden from an eye and not enough: of what holds
        records of protection these first, for they need more."""
        owners, records = self._hidden(counts)
        some_protected = counts[:, self.protected] @ self.hidden[:, self.protected].T > 0
        few_owners = (owners > 0).sum(axis=0) < rules.originators
        lacks = some_protected & (few_owners | (records < rules.k_protected))
        lacks_all = (records > 0) & (few_owners | (records < rules.k)) & ~lacks
        left_out: NDArray[np.bool_] = (lacks_all @ self.hidden > 0) | (
            (lacks @ self.hidden > 0) & self.protected
        )
        return left_out

    def is_dominated(self, counts: Numbers, rules: Rules) -> NDArray[np.bool_]:
        """Whether of what an eye does not see in a cell more than the share is one owner's."""
        owners, records = self._hidden(counts)
        found = ((owners > rules.most_share * records) & (records > 0)).any(axis=(0, 2))
        return np.asarray(found, dtype=bool)

    def _hidden(self, counts: Numbers) -> tuple[Numbers, Numbers]:
        """By owner, cell and eye how many records are hidden; and of all owners together."""
        owners = np.stack([counts[:, of] @ self.hidden[:, of].T for of in self.of_owner])
        return owners, owners.sum(axis=0)
