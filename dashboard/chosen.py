"""Where what a View chooses lies: the box of its drawn area, its regions, or what is selected."""

from __future__ import annotations

import shapely

from dashboard.asked import Asked
from data import details, reference
from data.errors import NotReleased
from data.filters import split_region
from data.geography import Bounds
from data.released import Released

AROUND = 0.2
"""Degrees of room around a point."""

REGION, REFERENCE = "region:", "reference:"
"""How the id of a selected region begins, and that of a reference feature; a record has its own id."""


def chosen_box(released: Released, asked: Asked) -> Bounds | None:
    """The box to show when the View says no place; None where nothing is chosen that has one."""
    if asked.view.area is not None or asked.view.regions:
        return released.extent(asked.filter)
    try:
        return _selected(released, asked)
    except NotReleased:
        return None


def _selected(released: Released, asked: Asked) -> Bounds | None:
    selected = asked.view.selected
    if selected.startswith(REGION):
        return released.regions.bounds_of((split_region(selected.removeprefix(REGION))[0],))
    if selected.startswith(REFERENCE):
        row = reference.reference_details(released, selected.removeprefix(REFERENCE), asked.filter)
        raw = row["geometry"]
        return Bounds(*shapely.from_wkb(raw).bounds).padded(AROUND) if isinstance(raw, bytes) else None
    if not selected:
        return None
    values = details.record(released, selected, asked.filter).values
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if isinstance(latitude, float) and isinstance(longitude, float):
        return Bounds(longitude - AROUND, latitude - AROUND, longitude + AROUND, latitude + AROUND)
    codes = (values.get(name) for name in ("adm2_pcode", "adm1_pcode", "country_iso3"))
    known = next((str(code) for code in codes if code in released.regions.by_code), "")
    return released.regions.bounds_of((known,))
