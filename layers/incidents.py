"""Incidents and reports: what happened."""

from __future__ import annotations

from types import MappingProxyType

from data.schema import INCIDENTS
from layers.layer import Layer
from layers.msgid import msgid
from layers.symbols import SYMBOLS

LAYER = Layer(
    id="incidents",
    feed=INCIDENTS,
    title_key=msgid("Incidents and reports"),
    symbol=SYMBOLS["incidents"],
    noun_key=msgid("incidents"),
    verified=True,
    categories=MappingProxyType(
        {
            "storm": msgid("storm"),
            "flood": msgid("flood"),
            "landslide": msgid("landslide"),
            "infrastructure": msgid("infrastructure"),
            "displacement": msgid("displacement"),
            "epidemic": msgid("epidemic"),
            "access_restriction": msgid("access restriction"),
            "crime": msgid("crime"),
            "accident": msgid("accident"),
            "earthquake": msgid("earthquake"),
            "wildfire": msgid("wildfire"),
            "battle": msgid("battle"),
            "explosion_remote": msgid("explosion or remote violence"),
            "violence_civilians": msgid("violence against civilians"),
            "aid_worker_attack": msgid("attack on aid workers"),
            "protest": msgid("protest"),
            "riot": msgid("riot"),
            "border": msgid("border"),
            "cbrn": msgid("CBRN"),
            "strategic": msgid("strategic development"),
            "other": msgid("other"),
        }
    ),
)
