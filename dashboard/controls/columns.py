"""Names of columns for people; a column that is not listed shows its own name in readable form."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from layers.msgid import msgid

COLUMN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "start_at": msgid("From"),
        "end_at": msgid("Until"),
        "reported_at": msgid("Reported"),
        "valid_until": msgid("Valid until"),
        "country_iso3": msgid("Country"),
        "adm1_name": msgid("Province"),
        "adm2_name": msgid("District"),
        "adm1_pcode": msgid("Province code"),
        "adm2_pcode": msgid("District code"),
        "location_name": msgid("Place"),
        "geo_precision": msgid("Precision of the place"),
        "incident_type": msgid("Type"),
        "native_type": msgid("Type in the source"),
        "actor1": msgid("Actor 1"),
        "actor1_code": msgid("Actor 1 code"),
        "actor1_type": msgid("Actor 1 type"),
        "actor2": msgid("Actor 2"),
        "actor2_code": msgid("Actor 2 code"),
        "actor2_type": msgid("Actor 2 type"),
        "deaths_best": msgid("Deaths"),
        "deaths_low": msgid("Deaths, lowest"),
        "deaths_high": msgid("Deaths, highest"),
        "metric": msgid("Figure"),
        "metric_value": msgid("Value"),
        "metric_unit": msgid("Unit"),
        "metric_period": msgid("Covers"),
        "presence_kind": msgid("Kind of presence"),
        "org_code": msgid("Organisation code"),
        "org_name": msgid("Organisation"),
        "org_acronym": msgid("Acronym"),
        "sector_code": msgid("Sector"),
        "deployment_status": msgid("State"),
        "flow_status": msgid("State"),
        "donor": msgid("Donor code"),
        "donor_name": msgid("Donor"),
        "channel_org": msgid("Through"),
        "implementing_org": msgid("Implemented by"),
        "weight_kg": msgid("Weight in kg"),
        "volume_m3": msgid("Volume in m³"),
        "value_usd": msgid("Value in USD"),
        "eta_at": msgid("Expected"),
        "source": msgid("Source"),
        "source_org": msgid("Source organisation"),
        "source_name": msgid("Publication"),
        "source_grade": msgid("Grade"),
        "verification": msgid("Verification"),
        "sources_count": msgid("Sources"),
        "source_url": msgid("Address"),
        "source_licence": msgid("Licence"),
        "originator": msgid("Originator"),
        "releasable_to": msgid("Releasable to"),
        "display_only_to": msgid("Display only to"),
        "required_categories": msgid("Categories"),
        "caveats": msgid("Caveats"),
        "sensitivity": msgid("Sensitivity"),
    }
)
