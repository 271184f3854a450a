"""The exercise's labels: a dozen, each with what it is for, and which one a record gets."""

from __future__ import annotations

from data.labels import Label

POLICY_ID, POLICY_VERSION = "NORTHERN-PASSAGE", "2026-08-18"
EXERCISE_CAVEATS = ("EXERCISE",)


def _label(originator: str, level: str, to: str, **more: str) -> Label:
    return Label(
        originator=originator,
        policy_id=POLICY_ID,
        classification=level,
        releasable_to=tuple(sorted(to.split())),
        required_categories=tuple(more.pop("required_categories", "").split()),
        display_only_to=tuple(more.pop("display_only_to", "").split()),
        release_geo_level=more.pop("release_geo_level", "exact"),
        agg_release=more.pop("agg_release", "none"),
        policy_version=POLICY_VERSION,
        caveats=EXERCISE_CAVEATS,
        tlp=more["tlp"],
        sensitivity=more["sensitivity"],
    )


_OPEN, _SENSITIVE = "OPEN", "SENSITIVE"

LABELS: dict[str, Label] = {
    "civil-open": _label("XAN", _OPEN, "PUBLIC", agg_release="cube_k", tlp="CLEAR", sensitivity="low"),
    "civil-shelters": _label(
        "XAN", _SENSITIVE, "RELIEF XAA", release_geo_level="adm2", tlp="AMBER", sensitivity="high"
    ),
    "aldara-shared": _label("XAA", _OPEN, "PASSAGE", tlp="GREEN", sensitivity="low"),
    "aldara-forces": _label("XAA", _SENSITIVE, "FORCES XAN", tlp="AMBER", sensitivity="moderate"),
    "brennmark-ships": _label(
        "XAB", _SENSITIVE, "XAA XAF XAN", display_only_to="XAD", tlp="AMBER", sensitivity="moderate"
    ),
    "corvessa-forces": _label(
        "XAC", _SENSITIVE, "XAA", release_geo_level="adm1", tlp="AMBER+STRICT", sensitivity="high"
    ),
    "dorrin-police": _label("XAD", _SENSITIVE, "FORCES XAN", tlp="AMBER", sensitivity="moderate"),
    "dorrin-protected": _label(
        "XAD",
        _SENSITIVE,
        "XAN XCR XMR",
        required_categories="protection",
        release_geo_level="adm1",
        tlp="AMBER+STRICT",
        sensitivity="severe",
    ),
    "health-open": _label("XHB", _OPEN, "PASSAGE", agg_release="cube_k", tlp="GREEN", sensitivity="low"),
    "health-clusters": _label(
        "XHB",
        _SENSITIVE,
        "RELIEF XAA",
        required_categories="medical",
        release_geo_level="adm2",
        tlp="AMBER",
        sensitivity="high",
    ),
    "compact-open": _label("XCR", _OPEN, "PUBLIC", agg_release="cube_k", tlp="CLEAR", sensitivity="low"),
    "meridian-field": _label(
        "XMR", _OPEN, "RELIEF XAA XAB", release_geo_level="adm2", tlp="GREEN", sensitivity="moderate"
    ),
    "lantern-convoys": _label("XLL", _OPEN, "PASSAGE", tlp="GREEN", sensitivity="low"),
    "gallorine-funding": _label("XAG", _OPEN, "PUBLIC", agg_release="cube_k", tlp="CLEAR", sensitivity="low"),
}
"""By a short name of the exercise's own."""

TIGHTER = {
    "civil-open": "civil-shelters",
    "aldara-shared": "aldara-forces",
    "health-open": "health-clusters",
}
"""What a label of the same originator is tightened to."""
