"""Text without what a terminal would obey instead of show."""

from __future__ import annotations


def printable(text: object) -> str:
    """The letters of the text that are shown, without control characters and their like."""
    return "".join(letter for letter in str(text) if letter.isprintable())
