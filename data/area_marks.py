"""One symbol for each area of which something is known in the frame, and never more than `MOST_AREAS`.

Where there are more areas they are drawn together: first by level 1, then by country, and of too many
countries the largest. What is left out of these is told to the caller, so that no count loses it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from data.answers import Frame, Mark, Marks
from data.figures import Figure, last_by_region
from data.filters import LAYER_FEEDS, Filter
from data.geography import Bounds, LonLat
from data.released import Released
from data.schema import INCIDENTS

MOST_AREAS = 70
"""Area symbols of one layer in one frame."""

FINEST, COARSER = 2, (1, 0)
ROOM = 0.1
"""Share of the frame's size within which an area beyond its edge is still drawn: its symbol may reach in."""

CATEGORY = {"incidents": "incident_type", "deployments": "capability", "deliveries": "flow_status"}

AREAS = """
SELECT CASE WHEN geo_precision = 3 THEN coalesce(adm2_pcode, adm1_pcode) ELSE adm1_pcode END AS code,
    country_iso3, count(*) AS n, count(*) FILTER ({unverified}) AS unverified,
    count(*) FILTER ({disputed}) AS disputed, mode({category} ORDER BY {category}) AS category,
    max(start_at) AS newest, max(geo_precision) AS geo_precision
FROM released.{feed} WHERE {where} AND geo_precision IN (3, 4) GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class AreaMarks:
    """`level`: the finest level drawn. `unplaced`: by country, the records that no symbol stands for though
    they are known to an area: it is not among the regions loaded, or its symbol is one too many.
    """

    marks: tuple[Mark, ...]
    level: int
    unplaced: Mapping[str, int]


def area_marks(released: Released, asked: Filter, layer: str, frame: Frame) -> AreaMarks:
    """The area symbols of `layer` whose label points lie in the frame or just beyond its edge.

    Areas drawn together stand at their common region's label point or, when that is off screen, at that of
    the largest of them on screen.
    """
    found, unplaced = _known(released, asked, layer)
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


def marked(feed: str) -> dict[str, str]:
    """The SQL of what a mark says of its records: category, unverified, disputed."""
    verified = feed == INCIDENTS
    return {
        "category": CATEGORY[feed],
        "unverified": "verification = 'unverified'" if verified else "false",
        "disputed": "verification = 'disputed'" if verified else "false",
    }


def _known(released: Released, asked: Filter, layer: str) -> tuple[list[Mark], dict[str, int]]:
    """All areas with records, and by country the records whose area is not among the regions loaded."""
    feed = LAYER_FEEDS[layer]
    where = released.condition(asked, layer)
    sql = AREAS.format(feed=feed, where=where.sql, **marked(feed))
    found: dict[str, Mark] = {}
    homeless: dict[str, int] = {}
    for row in released.ask(sql, where.params).to_pylist():
        code = _rolled_up(released, row["code"], FINEST)
        if code is None:
            country = row["country_iso3"] or ""
            homeless[country] = homeless.get(country, 0) + row["n"]
            continue
        found[code] = _added(found.get(code), _area(released, code, row))
    return list(found.values()), homeless


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


def _area(released: Released, code: str, row: Mapping[str, object]) -> Mark:
    mark = Mark(
        kind="area",
        id="",
        latitude=0.0,
        longitude=0.0,
        count=int(str(row["n"])),
        unverified=int(str(row["unverified"])),
        disputed=int(str(row["disputed"])),
        category=str(row["category"] or ""),
        precision=int(str(row["geo_precision"])),
        at=row["newest"],  # type: ignore[arg-type]
    )
    return _at_label(released, code, mark)


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
