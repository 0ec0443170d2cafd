"""What is wrong with a profile, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Path = tuple[str | int, ...]
Severity = Literal["error", "warning", "note"]

MOST_OF_A_KIND: Final = 200
"""How many flaws a ring or a rule reports, so that a hostile file costs no more than a bad one."""
_LONGEST_KEY: Final = 60


@dataclass(frozen=True, slots=True)
class Problem:
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
class Flaw:
    """A problem before it knows its file; `line` only where the path alone would not find it."""

    path: Path
    message: str
    rule: str = "shape"
    severity: Severity = "error"
    line: int | None = None


class Unreadable(Exception):  # an internal signal; `loading` turns it into ProfileInvalid
    """The text is no YAML we read; nothing else can be said about it."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.flaw = Flaw((), message, rule="syntax", line=line)


def dotted(path: Path) -> str:
    """`("criteria", 3, "match")` → `criteria[3].match`; a very long key is cut."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{brief(step, _LONGEST_KEY)}" for step in path)
    return text.removeprefix(".")


def brief(text: str, longest: int = 60) -> str:
    """The text on one line, cut where it would flood a message."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
