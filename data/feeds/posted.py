"""Deliveries that were posted are taken, or refused in one sentence; either way their partner can read it.

What waits together is taken together: one transaction of the lake, however many posted. It is ended in the
spool only when the lake has it: a worker that is killed in between takes it again, which changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from data.errors import FileRefused, RecipeError
from data.feeds.gathering import Gathered, NotAlike, gathered
from data.feeds.ingest import IngestOptions, ingest_into
from data.feeds.own_columns import own_columns
from data.feeds.report import Report
from data.feeds.result import Result, refused, taken
from data.home import Home
from data.lake import LakeWriter
from data.parsing import DEFAULT_LIMITS, Limits
from data.spool import REFUSED, TAKEN, Delivered, Spool


def take_posted(
    lake: LakeWriter, deliveries: Sequence[Delivered], limits: Limits = DEFAULT_LIMITS
) -> list[Result]:
    """Take or refuse each, and say so in the spool. Raises HomeError and StoreUnavailable: all of them wait.

    The writer is entered.
    """
    try:
        with lake.together():
            groups = list(gathered(deliveries))
            results = [result for group in groups for result in _outcomes(lake, group, limits)]
    except NotAlike:
        with lake.together():
            results = [_outcome(lake, one, one.content, limits) for one in deliveries]
    end(lake.home, deliveries, results)
    return results


def end(home: Home, deliveries: Sequence[Delivered], results: Sequence[Result]) -> None:
    """The deliveries have ended so."""
    pairs = zip(deliveries, results, strict=True)
    Spool(home).end([(one, TAKEN if told.taken else REFUSED, _told(told)) for one, told in pairs])


def called(one: Delivered) -> str:
    """In the place of a file's name."""
    return f"delivery {one.id[:8]}"


def _told(result: Result) -> str:
    told = {name: value for name, value in asdict(result).items() if name not in ("file_name", "taken")}
    return json.dumps(told, ensure_ascii=False)


def _outcomes(lake: LakeWriter, group: Gathered, limits: Limits) -> list[Result]:
    first = group.deliveries[0]
    if len(group.deliveries) == 1:
        return [_outcome(lake, first, first.content, limits)]
    try:
        report = _report(lake, first, group.content, limits)
    except (FileRefused, RecipeError) as error:
        raise NotAlike from error
    each = group.reports(report.files[0], [called(one) for one in group.deliveries])
    partner = first.credential.partner
    return [taken(one.file_name, partner, replace(report, files=(one,))) for one in each]


def _outcome(lake: LakeWriter, one: Delivered, content: bytes, limits: Limits) -> Result:
    try:
        return taken(called(one), one.credential.partner, _report(lake, one, content, limits))
    except (FileRefused, RecipeError) as error:
        return refused(called(one), one.credential.partner, error)


def _report(lake: LakeWriter, one: Delivered, content: bytes, limits: Limits) -> Report:
    credential, policy = one.credential, lake.home.policy()
    partner = policy.partners.get(credential.partner)
    if partner is None:
        raise FileRefused(
            f"{credential.partner} is no partner of the policy any more.", "Ask whoever runs the server."
        )
    asked = own_columns(credential, partner, policy.operation, one.form)
    options = IngestOptions(
        credential.partner,
        credential.releasable_to,
        credential.level,
        limits=limits,
        delivered_by=credential.partner,
    )
    return ingest_into(lake, lake.home, asked, [(called(one), content)], options)
