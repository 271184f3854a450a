"""The names of organisations in what is released to somebody: all that a review may show to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from data.filters import LAYER_FEEDS, Filter
from data.names import plain
from data.organisations.naming import ACTORS
from data.released import Released
from data.schema import INCIDENTS


@dataclass(frozen=True)
class SeenName:
    """A name as it is written in released records, how many of them, and the organisation they say it is."""

    name: str
    count: int
    code: str | None

    @property
    def key(self) -> str:
        """What is compared: the name without case, accents and punctuation."""
        return plain(self.name)


def seen_names(released: Released) -> tuple[SeenName, ...]:
    """Names in the deployments and deliveries released now, the commonest first.

    Counted are records as known now, withdrawn ones not. Actors of incidents are no organisations as a rule
    and stand in no snapshot; they get their codes, but are not reviewed.
    """
    counts: Counter[tuple[str, str | None]] = Counter()
    for layer, feed in LAYER_FEEDS.items():
        if feed == INCIDENTS:
            continue
        rows = released.all_time(Filter(), layer)
        for name, code in ACTORS[feed]:
            names, codes = rows.codes(name), rows.codes(code)
            words: tuple[str | None, ...] = (*codes.words, None)  # at -1: no code
            pairs = np.stack([names.values, codes.values], axis=1)[names.values >= 0]
            found, times = np.unique(pairs, axis=0, return_counts=True)
            for (said, coded), count in zip(found.tolist(), times.tolist(), strict=True):
                counts[names.words[said], words[coded]] += count
    seen = [SeenName(name, count, code) for (name, code), count in counts.items() if plain(name)]
    return tuple(sorted(seen, key=lambda item: (-item.count, item.name, item.code or "")))
