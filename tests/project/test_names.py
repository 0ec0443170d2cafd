"""Names say what they hold: the five words that say nothing stand nowhere but in one-line comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).parents[2]
FILES = [path for folder in ["icp_sync", "jobs", "tools", "tests"] for path in sorted((ROOT / folder).rglob("*.py"))]
EMPTY: Final = frozenset({"found", "held", "one", "said", "told"})
DOCUMENTS: Final = ("icp_sync/plan/document/", "icp_sync/evidence/discover_document.py", "icp_sync/runs/discover.py")
"""JSON documents and where they are made: a field is called as its key, and people's programs read `held`, `found`."""
COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def bound_names(source: str) -> Iterator[tuple[str, int]]:
    """Each name that a source binds, with its line, but those of comprehensions that stand on one line."""
    tree = ast.parse(source)
    brief = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, COMPREHENSIONS) and node.lineno == node.end_lineno
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) not in brief and (name := _bound(node)):
            yield name, getattr(node, "lineno", 0)


def _bound(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            return name
        case ast.arg(arg=name) | ast.keyword(arg=name):
            return name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case (
            ast.ExceptHandler(name=name)
            | ast.MatchAs(name=name)
            | ast.MatchStar(name=name)
            | ast.MatchMapping(rest=name)
        ):
            return name
        case ast.alias(name=name):
            return node.asname or name
    return None


def test_names_are_bound_by_assignments_parameters_definitions_imports_and_cases() -> None:
    source = "from a import one\ndef told(said): held = x.found = 1\nmatch x:\n    case one: pass\n"
    assert sorted(name for name, _ in bound_names(source)) == ["found", "held", "one", "one", "said", "told"]


@pytest.mark.parametrize(
    "source", ["f(one=1)", "sorted(x, key=lambda one: one.id)", "match x:\n    case {**one}: pass"]
)
def test_names_are_bound_by_keywords_lambdas_and_the_rest_of_a_mapping(source: str) -> None:
    assert "one" in [name for name, _ in bound_names(source)]


def test_a_comprehension_on_one_line_may_be_brief() -> None:
    assert list(bound_names("print([one for one in x])")) == []
    assert [name for name, _ in bound_names("print([\n    one\n    for one in x\n])")] == ["one"]


def test_no_name_is_an_empty_word() -> None:
    bound = {path.relative_to(ROOT).as_posix(): bound_names(path.read_text(encoding="utf-8")) for path in FILES}
    assert [
        f"{file}:{line}: {name}"
        for file, names in bound.items()
        for name, line in names
        if name.strip("_") in EMPTY and not (name in {"held", "found"} and file.startswith(DOCUMENTS))
    ] == []
