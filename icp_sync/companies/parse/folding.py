"""Unicode folding: compatibility forms, marks and case removed."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Compatibility forms, marks and case undone, so that `MÁS` and `mas`, `２０１５` and `2015` are one."""
    marked = unicodedata.normalize("NFKD", text).lower()
    return unicodedata.normalize("NFC", "".join(char for char in marked if not unicodedata.combining(char)))
