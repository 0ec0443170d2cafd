"""Text from a portal, a file or a profile made harmless where it is shown: on a terminal, on a page, in Markdown."""

from __future__ import annotations

import re
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|#])")


def strip_control_characters(text: object) -> str:
    """The text without control, format and other unprintable characters, which a terminal would execute."""
    return "".join(letter for letter in str(text) if letter.isprintable())


def escape_markdown(text: str) -> str:
    """A text of the profile on one line, with Markdown's characters escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def escape_outside_code(text: str) -> str:
    """A generated sentence, escaped outside its code spans."""
    pieces = " ".join(text.split()).split("`")
    return "`".join(piece if n % 2 else _SPECIAL.sub(r"\\\1", piece) for n, piece in enumerate(pieces))
