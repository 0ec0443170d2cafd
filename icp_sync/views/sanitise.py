"""Makes text from a portal or a file safe to print on a terminal."""

from __future__ import annotations

from rich.text import Text

from icp_sync.views.printable import printable


def sanitise(text: object, style: str = "") -> Text:
    """The text as a rich Text: markup in it is not interpreted, and control characters are removed."""
    return Text(printable(text), style=style)
