"""Declared sources: what comes for which partner, by which recipe, from where, and how often it is expected.

    [[source]]
    id = "quakes"
    partner = "USGS"                 # whose records they are
    recipe = "usgs-quakes"
    address = "https://quakes.example/summary/all_day.geojson"   # without: files come into its inbox
    every = "PT5M"                   # how often the worker fetches it; without: `pull` alone does
    cadence = "PT1H"                 # how often something new is expected
    level = "OPEN"                   # of the label; without: the recipe's
    releasable_to = ["PUBLIC"]       # likewise

They stand in the home's state.sqlite; `sources load` and `sources dump` move them in and out, all together.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from data.errors import PolicyError, SourceRefused
from data.feeds.recipe_file import recipes
from data.home import Home
from data.home_database import state_of
from data.labels import PUBLIC
from data.partners import Policy
from data.policy import policy_document
from data.policy_table import Table, duration, is_code, unlike

KEYS = "id partner recipe address every cadence level releasable_to"
SHORTEST = timedelta(seconds=10)
"""A service is not asked more often."""

TABLES = (
    "CREATE TABLE IF NOT EXISTS sources (id TEXT PRIMARY KEY, said TEXT NOT NULL)",
    """
CREATE TABLE IF NOT EXISTS source_pulls (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL, at TEXT NOT NULL,
    failures INTEGER NOT NULL, said TEXT NOT NULL
)""",
)
ALL = "SELECT said FROM sources ORDER BY id"
ADD = "INSERT INTO sources VALUES (?, ?)"
PULLED = "SELECT digest, etag, modified, at, failures, said FROM source_pulls WHERE id = ?"
NOTE = "INSERT OR REPLACE INTO source_pulls VALUES (?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class DeclaredSource:
    """One of them. `every` None: fetched by hand alone; `cadence` None: it is learnt from what came."""

    id: str
    partner: str
    recipe: str
    address: str = ""
    every: timedelta | None = None
    cadence: timedelta | None = None
    level: str | None = None
    releasable_to: tuple[str, ...] | None = None

    @property
    def digest(self) -> str:
        """Of all that says what an answer becomes: another partner's or label's was never fetched."""
        said = [self.partner, self.recipe, self.address, self.level, self.releasable_to]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True)
class LastPull:
    """What is known of the last fetching: what the service called its answer, when, and what came of it."""

    etag: str = ""
    modified: str = ""
    at: datetime | None = None
    failures: int = 0
    said: str = ""


@dataclass(frozen=True)
class Sources:
    """All sources of a home. HomeError when the state cannot be used."""

    home: Home

    def all(self) -> tuple[DeclaredSource, ...]:
        """Every source, by its id."""
        if not self.home.state_file.exists():
            return ()
        with state_of(self.home, TABLES) as state:
            return tuple(_stored(json.loads(row[0])) for row in state.execute(ALL).fetchall())

    def of(self, source_id: str) -> DeclaredSource:
        """The source of this id. Raises SourceRefused."""
        found = {source.id: source for source in self.all()}
        if source_id not in found:
            there = f"There are: {', '.join(found)}." if found else "Declare it in a file for `sources load`."
            raise SourceRefused(f"There is no source {source_id!r}.", there)
        return found[source_id]

    def load(self, content: bytes, where: str) -> tuple[DeclaredSource, ...]:
        """These and no others from now on. Raises SourceRefused, and takes none, for a wrong one."""
        found = parse_sources(content, where, self.home.policy())
        with state_of(self.home, TABLES) as state:
            state.execute("DELETE FROM sources")
            state.executemany(ADD, [(source.id, _as_json(source)) for source in found])
            state.commit()
        return found

    def last_pull(self, source: DeclaredSource) -> LastPull:
        """Of the source as it is declared now."""
        with state_of(self.home, TABLES) as state:
            row = state.execute(PULLED, (source.id,)).fetchone()
        if row is None or row[0] != source.digest:
            return LastPull()
        _digest, etag, modified, at, failures, said = row
        return LastPull(etag, modified, datetime.fromisoformat(at), failures, said)

    def note(self, source: DeclaredSource, last: LastPull, at: datetime) -> None:
        """Keep what came of it."""
        when = at.astimezone(UTC).isoformat()
        with state_of(self.home, TABLES) as state:
            row = (source.id, source.digest, last.etag, last.modified, when, last.failures, last.said)
            state.execute(NOTE, row)
            state.commit()


def parse_sources(content: bytes, where: str, policy: Policy) -> tuple[DeclaredSource, ...]:
    """The sources of a TOML file. Raises SourceRefused naming the key and what was expected."""
    try:
        tables = Table(where, policy_document(content, where)).only("source").tables("source")
        unlike(tables, "id")
        return tuple(_source(table.only(KEYS), policy) for table in tables)
    except PolicyError as error:
        raise SourceRefused(error.message, error.advice) from error


def as_toml(sources: tuple[DeclaredSource, ...]) -> str:
    """The sources as `sources load` takes them."""
    return "\n".join(_table_of(source) for source in sources)


def _source(table: Table, policy: Policy) -> DeclaredSource:
    lists = table.strings("releasable_to", lambda code: code == PUBLIC or is_code(code), "codes")
    return DeclaredSource(
        id=table.identifier("id"),
        partner=table.one_of("partner", list(policy.partners)),
        recipe=table.one_of("recipe", [recipe.name for recipe in recipes()]),
        address=_address(table),
        every=_duration(table, "every"),
        cadence=_duration(table, "cadence"),
        level=table.one_of("level", policy.levels) if "level" in table.values else None,
        releasable_to=lists if "releasable_to" in table.values else None,
    )


def _address(table: Table) -> str:
    address = table.text("address", "")
    if not address:
        if "every" in table.values:
            table.refuse(
                "every", table.values["every"], "an address beside it: nothing is fetched without one"
            )
        return ""
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        whole = False
    if not whole:
        table.refuse(
            "address", address, "an address that begins with https:// or http://, without a name in it"
        )
    return address


def _duration(table: Table, key: str) -> timedelta | None:
    if key not in table.values:
        return None
    length = table.duration(key)
    if length < SHORTEST:
        table.refuse(key, table.values[key], "a duration of 10 seconds or more, as PT15M")
    return length


def _as_json(source: DeclaredSource) -> str:
    told = {name: value for name, value in vars(source).items() if value is not None and value != ""}
    return json.dumps(told | {name: _iso(told[name]) for name in ("every", "cadence") if name in told})


def _stored(told: dict[str, object]) -> DeclaredSource:
    lists = told.get("releasable_to")
    return DeclaredSource(
        id=str(told["id"]),
        partner=str(told["partner"]),
        recipe=str(told["recipe"]),
        address=str(told.get("address", "")),
        every=duration(str(told.get("every", ""))),
        cadence=duration(str(told.get("cadence", ""))),
        level=str(told["level"]) if "level" in told else None,
        releasable_to=tuple(lists) if isinstance(lists, list) else None,
    )


def _iso(length: object) -> str:
    return f"PT{int(length.total_seconds())}S" if isinstance(length, timedelta) else str(length)


def _table_of(source: DeclaredSource) -> str:
    said = json.loads(_as_json(source))
    lines = [f"{key} = {json.dumps(said[key], ensure_ascii=False)}" for key in KEYS.split() if key in said]
    return "\n".join(["[[source]]", *lines, ""])
