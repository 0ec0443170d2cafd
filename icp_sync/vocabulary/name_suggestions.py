"""Did-you-mean: the known names most similar to a misspelt one, for messages only; never used to parse a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from icp_sync.vocabulary.text_keys import text_keys

# rapidfuzz is imported inside the functions: most runs meet no misspelling and need not load it.
_MAX_LENGTH: Final = 100
_MIN_LENGTH: Final = 3
"""Names of one or two letters are similar to anything."""
_MIN_SIMILARITY: Final = 70
"""Per cent, by rapidfuzz's ratio."""
_MIN_SIMILARITY_IN_LONG_TABLES: Final = 80
"""In a table of a million spellings something is always 70 per cent similar."""


def nearest_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three of the known names, the most similar first; names of one or two letters are left out."""
    from rapidfuzz import fuzz, process

    spellings = [spelling for spelling in dict.fromkeys(known) if len(spelling) >= _MIN_LENGTH]
    spelling_of = dict(zip(reversed(text_keys(spellings)), reversed(spellings), strict=True))
    (key,) = text_keys([name[:_MAX_LENGTH]])
    matches = process.extract(key, spelling_of.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=_MIN_SIMILARITY)
    return tuple(spelling_of[key] for key, _, _ in matches)


def nearest_key(text: str, name_of: Mapping[str, str]) -> str | None:
    """The name whose key is most similar to the text's key; None where none is similar enough.

    `name_of`: key → name to show, for long tables. None also for a text whose own key is in the table: it is no
    misspelling but ambiguous, and another name would mislead.
    """
    from rapidfuzz import fuzz, process

    (key,) = text_keys([text[:_MAX_LENGTH]])
    if key in name_of or len(key) < _MIN_LENGTH:
        return None
    match = process.extractOne(key, name_of.keys(), scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY_IN_LONG_TABLES)
    return name_of[match[0]] if match else None


def nearest_name(word: str, known: Iterable[str], min_similarity: int = _MIN_SIMILARITY) -> str | None:
    """The known name most similar to `word`, whatever its case, hyphens and blanks; None where none is similar.

    `min_similarity`: per cent, by rapidfuzz's ratio.
    """
    from rapidfuzz import fuzz, process

    if len(word) > _MAX_LENGTH:
        return None
    match = process.extractOne(word, list(known), scorer=fuzz.ratio, processor=snake_case, score_cutoff=min_similarity)
    return match[0] if match else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """The advice after "unknown …;": the near name as a question, else `otherwise`."""
    name = nearest_name(word, known)
    return f"did you mean {name}?" if name else otherwise


def snake_case(text: str) -> str:
    """A name as profile keys are written: small letters and `_`."""
    return text.lower().replace("-", "_").replace(" ", "_")
