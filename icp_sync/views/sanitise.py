"""Words from a portal or a file, fit for a terminal."""

from __future__ import annotations

from rich.text import Text

from icp_sync.views.printable import printable


def sanitise(text: object, style: str = "") -> Text:
    """The text as it stands: no markup is read in it, and what a terminal would obey instead of show is dropped."""
    return Text(printable(text), style=style)
