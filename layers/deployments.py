"""Military and police deployments: who is where as a force. Humanitarian presence is another layer."""

from __future__ import annotations

from types import MappingProxyType

from data.schema import DEPLOYMENTS
from layers.layer import Layer
from layers.msgid import msgid
from layers.symbols import SYMBOLS

CAPABILITIES = MappingProxyType(
    {
        "infantry": msgid("infantry"),
        "engineer": msgid("engineers"),
        "medical": msgid("medical"),
        "health_facility": msgid("health facility"),
        "logistics": msgid("logistics"),
        "aviation": msgid("aviation"),
        "maritime": msgid("maritime"),
        "police": msgid("police"),
        "sar": msgid("search and rescue"),
        "isr_uas": msgid("reconnaissance and drones"),
        "signals": msgid("signals"),
        "observers": msgid("observers"),
        "hq": msgid("headquarters"),
        "cimic": msgid("civil-military cooperation"),
        "mine_action": msgid("mine action"),
        "training": msgid("training"),
        "other": msgid("other"),
    }
)
"""Catalogue keys of the capabilities, which the layer of presence shares."""

LAYER = Layer(
    id="military",
    feed=DEPLOYMENTS,
    title_key=msgid("Military and police"),
    symbol=SYMBOLS["military"],
    noun_key=msgid("deployments"),
    categories=CAPABILITIES,
    inner=frozenset({"police"}),
)
