"""Makes text from a portal or a file safe to print on a terminal."""

from __future__ import annotations

from rich.text import Text

from icp_sync.views.text_escaping import strip_control_characters


def sanitise(text: object, style: str = "") -> Text:
    """The text as a rich Text: markup in it is not interpreted, and control characters are removed."""
    return Text(strip_control_characters(text), style=style)
