"""Words from a portal or a file, fit for a terminal."""

from __future__ import annotations

from rich.text import Text


def sanitise(text: object, style: str = "") -> Text:
    """The text as it stands: no markup is read in it, and what a terminal would obey instead of show is dropped."""
    return Text("".join(letter for letter in str(text) if letter.isprintable()), style=style)
