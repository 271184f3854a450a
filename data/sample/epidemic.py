"""The weekly reports of disease by sector: windows that do not overlap, so that new cases add up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from data.sample.land import Sector
from data.sample.revisions import CORRECTED
from data.sample.rows import Spot, Story, Telling, where
from data.sample.sources import SOURCES
from data.sample.storm import END
from data.sample.weights import COUNTRIES_AT_RISK
from data.sample.world import World

FIRST_WEEK = datetime(2026, 8, 24, tzinfo=UTC)
WEEK = timedelta(days=7)
GROWTH = (0.03, 0.14, 0.42, 0.95, 1.5)
"""New cases of a week against the sector's usual level at its worst; the last whole week still rises."""

GROWTH_AHEAD = (1.7, 1.55, 1.3, 1.0, 0.75, 0.55, 0.4, 0.3, 0.2, 0.15, 0.1, 0.1, 0.1)
"""Of the weeks after the scenario: it falls slowly, until the year ends."""

CASE_DEFINITION = "Suspected acute watery diarrhoea, any age"
LEAST_EXPOSURE = 12.0


def weekly_reports(world: World, rng: Random) -> list[Story]:
    """One report for each exposed sector and whole week, known the day after the week.

    Those of the weeks that end after the scenario have dice of their own.
    """
    stories = []
    for sector, exposure in _exposed(world):
        cases = deaths = 0
        ahead = Random(f"{sector.code}:weeks ahead")
        for week, growth in enumerate((*GROWTH, *GROWTH_AHEAD)):
            dice = rng if week < len(GROWTH) else ahead
            new = max(0, round(exposure * growth * dice.uniform(0.7, 1.35)))
            died = sum(dice.random() < 0.012 for _ in range(new))
            cases, deaths = cases + new, deaths + died
            stories.append(_story(dice, sector, FIRST_WEEK + week * WEEK, (new, died, cases, deaths)))
    return stories


def _exposed(world: World) -> list[tuple[Sector, float]]:
    exposed = []
    for sector in world.ground.sectors:
        towns = [town for town in world.ground.towns if town.sector == sector]
        exposure = sum(world.hit(town).rain ** 1.3 * float(town.population) ** 0.45 for town in towns) / 4
        if sector.country in COUNTRIES_AT_RISK and exposure >= LEAST_EXPOSURE:
            exposed.append((sector, exposure))
    return exposed


def _story(rng: Random, sector: Sector, week: datetime, counts: tuple[int, int, int, int]) -> Story:
    source = SOURCES["xhb-disease-watch"]
    story = Story(source, f"{sector.code}-{week:%Y%m%d}")
    reported_at = week + WEEK + timedelta(hours=9)
    known_at = source.known(reported_at)
    label = "health-open"
    says = where(Spot(3, sector.country, sector)) | _report(sector, week, counts, reported_at)
    says["native_id"] = story.native_id
    if known_at is None:
        story.ahead.append(Telling(reported_at, label, says))
        return story
    story.tellings.append(Telling(known_at, label, says))
    later = source.known(reported_at + timedelta(days=4))
    if later and counts[0] > 5 and rng.random() < 3 * CORRECTED and later < END:
        new = counts[0] + rng.randint(1, 3)
        again = _report(sector, week, (new, counts[1], counts[2] - counts[0] + new, counts[3]), reported_at)
        notes = {"notes": f"Corrected: {new} new cases, was {counts[0]}; late forms counted."}
        story.tellings.append(Telling(later, label, says | again | notes))
    return story


def _report(
    sector: Sector, week: datetime, counts: tuple[int, int, int, int], reported_at: datetime
) -> dict[str, object]:
    new, died, cases, deaths = counts
    return {
        "title": f"Week of {week.day} {week:%b}: {new} new cases, {sector.name} sector",
        "description": "Weekly count of suspected acute watery diarrhoea from the health posts.",
        "start_at": week,
        "end_at": week + WEEK,
        "time_precision": 3,
        "reported_at": reported_at,
        "valid_until": week + 3 * WEEK,
        "incident_type": "epidemic",
        "report_kind": "report",
        "native_type": "weekly report",
        "native_subtype": "acute watery diarrhoea",
        "cap_category": "Health",
        "severity": "Severe" if new > 60 else "Moderate" if new > 15 else "Minor",
        "urgency": "Expected",
        "certainty": "Likely",
        "metric": "new_cases",
        "metric_value": float(new),
        "metric_unit": "persons",
        "metric_period": "week",
        "metric_case_definition": CASE_DEFINITION,
        "metric_adds_over_time": "sum",
        "metric_adds_over_area": "sum",
        "further_figures": [
            _figure("new_deaths", died, "week", "sum"),
            _figure("cumulative_cases", cases, "as_of", "last"),
            _figure("cumulative_deaths", deaths, "as_of", "last"),
        ],
        "event_clarity": 2,
        "verification": "corroborated",
        "sources_count": 3,
        "source_grade": "A2",
        "icon": "epidemic",
    }


def _figure(metric: str, value: int, period: str, over_time: str) -> dict[str, object]:
    return {
        "metric": metric,
        "metric_value": float(value),
        "metric_unit": "persons",
        "metric_period": period,
        "metric_case_definition": CASE_DEFINITION,
        "metric_adds_over_time": over_time,
        "metric_adds_over_area": "sum",
    }
