"""What a pure module must not mention: the clock, the environment, files and terminals."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

CALLS = frozenset({"breakpoint", "eval", "exec", "input", "open", "print"})
CLOCK = frozenset({"now", "today", "utcnow"})
FILES = frozenset({"write_bytes", "write_csv", "write_ipc", "write_ndjson", "write_parquet", "write_text"})
PACKAGE_DATA = frozenset({"open", "read_bytes", "read_csv", "read_ipc", "read_parquet", "read_text", "scan_parquet"})
MODULES = frozenset({"io", "os", "pathlib", "random", "socket", "subprocess", "sys", "time", "urllib.request"})


def impurities(source: str) -> list[str]:
    """Each forbidden word with its line, as `12: open`; beside importlib.resources, reading is allowed.

    A field called `now` or `open` of a value, such as `piece.now`, is neither clock nor file.
    """
    tree = ast.parse(source)
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    bound = {alias.asname or alias.name for node in imports for alias in node.names}
    reads = frozenset() if "importlib.resources" in set(_imported(tree)) else PACKAGE_DATA
    impure = [
        (node.lineno, word)
        for node in ast.walk(tree)
        if isinstance(node, ast.expr | ast.stmt)
        for word in _mentioned(node, CLOCK | FILES | reads)
        if word not in CLOCK | {"open"} or _is_of_import(node, bound)
    ]
    return [f"{line}: {word}" for line, word in sorted(impure)]


def _mentioned(node: ast.expr | ast.stmt, attributes: frozenset[str]) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield name
        case ast.Attribute(attr=name) if name in attributes or name.startswith("sink_"):
            yield name
        case ast.Import() | ast.ImportFrom():
            yield from MODULES.intersection(_imported(node))


def _is_of_import(node: ast.AST, bound: Collection[str]) -> bool:
    """Whether the attribute belongs to something imported, or to an attribute, and not to a variable."""
    return not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in bound)


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
