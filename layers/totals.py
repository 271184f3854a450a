"""Headline figures in the form in which they are shown: the figure, its unit, its change, its note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType

from data.answers import Total
from layers.metrics import METRIC_TITLES
from layers.msgid import Words, msgid, plain_name

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "events": msgid("Incidents"),
        "deaths": msgid("Deaths in incidents"),
        "reports": msgid("Reports above zero"),
        "military": msgid("Military and police"),
        "presence": msgid("Humanitarian and civil presence"),
        "arrived": msgid("Deliveries arrived"),
        "committed": msgid("Funding committed"),
        **METRIC_TITLES,
    }
)

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "events": msgid("events"),
        "reports": msgid("reports"),
        "persons": msgid("persons"),
        "places": msgid("places"),
        "consignments": msgid("consignments"),
        "USD": msgid("USD"),
    }
)

NOTES: Mapping[str, str] = MappingProxyType(
    {
        "of_reports": msgid("of {figure} reports"),
        "of_consignments": msgid("of {figure} consignments"),
        "pledged_apart": msgid("{figure} more pledged, counted apart"),
        "no_report": msgid("no report in this period"),
        "at_end": msgid("at the end of the period"),
        "areas": msgid("last figure of each of {figure} areas, added"),
    }
)

MONEY = frozenset({"USD", "EUR", "GBP", "CHF"})
UNVERIFIED = msgid("of which {figure} unverified")
MORE = msgid("▲ {figure} more than in the period before{share}")
FEWER = msgid("▼ {figure} fewer than in the period before{share}")
SAME = msgid("= as many as in the period before")
SHARE = msgid(" ({percent} %)")
BILLION, MILLION = msgid("bn {unit}"), msgid("m {unit}")
AS_OF = msgid("reports up to {date}")


@dataclass(frozen=True)
class Headline:
    """One total, ready for the panel: texts only. Empty text = there is nothing to say."""

    id: str
    title: str
    figure: str
    """What is printed large: "16,058", or "1.40" when the unit says billions."""
    unit: str
    exact: str
    """The whole figure with its unit, for the tooltip and for screen readers."""
    unverified: str
    change: str
    """In words with a neutral arrow: more is not worse or better by itself."""
    note: str
    as_of: str


def display(total: Total, words: Words) -> Headline:
    """The total in words; every text passes the catalogue."""
    figure, unit = figure_and_unit(total.value, total.unit, words)
    return Headline(
        id=total.id,
        title=words(TITLES.get(total.id, plain_name(total.id).capitalize())),
        figure=figure,
        unit=unit,
        exact=f"{grouped(total.value, words)} {words(UNITS.get(total.unit, total.unit))}",
        unverified=words(UNVERIFIED).format(figure=grouped(total.unverified, words))
        if total.unverified
        else "",
        change=_change(total, words),
        note=_note(total, words),
        as_of=_as_of(total, words),
    )


def headlines(totals: Iterable[Total], words: Words) -> tuple[Headline, ...]:
    """All totals in words, in their order."""
    return tuple(display(total, words) for total in totals)


def grouped(value: float, words: Words) -> str:
    """1,234 or 1,234.5: thousands grouped, at most one decimal; a dash for what is not a figure."""
    return words.number(value, 1 if isfinite(value) and abs(value) < 1000 else 0)


def figure_and_unit(value: float, unit: str, words: Words) -> tuple[str, str]:
    """Counts in full; money in millions with one decimal, from a billion on in billions with two."""
    name = words(UNITS.get(unit, unit))
    if unit in MONEY and isfinite(value):
        # Rounding comes before the choice of unit, so that nothing reads "1,000.0 m".
        if abs(value) >= 999_950_000:
            return words.number(value / 1e9, 2, 2), words(BILLION).format(unit=name)
        if abs(value) >= 1_000_000:
            return words.number(value / 1e6, 1, 1), words(MILLION).format(unit=name)
    return grouped(value, words), name


def _change(total: Total, words: Words) -> str:
    if total.before is None or not (isfinite(total.value) and isfinite(total.before)):
        return ""
    difference = total.value - total.before
    if not difference:
        return words(SAME)
    figure, unit = figure_and_unit(abs(difference), total.unit, words)
    amount = f"{figure} {unit}" if total.unit in MONEY else figure
    percent = words.number(100 * abs(difference) / abs(total.before)) if total.before else ""
    share = words(SHARE).format(percent=percent) if percent else ""
    key = MORE if difference > 0 else FEWER
    return words(key).format(figure=amount, share=share)


def _note(total: Total, words: Words) -> str:
    if not total.note_id:
        return ""
    key = words(NOTES.get(total.note_id, plain_name(total.note_id)))
    if total.note_value is None:
        return key
    money = total.unit in MONEY
    figure, unit = figure_and_unit(total.note_value, total.unit, words) if money else ("", "")
    return key.format(figure=f"{figure} {unit}" if money else grouped(total.note_value, words))


def _as_of(total: Total, words: Words) -> str:
    if total.as_of is None:
        return ""
    return words(AS_OF).format(date=words.day(total.as_of))
