"""What docstrings, comments and the developers' page quote exists; a package that lists its modules lists them all."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[2]
FILES: Final = sorted((ROOT / "icp_sync").rglob("*.py"))
DATA: Final = [path for end in ("csv", "json", "yaml") for path in sorted((ROOT / "icp_sync").rglob(f"*.{end}"))]
PAGE: Final = ROOT / "docs/development.md"
QUOTED: Final = re.compile(r"`([^`\n]+)`")
REFERENCE: Final = re.compile(r"[a-zA-Z_]\w*(?:\.\w+)*(?:\(.*\))?")
LOOKS_LIKE_OURS: Final = re.compile(r"_?[a-z0-9]+(?:_[a-z0-9]+)+|(?:[A-Z][a-z0-9]+){2,}|_[a-z0-9]\w*")
"""Two words or more, or private: a single word may be a value, a column or English."""
LISTS_MODULES: Final = "Modules, lowest first: "


def prose_and_words(source: str) -> tuple[list[tuple[int, str]], set[str]]:
    """The comments and docstrings of a source, each with its first line, and all the words of the rest of it."""
    prose, words = [], set[str]()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and token.string.startswith('"""')):
            prose.append((token.start[0], token.string))
        else:
            words.update(re.findall(r"\w+", token.string))
    return prose, words


def unknown_names(prose: Iterable[tuple[int, str]], known: set[str]) -> Iterator[tuple[int, str]]:
    """What is quoted, looks like a name of ours, and is none of the known, each with its line."""
    for start, text in prose:
        for match in QUOTED.finditer(text):
            names = match[1].partition("(")[0].split(".") if REFERENCE.fullmatch(match[1]) else []
            if any(LOOKS_LIKE_OURS.fullmatch(name) and name not in known for name in names):
                yield start + text.count("\n", 0, match.start()), match[1]


def misplaced_names(prose: Iterable[tuple[int, str]], places: Mapping[str, set[str]]) -> Iterator[tuple[int, str]]:
    """What is quoted as `module.name` although that name is one of other modules, each with its line."""
    for start, text in prose:
        for match in QUOTED.finditer(text):
            above, _, name = match[1].rpartition(".")
            place = above.rpartition(".")[2]
            if place.islower() and LOOKS_LIKE_OURS.fullmatch(name) and place not in places.get(name, {place}):
                yield start + text.count("\n", 0, match.start()), match[1]


def definitions() -> dict[str, set[str]]:
    """Each function or class on its own in a module → the modules and packages that have it, or are called so."""
    places = defaultdict[str, set[str]](set)
    for path in FILES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                places[node.name].add(path.parent.name if path.stem == "__init__" else path.stem)
            elif path.stem == "__init__" and isinstance(node, ast.ImportFrom):
                for name in node.names:
                    places[name.name].add(path.parent.name)
    for path in FILES:
        if path.stem in places:
            places[path.stem].add(path.parent.name)
    return places


def test_a_name_nobody_has_is_seen_in_docstrings_and_comments() -> None:
    source = '"""Calls `gone_away`.\n\nAnd `there_is`, `x.gone_too(…)`, `--flag`, `any`."""\nthere_is = 1  # `_lost`\n'
    prose, words = prose_and_words(source)
    assert list(unknown_names(prose, words)) == [(1, "gone_away"), (3, "x.gone_too(…)"), (4, "_lost")]


def test_a_name_in_another_module_than_is_said_is_seen() -> None:
    prose = [(7, "# `old.score_all` or `new.score_all`, and `row.id`")]
    assert list(misplaced_names(prose, {"score_all": {"new"}})) == [(7, "old.score_all")]


def test_every_name_in_backticks_exists() -> None:
    parts = {path: prose_and_words(path.read_text(encoding="utf-8")) for path in FILES}
    known = {part for path in [*FILES, *DATA] for part in (path.stem, path.parent.name)}
    known.update(*(words for _, words in parts.values()))
    known.update(*(re.findall(r"\w+", path.read_text(encoding="utf-8")) for path in DATA))
    page = PAGE.read_text(encoding="utf-8")
    # What stands in the page's drawings is quoted by nothing.
    drawn = " ".join(f"`{word}`" for word in re.findall(r"\w+", page))
    prose = {path: texts for path, (texts, _) in parts.items()} | {PAGE: [(1, page), (1, drawn)]}
    places = definitions()
    assert [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path, texts in prose.items()
        for line, name in (*unknown_names(texts, known), *misplaced_names(texts, places))
    ] == []


def test_a_list_of_modules_names_them_all() -> None:
    missing = {}
    for path in FILES:
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if LISTS_MODULES in text:
            modules = {
                entry.stem
                for entry in path.parent.iterdir()
                if entry.suffix == ".py" or (entry / "__init__.py").exists()
            }
            missing[path.parent.name] = sorted(modules - {"__init__", *QUOTED.findall(text)})
    assert missing
    assert {package: modules for package, modules in missing.items() if modules} == {}
