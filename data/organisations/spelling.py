"""How much alike two names of organisations are written, 0 to 100. A likeness is a question, no answer."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from data.basemap.world import countries
from data.names import plain

SPELLING_FILE = Path(__file__).parent / "spelling.toml"

SAME, SAME_WORDS, SAME_CORE, INITIALS = 100, 98, 94, 90
"""Equal but for case and accents; the same words; all the same but country and section; a short form."""

LEAST_LETTERS = 6
"""Shorter names are alike by chance."""
SHORT_FORM = range(3, 9)
"""Letters of a short form."""


@dataclass(frozen=True)
class Spelling:
    """A name taken apart.

    `core`: its words without countries and other words that make no other organisation. `nation`: the rest,
    where the name of a country tells which organisation it is (ministries, national societies).
    """

    key: str
    words: tuple[str, ...]
    core: tuple[str, ...]
    nation: frozenset[str]
    initials: frozenset[str]

    @property
    def sorted_core(self) -> str:
        """The core's words in order of the alphabet: what is compared letter by letter."""
        return " ".join(sorted(self.core))

    def buckets(self) -> frozenset[str]:
        """Whatever is alike otherwise than letter by letter shares one of these."""
        return frozenset((self.key, " ".join(sorted(self.words)), self.sorted_core, "".join(self.core))) | (
            self.initials
        )


@cache
def _knowledge() -> Mapping[str, Mapping[str, object]]:
    document: Mapping[str, Mapping[str, object]] = tomllib.loads(SPELLING_FILE.read_text("utf-8"))
    return document


@cache
def _words_of(table: str, name: str = "words") -> frozenset[str]:
    return frozenset(str(word) for word in _knowledge()[table][name])  # type: ignore[attr-defined]


@cache
def nobody() -> frozenset[str]:
    """Plain names that stand for nobody in particular."""
    return frozenset(plain(name) for name in _knowledge()["nobody"])


@cache
def _countries() -> tuple[tuple[str, ...], ...]:
    """Names of countries as words, the longest first."""
    named = {tuple(_letters(word)) for c in countries().values() for word in (c.en, c.fr, *c.also)}
    return tuple(sorted(named, key=lambda words: (-len(words), words)))


@cache
def spelling(name: str) -> Spelling:
    """A name taken apart."""
    short = _knowledge()["short"]
    words = tuple(word for said in _letters(name) for word in str(short.get(said, said)).split())
    core = _core(words)
    nation = frozenset(words) - frozenset(core) if set(words) & _words_of("national") else frozenset()
    core = words if nation or not core else core
    return Spelling(plain(name), words, core, nation, _initials(words) | _initials(core))


def _letters(name: str) -> list[str]:
    spread = unicodedata.normalize("NFKD", name.casefold().replace("'", " ").replace("’", " "))
    kept = (c if c.isalnum() else " " for c in spread if not unicodedata.combining(c))
    return "".join(kept).split()


def _core(words: tuple[str, ...]) -> tuple[str, ...]:
    rest = f" {' '.join(words)} "
    for country in _countries():
        if country[0] in words:
            rest = rest.replace(f" {' '.join(country)} ", " ")
    weak = _words_of("weak")
    return tuple(word for word in rest.split() if len(word) > 1 and word not in weak)


def _initials(words: tuple[str, ...]) -> frozenset[str]:
    """With and without the small words: Danish Refugee Council, Food and Agriculture Organization."""
    if len(words) < 3:
        return frozenset()
    small = {"and", "of", "the", "for", "in", "et", "de", "des", "du", "la", "le", "pour", "y", "para", "los"}
    return frozenset(
        ("".join(w[0] for w in words), "".join(w[0] for w in words if w not in small)),
    )


def likeness(one: Spelling, other: Spelling) -> int:
    """0 to 100."""
    if one.key == other.key:
        return SAME
    if sorted(one.words) == sorted(other.words):
        return SAME_WORDS
    if one.nation != other.nation:
        return 0
    if sorted(one.core) == sorted(other.core) or "".join(one.core) == "".join(other.core):
        return SAME_CORE
    if _is_short_for(one, other) or _is_short_for(other, one):
        return INITIALS
    left, right = one.sorted_core, other.sorted_core
    if min(len(left), len(right)) < LEAST_LETTERS:
        return 0
    return int(min(SAME_CORE, fuzz.ratio(left, right)))


def alike(spelt: Sequence[Spelling], least: int) -> Iterator[tuple[int, int, int]]:
    """(likeness, place, place) of every two that are at least so much alike."""
    asked: set[tuple[int, int]] = set()
    shared: dict[str, list[int]] = {}
    for place, item in enumerate(spelt):
        for bucket in item.buckets():
            shared.setdefault(bucket, []).append(place)
    for places in shared.values():
        asked.update(combinations(places, 2))
    cores = [item.sorted_core for item in spelt]
    scores = cdist(cores, cores, scorer=fuzz.ratio, score_cutoff=least, dtype=np.uint8)
    asked.update((one, other) for one, other in np.argwhere(np.triu(scores, 1)).tolist())
    for one, other in sorted(asked):
        score = likeness(spelt[one], spelt[other])
        if score >= least:
            yield score, one, other


def _is_short_for(short: Spelling, whole: Spelling) -> bool:
    return (
        len(short.core) == 1
        and len(short.core[0]) in SHORT_FORM
        and len(whole.core) > 1
        and short.core[0] in whole.initials
    )


@cache
def language(name: str) -> str:
    """The language that the words of a name tell: en, fr, es; nothing where they tell none or several."""
    words = set(_letters(name))
    told = {code: len(words & _words_of("languages", code)) for code in ("en", "fr", "es")}
    most = max(told.values())
    best = [code for code, count in told.items() if count == most]
    return best[0] if most and len(best) == 1 else ""
