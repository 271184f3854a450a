"""A case into a home: its policy, its regions and all its files, in order. Once more changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from data.cases.case import Boundaries, Case, Delivery, case
from data.cases.files import find_files
from data.feeds.ingest import IngestOptions, content_of, ingest_into
from data.feeds.prepare import STEPS, Progress, silent
from data.feeds.recipe_file import recipe
from data.feeds.report import Report
from data.home import Home
from data.lake import LakeWriter
from data.parsed_boundaries import read_boundaries
from data.policy import Policy


@dataclass(frozen=True)
class LoadedCase:
    """What was loaded. `regions`: how many of each file were new; `reports`: of each delivery, in order."""

    case: Case
    policy: Policy
    regions: tuple[tuple[str, int], ...]
    reports: tuple[tuple[Delivery, Report], ...]

    @property
    def is_all_known(self) -> bool:
        """Whether everything had been loaded before."""
        new = any(count for _, count in self.regions)
        return not new and not any(r.new or r.revised or r.ended for _, r in self.reports)


def load_case(path: Path, name: str, folder: Path, progress: Progress = silent) -> LoadedCase:
    """Load the case from the files beneath a folder into the home at `path`; an empty one it claims.

    Raises CaseRefused (no such case, files missing: nothing is made), HomeError when the home holds another
    operation, and what `ingest` raises. Each file is one transaction; a load that was broken off goes on.
    """
    asked = case(name)
    files = find_files(asked, folder)
    home = Home.claim(path, asked.policy, asked.operation)
    with LakeWriter(home) as lake:
        steps = _Steps(progress, len(asked.regions) + len(asked.deliveries) * len(STEPS))
        regions = tuple((item.file, _load_regions(lake, item, files, steps)) for item in asked.regions)
        reports = tuple((item, _take(lake, home, item, files, steps)) for item in asked.deliveries)
    return LoadedCase(asked, home.policy(), regions, reports)


@dataclass
class _Steps:
    """Counts the steps of the whole case for one bar."""

    progress: Progress
    total: int
    done: int = 0

    def tell(self, words: str, done: int = 0) -> None:
        self.progress(self.done + done, self.total, words)


def _load_regions(lake: LakeWriter, asked: Boundaries, files: Mapping[str, Path], steps: _Steps) -> int:
    """Regions that are there as they are in the file are left alone."""
    steps.tell(f"{asked.file}: regions")
    table = read_boundaries(
        files[asked.file],
        level=asked.level,
        code_field=asked.code,
        name_field=asked.name,
        parent_field=asked.parent,
        version=asked.version,
    )
    fresh = _fresh(table, lake.regions())
    count = int(fresh.num_rows)
    if count:
        lake.publish_regions(fresh)
    steps.done += 1
    return count


def _fresh(table: pa.Table, known: pa.Table) -> pa.Table:
    shapes = {(row["code"], row["version"]): row for row in known.to_pylist()}
    rows = table.to_pylist()
    flags = [shapes.get((row["code"], row["version"])) != row for row in rows]
    return table.filter(pa.array(flags, pa.bool_()))


def _take(lake: LakeWriter, home: Home, asked: Delivery, files: Mapping[str, Path], steps: _Steps) -> Report:
    options = IngestOptions(
        level=asked.level, releasable_to=asked.releasable_to, as_of=asked.as_of, keep=asked.keep
    )
    path = files[asked.file]
    report = ingest_into(
        lake,
        home,
        recipe(asked.recipe),
        [(path.name, content_of(path))],
        options,
        lambda done, _, words: steps.tell(f"{asked.file}: {words}", done),
    )
    steps.done += len(STEPS)
    return report
