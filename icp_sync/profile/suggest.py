"""The name somebody meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 100
_ALIKE: Final = 70


def near(word: str, known: Iterable[str], alike: int = _ALIKE) -> str | None:
    """The known name most like `word`, whatever its case, hyphens and spaces; None when none is like it.

    `alike`: how much of the two must be the same, in per cent.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed only once something is misspelt

    if len(word) > _LONGEST:
        return None
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, processor=plain, score_cutoff=alike)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """The advice after "unknown …;": the near name as a question, else `otherwise`."""
    name = near(word, known)
    return f"did you mean {name}?" if name else otherwise


def plain(text: str) -> str:
    """A name as our keys are written: small letters and _."""
    return text.lower().replace("-", "_").replace(" ", "_")
