"""The house itself: floors, sizes, names, and what stands in one place only.

import-linter and ruff hold most of this in `make check`; here it is held again on the sources, so that
switching a linter off does not open a floor, and with the rules no linter knows.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PACKAGES = ("data", "layers", "dashboard")
NOT_SOURCES = {".git", ".venv", ".hypothesis", "var", "build", "__pycache__"}

FRAMEWORK = {"dash", "dash_leaflet", "dash_mantine_components", "plotly", "fastapi", "starlette", "uvicorn"}
CLOSED_TO = {
    "data": FRAMEWORK | {"layers", "dashboard", "app"},
    "layers": {"dash", "fastapi", "starlette", "duckdb", "requests", "dashboard", "app"},
    "dashboard": {"app"},
}
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "core"}
MODULE_AIM, MODULE_CAP = 200, 300
FUNCTION_AIM, FUNCTION_CAP = 40, 60
DATA_TABLE_SHARE = 0.25
SQL = re.compile(
    r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|DROP|ALTER|ATTACH|COPY|WITH)\s[\s\S]*", re.I
)
SQL_SECOND_WORD = re.compile(r"\b(FROM|INTO|SET|TABLE|VIEW|VALUES|WHERE|SCHEMA)\b")


@dataclass(frozen=True)
class Source:
    """One Python file of ours."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(PROJECT).as_posix()

    @property
    def floor(self) -> str:
        return self.name.split("/")[0]

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every module imported anywhere in the file, also inside functions, with its line."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module, node.lineno
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


SOURCES = [Source(path) for package in PACKAGES for path in sorted((PROJECT / package).rglob("*.py"))] + [
    Source(path) for path in PROJECT.glob("*.py")
]


def lines(node: ast.AST) -> int:
    return (node.end_lineno or 0) - node.lineno + 1  # type: ignore[attr-defined]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression of names, else nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def text_files(*suffixes: str) -> Iterator[Path]:
    """The project's own text files, wherever they are."""
    for path in sorted(PROJECT.rglob("*")):
        inside = path.relative_to(PROJECT)
        if NOT_SOURCES.intersection(inside.parts) or any(
            part.endswith((".egg-info", "_cache")) for part in inside.parts
        ):
            continue
        if path.is_file() and (not suffixes or path.suffix in suffixes):
            yield path


def found(rule: Callable[[Source], Iterator[str] | list[str]]) -> list[str]:
    return [fault for source in SOURCES for fault in rule(source)]


def test_floors_are_never_climbed_back() -> None:
    def rule(source: Source) -> list[str]:
        closed = CLOSED_TO.get(source.floor, set())
        return [
            f"{source.name}:{at} imports {name}"
            for name, at in source.imports()
            if name.split(".")[0] in closed
        ]

    assert found(rule) == []


def test_only_the_connection_opens_duckdb() -> None:
    def rule(source: Source) -> list[str]:
        return [
            f"{source.name}:{at}"
            for name, at in source.imports()
            if name.split(".")[0] in {"duckdb", "_duckdb"} and source.name != "data/connection.py"
        ]

    assert found(rule) == []


def test_only_what_became_of_ones_own_is_asked_of_the_lake_itself() -> None:
    def rule(source: Source) -> list[str]:
        allowed = {"data/became.py", "data/released.py"}
        return [source.name] if "own_of_the_lake" in source.text and source.name not in allowed else []

    assert found(rule) == []


AUDIT_FILES = re.compile(r"trail\.jsonl|checkpoints\.jsonl|audit_key|torn-")


def test_only_the_audit_trail_opens_its_files() -> None:
    """Elsewhere nobody asks a home for its audit folder or its key, or writes the name of a file there."""
    own = ("data/audit/", "data/home.py")
    inside = {"data.audit.places", "data.audit.trail_file", "data.audit.writing"}

    def rule(source: Source) -> Iterator[str]:
        if source.name.startswith(own):
            return
        yield from (f"{source.name}:{at} imports {name}" for name, at in source.imports() if name in inside)
        for node in source.nodes:
            if isinstance(node, ast.Attribute) and node.attr in {"audit", "audit_key_file"}:
                yield f"{source.name}:{node.lineno} asks for {node.attr}"
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and AUDIT_FILES.search(node.value)
            ):
                yield f"{source.name}:{node.lineno} names a file of the audit trail"

    assert found(rule) == []


CUBE_INSIDE = {"data.cube.counting", "data.cube.kept", "data.cube.known", "data.lake_countable"}
CUBE_MAKER = "dashboard/commands/cube.py"
CUBE_READERS = {"data/cube/published.py", "data/cube/cells.py", "data/cube/weeks.py"}


def test_the_published_cube_is_no_way_around_release() -> None:
    """One function reads the lake for it, one command publishes; what answers a request reads what is out."""

    def rule(source: Source) -> Iterator[str]:
        inside = source.name.startswith("data/cube/") or source.name == "data/lake.py"
        for name, at in source.imports():
            if name in CUBE_INSIDE and not inside:
                yield f"{source.name}:{at} imports {name}"
            if name == "data.cube.publish" and source.name != CUBE_MAKER:
                yield f"{source.name}:{at} imports {name}"
            if source.name in CUBE_READERS and name.startswith("data.lake"):
                yield f"{source.name}:{at} reads the lake"
        for node in source.nodes:
            asks = isinstance(node, ast.Attribute) and node.attr == "countable"
            if asks and source.name != "data/cube/counting.py":
                yield f"{source.name}:{node.lineno} asks for countable rows"
            named = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if named and not inside and re.search(r"cube_(marks|added|figures)", str(node.value)):
                yield f"{source.name}:{node.lineno} names a table of the cube"

    assert found(rule) == []


def test_no_module_is_imported_by_its_name_as_text() -> None:
    def rule(source: Source) -> Iterator[str]:
        for node in source.nodes:
            if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] in {
                "import_module",
                "__import__",
            }:
                yield f"{source.name}:{node.lineno}"

    assert found(rule) == []


def test_one_clock() -> None:
    clocks = {"now", "utcnow", "today"}

    def rule(source: Source) -> Iterator[str]:
        for node in source.nodes:
            if source.name == "data/clock.py" or not isinstance(node, ast.Call):
                continue
            called = dotted(node.func).split(".")
            if (called[-1] in clocks and called[-2:-1] in (["datetime"], ["date"])) or called == [
                "time",
                "time",
            ]:
                yield f"{source.name}:{node.lineno}"

    assert found(rule) == []


def test_no_file_without_a_home() -> None:
    named = [
        path.relative_to(PROJECT).as_posix()
        for path in text_files(".py", ".js", ".css")
        if path.stem in BANNED_NAMES
    ]
    assert named == []


def test_every_module_says_what_it_holds() -> None:
    assert [source.name for source in SOURCES if not ast.get_docstring(source.tree)] == []


def is_data_table(source: Source) -> bool:
    """A module that is nearly all values: columns, names, vocabularies."""
    inside = sum(lines(node) for node in source.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return inside < DATA_TABLE_SHARE * len(source.text.splitlines())


def test_modules_and_functions_stay_small(record_property: Callable[[str, object], None]) -> None:
    modules = {s.name: len(s.text.splitlines()) for s in SOURCES if not is_data_table(s)}
    functions = {f"{s.name}:{f.name}": lines(f) for s in SOURCES for f in s.functions()}
    long_modules = sum(n > MODULE_AIM for n in modules.values())
    long_functions = sum(n > FUNCTION_AIM for n in functions.values())
    record_property(
        "note",
        f"{long_modules} of {len(modules)} modules are over {MODULE_AIM} lines,"
        f" {long_functions} of {len(functions)} functions over {FUNCTION_AIM}",
    )
    assert {name: n for name, n in modules.items() if n > MODULE_CAP} == {}
    assert {name: n for name, n in functions.items() if n > FUNCTION_CAP} == {}


def sql_text(node: ast.AST) -> str:
    """The fixed text of a string or f-string when it is SQL, `\\0` where a value is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)
    else:
        return ""
    return text if SQL.fullmatch(text) and SQL_SECOND_WORD.search(text) else ""


def test_sql_stands_in_data_only() -> None:
    def rule(source: Source) -> Iterator[str]:
        docstrings = {id(n.value) for n in source.nodes if isinstance(n, ast.Expr)}
        for node in source.nodes:
            if source.floor != "data" and id(node) not in docstrings and sql_text(node):
                yield f"{source.name}:{node.lineno}"  # type: ignore[attr-defined]

    assert found(rule) == []


def test_values_reach_sql_as_parameters_only() -> None:
    def rule(source: Source) -> Iterator[str]:
        for node in source.nodes:
            if isinstance(node, ast.JoinedStr) and "'\0" in sql_text(node):
                yield f"{source.name}:{node.lineno} puts a value between quotes"
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and sql_text(node.left):
                yield f"{source.name}:{node.lineno} formats SQL with %"
            if isinstance(node, ast.Attribute) and node.attr == "format" and sql_text(node.value):
                yield f"{source.name}:{node.lineno} formats SQL"

    assert found(rule) == []


def callbacks(source: Source) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, ast.Call]]:
    for function in source.functions():
        for decorator in function.decorator_list:
            is_callback = isinstance(decorator, ast.Call) and dotted(decorator.func).endswith(".callback")
            if is_callback and "typer" not in dict(source.imports()):
                yield function, decorator


def test_every_callback_is_async() -> None:
    def rule(source: Source) -> Iterator[str]:
        for function, _ in callbacks(source):
            if isinstance(function, ast.FunctionDef):
                yield f"{source.name}:{function.lineno} {function.name} would block every viewer"
        for node in source.nodes:
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Call)
                and dotted(node.func.func).endswith(".callback")
            ):
                yield f"{source.name}:{node.lineno} write a callback as a decorated async function"

    assert found(rule) == []


def _is_false(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def test_no_global_callbacks_pages_or_generated_assets() -> None:
    banned = {
        "dash.callback",
        "dash.clientside_callback",
        "dash.register_page",
        "dash_extensions.javascript.assign",
    }

    def rule(source: Source) -> Iterator[str]:
        yield from (f"{source.name}:{at} imports {name}" for name, at in source.imports() if name in banned)
        for node in source.nodes:
            if isinstance(node, ast.Attribute) and dotted(node) in banned:
                yield f"{source.name}:{node.lineno} uses {dotted(node)}"
            if isinstance(node, ast.keyword) and node.arg == "use_pages" and not _is_false(node.value):
                yield f"{source.name}:{node.value.lineno} uses use_pages"

    assert found(rule) == []


def test_graphs_come_from_the_one_factory() -> None:
    def rule(source: Source) -> Iterator[str]:
        if source.name == "dashboard/panels/graph.py":
            return
        yield from (f"{source.name}:{at}" for name, at in source.imports() if name == "dash.dcc.Graph")
        for node in source.nodes:
            if isinstance(node, ast.Attribute) and dotted(node).endswith("dcc.Graph"):
                yield f"{source.name}:{node.lineno}"

    assert found(rule) == []


def test_only_app_and_the_settings_read_the_environment() -> None:
    def rule(source: Source) -> Iterator[str]:
        for node in source.nodes:
            if isinstance(node, ast.Attribute) and dotted(node) in {"os.environ", "os.getenv", "os.environb"}:
                yield f"{source.name}:{node.lineno}"

    assert [fault for fault in found(rule) if not fault.startswith(("app.py", "dashboard/settings.py"))] == []


FOREIGN_SCRIPT = re.compile(
    r"@license|@preserve|copyright|\(c\) ?\d{4}|sourceMappingURL|licensed under|SPDX-License"
    r"|module\.exports|define\.amd",
    re.I,
)
ADDRESS = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+|@import", re.I)


def test_scripts_of_the_page_are_our_own() -> None:
    for path in text_files(".js", ".mjs"):
        text = path.read_text("utf-8")
        assert not FOREIGN_SCRIPT.search(text), f"{path.name} looks like somebody else's work"
        assert max(map(len, text.splitlines()), default=0) < 200, f"{path.name} looks minified"
        assert len(text) < 60_000, f"{path.name} is too big to be written by hand"
        assert "\n(function (" in text, f"{path.name} has names that are not in the one namespace"


def test_assets_load_nothing_from_another_host() -> None:
    for path in text_files(".js", ".css", ".svg", ".html"):
        if path.relative_to(PROJECT).parts[0] != "assets":
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            code = re.sub(r"^\s*(//|\*).*", "", line)
            assert not ADDRESS.search(code), f"{path.name}:{number}: {line.strip()[:80]}"


NOT_IN_ANY_FILE = {
    "a package registry": re.compile(
        r"pypi\.org|pythonhosted\.org|npmjs\.(org|com)|registry\.[a-z]|--?(extra-)?index-url|--find-links|jsdelivr|unpkg\.com",
        re.I,
    ),
    "a place on one machine": re.compile(r"(?<![\w.~}/-])/(work|root|opt|home/\w+)/"),
}


@pytest.mark.parametrize("what", NOT_IN_ANY_FILE)
def test_no_file_names(what: str) -> None:
    named = []
    for path in text_files():
        if path == Path(__file__).resolve() or path.suffix in {".png", ".mo", ".parquet", ".pyc"}:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        named += [
            f"{path.relative_to(PROJECT)}: {match[0]}" for match in NOT_IN_ANY_FILE[what].finditer(text)
        ]
    assert named == []


BAD_IMPORTS = {
    "dashboard -> layers -> data, never back": ("layers/maps.py", "import dashboard.view"),
    "data knows no user interface": ("data/schema.py", "import plotly"),
    "layers build pictures: no callbacks, no questions, no requests": ("layers/maps.py", "import dash"),
    "panels do not know each other": ("dashboard/panels/totals.py", "import dashboard.panels.timeline"),
    "routes do not know each other": ("dashboard/routes/tiles.py", "import dashboard.routes.events"),
    "only the connection opens DuckDB": ("data/schema.py", "import duckdb"),
    "only the audit trail opens its files": ("dashboard/view.py", "import data.audit.places"),
    "nothing but its publication counts for the cube": ("dashboard/view.py", "import data.cube.counting"),
    "nothing imports app": ("dashboard/view.py", "import app"),
}
SKELETON = (
    "data/__init__ data/schema data/connection layers/__init__ layers/maps dashboard/__init__ dashboard/view"
    " dashboard/panels/__init__ dashboard/panels/totals dashboard/panels/timeline dashboard/panels/graph"
    " dashboard/routes/__init__ dashboard/routes/tiles dashboard/routes/events"
    " data/audit/__init__ data/audit/places data/audit/trail_file data/audit/writing"
    " data/cube/__init__ data/cube/counting data/cube/kept data/lake_countable data/lake"
)


def lint_imports(folder: Path, name: str, words: str) -> str:
    for module in SKELETON.split():
        path = folder / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (folder / "pyproject.toml").write_text((PROJECT / "pyproject.toml").read_text("utf-8"))
    (folder / "data/connection.py").write_text("import duckdb\n")
    (folder / "dashboard/panels/totals.py").write_text("import dashboard.panels.graph\n")
    (folder / name).write_text(f"{words}\n")
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return re.sub(r"\s+", " ", done.stdout + done.stderr)


def test_every_contract_has_a_bad_import_that_it_is_tried_with() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    assert {contract["name"] for contract in contracts} == set(BAD_IMPORTS)


@pytest.mark.parametrize("contract", BAD_IMPORTS)
def test_a_bad_import_breaks_its_contract(contract: str, tmp_path: Path) -> None:
    said = lint_imports(tmp_path, *BAD_IMPORTS[contract])
    assert f"{contract} BROKEN" in said


SIDES = re.compile(r"(?:margin|padding|border)-(?:left|right)\b|text-align: (?:left|right)|float:")


def test_style_sheets_say_start_and_end() -> None:
    """A page that is read from right to left is mirrored by its style sheet alone."""
    for path in (PROJECT / "assets").glob("*.css"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            plain = re.sub(r'^:root\[dir="rtl"\].*|^  text-align: right;$', "", line)
            assert not SIDES.search(plain), f"{path.name}:{number}: {line.strip()[:80]}"
