"""The known value that a text nobody could read looks most like: advice for people, never a reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from icp_sync.vocabulary import cities, subdivisions
from icp_sync.vocabulary.country_spellings import english_names
from icp_sync.vocabulary.suggest import nearest

Pairs = tuple[tuple[str, str], ...]
"""(text, known value), for the texts that look like one."""

_YES_AND_NO: Final = ("true", "false", "yes")


def near_countries(texts: Iterable[str]) -> Pairs:
    """Countries by their English names."""
    return _found((text, next(iter(nearest(text, english_names())), None)) for text in texts)


def near_truths(texts: Iterable[str]) -> Pairs:
    """What a checkbox holds."""
    return _found((text, next(iter(nearest(text, _YES_AND_NO)), None)) for text in texts)


def near_places(part: str, texts: Iterable[str], countries: Mapping[str, str]) -> Pairs:
    """Places that are a `part` ("state" or "city") of the country a text stands beside, as far as that is known."""
    near = _NEAR_PLACE[part]
    return _found((text, near(text, countries.get(text))) for text in texts)


def _found(pairs: Iterable[tuple[str, str | None]]) -> Pairs:
    return tuple((text, known) for text, known in pairs if known)


_NEAR_PLACE: Final[dict[str, Callable[[str, str | None], str | None]]] = {
    "city": cities.near,
    "state": subdivisions.near,
}
