"""The known names that look most like one nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

from icp_sync.vocabulary.keys import keys_of

_LONGEST = 100


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three of the known names, nearest first; names of one or two letters look like anything and are out."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed only once something is misspelt

    spellings = [spelling for spelling in dict.fromkeys(known) if len(spelling) > 2]
    shown = dict(zip(reversed(keys_of(spellings)), reversed(spellings), strict=True))
    (key,) = keys_of([name[:_LONGEST]])
    found = process.extract(key, shown.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=70)
    return tuple(shown[key] for key, _, _ in found)
