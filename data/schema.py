"""The three feeds: every column, its type, its allowed values, its field class and its HXL tag.

This is the one definition of a column. A *feed* is incidents, deployments or deliveries; each is the
core block, the record's own release times, and the feed's columns. The label block itself stands once
per distinct label in the label table (`data.labels`); a row points to it by `label_id`.

Field classes (release policy, Amendments): `public`, `operational`, `protection`, `personal`. An
agreement may hide a class; `protection` and `personal` need the viewer's category of that name.
Times are UTC with microseconds, positions WGS84 degrees, money decimal, persons whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import pyarrow as pa

FieldClass = Literal["public", "operational", "protection", "personal"]
FIELD_CLASSES: tuple[FieldClass, ...] = ("public", "operational", "protection", "personal")

INCIDENTS, DEPLOYMENTS, DELIVERIES = "incidents", "deployments", "deliveries"
FEED_NAMES = (INCIDENTS, DEPLOYMENTS, DELIVERIES)

STRING = pa.string()
STRINGS = pa.list_(pa.string())
CODE = pa.dictionary(pa.int16(), pa.string())
TIME = pa.timestamp("us", tz="UTC")
DAY = pa.date32()
FLOAT = pa.float64()
COUNT = pa.int32()
SMALL = pa.int8()
YES_NO = pa.bool_()
MONEY = pa.decimal128(18, 2)
AMOUNT = pa.decimal128(18, 3)
BOX = pa.struct([("xmin", FLOAT), ("ymin", FLOAT), ("xmax", FLOAT), ("ymax", FLOAT)])
EQUIPMENT = pa.list_(pa.struct([("item", STRING), ("quantity", COUNT)]))
FIGURES = pa.list_(
    pa.struct(
        [
            ("metric", STRING),
            ("metric_value", FLOAT),
            ("metric_unit", STRING),
            ("metric_period", STRING),
            ("metric_case_definition", STRING),
            ("metric_adds_over_time", STRING),
            ("metric_adds_over_area", STRING),
        ]
    )
)


@dataclass(frozen=True)
class Column:
    """One column: `allowed` lists its vocabulary (None: any value of the type)."""

    name: str
    type: pa.DataType
    field_class: FieldClass = "public"
    nullable: bool = True
    allowed: frozenset[str] | None = None
    least: float | None = None
    hxl: str = ""


def column_names(text: str) -> tuple[str, ...]:
    """Names of columns from one text, so that long lists stay readable."""
    return tuple(text.split())


def _code(name: str, words: str = "", hxl: str = "", **options: object) -> Column:
    allowed = frozenset(words.split()) if words else None
    return Column(name, CODE, allowed=allowed, hxl=hxl, **options)  # type: ignore[arg-type]


def _must(column: Column) -> Column:
    return Column(
        column.name, column.type, column.field_class, False, column.allowed, column.least, column.hxl
    )


MSG_TYPES = "new update cancel recall"
STATUSES = "actual exercise system test draft"
PCODE_MATCHES = "exact alias name spatial none"
GEO_PRECISIONS = MappingProxyType(
    {
        0: "unknown",
        1: "exact",
        2: "within 25 km",
        3: "second-level area",
        4: "first-level area",
        5: "line",
        6: "country",
        7: "international waters",
    }
)

CORE: tuple[Column, ...] = (
    Column("record_id", STRING, nullable=False, hxl="#meta+id"),
    Column("revision", COUNT, nullable=False, least=1, hxl="#x_revision"),
    _must(_code("msg_type", MSG_TYPES, "#x_msg_type")),
    _must(_code("status", STATUSES, "#status+meta")),
    Column("operation", STRING, hxl="#crisis+code"),
    Column("title", STRING, nullable=False, hxl="#event+name"),
    Column("description", STRING, "operational", hxl="#description"),
    Column("notes", STRING, "operational", hxl="#x_notes"),
    Column("start_at", TIME, nullable=False, hxl="#date+start"),
    Column("end_at", TIME, hxl="#date+end"),
    Column("time_precision", SMALL, nullable=False, least=1, hxl="#x_time_precision"),
    Column("reported_at", TIME, hxl="#date+reported"),
    Column("ingested_at", TIME, nullable=False, hxl="#x_ingested"),
    Column("received_at", TIME, nullable=False, hxl="#x_received"),
    Column("superseded_at", TIME),
    Column("superseded_received_at", TIME),
    Column("valid_until", TIME, hxl="#x_stale"),
    Column("day", pa.int16(), nullable=False),
    _code("country_iso3", hxl="#country+code+v_iso3"),
    Column("adm1_pcode", STRING, hxl="#adm1+code+v_pcode"),
    Column("adm2_pcode", STRING, hxl="#adm2+code+v_pcode"),
    Column("adm1_name", STRING, hxl="#adm1+name"),
    Column("adm2_name", STRING, hxl="#adm2+name"),
    Column("location_name", STRING, hxl="#loc+name"),
    Column("provider_country", STRING, hxl="#x_provider_country"),
    Column("provider_adm1_name", STRING, hxl="#x_provider_adm1"),
    Column("provider_adm2_name", STRING, hxl="#x_provider_adm2"),
    Column("provider_pcode", STRING, hxl="#x_provider_pcode"),
    _code("pcode_match", PCODE_MATCHES, "#x_pcode_match"),
    Column("pcode_valid_from", DAY, hxl="#x_pcode_valid_from"),
    Column("latitude", FLOAT, hxl="#geo+lat"),
    Column("longitude", FLOAT, hxl="#geo+lon"),
    Column("geo_precision", SMALL, nullable=False, least=0, hxl="#geo+precision"),
    Column("geometry", pa.binary()),
    Column("bbox", BOX),
    Column("mx", COUNT),
    Column("my", COUNT),
    Column("source_org", STRING, nullable=False, hxl="#meta+source"),
    _code("source_org_code"),
    Column("source_name", STRING, hxl="#meta+source+name"),
    Column("source_url", STRING, "operational", hxl="#meta+url"),
    Column("source_licence", STRING, hxl="#meta+licence"),
    Column("source_grade", STRING, hxl="#x_grade"),
    Column("sidc", STRING, hxl="#x_sidc"),
    Column("icon", STRING, hxl="#x_icon"),
    Column("source", STRING, nullable=False, hxl="#x_source"),
    Column("content_hash", STRING, nullable=False),
)
"""Core block (standards 14, 18a). `geometry` is WKB in lon, lat; `mx`, `my` are web-mercator at 2^24;
`day` counts from 2000-01-01. `superseded_at` and `superseded_received_at` are the next revision's
`ingested_at` and `received_at`, set in the transaction that published it."""

RECORD_LABEL: tuple[Column, ...] = (
    Column("label_id", pa.int16(), nullable=False),
    _must(_code("originator", hxl="#x_originator")),
    Column("release_from", TIME, hxl="#x_release_from"),
    Column("release_until", TIME, hxl="#x_release_until"),
    Column("label_review_on", DAY, hxl="#x_label_review_on"),
    Column("label_hash", STRING, hxl="#x_label_hash"),
    Column("label_created_at", TIME, hxl="#x_label_created"),
)
"""What of the label stands on the record (release policy, Amendments). `originator` repeats the label's
own value, so that a question about partners needs no join."""

LONGEST_RECORD_ID = 200
"""Letters of a record's id: a longer one can be in no address, so nobody could open the record."""

INCIDENT_TYPES = (
    "battle explosion_remote violence_civilians protest riot strategic crime aid_worker_attack"
    " access_restriction epidemic storm flood earthquake landslide wildfire cbrn infrastructure"
    " border accident displacement other"
)
ACTOR_TYPES = "state rebel militia identity rioters protesters civilians external other"
VERIFICATIONS = "unverified corroborated verified disputed"
ADDS = "sum last max none"
METRIC_PERIODS = "day week two_weeks month as_of"
CAP_CATEGORIES = "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other"
SEVERITIES = "Extreme Severe Moderate Minor Unknown"
URGENCIES = "Immediate Expected Future Past Unknown"
CERTAINTIES = "Observed Likely Possible Unlikely Unknown"

INCIDENT_COLUMNS: tuple[Column, ...] = (
    _must(_code("incident_type", INCIDENT_TYPES, "#event+type")),
    _must(_code("report_kind", "event report")),
    Column("native_type", STRING, hxl="#event+type+native"),
    Column("native_subtype", STRING, hxl="#event+type+sub"),
    Column("native_id", STRING, hxl="#event+id"),
    _must(_code("cap_category", CAP_CATEGORIES)),
    _code("severity", SEVERITIES, "#severity"),
    _code("urgency", URGENCIES),
    _code("certainty", CERTAINTIES),
    Column("actor1", STRING, "protection", hxl="#group+name+first"),
    _code("actor1_code", field_class="protection"),
    _code("actor1_type", ACTOR_TYPES, field_class="protection"),
    Column("actor2", STRING, "protection", hxl="#group+name+second"),
    _code("actor2_code", field_class="protection"),
    _code("actor2_type", ACTOR_TYPES, field_class="protection"),
    Column("civilian_targeting", YES_NO, "protection"),
    Column("civilian_harm", YES_NO, "protection"),
    Column("deaths_best", COUNT, least=0, hxl="#affected+killed"),
    Column("deaths_low", COUNT, least=0, hxl="#affected+killed+min"),
    Column("deaths_high", COUNT, least=0, hxl="#affected+killed+max"),
    Column("deaths_civilian", COUNT, "protection", least=0, hxl="#affected+killed+civilian"),
    Column("injured", COUNT, least=0, hxl="#affected+injured"),
    Column("kidnapped", COUNT, "protection", least=0, hxl="#affected+kidnapped"),
    Column("displaced", COUNT, least=0, hxl="#affected+displaced"),
    Column("affected", COUNT, least=0, hxl="#affected"),
    Column("metric", STRING, hxl="#indicator+name"),
    Column("metric_value", FLOAT, hxl="#indicator+num"),
    Column("metric_unit", STRING, hxl="#indicator+unit"),
    _code("metric_period", METRIC_PERIODS),
    Column("metric_case_definition", STRING),
    _code("metric_adds_over_time", ADDS),
    _code("metric_adds_over_area", ADDS),
    Column("further_figures", FIGURES, nullable=False),
    Column("event_clarity", SMALL, least=1),
    _must(_code("verification", VERIFICATIONS, "#x_verification")),
    Column("sources_count", COUNT, least=0),
    Column("related_ids", STRINGS, nullable=False),
)
"""Incidents (standards 16, 18a). `further_figures` holds the other figures of the same report, each with
its own rule of adding (decision note 0003)."""

ORG_TYPES = (
    "military police un_agency ingo nngo red_cross government donor private academic civil_society other"
)
DEPLOYMENT_ROLES = "lead provider programming implementing funding host"
CAPABILITIES = (
    "infantry engineer medical aviation isr_uas logistics signals police observers hq maritime"
    " health_facility sar cimic mine_action training other"
)
DEPLOYMENT_STATUSES = "planned committed en_route active suspended redeploying ended"
PRESENCE_KINDS = "military police humanitarian civil private"
ACTIVITY_TYPES = (
    "disaster_relief medical engineering logistics peacekeeping stabilisation ddr patrol"
    " border_security counter_terrorism counter_crime cyber intelligence_liaison joint_exercise"
    " training_education equipment_transfer rule_of_law mediation sanctions_monitoring development"
    " civil_society private_sector other"
)
SECTORS = (
    "SHL CCM FSC WSH LOG PRO PRO-CPN PRO-GBV PRO-MIN PRO-HLP EDU NUT HEA ERY TEL Cash Hum Multi Intersectoral"
)

DEPLOYMENT_COLUMNS: tuple[Column, ...] = (
    Column("mission", STRING, hxl="#operations"),
    Column("unit_name", STRING, "operational"),
    _must(_code("contributor", hxl="#org+code")),
    Column("org_name", STRING, nullable=False, hxl="#org+name"),
    Column("org_acronym", STRING, hxl="#org+acronym"),
    _code("org_code"),
    _code("org_type", ORG_TYPES),
    _must(_code("role", DEPLOYMENT_ROLES, "#org+role")),
    _must(_code("presence_kind", PRESENCE_KINDS)),
    _must(_code("activity_type", ACTIVITY_TYPES)),
    _code("sector_code", SECTORS, "#sector+code"),
    _must(_code("capability", CAPABILITIES, "#capacity+type")),
    Column("activity", STRING, hxl="#activity"),
    _must(_code("deployment_status", DEPLOYMENT_STATUSES, "#status")),
    Column("personnel", COUNT, "operational", least=0, hxl="#capacity+personnel"),
    _code("personnel_basis", "reported authorised estimated unknown", field_class="operational"),
    Column("equipment", EQUIPMENT, "operational", nullable=False, hxl="#item"),
    Column("capacity", FLOAT, "operational", least=0, hxl="#capacity+num"),
    Column("capacity_unit", STRING, "operational"),
    Column("capacity_available", FLOAT, "operational", least=0),
    Column("capacity_at", TIME, "operational"),
    Column("reference_period_start", DAY, nullable=False, hxl="#date+start"),
    Column("reference_period_end", DAY, hxl="#date+end"),
    Column("caveat_geo", STRING, "operational"),
)
"""Deployments (standards 17, 18a): any presence or activity of a partner, at one place in one period."""

FLOW_STATUSES = (
    "pledged committed disbursed dispatched in_transit arrived delivered distributed delayed lost cancelled"
)
AID_TYPES = "in_kind cash voucher service funding"
ITEM_CATEGORIES = "food wash shelter_nfi health nutrition education protection logistics telecoms fuel other"
TRANSPORT_MODES = "air air_charter helicopter uav truck rail ocean river pack unknown"
FUNDING_MECHANISMS = "multilateral bilateral public_private pooled own unknown"

DELIVERY_COLUMNS: tuple[Column, ...] = (
    Column("consignment_id", STRING, "operational", hxl="#meta+id+consignment"),
    Column("line_no", COUNT, nullable=False, least=1),
    _code("donor", hxl="#org+funding+code"),
    Column("donor_name", STRING, nullable=False, hxl="#org+funding"),
    Column("channel_org", STRING, hxl="#org+prog"),
    _code("channel_code"),
    Column("implementing_org", STRING, hxl="#org+impl"),
    _code("implementing_code"),
    Column("recipient", STRING, hxl="#beneficiary"),
    _code("recipient_code"),
    _must(_code("flow_status", FLOW_STATUSES, "#status")),
    _must(_code("aid_type", AID_TYPES, "#modality")),
    _code("funding_mechanism", FUNDING_MECHANISMS),
    _code("sector_code", SECTORS, "#sector+code"),
    _code("item_category", ITEM_CATEGORIES, "#item+type"),
    Column("item", STRING, hxl="#item"),
    Column("quantity", AMOUNT, least=0, hxl="#item+num"),
    _code("unit", "C62 KGM TNE LTR MTQ BX SA PK", "#item+unit"),
    Column("native_unit", STRING),
    Column("weight_kg", FLOAT, least=0, hxl="#x_weight"),
    Column("volume_m3", FLOAT, least=0, hxl="#x_volume"),
    Column("value", MONEY, hxl="#value"),
    _code("currency", hxl="#currency"),
    Column("value_date", DAY),
    Column("value_usd", MONEY, hxl="#value+usd"),
    Column("fx_rate", FLOAT, least=0),
    Column("freight_usd", MONEY, "operational", least=0, hxl="#value+freight+usd"),
    Column("committed_at", TIME, "operational", hxl="#date+committed"),
    Column("dispatched_at", TIME, "operational", hxl="#date+dispatched"),
    Column("eta_at", TIME, "operational", hxl="#date+eta"),
    Column("arrived_at", TIME, "operational", hxl="#date+arrived"),
    Column("distributed_at", TIME, "operational", hxl="#date+distributed"),
    Column("origin_name", STRING, "operational", hxl="#loc+origin"),
    _code("origin_iso3", field_class="operational"),
    Column("origin_latitude", FLOAT, "operational"),
    Column("origin_longitude", FLOAT, "operational"),
    _code("transport_mode", TRANSPORT_MODES, "#channel", field_class="operational"),
    Column("targeted", COUNT, least=0, hxl="#targeted"),
    Column("reached", COUNT, least=0, hxl="#reached"),
    Column("appeal_code", STRING, hxl="#activity+id"),
    Column("iati_identifier", STRING),
    Column("transaction_ref", STRING, "operational"),
)
"""Deliveries (standards 18, 18a): one item line; `start_at` is the actual or planned delivery. Funding is
never added to goods, and pledged never to committed."""


@dataclass(frozen=True)
class Feed:
    """One feed: its name and all its columns in storage order."""

    name: str
    own: tuple[Column, ...]
    columns: tuple[Column, ...] = field(init=False)
    by_name: Mapping[str, Column] = field(init=False)
    arrow: pa.Schema = field(init=False)

    def __post_init__(self) -> None:
        columns = CORE + RECORD_LABEL + self.own
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "by_name", MappingProxyType({c.name: c for c in columns}))
        arrow = pa.schema([pa.field(c.name, c.type, c.nullable) for c in columns])
        object.__setattr__(self, "arrow", arrow)


FEEDS: Mapping[str, Feed] = MappingProxyType(
    {
        INCIDENTS: Feed(INCIDENTS, INCIDENT_COLUMNS),
        DEPLOYMENTS: Feed(DEPLOYMENTS, DEPLOYMENT_COLUMNS),
        DELIVERIES: Feed(DELIVERIES, DELIVERY_COLUMNS),
    }
)

LABEL = pa.schema(
    [
        pa.field("label_id", pa.int16(), False),
        pa.field("originator", STRING, False),
        pa.field("policy_id", STRING, False),
        pa.field("classification", STRING, False),
        pa.field("releasable_to", STRINGS, False),
        pa.field("required_categories", STRINGS, False),
        pa.field("display_only_to", STRINGS, False),
        pa.field("release_geo_level", STRING, False),
        pa.field("agg_release", STRING, False),
        pa.field("policy_version", STRING, False),
        pa.field("caveats", STRINGS, False),
        pa.field("tlp", STRING, True),
        pa.field("sensitivity", STRING, True),
    ]
)
"""One row per distinct label (release policy, Amendments). The first nine decide, the rest inform."""

REGIONS = pa.schema(
    [
        pa.field("code", STRING, False),
        pa.field("version", DAY, False),
        pa.field("level", SMALL, False),
        pa.field("name", STRING, False),
        pa.field("parent", STRING, True),
        pa.field("country_iso3", STRING, False),
        pa.field("geometry", pa.binary(), False),
        pa.field("label_latitude", FLOAT, False),
        pa.field("label_longitude", FLOAT, False),
        pa.field("area_km2", FLOAT, False),
        pa.field("bbox", BOX, False),
    ]
)
"""Regions are public. `level` 0 country, 1 adm1, 2 adm2; `parent` is the code one level up; `geometry` is
WKB, lon, lat; the label point lies inside the area."""

REFERENCE = pa.schema(
    [
        pa.field("reference_id", STRING, False),
        pa.field("layer", STRING, False),
        pa.field("kind", STRING, False),
        pa.field("name", STRING, False),
        pa.field("valid_at", TIME, True),
        pa.field("geometry", pa.binary(), False),
        pa.field("attributes", STRING, False),
        pa.field("source_org", STRING, False),
        pa.field("ingested_at", TIME, False),
        pa.field("received_at", TIME, False),
        pa.field("label_id", pa.int16(), False),
        pa.field("valid_from", TIME, True),
        pa.field("valid_until", TIME, True),
    ]
)
"""Reference layers beside the feeds (hazard track and cone, ports, areas of responsibility): drawn, never
counted, through the same gate. `valid_at`: what holds at one time; `valid_from`, `valid_until`: what holds in
[from, until), open where there is none. `attributes` is JSON."""
