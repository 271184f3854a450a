"""What comes after a first report: corrections, confirmations, tighter labels, cancels and recalls."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from data.sample.labels import TIGHTER
from data.sample.rows import Story, Telling
from data.sample.sources import Source

CORRECTED, TIGHTENED, CANCELLED, RECALLED = 0.040, 0.006, 0.008, 0.005
"""Shares of the records that a later revision corrects, gives a tighter label, cancels or recalls."""


def with_revisions(rng: Random, source: Source, first: Telling) -> list[Telling]:
    """The first telling and, for a few, a later one."""
    draw = rng.random()
    later = source.known(first.known_at + timedelta(hours=rng.uniform(5, 70)))
    if later is None or later <= first.known_at:
        return [first]
    if draw < CORRECTED:
        return [first, _corrected(rng, first, later)]
    if draw < CORRECTED + TIGHTENED and first.label in TIGHTER:
        return [first, Telling(later, TIGHTER[first.label], first.says)]
    if draw < CORRECTED + TIGHTENED + CANCELLED:
        says = first.says | {"notes": "Cancelled: reported in error."}
        return [first, Telling(later, first.label, says, "cancel")]
    if draw < CORRECTED + TIGHTENED + CANCELLED + RECALLED:
        return [first, Telling(later, first.label, first.says, "recall")]
    return [first]


def _corrected(rng: Random, first: Telling, at: datetime) -> Telling:
    """Figures counted again, or an unverified report confirmed or disputed."""
    says = dict(first.says)
    figure = next((name for name in ("deaths_best", "displaced", "injured") if says.get(name)), "")
    if figure:
        before = int(str(says[figure]))
        now = max(1, before + rng.choice((-1, 1, 2)) * max(1, before // 6))
        says[figure] = now
        says["notes"] = f"Corrected: {figure.replace('_best', '')} {now}, was {before}."
        if figure == "deaths_best":
            says |= {"deaths_low": max(0, now - 1), "deaths_high": now + 1, "deaths_civilian": now}
            says["injured"] = max(now, int(str(says.get("injured") or 0)))
    elif says["verification"] != "verified":
        says |= {"verification": rng.choices(("verified", "disputed"), (85, 15))[0], "sources_count": 3}
        says["notes"] = f"Checked on the ground: {says['verification']}."
    else:
        says |= {"severity": "Moderate" if says["severity"] != "Moderate" else "Minor"}
        says["notes"] = "Severity corrected after inspection."
    return Telling(at, first.label, says)


def with_ending(rng: Random, story: Story, figure: str) -> None:
    """Add to a story of several tellings, for a few: `figure` corrected, all cancelled or recalled."""
    draw = rng.random()
    if not story.tellings:
        return
    last = story.tellings[-1]
    at = story.source.known(last.known_at + timedelta(hours=rng.uniform(6, 60)))
    if at is None or at <= last.known_at:
        return
    before = last.says.get(figure)
    if draw < CORRECTED and before:
        now = type(before)(int(str(before).split(".")[0]) + rng.randint(1, 6))  # type: ignore[call-arg]
        notes = {figure: now, "notes": f"Corrected: {figure} {now}, was {before}."}
        story.tellings.append(Telling(at, last.label, last.says | notes))
    elif CORRECTED <= draw < CORRECTED + CANCELLED:
        says = last.says | {"notes": "Cancelled: entered twice."}
        story.tellings.append(Telling(at, last.label, says, "cancel"))
    elif CORRECTED + CANCELLED <= draw < CORRECTED + CANCELLED + RECALLED:
        story.tellings.append(Telling(at, last.label, last.says, "recall"))
