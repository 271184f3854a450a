"""A telling of the exercise as its partner's system says it: a record in our own columns, label and all."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

from data.feeds.own_columns import ID, SAID_OF_PLACE, postable
from data.feeds.records import RECORDS
from data.feeds.row_labels import WINDOWS
from data.sample.going_on import Post, Said
from data.sample.labels import LABELS
from data.sample.rows import LICENCE

LABEL_FIELDS = (
    "classification",
    "releasable_to",
    "required_categories",
    "display_only_to",
    "release_geo_level",
    "agg_release",
    "caveats",
    "tlp",
    "sensitivity",
)
LINE = 5
"""geo_precision of a line: it needs a shape, and a record that is posted has none."""


def content_of(post: Post) -> bytes:
    """The body of the post: empty when there is nothing in it that can be said so."""
    records = [record_of(said) for said in post.said if said.telling.says.get("geo_precision") != LINE]
    return json.dumps({RECORDS: records}, ensure_ascii=False).encode() if records else b""


def record_of(said: Said) -> dict[str, object]:
    """One record: what the sample says of it, without what ingest finds out itself."""
    source, telling = said.story.source, said.telling
    says = telling.says | {
        "msg_type": "new" if said.first else telling.msg_type,
        "source_org": source.org,
        "source_org_code": source.originator,
        "source_name": source.title,
        "source_licence": LICENCE,
    }
    names = (*(column.name for column in postable(source.feed)), *SAID_OF_PLACE, *WINDOWS)
    told = {name: _plain(says[name]) for name in names if says.get(name) is not None}
    label = LABELS[telling.label]
    fields = {name: _plain(getattr(label, name)) for name in LABEL_FIELDS}
    return {ID: said.story.native_id, **told, **fields}


def _plain(value: object) -> object:
    """As JSON says it; times in whole minutes, as the sample's are."""
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return list(value) if isinstance(value, tuple) else value
