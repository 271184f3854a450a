"""Fetching a declared source: what its address answers is taken like a file that its partner delivers.

A service is asked for what is new since its last answer (ETag, Last-Modified, RFC 9110), and is remembered to
have answered only when the lake has what it said: whatever goes wrong in between, it is fetched again.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile

import requests

from data.clock import Clock, system_clock
from data.errors import NotPulled, WatchfloorError
from data.feeds.ingest import IngestOptions, ingest_into
from data.feeds.recipe_file import recipe
from data.feeds.report import Report, report_lines
from data.home import Home
from data.lake import LakeWriter
from data.parsing import DEFAULT_LIMITS, MEGABYTE, Limits
from data.shown import shown
from data.sources import DeclaredSource, LastPull, Sources

log = logging.getLogger("watchfloor.worker")

WHOLE_WITHIN_SECONDS = 120.0
"""From the question to the last byte of the answer; then whoever fetches is ended."""

FETCH = (sys.executable, "-m", "data.feeds.fetch_child")
ROOT = Path(__file__).resolve().parents[2]
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
LOOKS_EVERY_SECONDS = 1.0
TRIED_AGAIN = "It is tried again; check its address if it stays so."


@dataclass(frozen=True)
class Answer:
    """What an address answered. `content` None: nothing new since the last time."""

    content: bytes | None
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Pulled:
    """What came of it. `report` None: there was nothing new."""

    source: DeclaredSource
    report: Report | None

    @property
    def said(self) -> tuple[str, ...]:
        """In words, a line each."""
        return report_lines(self.report) if self.report else (f"{self.source.id}: nothing new",)


def pull(
    home: Home, source: DeclaredSource, limits: Limits = DEFAULT_LIMITS, clock: Clock = system_clock
) -> Pulled:
    """Fetch a source and take what is new. Raises NotPulled, FileRefused, HomeError."""
    known, last = Sources(home), Sources(home).last_pull(source)
    try:
        answer = fetched(source, last, limits)
        report = None if answer.content is None else _taken(home, source, answer.content, limits)
    except Exception as error:
        said = error.message if isinstance(error, WatchfloorError) else "the program failed on it"
        known.note(source, replace(last, failures=last.failures + 1, said=said), clock())
        raise
    pulled = Pulled(source, report)
    kept = last if answer.content is None else replace(last, etag=answer.etag, modified=answer.modified)
    known.note(source, replace(kept, failures=0, said=" · ".join(pulled.said[:3])), clock())
    return pulled


def fetched(source: DeclaredSource, last: LastPull, limits: Limits) -> Answer:
    """What the address answers, fetched by a child that ends in time. Raises NotPulled with one sentence."""
    if not source.address:
        raise NotPulled(f"The source {source.id} has no address.", "Its files come into the partner's inbox.")
    known = {"If-None-Match": last.etag, "If-Modified-Since": last.modified}
    headers = {name: value for name, value in known.items() if value}
    order = {"address": source.address, "headers": headers, "most": limits.file_mb * MEGABYTE}
    with TemporaryFile() as answer:
        try:
            done = subprocess.run(
                FETCH,
                input=json.dumps(order).encode(),
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                timeout=WHOLE_WITHIN_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NotPulled(f"The source {source.id} takes too long to answer.", TRIED_AGAIN) from error
        answer.seek(0)
        told = json.loads(answer.readline() or b"{}") if done.returncode == 0 else {}
        return _answer(source, told, answer.read(), asked_for_news=bool(headers))


def _answer(
    source: DeclaredSource, told: dict[str, object], content: bytes, *, asked_for_news: bool
) -> Answer:
    status = told.get("status")
    if status == requests.codes.not_modified and asked_for_news:
        return Answer(None)
    if status != requests.codes.ok:
        said = f"answered with status {status}; expected 200." if status else "could not be fetched."
        raise NotPulled(f"The source {source.id} {told.get('failed') or said}", TRIED_AGAIN)
    return Answer(content, str(told["etag"]), str(told["modified"]))


def _taken(home: Home, source: DeclaredSource, content: bytes, limits: Limits) -> Report:
    asked = recipe(source.recipe)
    options = IngestOptions(
        source.partner, source.releasable_to, source.level, limits=limits, delivered_by=source.partner
    )
    with LakeWriter(home) as lake:
        return ingest_into(lake, home, asked, [(f"{source.id}.{asked.file.format}", content)], options)


@dataclass(frozen=True)
class Puller:
    """Fetches whatever is due, one after another, beside the worker."""

    home: Home
    limits: Limits = DEFAULT_LIMITS
    clock: Clock = system_clock
    _tried: dict[str, datetime] = field(default_factory=dict)

    def run(self, ended: threading.Event) -> None:
        """Look until `ended` is set."""
        while not ended.wait(LOOKS_EVERY_SECONDS):
            try:
                for source in self.due():
                    if ended.is_set():
                        return
                    self._pulled(source)
            except WatchfloorError as error:
                log.error("nothing is fetched for now: %s", shown(str(error)))
                ended.wait(FIRST_PAUSE.total_seconds())
            except Exception:
                log.exception("fault while it was looked for sources that are due")
                ended.wait(FIRST_PAUSE.total_seconds())

    def due(self) -> list[DeclaredSource]:
        """Those whose time has come; after a failure later and later, and never later than usual + 1 h."""
        known, now = Sources(self.home), self.clock()
        found = []
        for source in known.all():
            last = known.last_pull(source)
            tried = max((at for at in (last.at, self._tried.get(source.digest)) if at), default=None)
            if source.every is not None and (tried is None or now - tried >= _pause(source.every, last)):
                found.append(source)
        return found

    def _pulled(self, source: DeclaredSource) -> None:
        """One that fails, however it does, holds up no other; that it was tried is known without the disk."""
        self._tried[source.digest] = self.clock()
        try:
            for line in pull(self.home, source, self.limits, self.clock).said:
                log.info("%s", line)
        except WatchfloorError as error:
            log.error("%s", shown(str(error)))
        except Exception:
            log.exception("fault while the source %s was fetched", source.id)


def _pause(every: timedelta, last: LastPull) -> timedelta:
    if not last.failures:
        return every
    doubled: int = 2 ** min(last.failures - 1, 10)
    return max(every, min(FIRST_PAUSE * doubled, LONGEST_PAUSE))
