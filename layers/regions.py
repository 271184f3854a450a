"""Regions: rates as fills (counts are symbols), classes that never overlap, three looks for three silences.

Zero is a fill of its own, no report is hatched, outside the filter is dimmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from types import MappingProxyType
from typing import Literal

from data.answers import FillValues, RegionNode
from data.filters import split_region
from layers.msgid import Words, msgid, plain_name
from layers.symbols import TONES

RAMPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dark": ("#343a3f", "#694191", "#835faa", "#9e80c2", "#bda5db"),
        "light": ("#f3f0ea", "#d1bbeb", "#b291da", "#966ac5", "#7a4aa9"),
        "paper": ("#f3f0ea", "#d1bbeb", "#b291da", "#966ac5", "#7a4aa9"),
    }
)
"""Zero, then four classes of one hue that is no layer's; neighbours differ by 1.5:1."""

HATCH: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "dark": ("#0b1118", "#9fa6ac"),
        "light": ("#ffffff", "#3f4b57"),
        "paper": ("#ffffff", "#3f4b57"),
    }
)
"""No report: ground and hatching. Every fill differs from one of the two by 3:1."""


@dataclass(frozen=True)
class Fill:
    """A rate that fills regions: its words, its factor when shown, fixed breaks (empty: by the values)."""

    title_key: str
    unit_key: str
    factor: float = 1.0
    breaks: tuple[float, ...] = ()
    decimals: int = 1


FILLS: Mapping[str, Fill] = MappingProxyType(
    {
        "deaths_per_case": Fill(
            msgid("Deaths per 100 cases"), msgid("deaths per 100 cases"), 100.0, (20.0, 40.0, 60.0)
        ),
        "records_per_1000_km2": Fill(msgid("Incidents per 1,000 km²"), msgid("incidents per 1,000 km²")),
        "weeks_since_report": Fill(
            msgid("Weeks since the last report"), msgid("weeks"), 1.0, (2.0, 4.0, 8.0), 0
        ),
    }
)

BY_PROVINCE_KEY = msgid("by province where places are coarser")
"""Said beside the title when some regions have the value of the whole province (`FillValues.by_province`)."""

Look = Literal["class", "zero", "no_report", "outside"]


@dataclass(frozen=True)
class Classes:
    """Class i holds breaks[i-1] <= value < breaks[i]; class 0 is zero alone (or below)."""

    breaks: tuple[float, ...]

    def of(self, value: float) -> int:
        """0 for zero, else 1 to 4."""
        if value <= 0:
            return 0
        return 1 + sum(value >= limit for limit in self.breaks)


@dataclass(frozen=True)
class LegendRow:
    """One row of the fill's legend: its look, its class (0 = zero), its words and how many regions it has."""

    look: Look
    index: int
    words: str
    count: int


def classes(*fills: FillValues) -> Classes:
    """The one set of classes for fills of one rate that are held against each other.

    Its breaks are fixed where the rate has known ones, else round figures near the quartiles of all values.
    """
    known = FILLS.get(fills[0].name) if fills else None
    if known is not None and known.breaks:
        return Classes(known.breaks)
    values = (value for fill in fills for value in _shown(fill).values())
    return Classes(_round_quartiles(sorted(value for value in values if value is not None and value > 0)))


def _round_quartiles(values: Sequence[float]) -> tuple[float, ...]:
    """Up to three rising round limits near the quartiles; fewer where values are too alike to part."""
    if len(values) < 2:
        return ()
    limits: list[float] = []
    for share in (0.25, 0.5, 0.75):
        limit = _nice(values[min(len(values) - 1, int(share * len(values)))])
        if limit > values[0] and limit <= values[-1] and (not limits or limit > limits[-1]):
            limits.append(limit)
    return tuple(limits)


def _nice(value: float) -> float:
    """The nearest of 1, 1.5, 2, 3, 4, 5, 6, 8 × a power of ten."""
    power = 10.0 ** floor(log10(value))
    steps = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
    # Rounded to a few digits so that 3 × 0.1 does not read 0.30000000000000004.
    return float(f"{min((step * power for step in steps), key=lambda limit: abs(limit - value)):.6g}")


def _shown(fill: FillValues) -> dict[str, float | None]:
    factor = FILLS[fill.name].factor if fill.name in FILLS else 1.0
    return {
        code: None if value is None or not isfinite(value) else value * factor
        for code, value in fill.values.items()
    }


def title(name: str, words: Words) -> str:
    """The one title of a fill: where it is chosen and in the legend."""
    return words(FILLS[name].title_key)


def legend_title(fill: FillValues, words: Words) -> str:
    """The title over the legend, with a note where districts have the value of their province."""
    named = title(fill.name, words)
    if fill.by_province.isdisjoint(fill.values):
        return named
    return words(msgid("{title} ({note})")).format(title=named, note=words(BY_PROVINCE_KEY))


def legend(fill: FillValues, outside: int, words: Words, cut: Classes | None = None) -> tuple[LegendRow, ...]:
    """The rows of the legend, zero first; `outside`: regions out of the filter; `cut`: as in `hideout`.

    Looks that no region has are left out; classes never, for a scale with holes misleads.
    """
    cut, values = cut or classes(fill), _shown(fill)
    decimals = FILLS[fill.name].decimals if fill.name in FILLS else 1
    found = [cut.of(value) for value in values.values() if value is not None]
    rows = [LegendRow("zero", 0, words(msgid("none")), found.count(0))]
    rows += [
        LegendRow("class", index, _range_words(cut.breaks, index, decimals, words), found.count(index))
        for index in range(1, len(cut.breaks) + 2)
    ]
    rows.append(LegendRow("no_report", -1, words(msgid("no report")), len(values) - len(found)))
    rows.append(LegendRow("outside", -2, words(msgid("outside the filter")), outside))
    return tuple(row for row in rows if row.count or (row.look == "class" and found))


def _range_words(breaks: tuple[float, ...], index: int, decimals: int, words: Words) -> str:
    """Class limits in words that cannot be read as overlapping: "under 2", "2 to under 4", "8 and over"."""
    if not breaks:
        return words(msgid("above zero"))
    if index == 1:
        return words(msgid("under {limit}")).format(limit=_limit(breaks[0], words))
    if index == len(breaks) + 1:
        return words(msgid("{limit} and over")).format(limit=_limit(breaks[-1], words))
    low, high = breaks[index - 2], breaks[index - 1]
    if decimals == 0 and high - low == 1:
        return _limit(low, words)
    if decimals == 0:
        return f"{_limit(low, words)} – {_limit(high - 1, words)}"
    return words(msgid("{low} to under {high}")).format(low=_limit(low, words), high=_limit(high, words))


def _limit(value: float, words: Words) -> str:
    """A limit of a class, with as many decimals as it has."""
    return words.number(value, 6)


def value_words(fill: FillValues, value: float | None, words: Words) -> str:
    """The value of a region as its tooltip says it."""
    if value is None or not isfinite(value):
        return words(msgid("no report"))
    known = FILLS.get(fill.name)
    unit = words(known.unit_key) if known else words(plain_name(fill.unit))
    shown = value * (known.factor if known else 1.0)
    decimals = 2 if 0 < abs(shown) < 1 else known.decimals if known else 1
    return f"{words.number(shown, decimals, decimals)} {unit}"


def inside(nodes: Iterable[RegionNode], chosen: Iterable[str]) -> frozenset[str]:
    """The chosen regions and all that lie in them. A region's version (`CODE@VERSION`) is not looked at."""
    wanted = {split_region(code)[0] for code in chosen}
    listed = sorted(nodes, key=lambda node: node.level)
    for node in listed:
        if node.parent in wanted:
            wanted.add(node.code)
    return frozenset(wanted)


def hideout(
    fill: FillValues | None,
    nodes: Sequence[RegionNode],
    chosen: Sequence[str],
    words: Words,
    cut: Classes | None = None,
) -> dict[str, object]:
    """What `watchfloor.map.regionStyle` needs: class by code, colours, what is chosen, tooltips.

    `cut`: other classes than those of the fill, where pictures beside or after each other are to be compared.
    """
    within = inside(nodes, chosen) if chosen else frozenset()
    answer: dict[str, object] = {
        "layer": "regions",
        "ramps": {scheme: list(ramp) for scheme, ramp in RAMPS.items()},
        "hatch": {scheme: list(pair) for scheme, pair in HATCH.items()},
        "tones": {
            scheme: {
                "land": t.operation,
                "line": t.region,
                "frame": t.text,
                "ground": t.ground,
                "halo": t.halo,
            }
            for scheme, t in TONES.items()
        },
        "parents": sorted({node.parent for node in nodes if node.parent}),
        "chosen": sorted(split_region(code)[0] for code in chosen),
        "inside": sorted(within) if chosen else None,
        "classes": {},
        "values": {},
        "outside": words(msgid("outside the filter")),
    }
    if fill is None:
        return answer
    cut = cut or classes(fill)
    values = {code: v for code, v in _shown(fill).items() if not chosen or code in within}
    answer["classes"] = {code: None if v is None else cut.of(v) for code, v in values.items()}
    answer["values"] = {code: value_words(fill, fill.values[code], words) for code in values}
    return answer
