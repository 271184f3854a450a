"""A table of text to values of the schema, by a recipe. Pure; column by column.

What is not a value is noted as the record's problem: the record is held back later, with all of them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from data.basemap.countries import country_code
from data.errors import FileRefused
from data.feeds.recipe import KNOWN, ONE, Field, Figure, Recipe
from data.feeds.recipe_file import PLACEHOLDER, columns_named
from data.feeds.sheet import Sheet
from data.feeds.values import NotAValue, is_number, moment, number, reader_for
from data.feeds.wording import listed, shortened
from data.schema import DAY, DELIVERIES, FEEDS, INCIDENTS, Column

PLAIN_KEY = re.compile(r"^[A-Za-z0-9_-]+$")

LONGEST_ID = 200
"""Letters of a key that is its own id; of a longer one a digest is."""

Values = dict[str, list[object]]
Problems = dict[int, list[str]]


@dataclass(frozen=True)
class Draft:
    """The records of a file before place, label and revision.

    One entry a row of the sheet in every list. `natives`: what identifies the record in its source (for
    identical = several: the rows that share it are numbered later). `versions`: when the row's version
    was known; None: now. `problems`: by row, why it cannot be taken.
    """

    sheet: Sheet
    recipe: Recipe
    values: Values
    natives: list[str]
    versions: list[datetime | None]
    problems: Problems

    def note(self, row: int, problem: str) -> None:
        """Hold a row back."""
        self.problems.setdefault(row, []).append(shortened(problem))


def draft_of(sheet: Sheet, recipe: Recipe, known: datetime) -> Draft:
    """The sheet's rows as records; `known`: when the file is known. Raises FileRefused without a column."""
    _check_columns(sheet, recipe)
    problems: Problems = {row: [shortened(problem)] for row, problem in sheet.problems.items()}
    draft = Draft(sheet, recipe, {}, _natives(sheet, recipe), [None] * sheet.rows, problems)
    for name, value in recipe.constants.items():
        draft.values[name] = [value] * sheet.rows
    for item in recipe.columns:
        if item.sources == (KNOWN,):
            draft.values[item.target] = [_known(recipe, item, known)] * sheet.rows
        else:
            _fill(draft, item)
    if recipe.feed == INCIDENTS and "further_figures" not in draft.values:
        _figures(draft)
    if recipe.feed == DELIVERIES:
        _dollars(draft.values)
    _say_empty_lists(draft)
    _check_keys(draft)
    _versions(draft)
    return draft


def _check_columns(sheet: Sheet, recipe: Recipe) -> None:
    optional = recipe.file.optional
    missing = [name for name in columns_named(recipe) if name not in sheet.columns and name not in optional]
    if missing:
        raise FileRefused(
            f"The file {sheet.file_name} has no column {', '.join(repr(name) for name in missing)}, which the"
            f" recipe {recipe.name} needs; its columns are {listed(sheet.columns)}.",
            "Choose another recipe, or ask the partner for the whole file.",
        )


def _natives(sheet: Sheet, recipe: Recipe) -> list[str]:
    parts = [sheet.columns[name] for name in recipe.key]
    return [native_id(key) for key in zip(*parts, strict=True)]


def _check_keys(draft: Draft) -> None:
    """A record that is one fact must be named in full; of those that are numbered something must be."""
    recipe = draft.recipe
    parts = [draft.sheet.columns[name] for name in recipe.key]
    enough = all if recipe.identical == ONE else any
    for row, key in enumerate(zip(*parts, strict=True)):
        if not enough(key):
            draft.note(row, f"its key ({', '.join(recipe.key)}) is not said")


def native_id(key: Sequence[str]) -> str:
    """A key as one word: joined by dots where that is unambiguous and readable, else a digest of it."""
    if all(PLAIN_KEY.match(part) for part in key) and sum(map(len, key)) <= LONGEST_ID:
        return ".".join(key)
    whole = json.dumps(list(key), ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()[:20]


def _fill(draft: Draft, item: Field) -> None:
    column = FEEDS[draft.recipe.feed].by_name[item.target]
    texts = _texts(draft.sheet, item)
    reader = reader_for(column, item.dates or draft.recipe.dates, item.offset)
    read = _remembered(_mapped(item, _country(draft.recipe, item.otherwise) if item.country else reader))
    named = " or ".join(item.sources)
    values: list[object] = []
    for row, text in enumerate(texts):
        value, problem = read(text)
        if problem and item.text_to_notes and is_number(column):
            _add_note(draft, row, f"{named}: {text}")
        elif problem:
            draft.note(row, f"{named}: {problem}")
        values.append(value)
    draft.values[item.target] = _with_notes(draft, item.target, values)


def _known(recipe: Recipe, item: Field, known: datetime) -> datetime | date:
    return known.date() if FEEDS[recipe.feed].by_name[item.target].type == DAY else known


def _country(recipe: Recipe, otherwise: str | None) -> Callable[[str], object]:
    aliases = recipe.place.country_aliases

    def code(text: str) -> str:
        found = otherwise if text == otherwise else country_code(aliases.get(text, text))
        if found is None:
            raise NotAValue(f"{text!r} is not a country that is known")
        return found

    return code


def _texts(sheet: Sheet, item: Field) -> list[str]:
    """The first of the field's sources that says something, row by row."""
    said = [_source(sheet, source, item.blank) for source in item.sources]
    if len(said) == 1:
        return said[0]
    return [next((text for text in choices if text), "") for choices in zip(*said, strict=True)]


def _source(sheet: Sheet, source: str, blank: frozenset[str]) -> list[str]:
    if "{" not in source:
        texts = sheet.columns.get(source) or [""] * sheet.rows
        return ["" if text in blank else text for text in texts]
    names = PLACEHOLDER.findall(source)
    parts = [sheet.columns.get(name) or [""] * sheet.rows for name in names]
    pattern = PLACEHOLDER.sub("{}", source)
    return [
        pattern.format(*texts) if all(text and text not in blank for text in texts) else ""
        for texts in zip(*parts, strict=True)
    ]


def _mapped(item: Field, read: Callable[[str], object]) -> Callable[[str], object]:
    def value(text: str) -> object:
        if not text:
            return read(item.otherwise) if item.otherwise is not None else None
        if item.values is None:
            return read(text)
        word = item.values.get(text, item.unlisted)
        if word is None:
            raise NotAValue(f"{text!r} is not one of {', '.join(item.values)}")
        return read(word)

    return value


def _remembered(read: Callable[[str], object]) -> Callable[[str], tuple[object, str]]:
    """Each distinct text is read once."""
    known: dict[str, tuple[object, str]] = {}

    def value(text: str) -> tuple[object, str]:
        if text not in known:
            try:
                known[text] = (read(text), "")
            except NotAValue as problem:
                known[text] = (None, str(problem))
        return known[text]

    return value


def _add_note(draft: Draft, row: int, words: str) -> None:
    notes = draft.values.setdefault("notes", [None] * draft.sheet.rows)
    notes[row] = f"{notes[row]}; {words}" if notes[row] else words


def _with_notes(draft: Draft, target: str, values: list[object]) -> list[object]:
    """Notes kept from numbers stay when the recipe has words of its own for the notes."""
    before = draft.values.get(target) if target == "notes" else None
    if before is None:
        return values
    return [
        f"{own}; {kept}" if own and kept else own or kept for own, kept in zip(values, before, strict=True)
    ]


def _figures(draft: Draft) -> None:
    """The first figure is the report's metric, the others are its further figures where they are said."""
    figures = draft.recipe.figures
    read = _remembered(lambda text: number(text) if text else None)
    further: list[list[Mapping[str, object]]] = [[] for _ in range(draft.sheet.rows)]
    for place, figure in enumerate(figures):
        numbers: list[object] = []
        for row, text in enumerate(draft.sheet.columns[figure.source]):
            value, problem = read(text)
            if problem:
                draft.note(row, f"{figure.source}: {problem}")
            elif place and value is not None:
                further[row].append(_said(figure, value))
            numbers.append(value)
        if not place:
            for name, word in _said(figure, None).items():
                draft.values[name] = [word] * draft.sheet.rows
            draft.values["metric_value"] = numbers
    draft.values["further_figures"] = list(further)


def _said(figure: Figure, value: object) -> dict[str, object]:
    return {
        "metric": figure.metric,
        "metric_value": value,
        "metric_unit": figure.unit,
        "metric_period": figure.period,
        "metric_case_definition": figure.case_definition,
        "metric_adds_over_time": figure.adds_over_time,
        "metric_adds_over_area": figure.adds_over_area,
    }


def _dollars(values: Values) -> None:
    """An amount in dollars has that value in dollars. Of others no rate is known, and none is made up."""
    if "value" in values and "currency" in values:
        pairs = zip(values["value"], values["currency"], strict=True)
        values.setdefault("value_usd", [value if currency == "USD" else None for value, currency in pairs])


def _say_empty_lists(draft: Draft) -> None:
    for column in FEEDS[draft.recipe.feed].columns:
        if _is_list(column) and not column.nullable and column.name not in draft.values:
            draft.values[column.name] = [[] for _ in range(draft.sheet.rows)]


def _is_list(column: Column) -> bool:
    return str(column.type).startswith("list<")


def _versions(draft: Draft) -> None:
    recipe = draft.recipe
    if recipe.version_column is None:
        return
    read = _remembered(lambda text: moment(text, recipe.dates) + recipe.version_offset)
    for row, text in enumerate(draft.sheet.columns[recipe.version_column]):
        value, problem = read(text)
        if problem:
            draft.note(row, f"{recipe.version_column}: {problem}")
        draft.versions[row] = value if isinstance(value, datetime) else None


def falls(draft: Draft) -> dict[str, int]:
    """By metric taken last over time: how often it falls from one report of a series to the next.

    A series is the records that share the key apart from the version. Falls are reclassifications: they
    are kept as they came.
    """
    recipe, columns = draft.recipe, draft.sheet.columns
    parts = [columns[name] for name in recipe.key if name != recipe.version_column]
    series = list(zip(*parts, strict=True)) if parts else [()] * draft.sheet.rows
    first = datetime.min.replace(tzinfo=UTC)
    order = sorted(range(draft.sheet.rows), key=lambda row: draft.versions[row] or first)
    counts: dict[str, int] = {}
    for figure in recipe.figures:
        if figure.adds_over_time != "last":
            continue
        last: dict[tuple[str, ...], float] = {}
        for row in order:
            text = columns[figure.source][row]
            if row in draft.problems or not text:
                continue
            value = number(text)
            if value < last.get(series[row], value):
                counts[figure.metric] = counts.get(figure.metric, 0) + 1
            last[series[row]] = value
    return counts
