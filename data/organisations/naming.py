"""Which columns name an actor, and the codes that follow from their names.

A code that a recipe takes from the partner's file, or sets itself, is the partner's word and stays. Where the
partner said none, a person's decision gives it, and the record's notes say so: it can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from data.feeds.recipe import Recipe
from data.feeds.transform import Draft
from data.organisations.register import Register
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS

PUBLISHER = ("source_org", "source_org_code")
ACTORS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        INCIDENTS: (("actor1", "actor1_code"), ("actor2", "actor2_code")),
        DEPLOYMENTS: (("org_name", "org_code"),),
        DELIVERIES: (
            ("donor_name", "donor"),
            ("channel_org", "channel_code"),
            ("implementing_org", "implementing_code"),
            ("recipient", "recipient_code"),
        ),
    }
)
"""By feed: the column with the name, and the one with the code."""


def coded_columns(feed: str, declared: Iterable[Recipe]) -> tuple[tuple[str, str], ...]:
    """The pairs of a feed whose code is ours to find: no recipe of the source fills it."""
    filled = {name for recipe in declared for name in recipe.constants}
    filled |= {item.target for recipe in declared for item in recipe.columns}
    return tuple((name, code) for name, code in (PUBLISHER, *ACTORS[feed]) if code not in filled)


def stated_columns(feed: str, coded: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The other pairs: the originator may state the code, and a decision counts only where it does not."""
    return tuple(pair for pair in ACTORS[feed] if pair not in coded)


def by_decision(code: str) -> str:
    """The note of a record in whose column `code` a decision put the code."""
    return f"{code} by decision"


def name_actors(draft: Draft, register: Register) -> None:
    """Fill the codes of a file's actors, after the content was hashed: a code is found, it is not content."""
    recipe = draft.recipe
    for name, code in coded_columns(recipe.feed, [recipe]):
        names = draft.values.get(name) or [None] * draft.sheet.rows
        default = recipe.publisher if name == PUBLISHER[0] else None
        found = {said: register.code_of(str(said)) for said in {said or default for said in names} if said}
        draft.values[code] = [found.get(said or default) for said in names]
    for name, code in stated_columns(recipe.feed, coded_columns(recipe.feed, [recipe])):
        _name_by_decision(draft, name, code, register)


def _name_by_decision(draft: Draft, name: str, code: str, register: Register) -> None:
    none: list[object] = [None] * draft.sheet.rows
    stated, names = list(draft.values.get(code, none)), draft.values.get(name, none)
    notes = list(draft.values.get("notes", none))
    for row, said in enumerate(names):
        decided = register.decided_of(str(said)) if said and not stated[row] else None
        if decided:
            stated[row] = decided
            notes[row] = f"{notes[row]}; {by_decision(code)}" if notes[row] else by_decision(code)
            draft.values.update({code: stated, "notes": notes})
