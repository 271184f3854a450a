"""One symbol for each area of which something is known in the frame, and never more than `MOST_AREAS`.

Where there are more areas they are drawn together: first by level 1, then by country, and of too many
countries the largest. What is left out of these is told to the caller, so that no count loses it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.answers import Frame, Mark, Marks
from data.columns import NONE, Codes, Flags
from data.figures import Figure, last_by_region
from data.filters import DISTRICT, LAYER_FEEDS, PROVINCE, Filter
from data.geography import Bounds, LonLat
from data.released import Released
from data.rows import Rows, grouped, moment
from data.schema import INCIDENTS

MOST_AREAS = 70
"""Area symbols of one layer in one frame."""

FINEST, COARSER = 2, (1, 0)
ROOM = 0.1
"""Share of the frame's size within which an area beyond its edge is still drawn: its symbol may reach in."""

CATEGORY = {"incidents": "incident_type", "deployments": "capability", "deliveries": "flow_status"}


@dataclass(frozen=True)
class AreaMarks:
    """`level`: the finest level drawn. `unplaced`: by country, the records that no symbol stands for though
    they are known to an area: it is not among the regions loaded, or its symbol is one too many.
    """

    marks: tuple[Mark, ...]
    level: int
    unplaced: Mapping[str, int]


def area_marks(released: Released, rows: Rows, layer: str, frame: Frame) -> AreaMarks:
    """The area symbols of these rows of `layer` whose label points lie in the frame or just beyond its edge.

    Areas drawn together stand at their common region's label point or, when that is off screen, at that of
    the largest of them on screen.
    """
    found, unplaced = _known(released, rows, layer)
    near = frame.bounds.padded(ROOM)
    drawn, level = [mark for mark in found if _in(near, mark)], FINEST
    for coarser in COARSER:
        if len(drawn) > MOST_AREAS:
            drawn, level = _together(released, found, near, coarser), coarser
    largest = sorted(drawn, key=lambda mark: (-mark.count, mark.id))
    for mark in largest[MOST_AREAS:]:
        country = released.regions.by_code[mark.region].country_iso3
        unplaced[country] = unplaced.get(country, 0) + mark.count
    return AreaMarks(tuple(largest[:MOST_AREAS]), level, unplaced)


def sized(released: Released, asked: Filter, drawn: Marks, level: int) -> Marks:
    """Area symbols sized by the leading cumulative: the cumulative figure that most areas carry.

    Of figures that equally many carry, the first by name. Without any the count of records sizes them.
    """
    figures = _added_up(released, asked, level)
    carried = Counter(name for by_name in figures.values() for name in by_name)
    if not carried:
        return drawn
    leading = min(carried, key=lambda name: (-carried[name], name))
    marks = tuple(
        replace(mark, value=figure.value, value_words=figure.unit)
        if mark.kind == "area" and (figure := figures.get(mark.region, {}).get(leading))
        else mark
        for mark in drawn.marks
    )
    return replace(drawn, marks=marks, metric=leading)


def doubts(rows: Rows, feed: str) -> tuple[Flags, Flags]:
    """Which rows are unverified, and which disputed; only incidents say so."""
    if feed != INCIDENTS:
        return np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    verification = rows.codes("verification")
    return verification.any_of(("unverified",)), verification.any_of(("disputed",))


def _known(released: Released, rows: Rows, layer: str) -> tuple[list[Mark], dict[str, int]]:
    """All areas with records, and by country the records whose area is not among the regions loaded."""
    found: dict[str, Mark] = {}
    homeless: Counter[str] = Counter()
    for group in _groups(rows, layer):
        code = _rolled_up(released, group.code, FINEST)
        if code is None:
            homeless[group.country] += group.mark.count
        else:
            found[code] = _added(found.get(code), _at_label(released, code, group.mark))
    return list(found.values()), dict(homeless)


@dataclass(frozen=True)
class _Group:
    """The records of one area as their place says it, whether it is loaded or not."""

    code: str | None
    country: str
    mark: Mark


def _groups(rows: Rows, layer: str) -> list[_Group]:
    feed = LAYER_FEEDS[layer]
    precision = rows.whole("geo_precision")
    rows = rows.only((precision == DISTRICT) | (precision == PROVINCE))
    if not len(rows):
        return []
    adm2, adm1, country = (rows.codes(name) for name in ("adm2_pcode", "adm1_pcode", "country_iso3"))
    finer = (rows.whole("geo_precision") == DISTRICT) & (adm2.values != NONE)
    # districts count after provinces, so that one number says the area of either level; NONE stays below 0
    area = np.where(finer, len(adm1.words) + adm2.values, adm1.values)
    words = (*adm1.words, *adm2.words, None)
    countries = len(country.words) + 1
    keys, group = grouped((area + 1) * countries + country.values + 1, (len(words) + 1) * countries)
    count = np.bincount(group)
    unverified, disputed = (np.bincount(group, flags) for flags in doubts(rows, feed))
    newest, coarsest = np.full(len(count), np.iinfo(np.int64).min), np.zeros(len(count), np.int64)
    np.maximum.at(newest, group, rows.times("start_at"))
    np.maximum.at(coarsest, group, rows.whole("geo_precision"))
    category = commonest(group, rows.codes(CATEGORY[feed]))
    return [
        _Group(
            words[key // countries - 1],
            ("", *country.words)[key % countries],
            Mark(
                kind="area",
                id="",
                latitude=0.0,
                longitude=0.0,
                count=int(count[n]),
                unverified=int(unverified[n]),
                disputed=int(disputed[n]),
                category=category[n],
                precision=int(coarsest[n]),
                at=moment(int(newest[n])),
            ),
        )
        for n, key in enumerate(keys.tolist())
    ]


def commonest(group: NDArray[np.int64], codes: Codes) -> list[str]:
    """For each group its commonest category, the first by name of equally common ones; "" where is none."""
    kinds = len(codes.words) + 1
    counts = np.bincount(group * kinds + codes.values + 1, minlength=(int(group.max()) + 1) * kinds)
    named = counts.reshape(-1, kinds)[:, 1:]
    if not codes.words:
        return [""] * len(named)
    most = named.argmax(axis=1)
    return [codes.words[n] if row[n] else "" for row, n in zip(named, most, strict=True)]


def _together(released: Released, found: Sequence[Mark], near: Bounds, level: int) -> list[Mark]:
    """The areas joined to regions of a coarser level: those regions of which an area is on screen."""
    joined: dict[str, Mark] = {}
    seen: dict[str, Mark] = {}
    for mark in found:
        code = _rolled_up(released, mark.region, level) or mark.region
        joined[code] = _added(joined.get(code), _at_label(released, code, mark))
        if _in(near, mark) and (code not in seen or seen[code].count < mark.count):
            seen[code] = mark
    return [_on_screen(mark, seen[code], near) for code, mark in joined.items() if code in seen]


def _on_screen(mark: Mark, largest: Mark, near: Bounds) -> Mark:
    if _in(near, mark):
        return mark
    return replace(mark, latitude=largest.latitude, longitude=largest.longitude)


def _in(bounds: Bounds, mark: Mark) -> bool:
    return bounds.contains(LonLat(mark.longitude, mark.latitude))


def _rolled_up(released: Released, code: str | None, level: int) -> str | None:
    """The region itself, or its ancestor of this level or above; None where none is loaded."""
    regions = released.regions.by_code
    while code is not None and code in regions and regions[code].level > level:
        code = regions[code].parent
    return code if code is not None and code in regions else None


def _at_label(released: Released, code: str, mark: Mark) -> Mark:
    """The mark as that of a region, at its label point."""
    region = released.regions.by_code[code]
    return replace(
        mark,
        id=f"region:{code}",
        latitude=region.label_latitude,
        longitude=region.label_longitude,
        title=region.name,
        region=code,
    )


def _added(before: Mark | None, mark: Mark) -> Mark:
    """Two marks of one region; the category is that of the first, the time that of the newest record."""
    if before is None:
        return mark
    return replace(
        before,
        count=before.count + mark.count,
        unverified=before.unverified + mark.unverified,
        disputed=before.disputed + mark.disputed,
        at=max((at for at in (before.at, mark.at) if at is not None), default=None),
    )


def _added_up(released: Released, asked: Filter, level: int) -> dict[str, dict[str, Figure]]:
    """The cumulative figures of the regions drawn: where areas are drawn together, theirs added up."""
    added: dict[str, dict[str, Figure]] = {}
    for code, by_name in last_by_region(released, asked).items():
        drawn = _rolled_up(released, code, level)
        for name, figure in by_name.items():
            if drawn is None or figure.adds_over_area != "sum":
                continue
            before = added.setdefault(drawn, {}).get(name)
            value = figure.value + (before.value if before else 0.0)
            added[drawn][name] = replace(figure, value=value)
    return added
