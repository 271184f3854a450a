"""The label of each record: the row's own label columns, else the options, else the recipe (formats.md).

Any column of the file that is called like a field of the label, however its header is spelt, is the row's
own, whether the recipe knows of it or not: a restriction that a partner wrote beside a record must never be
overlooked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from data.errors import FileRefused, LabelMissing, LabelRefused
from data.feeds.recipe import HOME_POLICY, Recipe
from data.feeds.sheet import Sheet
from data.feeds.transform import Draft
from data.feeds.values import NotAValue, iso_day, iso_moment
from data.labels import Label, parse_label
from data.policy import Policy
from data.schema import LABEL

FIELDS = tuple(name for name in LABEL.names if name not in ("label_id", "policy_version"))
LISTS = frozenset(("releasable_to", "required_categories", "display_only_to", "caveats"))
MOST_LABELS = 200
"""Different ones in one file: each costs every later question, and stays."""

GRANTS = frozenset(("releasable_to", "display_only_to"))
"""Lists that grant. An empty cell of a row's own is the empty list: nobody is added by silence."""

WINDOWS: Mapping[str, Callable[[str], object]] = {
    "release_from": iso_moment,
    "release_until": iso_moment,
    "label_review_on": iso_day,
}


@dataclass(frozen=True)
class LabelOptions:
    """What the command line says of the label; None: it says nothing.

    `delivered_by`: who alone may be a record's originator; a record of somebody else's is held back.
    """

    originator: str | None = None
    releasable_to: tuple[str, ...] | None = None
    classification: str | None = None
    delivered_by: str | None = None


@dataclass(frozen=True)
class Labelled:
    """The distinct labels, and which of them each row has (-1: none, the record is held back)."""

    labels: tuple[Label, ...]
    of_row: list[int]
    default_originator: str


def label_records(draft: Draft, policy: Policy, options: LabelOptions, now: datetime) -> Labelled:
    """A label for each record; windows of release into the draft's values. `now`: the home's clock.

    Raises FileRefused when a record would have no label, or the file's originator is not registered.
    A label of a row's own that the policy refuses holds that record back.
    """
    stated = _stated(draft.recipe, policy, options)
    headers = label_columns(draft.sheet)
    own = {name: draft.sheet.columns[headers[name]] for name in FIELDS if name in headers}
    _check_originator(draft, str(stated.get("originator") or ""), "originator" in own, policy)
    labels: dict[Label, int] = {}
    known: dict[tuple[str, ...], int | str] = {}
    of_row: list[int] = []
    for row, texts in enumerate(zip(*own.values(), strict=True) if own else [()] * draft.sheet.rows):
        if texts not in known:
            said = {name: text for name, text in zip(own, texts, strict=True) if text or name in GRANTS}
            known[texts] = _label(draft, {**stated, **_lists(said)}, any(texts), policy, labels, options)
        found = known[texts]
        if isinstance(found, str):
            draft.note(row, found)
        of_row.append(found if isinstance(found, int) else -1)
    _windows(draft, {name: draft.sheet.columns[headers[name]] for name in WINDOWS if name in headers}, now)
    return Labelled(tuple(labels), of_row, str(stated.get("originator") or ""))


def label_columns(sheet: Sheet) -> dict[str, str]:
    """By field of the label or window of release, the header of the column that says it.

    Raises FileRefused when two columns say the same field: neither can be preferred.
    """
    found: dict[str, str] = {}
    for header in sheet.columns:
        name = FIELD_OF_WORD.get(_word(header))
        if name is None:
            continue
        if name in found:
            raise FileRefused(
                f"The file {sheet.file_name} has two columns for the label's {name}: {found[name]!r} and"
                f" {header!r}.",
                "Leave one of them out.",
            )
        found[name] = header
    return found


def _word(header: str) -> str:
    """A header's letters and digits alone, without a hashtag's sign, prefix and attributes (HXL)."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", header) if unicodedata.category(c) != "Cf")
    tag = plain.casefold().strip().removeprefix("#").strip().partition("+")[0]
    return "".join(c for c in re.sub(r"^x[\W_]+", "", tag) if c.isalnum())


FIELD_OF_WORD: Mapping[str, str] = {_word(name): name for name in (*FIELDS, *WINDOWS)}


def own_fields(texts: Mapping[str, str]) -> dict[str, object]:
    """The fields of the label, and the windows of release, that a feature's own properties say (by header).

    Raises FileRefused when two properties say one field.
    """
    found: dict[str, str] = {}
    for header, text in texts.items():
        name = FIELD_OF_WORD.get(_word(header))
        if name is None:
            continue
        if name in found:
            raise FileRefused(f"Two properties say the label's {name}.", "Leave one of them out.")
        found[name] = text
    return _lists({name: text for name, text in found.items() if text or name in GRANTS})


def _stated(recipe: Recipe, policy: Policy, options: LabelOptions) -> dict[str, object]:
    stated = dict(recipe.label)
    if stated.get("policy_id") == HOME_POLICY:
        stated["policy_id"] = policy.id
    for name in ("originator", "releasable_to", "classification"):
        value = getattr(options, name)
        if value is not None:
            stated[name] = list(value) if isinstance(value, tuple) else value
    if (options.releasable_to, options.classification) != (None, None):
        stated.pop("tlp", None)  # it was said of the recipe's own label, of CLEAR as a rule
    return stated


def _check_originator(draft: Draft, originator: str, rows_say: bool, policy: Policy) -> None:
    if originator in policy.partners or (rows_say and not originator):
        return
    if not originator:
        raise _missing(draft, "originator")
    raise FileRefused(
        f"The originator {originator!r} of the file {draft.sheet.file_name} is not a registered partner.",
        f"Registered are {', '.join(sorted(policy.partners))}; say another with --originator, or register it"
        " in policy.toml.",
    )


def _missing(draft: Draft, what: str) -> FileRefused:
    return FileRefused(
        f"The file {draft.sheet.file_name} comes without a label: neither its rows, nor the options, nor the"
        f" recipe {draft.recipe.name} say the {what}.",
        "Say it with --originator and --level, or in the [label] of the recipe.",
    )


def _lists(said: Mapping[str, str]) -> dict[str, object]:
    return {name: _codes(text) if name in LISTS else text for name, text in said.items()}


def _codes(text: str) -> list[str]:
    """Codes of a list; a dash stands for the empty list (the originator alone)."""
    return [] if text == "-" else [part.strip() for part in re.split(r"[,;|]", text) if part.strip()]


def _label(
    draft: Draft,
    fields: dict[str, object],
    is_own: bool,
    policy: Policy,
    labels: dict[Label, int],
    options: LabelOptions,
) -> int | str:
    try:
        label = parse_label(fields, policy)
    except LabelMissing as error:
        raise _missing(draft, error.field) from error
    except LabelRefused as error:
        if is_own:
            return f"label: {error.message}"
        raise FileRefused(
            f"The label of the file {draft.sheet.file_name} cannot be taken: {error.message}", error.advice
        ) from error
    if options.delivered_by not in (None, label.originator):
        return (
            f"label: the originator is {label.originator}, and {options.delivered_by} delivers its own"
            " records only"
        )
    if label not in labels and len(labels) >= MOST_LABELS:
        return f"label: the file has more than {MOST_LABELS} different labels"
    return labels.setdefault(label, len(labels))


def _windows(draft: Draft, own: Mapping[str, Sequence[str]], now: datetime) -> None:
    for name, texts in own.items():
        values: list[object] = []
        for row, text in enumerate(texts):
            try:
                values.append(WINDOWS[name](text) if text else None)
            except NotAValue as problem:
                draft.note(row, f"{name}: {problem}")
                values.append(None)
        draft.values[name] = values
    begins, ends = draft.values.get("release_from"), draft.values.get("release_until")
    for row, (begin, end) in enumerate(zip(begins or (), ends or (), strict=False)):
        if begin is not None and end is not None and begin >= end:  # type: ignore[operator]
            draft.note(row, "release_until is not after release_from")
    for row, review in enumerate(draft.values.get("label_review_on") or ()):
        if isinstance(review, date) and review < now.date():
            draft.note(row, f"label_review_on {review} is past: nobody answers for the label any more")
