"""The register of organisations changed: older records get their codes again, as new revisions by the system.

The name stays as the partner wrote it, and so do content, label and originator; only which organisation the
name is has become known, or is no longer held.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.feeds.prepare import Progress, silent
from data.feeds.publication import Lake
from data.feeds.recipe import Recipe
from data.feeds.recipe_file import recipes
from data.feeds.system_revisions import of_source, revise, standing
from data.home import Home
from data.organisations.naming import coded_columns
from data.organisations.register import Register, register_of

NOTE = "organisation named again by system"


def rename_into(
    lake: Lake, home: Home, progress: Progress = silent, declared: Sequence[Recipe] | None = None
) -> dict[str, int]:
    """Find every actor's code again; the number of new revisions by feed. All feeds in one transaction.

    Sources without a shipped recipe (the sample, records that were posted) state their codes themselves and
    are left alone. In a replay a revision is dated like the one it follows, elsewhere it is known from now.
    """
    register = register_of(home)
    asked = recipes() if declared is None else declared

    def changed(rows: pa.Table, feed: str) -> pa.Table:
        return _changed(standing(rows), feed, register, [item for item in asked if item.feed == feed])

    return revise(lake, home, changed, ("naming organisations in", NOTE), progress)


def _changed(rows: pa.Table, feed: str, register: Register, declared: Sequence[Recipe]) -> pa.Table:
    """The rows of which a code is another now, with the codes of now."""
    tables = []
    for source in sorted({recipe.source for recipe in declared}):
        pairs = coded_columns(feed, [recipe for recipe in declared if recipe.source == source])
        tables.append(_renamed(of_source(rows, source), pairs, register))
    return pa.concat_tables([*tables, rows.slice(0, 0)]).unify_dictionaries()


def _renamed(rows: pa.Table, pairs: Sequence[tuple[str, str]], register: Register) -> pa.Table:
    other = pa.array([False] * rows.num_rows, pa.bool_())
    for name, code in pairs:
        names: list[Any] = rows.column(name).to_pylist()
        known = {said: register.code_of(said) for said in set(names)}
        codes = [known[said] for said in names]
        before = rows.column(code).to_pylist()
        other = pc.or_(other, pa.array([a != b for a, b in zip(before, codes, strict=True)], pa.bool_()))
        field = rows.schema.field(code)
        rows = rows.set_column(rows.schema.get_field_index(code), field, pa.array(codes, field.type))
    return rows.filter(other)
