"""What is wrong with a profile, where, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

_STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True)
class LineIndex:
    """Lines (from 1) by path: a key's own line, an item's first one."""

    by_path: Mapping[Path, int]

    def at(self, path: Path) -> int:
        """The line of a place, or of the nearest one around it that the file has."""
        while path and path not in self.by_path:
            path = path[:-1]
        return self.by_path.get(path, 1)

    def line(self, path: str) -> int:
        """The same for a written path such as `criteria[3].match`."""
        return self.at(tuple(int(index) if index else key for index, key in _STEP.findall(path)))


Path = tuple[str | int, ...]
Severity = Literal["error", "warning", "note"]

MOST_OF_A_KIND: Final = 200
"""How many flaws a ring or a rule reports, so that a hostile file costs no more than a bad one."""
_LONGEST_KEY: Final = 60


@dataclass(frozen=True, slots=True)
class LocatedFinding:
    """One finding about a profile file. `message` reads "what is wrong; what to do"."""

    file: str
    line: int
    path: str
    message: str
    severity: Severity = "error"
    rule: str = "profile"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: "
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem before it knows its file; `line` only where the path alone would not find it."""

    path: Path
    message: str
    rule: str = "shape"
    severity: Severity = "error"
    line: int | None = None


class SourceError(Exception):  # an internal signal; `loading` turns it into ProfileInvalid
    """The text is no YAML we read; nothing else can be said about it."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.flaw = Finding((), message, rule="syntax", line=line)


def dotted(path: Path) -> str:
    """`("criteria", 3, "match")` → `criteria[3].match`; a very long key is cut."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{brief(step, _LONGEST_KEY)}" for step in path)
    return text.removeprefix(".")


def brief(text: str, longest: int = 60) -> str:
    """The text on one line, cut where it would flood a message."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
