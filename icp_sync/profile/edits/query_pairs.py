"""Edits as pairs of text, for the part of an address behind `?` or a form, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from icp_sync.errors import EditRefused
from icp_sync.profile.edits.edit_types import Edits, Kind, Value, edit_place_kind, whole_as_int
from icp_sync.profile.edits.yaml_scalar_text import scalar_text
from icp_sync.profile.findings import Path
from icp_sync.profile.source.yaml_document import MAX_DEPTH
from icp_sync.profile.source.yaml_scalars import SourceFloat, SourceInt, resolve_scalar
from icp_sync.text_truncation import shorten

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_STEP: Final = re.compile(r'\.?(?P<name>[a-z][a-z0-9_]*)|\[(?P<number>[0-9]{1,6})\]|\[(?P<text>"(?:[^"\\]|\\.)*")\]')


def edits_to_pairs(edits: Edits) -> list[tuple[str, str]]:
    """Pairs of path and value: `criteria.country.weight`, `25`; None is written "", ids are joined by commas."""
    return [(path_to_text(path), _value_text(value)) for path, value in edits.items()]


def path_to_text(path: Path) -> str:
    """`("criteria", "age", "match", "between", 0)` → `criteria.age.match.between[0]`; a test: `tests["its name"].…`."""
    return "".join(map(_path_step_text, path)).removeprefix(".")


def edits_from_pairs(pairs: Iterable[tuple[str, str]]) -> dict[Path, Value]:
    """The edits of written pairs, the last of one path. Raises EditRefused for a path not movable, or no number."""
    edits: dict[Path, Value] = {}
    for written, text in pairs:
        path = _read_path(written)
        kind = edit_place_kind(path)
        if kind is None:
            raise EditRefused(f"{shorten(written)!r} is nothing that can be moved; reset it")
        edits[path] = _read_value(written, text, kind)
    return edits


def _path_step_text(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _NAME.fullmatch(step) else f"[{json.dumps(step, ensure_ascii=False)}]"


def _value_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ",".join(value)
    return value if isinstance(value, str) else scalar_text(whole_as_int(value))


def _read_path(written: str) -> Path:
    """The path of a written one; empty where it is none, or deeper than any file."""
    steps: list[str | int] = []
    end = 0
    while len(steps) <= MAX_DEPTH and (match := _STEP.match(written, end)) and (step := _parse_step(match)) is not None:
        end = match.end()
        steps.append(step)
    return tuple(steps) if end == len(written) else ()


def _parse_step(match: re.Match[str]) -> str | int | None:
    """The step of a match; None for a text that is no JSON, or holds half a character of an emoji."""
    if match["number"]:
        return int(match["number"])
    try:
        name = str(match["name"] or json.loads(match["text"]))
        name.encode()
    except ValueError:
        return None
    return name


def _read_value(written: str, text: str, kind: Kind) -> Value:
    if kind == "ids":
        return tuple(name for name in text.split(",") if name)
    if not text or kind == "word":
        return text or None
    number = resolve_scalar(text.strip())
    if kind == "item" or not isinstance(number, SourceInt | SourceFloat):
        wanted = "nothing, to take it out" if kind == "item" else "a number such as 0.5"
        raise EditRefused(f"{written}: {shorten(text)!r} does not fit; write {wanted}")
    return int(number) if isinstance(number, SourceInt) else float(number)
