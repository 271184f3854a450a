"""Mutants of the modules that decide: the sources with one thing else in them, loaded beside the real ones.

A rule is dropped, a comparison flipped, `and` made `or`, a constant another. Words for people (texts with
blanks, f-strings) are left alone: no rule hangs on them.
"""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import data
import data.release

PROJECT = Path(__file__).resolve().parents[2]
MODULES = ("decision", "doubts", "agreed", "policy_set", "release")
"""In the order in which they need each other."""

FLIPPED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Sub: ast.BitOr, ast.Add: ast.Sub,
}  # fmt: skip
TWINS = {"any": "all", "all": "any", "max": "min", "min": "max"}

Change = Callable[[ast.AST], None]


@dataclass(frozen=True)
class Mutant:
    """What is else, where (line), and how the node at this place of the walk is changed."""

    module: str
    line: int
    what: str
    place: int
    change: Change

    def __str__(self) -> str:
        return f"data/{self.module}.py:{self.line} {self.what}"


def mutants() -> list[Mutant]:
    """All of them, in the order of the sources."""
    return [mutant for module in MODULES for mutant in _of_module(module)]


def _tree(module: str) -> ast.Module:
    return ast.parse((PROJECT / "data" / f"{module}.py").read_text("utf-8"))


def _of_module(module: str) -> Iterator[Mutant]:
    tree = _tree(module)
    silent = _words(tree)
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in silent:
            continue
        for what, change in _changes(node):
            yield Mutant(module, getattr(node, "lineno", 0), what, place, change)


def _words(tree: ast.Module) -> set[int]:
    """What decides nothing: docstrings, annotations, `__all__`, imports, all inside of f-strings, and the
    names of entries (of what a policy set is the hash of)."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts = [node]
        if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom):
            parts = [node]
        if isinstance(node, ast.Dict):
            parts = [*node.keys]
        if isinstance(node, ast.arg | ast.AnnAssign):
            parts = [node.annotation]
        if isinstance(node, ast.FunctionDef):
            parts = [node.returns]
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "__all__" for t in node.targets):
            parts = [node]
        silent |= {id(inner) for part in parts if part for inner in ast.walk(part)}
    return silent


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    for kinds, changes in CHANGES:
        if isinstance(node, kinds):
            yield from changes(node)


def _comparisons(node: ast.Compare) -> Iterator[tuple[str, Change]]:
    for n, op in enumerate(node.ops):
        for other in FLIPPED.get(type(op), ()):
            yield f"{type(op).__name__} is {other.__name__}", _set_op(n, other)


def _and_or(node: ast.BoolOp) -> Iterator[tuple[str, Change]]:
    other = ast.Or if isinstance(node.op, ast.And) else ast.And
    yield f"{type(node.op).__name__} is {other.__name__}", _set("op", other())
    for n in range(len(node.values)):
        yield f"operand {n} is dropped", _drop("values", n)


def _operators(node: ast.BinOp) -> Iterator[tuple[str, Change]]:
    if type(node.op) in OPERATORS:
        other = OPERATORS[type(node.op)]
        yield f"{type(node.op).__name__} is {other.__name__}", _set("op", other())


def _nots(node: ast.UnaryOp) -> Iterator[tuple[str, Change]]:
    if isinstance(node.op, ast.Not):
        yield "not is dropped", _as_is


def _twins(node: ast.Name) -> Iterator[tuple[str, Change]]:
    if node.id in TWINS and isinstance(node.ctx, ast.Load):
        yield f"{node.id} is {TWINS[node.id]}", _set("id", TWINS[node.id])


def _conditions(node: ast.If | ast.IfExp) -> Iterator[tuple[str, Change]]:
    for value in (True, False):
        yield f"the condition is {value}", _set("test", ast.Constant(value))


def _elements(node: ast.Tuple) -> Iterator[tuple[str, Change]]:
    if isinstance(node.ctx, ast.Load) and len(node.elts) > 2:
        for n in range(len(node.elts)):
            yield f"element {n} is dropped", _drop("elts", n)


def _filters(node: ast.comprehension) -> Iterator[tuple[str, Change]]:
    for n in range(len(node.ifs)):
        yield f"filter {n} is dropped", _drop("ifs", n)


def _joins(node: ast.Call) -> Iterator[tuple[str, Change]]:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "joined":
        yield "what is joined is left out", _unjoined


def _rules(node: ast.FunctionDef) -> Iterator[tuple[str, Change]]:
    for n, statement in enumerate(node.body):
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield | ast.YieldFrom):
            yield "a rule is dropped", _to_pass(n)


def _constants(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} is {not value}", _set("value", not value)
    elif isinstance(value, int):
        yield f"{value} is {value + 1}", _set("value", value + 1)
    elif isinstance(value, str) and value and " " not in value:
        yield f"{value!r} is another", _set("value", f"{value}x")


def _set_op(n: int, other: type[ast.cmpop]) -> Change:
    return lambda one: one.ops.__setitem__(n, other())  # type: ignore[attr-defined]


def _set(name: str, value: object) -> Change:
    return lambda one: setattr(one, name, value)


def _drop(name: str, n: int) -> Change:
    return lambda one: getattr(one, name).__delitem__(n)


def _to_pass(n: int) -> Change:
    return lambda one: one.body.__setitem__(n, ast.Pass())  # type: ignore[attr-defined]


def _as_is(one: ast.AST) -> None:
    """`not x` as `bool(x)`: plus would not do for every type."""
    one.op = ast.Not()  # type: ignore[attr-defined]
    one.operand = ast.UnaryOp(ast.Not(), one.operand)  # type: ignore[attr-defined]


def _unjoined(one: ast.AST) -> None:
    """`a.joined(b)` as `(lambda x: x)(a)`: the call stays a call."""
    one.args = [one.func.value]  # type: ignore[attr-defined]
    one.func = ast.parse("lambda x: x", mode="eval").body  # type: ignore[attr-defined]


CHANGES: tuple[tuple[Any, Callable[..., Iterator[tuple[str, Change]]]], ...] = (
    *((ast.Compare, _comparisons), (ast.BoolOp, _and_or), (ast.BinOp, _operators), (ast.UnaryOp, _nots)),
    *((ast.Name, _twins), (ast.Constant, _constants), ((ast.If, ast.IfExp), _conditions)),
    *((ast.Tuple, _elements), (ast.comprehension, _filters), (ast.Call, _joins), (ast.FunctionDef, _rules)),
)


@contextmanager
def loaded(mutant: Mutant | None) -> Iterator[dict[str, ModuleType]]:
    """The modules that decide, loaded anew with the mutant in them; an import inside gets these."""
    names = [f"data.{module}" for module in MODULES]
    real = {name: sys.modules[name] for name in names}
    fresh: dict[str, ModuleType] = {}
    try:
        for module in MODULES:
            name = f"data.{module}"
            sys.modules[name] = fresh[module] = ModuleType(name)
            exec(_code(module, mutant), fresh[module].__dict__)
        yield fresh
    finally:
        sys.modules.update(real)
        for module in MODULES:
            setattr(data, module, real[f"data.{module}"])


TREES: dict[str, ast.Module] = {module: _tree(module) for module in MODULES}
CODE = {module: compile(tree, f"data/{module}.py", "exec") for module, tree in TREES.items()}


def _code(module: str, mutant: Mutant | None) -> object:
    if mutant is None or mutant.module != module:
        return CODE[module]
    tree = copy.deepcopy(TREES[module])
    node = next(node for place, node in enumerate(ast.walk(tree)) if place == mutant.place)
    mutant.change(node)
    return compile(ast.fix_missing_locations(tree), f"mutant of data/{module}.py", "exec")
