"""`reference load`: the features of files with their labels into the lake, in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import shapely

from data.errors import FileRefused, LabelMissing, LabelRefused, ReferenceRefused, SettingError
from data.feeds.row_labels import LabelOptions, own_fields
from data.home import ACTUAL, Home, home_clock
from data.labels import TIMES, Label, parse_label
from data.lake import LakeWriter
from data.parsed_reference import read_reference
from data.parsing import DEFAULT_LIMITS, Limits
from data.policy import Policy
from data.reference import LAYER_OF_KIND
from data.reference_feature import ReferenceFeature
from data.schema import REFERENCE


@dataclass(frozen=True)
class ReferenceOptions:
    """The options of the command. `as_of`: when the file was known (aware, UTC); None: now.

    `limits`: what parsing one file may take.
    """

    kind: str
    label: LabelOptions
    source_org: str = ""
    as_of: datetime | None = None
    limits: Limits = DEFAULT_LIMITS


def load_reference(home: Home, files: Sequence[Path], options: ReferenceOptions) -> dict[str, int]:
    """Features by file name. The same feature (name, kind, place, originator) replaces the one before.

    Raises ReferenceRefused, LabelRefused or SettingError; then nothing of any file is loaded.
    """
    if options.as_of is not None and home.kind == ACTUAL:
        raise SettingError("--as-of is given, but in an actual operation the time of receipt is never set.")
    read = {path.name: read_reference(path, options.kind, options.limits) for path in files}
    policy = home.policy()
    with LakeWriter(home) as lake:
        now = options.as_of or home_clock(home, lake.knowledge_ends_at)()
        labels: list[Label] = []
        rows: dict[str, dict[str, object]] = {}
        for name, features in read.items():
            for feature in features:
                label = _label(name, feature, options.label, policy)
                row = _row(feature, options, label, now)
                base = twin = str(row["reference_id"])
                while twin in rows:  # real files say some things twice
                    twin = f"{base}-{len(rows)}"
                if label not in labels:
                    labels.append(label)
                rows[twin] = {**row, "reference_id": twin, "label_id": labels.index(label)}
        lake.publish_reference(pa.Table.from_pylist(list(rows.values()), schema=REFERENCE), labels)
    return {name: len(features) for name, features in read.items()}


def _label(file: str, feature: ReferenceFeature, options: LabelOptions, policy: Policy) -> Label:
    """Its own properties, else the options: as for records. A window of release is refused: none is kept."""
    stated: dict[str, object] = {"policy_id": policy.id}
    for name in ("originator", "releasable_to", "classification"):
        value = getattr(options, name)
        if value is not None:
            stated[name] = list(value) if isinstance(value, tuple) else value
    place = f"{file}: feature {feature.number}"
    try:
        own = own_fields(feature.texts)
        if any(own.get(name) for name in TIMES):
            raise ReferenceRefused(f"{place} has a window of release, which no reference layer keeps.")
        return parse_label({**stated, **{k: v for k, v in own.items() if k not in TIMES}}, policy)
    except FileRefused as error:
        raise ReferenceRefused(f"{place}: {error.message}", error.advice) from error
    except LabelMissing as error:
        sentence = f"{place} comes without a label: neither it nor the options say the {error.field}."
        raise ReferenceRefused(sentence, "Say it with --originator and --level.") from error
    except LabelRefused as error:
        raise ReferenceRefused(f"{place}: {error.message}", error.advice) from error


def _row(
    feature: ReferenceFeature, options: ReferenceOptions, label: Label, now: datetime
) -> dict[str, object]:
    middle = feature.shape.centroid
    named = f"{feature.name}|{middle.x:.3f}|{middle.y:.3f}|{feature.valid_from}"
    digest = hashlib.sha256(named.encode()).hexdigest()[:12]
    return {
        "reference_id": f"{label.originator}:{options.kind}:{digest}",
        "layer": LAYER_OF_KIND[options.kind],
        "kind": options.kind,
        "name": feature.name[:200],
        "valid_at": None,
        "valid_from": feature.valid_from,
        "valid_until": feature.valid_until,
        "geometry": shapely.to_wkb(feature.shape),
        "attributes": json.dumps(
            {"authority": feature.authority[:500], "legal_basis": feature.legal_basis[:500]}, sort_keys=True
        ),
        "source_org": options.source_org or label.originator,
        "ingested_at": now,
        "received_at": now,
        "label_id": 0,
    }
