"""Words from outside are shown, never obeyed."""

from __future__ import annotations

import pytest

from icp_sync.views.sanitise import sanitise
from tests.views.rendering import lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Müller & Söhne 🏭 株式会社", "Müller & Söhne 🏭 株式会社"),
        ("[bold]loud[/bold] [/x]", "[bold]loud[/bold] [/x]"),
        ("\x1b[31mred\x1b]0;title\x07", "[31mred]0;title"),
        ("two\nlines\r\ttab", "twolinestab"),
        ("left\u202eright", "leftright"),
        (None, "None"),
    ],
)
def test_markup_stays_text_and_escapes_are_dropped(text: object, shown: str) -> None:
    assert sanitise(text).plain == shown
    assert lines(sanitise(text)) == [shown]
