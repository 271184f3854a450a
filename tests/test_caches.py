"""Whatever is kept between two questions is listed here, with why nobody is answered with another's.

The caches are found in the sources: functions whose answers are kept, containers that outlive a call, and
what an object remembers. One that is added later fails here until it is keyed by the policy set or shown to
hold nothing of a viewer's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields

import pytest

from data.policy_set import PolicySet
from data.released import Released, SnapshotKey
from tests.test_architecture import PROJECT, SOURCES, Source, dotted

KEEPING = {"cache", "lru_cache", "cached_property"}
CONTAINERS = {
    *(
        "Kept",
        "WhileUnchanged",
        "OrderedDict",
        "deque",
        "defaultdict",
        "dict",
        "list",
        "set",
        "Counter",
        "ContextVar",
        "RunVar",
    ),
    *("WeakKeyDictionary", "WeakValueDictionary", "TTLCache", "LRUCache"),
}
ONE_RUN = ("data/sample/", "data/feeds/", "data/cases/", "data/audit/", "dashboard/commands/")
"""Commands, which end with what they did, and the trail, which is no cache."""

OF_THE_SNAPSHOT = "lives and ends with one Released, whose key has the policy set"
BY_SNAPSHOT = "keyed by SnapshotKey, whose first part is the policy set"
PUBLIC = "the same for everybody: from files of ours or public geography"
PURE = "follows from its argument alone, which whoever asks has already"
PER_REQUEST = "set anew for each request"
COUNTED = "how often or when somebody asked, by whom; no answers"
ANSWER = "a part of one answer, made with it"

CACHES: Mapping[str, str] = {
    "dashboard/access/attempts.py: Attempts._accounts": COUNTED,
    "dashboard/access/attempts.py: Attempts._addresses": COUNTED,
    "dashboard/access/attempts.py: Attempts._browsers": COUNTED,
    "dashboard/access/denials.py: Denials._left_out": COUNTED,
    "dashboard/access/file_rate.py: FileRate._taken": COUNTED,
    "dashboard/access/oidc.py: Provider._known": "what the provider says of itself to everybody",
    "dashboard/access/recorded.py: Grouped._seen": COUNTED,
    "dashboard/access/viewing.py: _purpose": PER_REQUEST,
    "dashboard/access/viewing.py: _viewer": PER_REQUEST,
    "dashboard/api_document.py: api_document": "how records are posted, the same for everybody",
    "dashboard/application.py: security": "headers, the same for everybody",
    "dashboard/asking.py: _beside": "threads of one loop, no answers",
    "dashboard/asking.py: _pool": "threads of one loop, no answers",
    "dashboard/asking.py: _posts": "threads of one loop, no answers",
    "dashboard/controls/codes.py: _categories": PUBLIC,
    "dashboard/controls/codes.py: vocabulary": PUBLIC,
    "dashboard/kept_files.py: KeptFiles._kept": "libraries and files of ours, by their address",
    "dashboard/languages.py: _language": PER_REQUEST,
    "dashboard/own_index.py: _path": PER_REQUEST,
    "dashboard/picture.py: Picture.beside": ANSWER,
    "dashboard/picture.py: Picture.scales": ANSWER,
    "dashboard/routes/basemap.py: Kept._made": PUBLIC,
    "dashboard/routes/events.py: Watch._seen": "by viewer: when each was last asked for, and its own version",
    "dashboard/view_values.py: Notices._said": ANSWER,
    "dashboard/words.py: _catalogue": PUBLIC,
    "data/accountability.py: Account.actions": ANSWER,
    "data/accountability.py: Account.by_partner": ANSWER,
    "data/answers.py: Marks.unplaced_by_country": ANSWER,
    "data/basemap/countries.py: _areas": PUBLIC,
    "data/basemap/countries.py: _codes": PUBLIC,
    "data/basemap/countries.py: _names": PUBLIC,
    "data/basemap/world.py: countries": PUBLIC,
    "data/basemap/world.py: towns": PUBLIC,
    "data/basemap/world.py: whole_land": PUBLIC,
    "data/basemap/world.py: world": PUBLIC,
    "data/columns.py: Columns._arrays": OF_THE_SNAPSHOT,
    "data/columns.py: Columns._codes": OF_THE_SNAPSHOT,
    "data/columns.py: Columns._texts": OF_THE_SNAPSHOT,
    "data/columns_without.py: ColumnsWithout._made": OF_THE_SNAPSHOT,
    "data/drawn_area.py: bounds": PURE,
    "data/drawn_area.py: km2": PURE,
    "data/drawn_area.py: shape": PURE,
    "data/extensions.py: extension": PUBLIC,
    "data/kept.py: Kept._making": "as its owner, which is reviewed here",
    "data/kept.py: Kept._values": "as its owner, which is reviewed here",
    "data/lake_questions.py: LakeQuestions._connection": "a writer, no answers",
    "data/lake.py: LakeWriter._lock": "a writer, no answers",
    "data/lake_questions.py: LakeQuestions._labels": "the lake's own labels, for whoever writes it",
    "data/organisations/register.py: public_register": PUBLIC,
    "data/organisations/register.py: shipped": PUBLIC,
    "data/organisations/spelling.py: _countries": PUBLIC,
    "data/organisations/spelling.py: _knowledge": PUBLIC,
    "data/organisations/spelling.py: _words_of": PURE,
    "data/organisations/spelling.py: language": PUBLIC,
    "data/organisations/spelling.py: nobody": PUBLIC,
    "data/organisations/spelling.py: spelling": PURE,
    "data/partners.py: digest": PURE,
    "data/passwords.py: _hasher": "how hashes are made, no hash of anybody's",
    "data/passwords.py: _nobodys": "the hash of a password that nobody has",
    "data/policy_force.py: InForce._last": "the policy, by its bytes, for the server alone",
    "data/policy_staged.py: Told.figures": ANSWER,
    "data/purge.py: _Judge.known": "one run of a command",
    "data/purge.py: _Judge.labels": "one run of a command",
    "data/regions_shown.py: RegionIndex._within": PUBLIC,
    "data/regions_shown.py: _shapes": PUBLIC,
    "data/regions_shown.py: children": PUBLIC,
    "data/regions_shown.py: country_regions": PUBLIC,
    "data/regions_shown.py: version": PUBLIC,
    "data/released.py: Released._answers": OF_THE_SNAPSHOT,
    "data/released.py: Released._columns": OF_THE_SNAPSHOT,
    "data/released_tables.py: Tables._columns": OF_THE_SNAPSHOT,
    "data/released.py: Released._picked": OF_THE_SNAPSHOT,
    "data/released.py: Released._things": OF_THE_SNAPSHOT,
    "data/search.py: _aliases": PUBLIC,
    "data/search.py: _town_names": PUBLIC,
    "data/search_text.py: _plain": PURE,
    "data/seen_by.py: OwnSeen.hidden": ANSWER,
    "data/store.py: Store._aside": "policy sets, no answers",
    "data/store.py: Store._building": BY_SNAPSHOT,
    "data/store.py: Store._knowledge": "a time for the server's clock alone, no answer",
    "data/store.py: Store._newest": "the number of the lake's state, for the server alone",
    "data/store.py: Store._reader": "a connection, no answers",
    "data/store.py: Store._regions": PUBLIC,
    "data/store.py: Store._freed": "names of tables that nobody can ask of any more",
    "data/store.py: Store._snapshots": BY_SNAPSHOT,
    "data/unchanged.py: WhileUnchanged._kept": "as its owner, which is reviewed here",
    "data/withheld.py: Reported._known": "what is withheld, for the server alone",
    "data/words.py: _signs": PUBLIC,
    "layers/basemap.py: coast_lines": PUBLIC,
    "layers/basemap.py: country_labels": PUBLIC,
    "layers/basemap.py: land": PUBLIC,
}


def kept_things(source: Source) -> Iterator[str]:
    """What of this file outlives a call: `file: name`."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            made = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
            if any(dotted(each).split(".")[-1] in KEEPING for each in made):
                yield f"{source.name}: {node.name}"
        if isinstance(node, ast.ClassDef):
            yield from (f"{source.name}: {node.name}.{name}" for name in _fields(node))
    yield from (f"{source.name}: {name}" for name in _assigned(source.tree.body))


def _fields(node: ast.ClassDef) -> Iterator[str]:
    """What objects of a class remember that can be filled later."""
    for part in node.body:
        if isinstance(part, ast.AnnAssign) and part.value is not None and _is_made(part.value):
            yield dotted(part.target)
        if isinstance(part, ast.FunctionDef) and part.name == "__init__":
            for each in ast.walk(part):
                targets = each.targets if isinstance(each, ast.Assign) else []
                targets = [each.target] if isinstance(each, ast.AnnAssign) else targets
                value = each.value if isinstance(each, ast.Assign | ast.AnnAssign) else None
                own = [dotted(one) for one in targets if dotted(one).startswith("self.")]
                if own and value is not None and (_is_made(value) or _is_nothing(value)):
                    yield from (name.removeprefix("self.") for name in own)


def _assigned(body: list[ast.stmt]) -> Iterator[str]:
    """Names of a module that can be filled later."""
    for part in body:
        value = part.value if isinstance(part, ast.Assign | ast.AnnAssign) else None
        targets = part.targets if isinstance(part, ast.Assign) else []
        targets = [part.target] if isinstance(part, ast.AnnAssign) else targets
        if value is not None and _is_made(value):
            yield from (dotted(target) for target in targets)


def _is_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_made(value: ast.expr) -> bool:
    """An empty container, a call that makes one, a field that does, or one of each of something."""
    if isinstance(value, ast.Dict | ast.List | ast.Set):
        return not (value.keys if isinstance(value, ast.Dict) else value.elts)
    if isinstance(value, ast.DictComp | ast.ListComp | ast.SetComp):
        return _is_made(value.value if isinstance(value, ast.DictComp) else value.elt)
    if not isinstance(value, ast.Call):
        return False
    called = value.func.value if isinstance(value.func, ast.Subscript) else value.func
    if dotted(called).split(".")[-1] == "field":
        return any(_makes(each.value) for each in value.keywords if each.arg == "default_factory")
    return dotted(called).split(".")[-1] in CONTAINERS


def _makes(value: ast.expr) -> bool:
    return dotted(value).split(".")[-1] in CONTAINERS or (
        isinstance(value, ast.Lambda) and _is_made(value.body)
    )


def test_every_cache_is_reviewed_here() -> None:
    found = {
        name for source in SOURCES if not source.name.startswith(ONE_RUN) for name in kept_things(source)
    }
    assert found == set(CACHES), "say in CACHES why nobody is answered from it with another's"


@pytest.mark.parametrize(
    "added",
    [
        "from functools import cache\n@cache\ndef totals(): ...",
        "import functools\n@functools.lru_cache(maxsize=9)\ndef totals(): ...",
        "_totals = {}",
        "_totals: dict[str, int] = {}",
        "class Panel:\n    def __init__(self):\n        self.totals = {}",
        "class Panel:\n    def __init__(self):\n        self.totals: Kept[int] = Kept(9)",
        "class Panel:\n    def __init__(self):\n        self.last = None",
        "class Panel:\n    totals: Kept[int] = field(default_factory=lambda: Kept(9))",
    ],
)
def test_a_cache_is_found_however_it_is_written(added: str) -> None:
    before, after = (Source(PROJECT / "dashboard" / "panels" / "totals.py") for _ in range(2))
    after.__dict__["text"] = f"{before.text}\n{added}\n"
    assert set(kept_things(after)) - set(kept_things(before))


def test_a_snapshot_has_no_key_without_the_policy_set() -> None:
    first, *_rest = fields(SnapshotKey)
    assert (first.name, first.type, first.default) == ("policy_set", PolicySet.__name__, MISSING)
    held = {each.name: each for each in fields(Released)}
    assert held["key"].default is MISSING
