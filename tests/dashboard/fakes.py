"""A store with canned answers: a home of the shipped replay policy, an index of three regions, and questions
that are replaced by constants. What the page makes of answers is tested here; what the answers are is not."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import ModuleType

import pyarrow as pa
import shapely

from data.answers import (
    Facet,
    Facets,
    FillValues,
    LayerFacet,
    Mark,
    Marks,
    RecordDetails,
    RegionDetails,
    RegionNode,
    Revision,
    Series,
    Timeline,
    TimelineRow,
    Total,
)
from data.changes import CHANGE_KINDS, Change, Changes, Step
from data.cube.cells import Cell
from data.cube.kept import Addition, Kept, add
from data.errors import NotReleased, StoreUnavailable
from data.geography import Bounds
from data.home import Home
from data.listing import Listing
from data.policy import Policy, parse_policy
from data.policy_set import PolicySet, policy_set
from data.regions_shown import RegionIndex
from data.released import SnapshotKey
from data.schema import REGIONS
from data.search import Found, FoundRegion
from data.search_text import SearchText
from data.viewer import Viewer

NOW = datetime(2026, 9, 14, 18, 0, tzinfo=UTC)
BEGIN = NOW - timedelta(days=45)
SNAPSHOT = SnapshotKey(PolicySet("0" * 64), "", 1, "screen")

POLICY: dict[str, object] = {
    "operation": {
        "id": "EX-TEST",
        "title": "Exercise Northern Trade Winds",
        "kind": "exercise",
        "from": BEGIN,
        "until": NOW,
        "marking": "humanitarian",
    },
    "policy": {
        "id": "EX-TEST",
        "version": "1",
        "levels": ["OPEN", "SENSITIVE"],
        "categories": ["protection"],
    },
    "partner": [
        {"code": "XAB", "name": "Aberia", "kind": "state", "service": "military"},
        {"code": "XAC", "name": "Acoria Relief", "kind": "ngo", "service": "relief"},
    ],
    "persona": [
        {
            "id": "xab-commander",
            "name": "Commander",
            "partner": "XAB",
            "roles": ["viewer"],
            "clearance": "SENSITIVE",
            "categories": [],
            "regions": "all",
        },
        {
            "id": "xac-analyst",
            "name": "Analyst",
            "partner": "XAC",
            "roles": ["analyst"],
            "clearance": "OPEN",
            "categories": [],
            "regions": "all",
        },
    ],
}


def square(west: float, south: float, side: float) -> bytes:
    return bytes(shapely.to_wkb(shapely.box(west, south, west + side, south + side)))


def region_index() -> RegionIndex:
    rows = [("XQA", 0, "Quintana Isle", None, (-78.0, 17.6), 2.4)]
    for column in range(3):
        for row in range(2):
            code = f"XQA{column}{row}"
            rows.append(
                (
                    code,
                    1,
                    f"Sector {'ABCDEF'[column * 2 + row]}",
                    "XQA",
                    (-78 + 0.8 * column, 17.6 + 0.8 * row),
                    0.8,
                )
            )
    table = pa.Table.from_pylist(
        [
            {
                "code": code,
                "version": date(2026, 1, 1),
                "level": level,
                "name": name,
                "parent": parent,
                "country_iso3": "XQA",
                "geometry": square(*corner, side),
                "label_latitude": corner[1] + side / 2,
                "label_longitude": corner[0] + side / 2,
                "area_km2": 7000.0,
                "bbox": {
                    "xmin": corner[0],
                    "ymin": corner[1],
                    "xmax": corner[0] + side,
                    "ymax": corner[1] + side,
                },
            }
            for code, level, name, parent, corner, side in rows
        ],
        schema=REGIONS,
    )
    return RegionIndex.of(table)


@dataclass(frozen=True)
class FakeReleased:
    """The attributes of a Released that the page reads."""

    viewer: Viewer
    policy: Policy
    regions: RegionIndex
    now: datetime = NOW
    version: str = "v1"
    calls: list[str] = field(default_factory=list)
    key: SnapshotKey = SNAPSHOT
    withheld: frozenset[str] = frozenset()

    def known_at(self, asked: object) -> datetime:
        del asked
        return NOW

    def content_at(self, asked: object) -> datetime:
        del asked
        return NOW

    def labels_shown(self, asked: object, layers: object) -> tuple[object, ...]:
        del asked, layers
        return ()

    def extent(self, asked: object) -> Bounds:
        del asked
        return Bounds(-78.4, 17.3, -75.2, 20.2)


def publish_counts(home: Home) -> None:
    """Published counts of two years: of one area, which is loaded, and of one that is not any more."""
    weeks = (date(2025, 12, 22), date(2026, 8, 3), date(2026, 8, 10))
    cells = [Cell("incidents", area, "flood", week) for area in ("XQA10", "XQA99") for week in weeks]
    found = [Addition(cell, tuple(f"{n}-{m}" for m in range(8 + 20 * n))) for n, cell in enumerate(cells)]
    add(home, datetime(2026, 8, 24, tzinfo=UTC), Kept(None, (), {}), found)


@dataclass
class FakeStore:
    """As the Store the page is given; `broken` makes every question fail."""

    home: Home
    broken: bool = False
    asked_by: list[Viewer] = field(default_factory=list)
    _policy: Policy = field(default_factory=lambda: parse_policy(POLICY, "test"))
    _regions: RegionIndex = field(default_factory=region_index)

    def clock(self) -> datetime:
        return NOW

    def now(self) -> datetime:
        return NOW

    def policy(self) -> Policy:
        return self._policy

    def regions(self) -> RegionIndex:
        return self._regions

    def released_to(self, viewer: Viewer, purpose: str = "screen", *, aside: bool = False) -> FakeReleased:
        del purpose, aside
        self.asked_by.append(viewer)
        if self.broken:
            raise StoreUnavailable("The store could not answer.")
        rules = policy_set(self._policy, viewer, (), NOW, "screen")
        return FakeReleased(viewer, self._policy, self._regions, key=replace(SNAPSHOT, policy_set=rules))


def marks(released: FakeReleased, asked: object, layer: str, frame: object) -> Marks:
    del asked, frame
    share = 1.0 if "XAB" in released.viewer.partners else 0.5
    seed = {"incidents": 0, "military": 1, "presence": 2, "deliveries": 3}[layer]
    found = []
    for n in range(round((60 if layer == "incidents" else 24) * share)):
        angle, far = 2.4 * n + seed, 0.09 * math.sqrt(n + seed)
        cluster = n % 7 == 0
        found.append(
            Mark(
                kind="cluster" if cluster else "point",
                id=f"cell:{n}" if cluster else f"XAB:{layer}:{n}",
                latitude=18.5 + far * math.sin(angle),
                longitude=-76.9 + 1.3 * far * math.cos(angle),
                count=3 + n * 4 if cluster else 1,
                unverified=n % 3 == 0,
                title=f"Record {n} <b>of</b> {layer}",
                category="flood",
                at=NOW - timedelta(hours=n),
                originator="XAB",
            )
        )
    return Marks(layer, tuple(found), len(found) * 9, 3, {"XQA": 3})


def timeline(released: object, asked: object, layers: tuple[str, ...]) -> Timeline:
    del released, asked
    starts = tuple(BEGIN.replace(hour=0) + timedelta(days=n) for n in range(46))
    wave = [max(0.0, 120 * math.exp(-(((n - 17) / 7) ** 2))) for n in range(46)]
    names = {
        "incidents": ("flood", "infrastructure", "displacement"),
        "deliveries": ("delivered", "in_transit"),
    }
    rows = tuple(
        TimelineRow(
            layer,
            tuple(
                Series(name, tuple(round(v / (k + 1)) for v in wave)) for k, name in enumerate(names[layer])
            ),
        )
        for layer in ("incidents", "deliveries")
        if layer in layers
    )
    return Timeline(starts, 1.0, rows, NOW)


def totals(released: FakeReleased, asked: object, layers: tuple[str, ...]) -> tuple[Total, ...]:
    del asked
    share = 1.0 if "XAB" in released.viewer.partners else 0.5
    every = {
        "incidents": [
            Total("events", round(4212 * share), "events", before=3100, unverified=612),
            Total("deaths", 318, "persons", before=290, unverified=61),
        ],
        "military": [Total("military", 86, "places", before=86)],
        "presence": [Total("presence", 214, "places", before=198)],
        "deliveries": [
            Total("arrived", 1386, "consignments", before=1500, note_id="of_consignments", note_value=2912),
            Total("committed", 812_400_000, "USD", note_id="pledged_apart", note_value=190_000_000),
        ],
    }
    return tuple(total for layer in layers for total in every[layer])


def facets(released: FakeReleased, asked: object, layers: tuple[str, ...]) -> Facets:
    del asked, layers
    nodes = tuple(
        RegionNode(r.code, r.name, r.level, r.parent, r.version, 1200 // (r.level + 1) - 7 * n)
        for n, r in enumerate(r for r in released.regions.by_code.values() if r.code.startswith("XQA"))
    )
    return Facets(
        layers=(
            LayerFacet("incidents", 4212, "exact", NOW - timedelta(minutes=42)),
            LayerFacet("military", 86, "adm2", NOW - timedelta(hours=9), delayed=True),
            LayerFacet("presence", 214, "mixed", NOW - timedelta(hours=3)),
            LayerFacet("deliveries", 2912, "exact", NOW - timedelta(days=3), ignores=("sector",)),
        ),
        regions=nodes,
        partners=(Facet("XAB", "Aberia", 1200), Facet("XAC", "Acoria Relief", 640)),
        sectors=(Facet("HEA", "HEA", 90), Facet("WSH", "WSH", 120)),
    )


def fill(released: FakeReleased, asked: object, name: str) -> FillValues:
    del asked
    codes = [
        code
        for code, region in released.regions.by_code.items()
        if region.level == 1 and code.startswith("XQA")
    ]
    values = {code: None if n == 4 else float(n * 7) for n, code in enumerate(codes)}
    return FillValues(name, 1, values, "records per 1,000 km²")


def references(released: object, asked: object, layer: str) -> tuple[object, ...]:
    del released, asked, layer
    return ()


def record(released: object, record_id: str, asked: object) -> RecordDetails:
    del released, asked
    if not record_id.startswith("XAB:"):
        raise NotReleased
    values = {
        "record_id": record_id,
        "title": "Bridge at Rio Claro <script>alert(1)</script> washed out",
        "description": "Deck gone between the second and third pier; ford passable for trucks.",
        "start_at": NOW - timedelta(hours=30),
        "incident_type": "infrastructure",
        "verification": "unverified",
        "adm1_name": "Sector B",
        "latitude": 18.3,
        "longitude": -76.9,
        "geo_precision": 1,
        "source_org": "Aberia Engineers",
        "source_grade": "B2",
        "source_url": "javascript:alert(1)",
        "source": "ebola-cases",
        "pcode_match": "name",
        "provider_adm1_name": "Sektor Beh",
    }
    revisions = (
        Revision(1, "new", NOW - timedelta(hours=26), NOW - timedelta(hours=2), ()),
        Revision(2, "update", NOW - timedelta(hours=2), None, ("deaths_best", "description")),
    )
    label = {"originator": "XAB", "classification": "OPEN", "releasable_to": ["XAC"], "tlp": "AMBER"}
    return RecordDetails("incidents", "incidents", values, revisions, label, ("AGR-1",), False, "exact")


def region(released: FakeReleased, code: str, asked: object) -> RegionDetails:
    del asked
    known = released.regions.by_code.get(code)
    if known is None:
        raise NotReleased
    node = RegionNode(known.code, known.name, known.level, known.parent, known.version, 60)
    latest = tuple(
        {
            "record_id": f"XAB:{layer}:{n}",
            "layer": layer,
            "title": f"Something at place {n}",
            "category": "flood",
            "start_at": NOW - timedelta(hours=n),
            "source_org": "Aberia Engineers",
            "verification": "unverified" if n % 2 else "verified",
            "revision": 1 + n % 2,
        }
        for n, layer in enumerate(("incidents", "presence", "deliveries", "incidents"))
    )
    return RegionDetails(
        node,
        released.regions.path(code),
        {"incidents": 42, "military": 3, "presence": 9, "deliveries": 31},
        (("displaced", 1840.0, "persons", NOW),),
        latest,
    )


def marks_of(
    released: FakeReleased, rows: object, layer: str, frame: object, most: int = 9
) -> tuple[Marks, int]:
    del rows, most
    return marks(released, None, layer, frame), 2


def steps(released: object, asked: object, layers: tuple[str, ...], most: int) -> tuple[Step, ...]:
    del released, asked, layers, most
    return tuple(Step(NOW - timedelta(days=n), 40 - n, n, n // 9) for n in range(30, -1, -1))


@dataclass(frozen=True)
class FakeChanged:
    """A layer whose rows differ, of every kind."""

    def rows(self, kind: str) -> str:
        return kind


def changed(released: object, asked: object, layer: str, since: object) -> FakeChanged:
    del released, asked, layer, since
    return FakeChanged()


def changes(released: object, asked: object, layers: tuple[str, ...], since: datetime) -> Changes:
    del released, asked
    told = [
        Change(
            CHANGE_KINDS[n % 3],
            ("", "entered", "left")[n % 2 * 2 if n % 3 == 1 else 0],
            layer,
            NOW - timedelta(hours=n),
            {
                "record_id": f"XAB:{layer}:{n}",
                "title": f"Changed {n} <b>here</b>",
                "originator": "XAB",
                "adm1_name": "Sector B",
                "verification": "unverified",
                "category": "flood",
            },
            (("deaths_best", 3, 5), ("verification", "unverified", None)) if n % 3 == 1 else (),
        )
        for n, layer in enumerate(layers * 6)
    ]
    counts = {(layer, kind): 70 for layer in layers for kind in CHANGE_KINDS}
    return Changes(since, NOW, counts, tuple(told))


def listing(
    released: FakeReleased, asked: object, wanted: object, columns: object, first: int, last: int
) -> Listing:
    del asked, wanted, columns
    total = 260 if "XAB" in released.viewer.partners else 120
    layers = ("incidents", "military", "presence", "deliveries")
    rows = tuple(
        {
            "record_id": f"XAB:{layers[n % 4]}:{n}",
            "layer": layers[n % 4],
            "title": f"Record {n} <img src=x onerror=alert(1)>",
            "start_at": NOW - timedelta(hours=n),
            "category": ("flood", "engineer", "medical", "in_transit")[n % 4],
            "verification": "unverified" if n % 3 else "verified",
            "adm1_pcode": "XQA00",
            "known_from": NOW,
        }
        for n in range(first, min(last, total))
    )
    return Listing(total, rows, 8_288)


def place_of(released: object, asked: object, wanted: object, record_id: str) -> int | None:
    del released, asked, wanted
    number = record_id.rsplit(":", 1)[-1]
    return int(number) if number.isdigit() and len(number) < 5 else None


def search(released: FakeReleased, wanted: SearchText, asked: object) -> Found:
    del asked
    regions = [r for r in released.regions.by_code.values() if wanted.rank(r.name) is not None]
    return Found(tuple(FoundRegion(region, ()) for region in regions[:6]))


def reference_details(released: object, reference_id: str, asked: object) -> dict[str, object]:
    del released, reference_id, asked
    raise NotReleased


def like(released: object, asked: object, layers: object, figures: tuple[object, ...]) -> tuple[object, ...]:
    del released, asked, layers
    return figures


def no_labels(*asked: object) -> frozenset[object]:
    del asked
    return frozenset()


def no_counts(*asked: object) -> dict[object, int]:
    del asked
    return {}


def install(replace: Callable[[ModuleType, str, object], None]) -> None:
    """Put the canned answers in the place of the questions."""
    import data.changes
    import data.details
    import data.facets
    import data.fills
    import data.labels_shown
    import data.listing
    import data.marks
    import data.reference
    import data.search
    import data.timeline
    import data.totals

    replace(data.marks, "marks", marks)
    replace(data.marks, "marks_of", marks_of)
    for name in (
        "labels_of_all_time",
        "labels_of_record",
        "labels_of_records",
        "labels_of_region",
        "labels_of_changes",
    ):
        replace(data.labels_shown, name, no_labels)
    replace(data.labels_shown, "counts_of_labels", no_counts)
    replace(data.labels_shown, "agreements_of", no_labels)
    replace(data.changes, "steps", steps)
    replace(data.changes, "changed", changed)
    replace(data.changes, "changes", changes)
    replace(data.reference, "reference", references)
    replace(data.reference, "reference_details", reference_details)
    replace(data.search, "search", search)
    replace(data.timeline, "timeline", timeline)
    replace(data.totals, "totals", totals)
    replace(data.totals, "like", like)
    replace(data.facets, "facets", facets)
    replace(data.fills, "fill", fill)
    replace(data.listing, "listing", listing)
    replace(data.listing, "place_of", place_of)
    replace(data.details, "record", record)
    replace(data.details, "region", region)
