"""The shapes of the answers: what the questions return and what pictures are drawn from.

All of it is released and transformed already. Values only: no ids of the page, no words for people
beyond what the data itself holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from data.geography import Bounds

MarkKind = Literal["point", "cluster", "area"]


@dataclass(frozen=True)
class Mark:
    """One thing drawn on the map.

    point: one record. cluster: `count` records that stand too close to be told apart at this zoom,
    drawn at the place of one of them. area: what is known for a region, one symbol at its label point.
    """

    kind: MarkKind
    id: str
    """record_id, `cell:…` or the region's code."""
    latitude: float
    longitude: float
    count: int = 1
    unverified: int = 0
    disputed: int = 0
    title: str = ""
    category: str = ""
    """incident_type, capability or flow_status of the record; the commonest one in a cluster."""
    precision: int = 1
    at: datetime | None = None
    originator: str = ""
    region: str = ""
    value: float | None = None
    """area: the figure that sizes the symbol (None: `count` does)."""
    value_words: str = ""


@dataclass(frozen=True)
class Marks:
    """What one layer draws in one frame. `total` counts all records of the filter, drawn or not."""

    layer: str
    marks: tuple[Mark, ...]
    total: int
    unplaced: int
    """Counted and listed, drawn nowhere: records at country precision or of unknown place, and those of areas
    that are not loaded or are too many to draw."""
    unplaced_by_country: Mapping[str, int] = field(default_factory=dict)
    metric: str = ""
    """area symbols are sized by this metric (empty: by the count of records)."""


@dataclass(frozen=True)
class Frame:
    """The part of the world on screen, and its zoom (web-mercator tiles of 256 px at zoom 0)."""

    bounds: Bounds
    zoom: int


@dataclass(frozen=True)
class Series:
    """One stacked series: a category and its value in each bin."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class TimelineRow:
    """One row of the timeline: a layer's records per bin, or one metric summed over area per bin."""

    layer: str
    series: tuple[Series, ...]
    metric: str = ""
    windows_overlap: bool = False
    """The metric's windows overlap: its bars must not be added over time."""
    revised: tuple[int, ...] = ()
    """In each bin, the reports that were corrected since they were first given; empty: not counted."""


@dataclass(frozen=True)
class Timeline:
    """`starts[i]` begins bin i; bins are `step_days` long; the last may be incomplete (`complete_until`)."""

    starts: tuple[datetime, ...]
    step_days: float
    rows: tuple[TimelineRow, ...]
    complete_until: datetime
    """Knowledge ends here: a bin that reaches further is incomplete and drawn hatched."""


@dataclass(frozen=True)
class Total:
    """One headline figure. `before`: the same figure for the period before (None: there is none)."""

    id: str
    value: float
    unit: str
    """events, reports, persons, places, USD, consignments"""
    before: float | None = None
    unverified: int = 0
    note_id: str = ""
    """A second figure in words, by catalogue id, with `note_value` (for example 'pledged apart')."""
    note_value: float | None = None
    as_of: datetime | None = None
    trend: tuple[float, ...] = ()
    """The figure in equal parts of the period: what happened in each, or what there was at its end."""
    records: int = 0
    originators: int = 0
    """What it covers: so many released records, of so many partners."""


@dataclass(frozen=True)
class RegionNode:
    """A region of the tree: its code, its version and how many released records of the filter it holds."""

    code: str
    name: str
    level: int
    parent: str | None
    version: date | None
    count: int = 0


@dataclass(frozen=True)
class LayerFacet:
    """A layer in the rail: its released records in the filter, and how exactly it is released to you."""

    layer: str
    count: int
    geo_level: str
    """exact, adm2, adm1, adm0 or mixed: the release badge."""
    newest_at: datetime | None = None
    delayed: bool = False
    ignores: tuple[str, ...] = ()
    """Filters for which this layer has no column: 'partner', 'sector'."""


@dataclass(frozen=True)
class Facet:
    """A partner or a sector that occurs in what is released, and how often."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class Facets:
    """What the rail offers: taken from released rows only, so that no name leaks."""

    layers: tuple[LayerFacet, ...]
    regions: tuple[RegionNode, ...]
    partners: tuple[Facet, ...]
    sectors: tuple[Facet, ...]


@dataclass(frozen=True)
class FillValues:
    """The region fill: a value by region code (None: region known, nothing reported)."""

    name: str
    level: int
    values: Mapping[str, float | None]
    unit: str
    by_province: frozenset[str] = frozenset()
    """Regions whose value is that of the level-1 region they lie in: records there are known no finer."""


@dataclass(frozen=True)
class Revision:
    """One revision of a record as this viewer may see it."""

    revision: int
    msg_type: str
    known_from: datetime
    known_until: datetime | None
    changed: tuple[str, ...]
    """Names of the columns that differ from the revision before."""


@dataclass(frozen=True)
class RecordDetails:
    """Everything released of one record: values by column, its revisions, its label cut to the viewer."""

    feed: str
    layer: str
    values: Mapping[str, object]
    revisions: tuple[Revision, ...]
    label: Mapping[str, object]
    agreements: tuple[str, ...]
    own: bool
    """The viewer's own partner is the originator."""
    geo_level: str
    inside: bool = True
    """The filter that was asked with holds it: it is counted, and on the map."""


@dataclass(frozen=True)
class RegionDetails:
    """What the drawer says of a region: counts by layer, the last figures, the latest records."""

    node: RegionNode
    path: tuple[str, ...]
    counts: Mapping[str, int]
    figures: tuple[tuple[str, float, str, datetime | None], ...]
    """(metric, value, unit, as of): metrics whose windows overlap are given for their last window only."""
    latest: tuple[Mapping[str, object], ...]
    """record_id, layer, title, category, start_at, source_org, verification, revision"""
