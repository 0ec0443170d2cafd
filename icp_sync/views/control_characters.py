"""Removes control characters, which a terminal would execute."""

from __future__ import annotations


def strip_control_characters(text: object) -> str:
    """The text without control, format and other unprintable characters."""
    return "".join(letter for letter in str(text) if letter.isprintable())
