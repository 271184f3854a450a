"""`make bench`: how long a person waits, ours beside a naive Dash app, in the same run, turn about.

With 200,000 incidents in Chromium: from a click on a partner to map, timeline and totals repainted, and
from navigation to the first marks on the map. Both aims are of the whole way, browser included. No click
comes back to a filter seen before, so that no answer kept from an earlier click is measured. Beside them,
without an aim: the table's first rows and a far page of it, a frame of the play, a comparison.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.progress import track
from rich.table import Table

from data.home import Home
from data.lake import Delivery, LakeWriter, Publication, SourceState
from data.lake_tables import QUARANTINE, SUPERSEDED
from data.schema import INCIDENTS
from tests.bench.incidents import END, PARTNERS, SOURCE, incidents, labels, policy, regions
from tests.bench.page import (
    Subject,
    click,
    comparisons,
    far_pages,
    first_paint,
    first_rows,
    frames,
    opened,
)
from tests.chromium import chromium, free_port, served

CLICK_AIM_MS, PAINT_AIM_MS = 400, 1_500
CLICKS, PAINTS = "filter click to map, timeline and totals", "navigation to first marks on the map"
ROWS, PAGES = "navigation to the first rows of the table", "a far page of the table"
FRAMES, COMPARED = "a frame of the play", "choice to both maps of a comparison"
AIMS: dict[str, int | None] = {CLICKS: CLICK_AIM_MS, PAINTS: PAINT_AIM_MS} | dict.fromkeys(
    (ROWS, PAGES, FRAMES, COMPARED)
)
FAR_SHARES = (0.005, 0.75, 0.21, 0.99, 0.04, 0.5, 0.3, 0.9)
"""Where in the table the far pages are."""

Figures = dict[tuple[str, str], list[float]]

console = Console()


def fill_home(path: Path, rows: pa.Table) -> None:
    """A home that holds the incidents."""
    home = Home.claim(path, policy(), "BENCH")
    at = END - timedelta(hours=1)
    state = SourceState(SOURCE, PARTNERS[0], INCIDENTS, SOURCE, "Bench", at, at)
    count = rows.num_rows
    delivery = Delivery("0" * 64, "bench", SOURCE, SOURCE, PARTNERS[0], at, count, count, 0, 0, 0)
    none, nothing = SUPERSEDED.empty_table(), QUARANTINE.empty_table()
    with LakeWriter(home) as lake:
        lake.publish_regions(regions())
        lake.publish(Publication(INCIDENTS, rows, labels(), none, state, nothing, delivery))


@contextmanager
def both(folder: Path, count: int) -> Iterator[tuple[Subject, Subject]]:
    """Ours and the peer, each serving the same incidents."""
    rows = incidents(count)
    fill_home(folder / "home", rows)
    pq.write_table(rows, folder / "incidents.parquet")
    our_url = f"http://127.0.0.1:{free_port()}/"
    peers = {page: f"http://127.0.0.1:{free_port()}/" for page in ("map", "table", "compare")}
    choices = ((2, 1), (2, 2), (1, 2), (2, 3))
    ours = Subject(
        "Watchfloor",
        our_url,
        '[data-toggle="partner:{partner}"]',
        our_url + "table",
        "records",
        our_url + "compare?period=30d",
        tuple(f".compared-group:nth-of-type({n}) .segment:nth-child({m})" for n, m in choices),
        "",
    )
    months = tuple(f"#month-{n}" for n in range(4))
    peer = Subject(
        "naive Dash app",
        *(peers["map"], "#toggle-{partner}", peers["table"], "grid", peers["compare"], months, "#step"),
    )
    settings = {"WATCHFLOOR_HOME": str(folder / "home"), "PORT": port_of(our_url), "HOST": "127.0.0.1"}
    with ExitStack() as stack:
        stack.enter_context(served(["app.py", "serve"], ours.url, settings))
        for page, url in peers.items():
            naive = ["-m", "tests.bench.naive", str(folder / "incidents.parquet"), port_of(url), page]
            stack.enter_context(served(naive, url, {}))
        yield ours, peer


def port_of(url: str) -> str:
    """The port of an address of ours."""
    return str(urlsplit(url).port)


def new_views(count: int, seed: int = 11) -> list[str]:
    """Which partner to toggle at each click, so that no click comes back to a filter seen before."""
    chosen: frozenset[str] = frozenset()
    seen, toggles = {chosen}, []
    rng = np.random.default_rng(seed)
    while len(toggles) < count:
        partner = PARTNERS[rng.integers(len(PARTNERS))]
        if chosen ^ {partner} not in seen:
            chosen = chosen ^ {partner}
            seen.add(chosen)
            toggles.append(partner)
    return toggles


def measured(subjects: Sequence[Subject], count: int, clicks: int, loads: int) -> Figures:
    """Milliseconds by (subject, figure); the subjects take turns."""
    figures: Figures = {(s.name, what): [] for s in subjects for what in AIMS}
    with chromium() as browser:
        pages = {}
        for subject in subjects:
            pages[subject.name], cold = opened(browser, subject)
            console.print(f"{subject.name}: first page after start {cold:,.0f} ms (not counted below)")
        for partner in track(new_views(clicks), "clicks", console=console):
            for subject in subjects:
                took = click(pages[subject.name], subject.toggle.format(partner=partner))
                figures[subject.name, CLICKS].append(took)
        for page in pages.values():
            page.context.close()
        for _ in track(range(loads), "first pages", console=console):
            for subject in subjects:
                figures[subject.name, PAINTS].append(first_paint(browser, subject))
        far_rows = [int(share * count) for share in FAR_SHARES]
        for subject in track(subjects, "table, play, comparison", console=console):
            figures[subject.name, ROWS] += [first_rows(browser, subject) for _ in range(max(2, loads // 3))]
            figures[subject.name, PAGES] += far_pages(browser, subject, far_rows)
            figures[subject.name, FRAMES] += frames(browser, subject, 10)
            figures[subject.name, COMPARED] += comparisons(browser, subject, 8)
    return figures


def shown(figures: Figures, names: Sequence[str], count: int) -> Table:
    """The figures as a table: ours, the peer's, and how many times faster ours is."""
    ours, peer = names
    table = Table(title=f"{count:,} incidents, {os.cpu_count()} cores, milliseconds")
    for head in ("what", "of", ours, peer, "ratio", "aim (p95)"):
        table.add_column(head, justify="left" if head == "what" else "right")
    for what, aim in AIMS.items():
        mine, theirs = figures[ours, what], figures[peer, what]
        for title, of in (("p50", percentile(50)), ("p95", percentile(95))):
            a, b = of(mine), of(theirs)
            met = "" if title == "p50" or aim is None else f"{'met' if a < aim else 'missed'}: {aim:,}"
            table.add_row(what, f"{title} of {len(mine)}", f"{a:,.0f}", f"{b:,.0f}", f"{b / a:.1f}", met)
    return table


def percentile(share: float) -> Callable[[list[float]], float]:
    """The nearest-rank percentile: a value that was measured."""
    return lambda values: float(np.percentile(values, share, method="higher"))


def main() -> int:
    """Measure and print. Exit status 0 when both aims are met."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("--incidents", type=int, default=200_000)
    parser.add_argument("--clicks", type=int, default=30)
    parser.add_argument("--loads", type=int, default=10)
    parser.add_argument("--json", type=Path, help="write every measurement there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="watchfloor-bench-") as folder:
        console.print(f"Making {options.incidents:,} incidents and starting both servers.")
        with both(Path(folder), options.incidents) as subjects:
            figures = measured(subjects, options.incidents, options.clicks, options.loads)
    names = [subject.name for subject in subjects]
    console.print(shown(figures, names, options.incidents))
    for name in names:
        console.print(
            f"{name}: {1000 / float(np.mean(figures[name, FRAMES])):.1f} frames a second of the play"
        )
    if options.json:
        document = [{"subject": s, "what": w, "ms": values} for (s, w), values in figures.items()]
        options.json.write_text(json.dumps(document, indent=1))
    p95 = percentile(95)
    met = p95(figures[names[0], CLICKS]) < CLICK_AIM_MS and p95(figures[names[0], PAINTS]) < PAINT_AIM_MS
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
