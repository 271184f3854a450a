"""Records that come in our own columns: the recipe for them, and what a record may say.

A record is an object whose names are columns of the feed. `id` is the partner's own, under which its next
word of the same record comes; `msg_type` takes a record back. What ingest finds out itself (codes of regions,
clocks, revisions) cannot be said, and where the record is, is said as partners say it: by position, by code,
or by names. A record may carry the fields of its label; what it leaves out, its credential says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from data.credentials import Credential
from data.feeds.file_form import FileForm
from data.feeds.recipe import HOME_POLICY, ONE, OWN_COLUMNS, Field, PlaceColumns, Recipe
from data.feeds.recipe_file import OURS
from data.feeds.row_labels import FIELDS, LISTS, WINDOWS
from data.home import EXERCISE
from data.partners import Operation, Partner
from data.schema import AMOUNT, DAY, FEEDS, INCIDENTS, MONEY, STRINGS, TIME, Column

ID = "id"
PLACE = PlaceColumns(
    country="provider_country",
    code="provider_pcode",
    adm1="provider_adm1_name",
    adm2="provider_adm2_name",
    latitude="latitude",
    longitude="longitude",
    precision="geo_precision",
    precisions=MappingProxyType({"": 1, "0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "6": 6, "7": 7}),
)
"""A position without a word on how exact it is, is exact. A line (5) needs a shape: that is not said here."""

SAID_OF_PLACE = tuple(
    getattr(PLACE, name) for name in ("country", "code", "adm1", "adm2", "latitude", "longitude", "precision")
)
ALSO = frozenset(("msg_type", "further_figures"))
"""What ingest fills itself elsewhere, and takes as it is said here."""

DATES = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%d")
"""ISO 8601: a day, or a time with its zone. One without would be anybody's guess."""

USUAL: Mapping[str, str] = MappingProxyType(
    {
        "msg_type": "update",
        "time_precision": "1",
        "report_kind": "event",
        "verification": "unverified",
        "cap_category": "Other",
        "line_no": "1",
    }
)
"""What holds where a record does not say it; `status` is the operation's, `source_org` the partner's name."""


def postable(feed: str) -> tuple[Column, ...]:
    """The columns that a record of this feed may fill, those of place besides."""
    own = FEEDS[feed].columns
    return tuple(
        column
        for column in own
        if (column.name not in OURS or column.name in ALSO)
        and column.name not in SAID_OF_PLACE
        and column.name not in (*WINDOWS, "native_id")
    )


def own_columns(said: Credential, partner: Partner, operation: Operation, form: str) -> Recipe:
    """The recipe for records that were posted with this credential. `form`: records or arrow.

    A record that does not say to whom it is released is released as the credential says; one that says an
    empty list, to nobody.
    """
    feed = said.feed
    usual = {**USUAL, "source_org": partner.name, "status": _status(operation)}
    fields = [_field(column, usual) for column in postable(feed)]
    names = (ID, *(item.target for item in fields), *SAID_OF_PLACE)
    if feed == INCIDENTS:
        fields.append(Field("native_id", (ID,)))
    return Recipe(
        name=OWN_COLUMNS,
        feed=feed,
        source=said.source,
        title=said.source,
        publisher=partner.name,
        licence="",
        url_words="",
        key=(ID,),
        identical=ONE,  # type: ignore[arg-type]
        version_column=None,
        version_offset=timedelta(),
        complete=False,
        file=FileForm(
            form,  # type: ignore[arg-type]
            columns=names,
            besides=frozenset((*FIELDS, *WINDOWS)) - {"policy_id"},
            empty=MappingProxyType({"releasable_to": ", ".join(said.releasable_to or ())}),
        ),
        columns=tuple(fields),
        constants=MappingProxyType({}),
        figures=(),
        place=PLACE,
        dates=DATES,
        label=MappingProxyType({"originator": partner.code, "policy_id": HOME_POLICY}),
    )


def _status(operation: Operation) -> str:
    return "exercise" if operation.kind == EXERCISE else "actual"


def _field(column: Column, usual: Mapping[str, str]) -> Field:
    nothing = None
    if not column.nullable and pa.types.is_list(column.type):
        nothing = "" if column.type == STRINGS else "[]"
    return Field(column.name, (column.name,), otherwise=usual.get(column.name, nothing))


def record_schema(feed: str) -> dict[str, Any]:
    """What a record may say, as a JSON Schema."""
    by_name = FEEDS[feed].by_name
    columns = [*postable(feed), *(by_name[name] for name in SAID_OF_PLACE)]
    told = {ID: {"type": "string", "minLength": 1, "description": "The partner's own id of the record."}}
    told |= {column.name: _told(column) for column in columns}
    told |= {name: _told_of_label(name) for name in (*FIELDS, *WINDOWS) if name != "policy_id"}
    must = [
        column.name
        for column in columns
        if not column.nullable
        and column.name not in (*USUAL, "status", "source_org", "geo_precision")
        and not pa.types.is_list(column.type)
    ]
    return {"type": "object", "additionalProperties": False, "required": [ID, *must], "properties": told}


def _told(column: Column) -> dict[str, Any]:
    told = _of_type(column.type)
    if column.allowed is not None:
        told["enum"] = sorted(column.allowed)
    if column.least is not None:
        told["minimum"] = column.least
    if column.name in USUAL:
        told["default"] = int(USUAL[column.name]) if told["type"] == "integer" else USUAL[column.name]
    if column.field_class != "public":
        told["description"] = f"Field class: {column.field_class}."
    return told


def _of_type(kind: pa.DataType) -> dict[str, Any]:
    if kind == TIME:
        return {"type": "string", "format": "date-time"}
    if kind == DAY:
        return {"type": "string", "format": "date"}
    if kind == STRINGS:
        return {"type": "array", "items": {"type": "string"}}
    if pa.types.is_list(kind):
        parts = {part.name: _of_type(part.type) for part in kind.value_type}
        return {"type": "array", "items": {"type": "object", "properties": parts}}
    if kind in (MONEY, AMOUNT):
        return {"type": "number"}
    if pa.types.is_boolean(kind):
        return {"type": "boolean"}
    if pa.types.is_integer(kind):
        return {"type": "integer"}
    return {"type": "number"} if pa.types.is_floating(kind) else {"type": "string"}


def _told_of_label(name: str) -> dict[str, Any]:
    words = "Of the record's label; see the manual, Release."
    kinds = {"release_from": TIME, "release_until": TIME, "label_review_on": DAY}
    return {**_of_type(STRINGS if name in LISTS else kinds.get(name, pa.string())), "description": words}
