"""A function fits on a screen, and a module is read at a sitting."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = [path for folder in ["icp_sync", "jobs", "tests"] for path in sorted((ROOT / folder).rglob("*.py"))]


def lengths(source: str) -> dict[str, int]:
    """Lines of each function by name, without its docstring and decorators."""
    by_name = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = node.body[0] if ast.get_docstring(node) is not None else None
            described = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
            by_name[node.name] = (node.end_lineno or 0) - node.lineno + 1 - described
    return by_name


def test_a_docstring_and_a_decorator_are_not_counted() -> None:
    assert lengths('@cache\ndef f():\n    """Two\n    lines."""\n    return 1\n') == {"f": 2}


def test_no_function_is_longer_than_fifty_lines() -> None:
    sizes = {str(path.relative_to(ROOT)): lengths(path.read_text(encoding="utf-8")) for path in FILES}
    assert {f"{file}: {name}": n for file, names in sizes.items() for name, n in names.items() if n > 50} == {}


def test_no_module_is_longer_than_250_lines() -> None:
    modules = sorted((ROOT / "icp_sync").rglob("*.py"))
    sizes = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {file: n for file, n in sizes.items() if n > 250} == {}
