"""Every id of the page, in one place."""

from __future__ import annotations

from enum import StrEnum


class Id(StrEnum):
    """`<panel>-<part>`."""

    URL = "url"
    PAGE = "page"
    FAULT = "fault"

    VIEW = "view"
    FRAME = "frame"
    SCHEME = "scheme"

    MARKING_TOP = "marking-top"
    MARKING_BOTTOM = "marking-bottom"
    CLOCKS = "clocks"

    RAIL_REGIONS = "rail-regions"
    RAIL_PERIOD = "rail-period"
    RAIL_LAYERS = "rail-layers"
    RAIL_FILL = "rail-fill"
    RAIL_PARTNERS = "rail-partners"
    RAIL_SECTORS = "rail-sectors"
    RAIL_STATE = "rail-state"

    SEARCHED = "searched"
    FOUND = "found"

    MAP = "map"
    MAP_REGIONS = "map-regions"
    MAP_STATE = "map-state"
    MAP_NOTE = "map-note"
    MAP_LEGEND = "map-legend"
    MAP_AREA = "map-area"
    REGIONS_VERSION = "regions-version"

    TIMELINE = "timeline"
    TIMELINE_PLACE = "timeline-place"
    MAP_SEEN = "map-seen"
    TIMELINE_STATE = "timeline-state"

    TOTALS = "totals"
    TOTALS_STATE = "totals-state"

    DETAILS = "details"
    DETAILS_STATE = "details-state"


def map_layer(layer: str) -> str:
    """The id of a layer's shapes on the map."""
    return f"map-layer-{layer}"
