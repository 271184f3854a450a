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
from data.organisations.naming import by_decision, coded_columns, stated_columns
from data.organisations.register import Register, register_of

NOTE = "organisation named again by system"


def rename_into(
    lake: Lake, home: Home, progress: Progress = silent, declared: Sequence[Recipe] | None = None
) -> dict[str, int]:
    """Find every actor's code again; the number of new revisions by feed. All feeds in one transaction.

    A code that an originator states stays. Where it states none, be it in the sample or in a source whose
    recipe is not here, what people decided gives it. In a replay a revision is dated like the one it follows,
    elsewhere it is known from now.
    """
    register = register_of(home)
    asked = recipes() if declared is None else declared

    def changed(rows: pa.Table, feed: str) -> pa.Table:
        return _changed(standing(rows), feed, register, [item for item in asked if item.feed == feed])

    return revise(lake, home, changed, ("naming organisations in", NOTE), progress)


def _changed(rows: pa.Table, feed: str, register: Register, declared: Sequence[Recipe]) -> pa.Table:
    """The rows of which a code is another now, with the codes of now."""
    tables = []
    known = {recipe.source for recipe in declared}
    for source in sorted(pc.unique(rows.column("source")).to_pylist()):
        mine = [recipe for recipe in declared if recipe.source == source]
        pairs = coded_columns(feed, mine) if source in known else ()
        tables.append(_renamed(of_source(rows, source), pairs, stated_columns(feed, pairs), register))
    return pa.concat_tables([*tables, rows.slice(0, 0)]).unify_dictionaries()


def _renamed(
    rows: pa.Table,
    pairs: Sequence[tuple[str, str]],
    stated: Sequence[tuple[str, str]],
    register: Register,
) -> pa.Table:
    other = pa.array([False] * rows.num_rows, pa.bool_())
    for name, code in pairs:
        names: list[Any] = rows.column(name).to_pylist()
        known = {said: register.code_of(said) for said in set(names)}
        codes = [known[said] for said in names]
        before = rows.column(code).to_pylist()
        other = pc.or_(other, pa.array([a != b for a, b in zip(before, codes, strict=True)], pa.bool_()))
        rows = _with(rows, code, codes)
    for name, code in stated:
        before = rows.column(code).to_pylist()
        rows = _decided(rows, name, code, register)
        after = rows.column(code).to_pylist()
        other = pc.or_(other, pa.array([a != b for a, b in zip(before, after, strict=True)], pa.bool_()))
    return rows.filter(other)


def _decided(rows: pa.Table, name: str, code: str, register: Register) -> pa.Table:
    """The codes that people decided, where there was none but by a decision before; each is noted."""
    note = by_decision(code)
    names, codes, notes = (rows.column(column).to_pylist() for column in (name, code, "notes"))
    decided = {said: register.decided_of(said) for said in set(names)}
    for row, said in enumerate(names):
        words = [part for part in (notes[row] or "").split("; ") if part != note]
        ours = note in (notes[row] or "").split("; ")
        if said is None or (codes[row] is not None and not ours):
            continue
        codes[row] = decided[said]
        notes[row] = "; ".join([*filter(None, words), *([note] if decided[said] else [])]) or None
    return _with(_with(rows, code, codes), "notes", notes)


def _with(rows: pa.Table, name: str, values: Sequence[Any]) -> pa.Table:
    field = rows.schema.field(name)
    return rows.set_column(rows.schema.get_field_index(name), field, pa.array(values, field.type))
