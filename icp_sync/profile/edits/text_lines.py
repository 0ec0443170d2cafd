"""A text by its lines, and replacements in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_BREAK: Final = re.compile("\r\n|[\n\r\x85]")  # what ends a line for the YAML parser
_NOTHING_MORE: Final = re.compile(r"[ \t]*(?:#.*)?")


class UnplaceableChange(Exception):  # internal: `edit_text` turns it into EditRefused
    """A change cannot be written safely into this text; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """`new` instead of `text[start:end]`; `start == end` inserts."""

    start: int
    end: int
    new: str


class TextLines:
    """Where a place's line begins and ends, and what stands on it around the place; lines count from 0."""

    def __init__(self, text: str) -> None:
        self.text = text
        breaks = list(_BREAK.finditer(text))
        self._starts = [0, *(match.end() for match in breaks)]
        self._ends = [*(match.start() for match in breaks), len(text)]
        self.line_break = breaks[0][0] if breaks else "\n"

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, line: int) -> str:
        """The text of a line without its break."""
        return self.text[self._starts[line] : self._ends[line]]

    def line_number(self, place: int) -> int:
        """The line of a place."""
        return bisect_right(self._starts, place) - 1

    def column_number(self, place: int) -> int:
        """How far a place is from the start of its line."""
        return place - self._starts[self.line_number(place)]

    def text_before(self, place: int) -> str:
        """What stands on the line before a place."""
        return self.text[self._starts[self.line_number(place)] : place]

    def text_after(self, place: int) -> str:
        """What stands on the line from a place on."""
        return self.text[place : self._ends[self.line_number(place)]]

    def ends_line(self, place: int) -> bool:
        """Whether nothing but a comment follows the place on its line."""
        return bool(_NOTHING_MORE.fullmatch(self.text_after(place)))

    def insert_after(self, line: int, new: str) -> Replacement:
        """`new` as a line of its own after that line, which may be the last and have no break."""
        if line + 1 == len(self):
            return Replacement(len(self.text), len(self.text), self.line_break + new)
        start = self._starts[line + 1]
        return Replacement(start, start, new + self.text[self._ends[line] : start])

    def replace_refusing_comments(self, start: int, end: int, new: str) -> Replacement:
        """`new` instead of this text. Raises Unplaceable where a comment would go with it."""
        if "#" in self.text[start:end]:
            raise UnplaceableChange("has a comment within it that would be lost; write the change into the file")
        return Replacement(start, end, new)

    def comment_out(self, first: int, last: int, column: int) -> Iterator[Replacement]:
        """Yields what makes comments of these lines: `# ` at the column, or where a line begins before it."""
        for line in range(first, last + 1):
            text = self[line]
            if text.strip():
                place = self._starts[line] + min(column, len(text) - len(text.lstrip(" ")))
                yield Replacement(place, place, "# ")


def apply_replacements(text: str, replacements: Iterable[Replacement]) -> str | None:
    """The text with the replacements, those at one place in their order; None where two overlap."""
    pieces: list[str] = []
    done = 0
    for replacement in sorted(replacements, key=lambda each: (each.start, each.end)):
        if replacement.start < done:
            return None
        pieces += text[done : replacement.start], replacement.new
        done = replacement.end
    return "".join([*pieces, text[done:]])
