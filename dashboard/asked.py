"""From the query string a callback was given to the question it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dashboard.controls.places import region_name
from dashboard.times import span
from dashboard.view import View
from dashboard.words import _
from data.filters import LAYER_FEEDS, Filter, split_region
from data.released import Released
from layers.msgid import msgid

ROLE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "any": msgid("any role"),
        "originator": msgid("originator"),
        "acting": msgid("acting"),
        "funding": msgid("funding"),
        "implementing": msgid("implementing"),
        "receiving": msgid("receiving"),
    }
)


@dataclass(frozen=True)
class Asked:
    """The View, and the Filter it becomes for this viewer now."""

    view: View
    filter: Filter

    @property
    def record_layers(self) -> tuple[str, ...]:
        """The layers switched on that hold records (reference layers are drawn, never counted)."""
        return tuple(layer for layer in self.view.layers if layer in LAYER_FEEDS)


def asked_of(released: Released, query: object) -> Asked:
    """`query` comes from the browser and may be anything."""
    view, _notices = View.from_query(query if isinstance(query, str) else "")
    return Asked(view, view.to_filter(released.now))


def words_of(released: Released, asked: Asked) -> str:
    """The filter in words: Guinea and Liberia, 1 Sep – 30 Nov 2014, partner XAB."""
    regions = released.regions.by_code
    names = [region_name(regions[code]) if code in regions else code for code in _bare(asked.view.regions)]
    where = [_.listed(names, ", ")] if names else []
    where += [_("in the area drawn")] if asked.view.area is not None else []
    parts = [_.listed(where, ", ") or _("whole operation"), period_words(released, asked)]
    if asked.view.partners:
        codes = ", ".join(asked.view.partners)
        as_role = "" if asked.view.role == "any" else f" ({_(ROLE_WORDS[asked.view.role])})"
        parts.append(_("partner {codes}").format(codes=codes) + as_role)
    if asked.view.sectors:
        parts.append(_("sector {codes}").format(codes=", ".join(asked.view.sectors)))
    return _.listed(parts)


def _bare(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(split_region(code)[0] for code in codes)


def period_words(released: Released, asked: Asked) -> str:
    """The period's dates. The whole operation has no beginning: what came before it is counted too."""
    return span(asked.filter.start, asked.filter.end or released.now)
