"""Catalogue keys of the metrics that reports carry, for titles and legends."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from layers.msgid import msgid, plain_name

METRIC_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "new_cases": msgid("New cases reported"),
        "new_deaths": msgid("New deaths reported"),
        "new_confirmed_cases": msgid("New confirmed cases reported"),
        "cumulative_cases": msgid("Cumulative cases"),
        "cumulative_deaths": msgid("Cumulative deaths"),
        "cumulative_confirmed_cases": msgid("Cumulative confirmed cases"),
        "affected": msgid("People affected"),
        "displaced": msgid("People displaced"),
    }
)


def metric_title(metric: str) -> str:
    """The metric's catalogue key; a metric that is not listed is named by its code in readable form."""
    plain = plain_name(metric)
    return METRIC_TITLES.get(metric, plain[:1].upper() + plain[1:])
