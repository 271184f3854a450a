"""A case study: which files it wants, where each was published, and what is done with them in which order.

Declared in `data/cases/NAME/case.toml`; beside it stands the policy of the operation. Both are ours.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from data.errors import CaseRefused

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Wanted:
    """A file of a case: its name, what it holds, and the address at which it was published."""

    name: str
    holds: str
    published: str


@dataclass(frozen=True)
class Boundaries:
    """A file of regions and the names of its properties, as `regions load` takes them."""

    file: str
    level: int
    code: str
    name: str
    version: date
    parent: str | None = None


@dataclass(frozen=True)
class Delivery:
    """A file that a recipe takes.

    `keep`: by column, the patterns of which a row must match one; empty: all rows. The other fields are
    options of `ingest`.
    """

    file: str
    recipe: str
    as_of: datetime | None = None
    level: str | None = None
    releasable_to: tuple[str, ...] | None = None
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Case:
    """A whole case. `policy` is the document of its policy.toml, `operation` the id that stands in it."""

    name: str
    title: str
    operation: str
    policy: str
    files: tuple[Wanted, ...]
    regions: tuple[Boundaries, ...]
    deliveries: tuple[Delivery, ...]


def case_names() -> tuple[str, ...]:
    """The cases that ship, by name."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/case.toml")))


@cache
def case(name: str) -> Case:
    """The case of this name. Raises CaseRefused when there is none."""
    if name not in case_names():
        raise CaseRefused(f"There is no case {name!r}.", f"There are: {', '.join(case_names())}.")
    document = tomllib.loads((FOLDER / name / "case.toml").read_text("utf-8"))
    policy = (FOLDER / name / "policy.toml").read_text("utf-8")
    return Case(
        name=name,
        title=document["title"],
        operation=tomllib.loads(policy)["operation"]["id"],
        policy=policy,
        files=tuple(Wanted(**table) for table in document["file"]),
        regions=tuple(Boundaries(**table) for table in document["regions"]),
        deliveries=tuple(_delivery(table) for table in document["ingest"]),
    )


def _delivery(table: Mapping[str, Any]) -> Delivery:
    keep = {column: (said,) if isinstance(said, str) else tuple(said) for column, said in _kept(table)}
    given = dict(table) | {"keep": MappingProxyType(keep)}
    if "releasable_to" in table:
        given["releasable_to"] = tuple(table["releasable_to"])
    if "as_of" in table:
        given["as_of"] = table["as_of"].astimezone(UTC)
    return Delivery(**given)


def _kept(table: Mapping[str, Any]) -> list[tuple[str, str | list[str]]]:
    return list(table.get("keep", {}).items())
