"""Small plausible numbers of people for an incident, and its severity."""

from __future__ import annotations

from random import Random

from data.sample.storm import Hit

DEADLY = {
    "storm": 0.02,
    "flood": 0.025,
    "landslide": 0.07,
    "infrastructure": 0.003,
    "accident": 0.1,
    "crime": 0.01,
}
"""The share of incidents in which somebody died, for a severe one."""

MOVES = ("displacement", "flood", "storm", "landslide")
GRADES = ("Minor", "Moderate", "Severe", "Extreme")


def severity(rng: Random, hit: Hit, kind: str) -> str:
    """Minor to Extreme: by what the place got, with chance."""
    force = 0.55 * hit.damage + 0.35 * hit.rain + rng.gauss(0.1, 0.22)
    if kind in ("crime", "accident", "access_restriction"):
        force *= 0.7
    return GRADES[min(3, max(0, int(force * 3.6)))]


def figures(rng: Random, kind: str, subtype: str, grade: str, population: int) -> dict[str, object]:
    """Deaths with their range, injured, displaced, affected; null where nobody counts."""
    rank = GRADES.index(grade)
    numbers: dict[str, object] = {}
    if kind in DEADLY:
        deaths = _few(rng, DEADLY[kind] * (0.25 + 0.55 * rank))
        numbers |= {"deaths_best": deaths, "deaths_low": max(0, deaths - (deaths > 1)), "deaths_high": deaths}
        numbers |= {"deaths_civilian": deaths, "injured": deaths + _few(rng, 0.06 + 0.09 * rank) * 2}
        if deaths and rng.random() < 0.4:
            numbers["deaths_high"] = deaths + rng.randint(1, 3)
    if kind == "displacement" or (kind in MOVES and rng.random() < 0.12 * rank):
        most = min(1400, max(60, population // 40)) if kind == "displacement" else 120
        people = 5 * max(4, int(most * rng.betavariate(1.2, 5) * (0.5 + 0.35 * rank) / 5))
        numbers["displaced"] = 0 if subtype == "return" else people
    if kind != "crime":
        numbers["affected"] = 5 * rng.randint(1, 12) * (1 + rank) ** 2
    return numbers


def _few(rng: Random, share: float) -> int:
    """Mostly nothing, sometimes one, rarely a handful."""
    count = 0
    while rng.random() < share and count < 9:
        count += 1
        share = max(share * 0.9, 0.35)
    return count
