"""A function fits on a screen."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [path for folder in ["icp_sync", "jobs", "tests"] for path in sorted((ROOT / folder).rglob("*.py"))]


def lengths(source: str) -> dict[str, int]:
    """Lines of each function by name, without its docstring and decorators."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = node.body[0] if ast.get_docstring(node) is not None else None
            described = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
            found[node.name] = (node.end_lineno or 0) - node.lineno + 1 - described
    return found


def test_a_docstring_and_a_decorator_are_not_counted() -> None:
    assert lengths('@cache\ndef f():\n    """Two\n    lines."""\n    return 1\n') == {"f": 2}


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_function_is_longer_than_fifty_lines(file: Path) -> None:
    assert {name: n for name, n in lengths(file.read_text(encoding="utf-8")).items() if n > 50} == {}
