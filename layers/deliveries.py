"""Aid deliveries: what help was promised, is under way, arrived."""

from __future__ import annotations

from types import MappingProxyType

from data.schema import DELIVERIES
from layers.layer import Layer
from layers.msgid import msgid
from layers.symbols import SYMBOLS

LAYER = Layer(
    id="deliveries",
    feed=DELIVERIES,
    title_key=msgid("Aid deliveries"),
    symbol=SYMBOLS["deliveries"],
    noun_key=msgid("deliveries"),
    categories=MappingProxyType(
        {
            "distributed": msgid("distributed"),
            "delivered": msgid("delivered"),
            "arrived": msgid("arrived"),
            "in_transit": msgid("in transit"),
            "dispatched": msgid("dispatched"),
            "disbursed": msgid("disbursed"),
            "committed": msgid("committed"),
            "pledged": msgid("pledged"),
            "delayed": msgid("delayed"),
            "lost": msgid("lost"),
            "cancelled": msgid("cancelled"),
        }
    ),
)
