"""The known names that look most like one nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from icp_sync.vocabulary.keys import keys_of

_LONGEST: Final = 100
_ALIKE: Final = 70
_MUCH_ALIKE: Final = 80
_SHORTEST: Final = 3


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three of the known names, nearest first; names of one or two letters look like anything and are out."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed only once something is misspelt

    spellings = [spelling for spelling in dict.fromkeys(known) if len(spelling) >= _SHORTEST]
    shown = dict(zip(reversed(keys_of(spellings)), reversed(spellings), strict=True))
    (key,) = keys_of([name[:_LONGEST]])
    found = process.extract(key, shown.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=_ALIKE)
    return tuple(shown[key] for key, _, _ in found)


def nearest_key(text: str, shown: Mapping[str, str]) -> str | None:
    """What is shown for the key most like a text's own; None where none is much like it.

    For long tables, where something is always a little alike. A text whose own key is among them is no misspelling:
    something else about it is not clear, and another name would mislead.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed only once something is misspelt

    (key,) = keys_of([text[:_LONGEST]])
    if key in shown or len(key) < _SHORTEST:
        return None
    found = process.extractOne(key, shown.keys(), scorer=fuzz.ratio, score_cutoff=_MUCH_ALIKE)
    return shown[found[0]] if found else None
