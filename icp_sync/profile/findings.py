"""Findings about a profile: severity, path, line, and a message that says what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from icp_sync.text_truncation import shorten

_STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True)
class LineIndex:
    """Line numbers (from 1) by path: a key's line, a list item's first line."""

    by_path: Mapping[Path, int]

    def line_of_path(self, path: Path) -> int:
        """The line of a path, or of its nearest ancestor that the file has."""
        while path and path not in self.by_path:
            path = path[:-1]
        return self.by_path.get(path, 1)

    def line_of_text_path(self, path: str) -> int:
        """The line of a written path such as `criteria[3].match`."""
        return self.line_of_path(tuple(int(index) if index else key for index, key in _STEP.findall(path)))


Path = tuple[str | int, ...]
Severity = Literal["error", "warning", "note"]

MAX_PER_RULE: Final = 200
"""Findings one stage or rule reports at most: a hostile file must not cost more than a bad one."""
_MAX_KEY_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class LocatedFinding:
    """A finding with its file and line. `message` reads "what is wrong; what to do"."""

    file: str
    line: int
    path: str
    message: str
    severity: Severity = "error"
    rule: str = "profile"

    def __str__(self) -> str:
        location = f"{self.file}:{self.line}: "
        return f"{location}{self.path}: {self.message}" if self.path else f"{location}{self.message}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding at a path of a profile; `line` only where the path does not lead to it."""

    path: Path
    message: str
    rule: str = "shape"
    severity: Severity = "error"
    line: int | None = None


class SourceError(Exception):  # internal: `load` turns it into ProfileInvalid
    """The text is not a YAML document this package reads; no other finding is possible."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.finding = Finding((), message, rule="syntax", line=line)


def dotted_path(path: Path) -> str:
    """`("criteria", 3, "match")` → `criteria[3].match`; a very long key is cut."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{shorten(step, _MAX_KEY_LENGTH)}" for step in path)
    return text.removeprefix(".")
