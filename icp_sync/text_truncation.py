"""Cuts texts where a message, a cell or a document has no room for more; an ellipsis says that something is missing."""

from __future__ import annotations


def truncate(text: str, longest: int) -> str:
    """The text, or as many of its letters as fit into `longest` with an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def shorten(text: str, longest: int = 60) -> str:
    """The text on one line, cut where it would flood a message."""
    return truncate(" ".join(text.split()), longest)
