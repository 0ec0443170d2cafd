"""The name somebody meant."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 100


def near(word: str, known: Iterable[str]) -> str | None:
    """The known name most like `word`, whatever its case, hyphens and spaces; None when none is like it."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed only once something is misspelt

    if len(word) > _LONGEST:
        return None
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, processor=_plain, score_cutoff=70)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """The advice after "unknown …;": the near name as a question, else `otherwise`."""
    name = near(word, known)
    return f"did you mean {name}?" if name else otherwise


def _plain(text: str) -> str:
    return text.lower().replace("-", "_").replace(" ", "_")
