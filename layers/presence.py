"""Humanitarian and civil presence: not a force, so another word, another shape and never blue."""

from __future__ import annotations

from data.schema import DEPLOYMENTS
from layers.deployments import CAPABILITIES
from layers.layer import Layer
from layers.msgid import msgid
from layers.symbols import SYMBOLS

LAYER = Layer(
    id="presence",
    feed=DEPLOYMENTS,
    title_key=msgid("Humanitarian and civil presence"),
    symbol=SYMBOLS["presence"],
    noun_key=msgid("presences"),
    categories=CAPABILITIES,
)
