"""The known value most similar to an unrecognised text: a suggestion in messages, never a parsed value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from icp_sync.vocabulary import cities, subdivisions
from icp_sync.vocabulary.country_spellings import english_names
from icp_sync.vocabulary.name_suggestions import nearest_names

Pairs = tuple[tuple[str, str], ...]
"""(text, known value), for the texts that are similar to one."""

_YES_AND_NO: Final = ("true", "false", "yes")


def suggest_countries(texts: Iterable[str]) -> Pairs:
    """The most similar countries, by their English names."""
    return _without_nones((text, next(iter(nearest_names(text, english_names())), None)) for text in texts)


def suggest_booleans(texts: Iterable[str]) -> Pairs:
    """The most similar values of a checkbox."""
    return _without_nones((text, next(iter(nearest_names(text, _YES_AND_NO)), None)) for text in texts)


def suggest_places(part: str, texts: Iterable[str], countries: Mapping[str, str]) -> Pairs:
    """The most similar states or cities (`part` is "state" or "city").

    `countries`: text → alpha-2 of the country to search; a text not in it is compared with those of all countries.
    """
    suggest = _SUGGEST_PLACE[part]
    return _without_nones((text, suggest(text, countries.get(text))) for text in texts)


def _without_nones(pairs: Iterable[tuple[str, str | None]]) -> Pairs:
    return tuple((text, known) for text, known in pairs if known)


_SUGGEST_PLACE: Final[dict[str, Callable[[str, str | None], str | None]]] = {
    "city": cities.suggest_city,
    "state": subdivisions.suggest_subdivision,
}
