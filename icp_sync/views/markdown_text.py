"""Texts of a profile inside Markdown: on one line, and never taken for markup."""

from __future__ import annotations

import re
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|#])")


def escape_markdown(text: str) -> str:
    """A text of the profile on one line, with Markdown's characters escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def escape_outside_code(text: str) -> str:
    """A generated sentence, escaped outside its code spans."""
    pieces = " ".join(text.split()).split("`")
    return "`".join(piece if n % 2 else _SPECIAL.sub(r"\\\1", piece) for n, piece in enumerate(pieces))
