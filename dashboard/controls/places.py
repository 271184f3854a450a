"""Names of regions, as the map writes them."""

from __future__ import annotations

from dashboard.languages import current_language
from data.basemap.world import countries
from data.regions_shown import ShownRegion


def region_name(region: ShownRegion) -> str:
    """The name of a region."""
    return name_of(region.code, region.name)


def name_of(code: str, name: str) -> str:
    """A country's name in the reader's language, as on the map; whatever a partner named stays as it is."""
    country = countries().get(code)
    return country.called(current_language().code) if country is not None and name == country.en else name
