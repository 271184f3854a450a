"""Every id of the page, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Id(StrEnum):
    """`<panel>-<part>`; the parts of a map are in MapIds."""

    URL = "url"
    PAGE = "page"
    FAULT = "fault"

    SAVED = "saved"
    SAVED_ASKED = "saved-asked"

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
    MAP_AREA = "map-area"
    CHANGES_MAP = "changed"
    EARLIER_MAP = "earlier"
    LATER_MAP = "later"

    TIMELINE = "timeline"
    TIMELINE_PLACE = "timeline-place"
    MAP_SEEN = "map-seen"
    TIMELINE_STATE = "timeline-state"

    PLAY_ASKED = "play-asked"
    PLAY_STEPS = "play-steps"

    TOTALS = "totals"
    TOTALS_STATE = "totals-state"

    TABLE = "records"
    TABLE_COUNT = "records-count"
    TABLE_COLUMNS = "records-columns"
    TABLE_PLACE = "records-place"
    TABLE_STATE = "records-state"
    TABLE_FILE = "records-file"
    ARRANGED = "arranged"

    POLICY = "policy"
    POLICY_STATE = "policy-state"

    CUBE = "cube"
    CUBE_STATE = "cube-state"
    ACCOUNT = "account"
    ACCOUNT_STATE = "account-state"

    CHANGES_HEAD = "changes-head"
    CHANGES_LIST = "changes-list"
    CHANGES_STATE = "changes-state"

    COMPARED_HEAD = "compared-head"
    COMPARED_STATE = "compared-state"
    EARLIER_TITLE = "earlier-title"
    LATER_TITLE = "later-title"

    DETAILS = "details"
    DETAILS_STATE = "details-state"


@dataclass(frozen=True)
class MapIds:
    """The ids of one map's parts: all begin with its name."""

    name: str

    @property
    def regions(self) -> str:
        """The shapes of the regions."""
        return f"{self.name}-regions"

    @property
    def note(self) -> str:
        """What is said in the middle of the map: nothing found."""
        return f"{self.name}-note"

    @property
    def state(self) -> str:
        """What is said when there is no answer."""
        return f"{self.name}-state"

    @property
    def legend(self) -> str:
        """The legend's rows."""
        return f"{self.name}-legend"

    @property
    def ground(self) -> str:
        """The disclaimer. Its `data-lines` names the version of the lines that `assets/basemap.js` draws."""
        return f"{self.name}-ground"

    @property
    def version(self) -> str:
        """The version of the regions whose shapes are drawn."""
        return f"{self.name}-regions-version"

    def layer(self, layer: str) -> str:
        """A layer's shapes."""
        return f"{self.name}-layer-{layer}"
