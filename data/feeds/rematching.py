"""Regions were loaded: older records are matched to them again, as new revisions by the system.

The partner's word stays as it is (content, label, source_org); only where the place is has become known.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from data.feeds.prepare import Progress, silent
from data.feeds.publication import Lake
from data.feeds.recipe_file import recipes
from data.feeds.system_revisions import of_source, revise, standing
from data.gazetteer import Alias, Gazetteer
from data.home import Home
from data.lake import LakeWriter
from data.rematch import rematch

NOTE = "place matched again by system"


def rematch_regions(home: Home, progress: Progress = silent) -> dict[str, int]:
    """Match every record's place again; the number of new revisions by feed. Waits for the lake's lock.

    In a replay a revision is dated like the one it follows: which region a place is, is not news of that
    time, and a look back must show it. Elsewhere it is known from now on.
    """
    with LakeWriter(home) as lake:
        return rematch_into(lake, home, progress)


def rematch_into(lake: Lake, home: Home, progress: Progress = silent) -> dict[str, int]:
    """`rematch_regions` for a lake that is open for writing: all feeds in one transaction."""
    gazetteer = Gazetteer.of(lake.regions())
    return revise(
        lake, home, lambda rows, feed: _changed(rows, feed, gazetteer), ("matching", NOTE), progress
    )


def _changed(rows: pa.Table, feed: str, gazetteer: Gazetteer) -> pa.Table:
    """The rows whose place is another now; each source's rows with its own recipe's aliases.

    Rows without `pcode_match` were never matched: their regions are their originator's own word.
    """
    matched = standing(rows.filter(pc.is_valid(rows.column("pcode_match"))))
    tables = [
        rematch(of_source(matched, source), gazetteer.with_aliases(aliases))
        for source, aliases in _aliases(matched, feed).items()
    ]
    return pa.concat_tables([*tables, rows.slice(0, 0)]).unify_dictionaries()


def _aliases(rows: pa.Table, feed: str) -> dict[str, tuple[Alias, ...]]:
    declared = {item.source: item.place.aliases for item in recipes() if item.feed == feed}
    sources = sorted(pc.unique(rows.column("source")).to_pylist())
    return {source: declared.get(source, ()) for source in sources}
