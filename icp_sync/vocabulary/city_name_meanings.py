"""The cities that one name may mean: for the texts that the columnar resolution leaves over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

import polars as pl

from icp_sync.vocabulary import cities
from icp_sync.vocabulary.text_keys import text_key

SURER: Final = 10
"""The weight of a city's own name against an alternate one, and the lead a certain city has over the next."""
CERTAIN: Final = 50_000
"""Population from which a name alone, without a country, may mean a city."""
_DIGITS: Final = re.compile(r"\b\d{4}\s?[A-Z]{2}\b|\b(?:[A-Za-z]{1,3}-)?\d\S*|\b[A-Za-z]{1,2}\d\S*|〒")
"""Postcodes, with the country before or the letters behind, and the numbers of districts."""
_NOWHERE: Final = (
    "all anywhere branch cloud company corporate country distributed domestic everywhere foreign global globally"
    " headquarters hq hybrid international internet many multiple national nationwide none online other others overseas"
    " region remote remotely same several test unknown various virtual virtually worldwide"
)
_ALSO_CITIES: Final = (
    "bath central earth east enterprise home independence main man mobile most nice north of office orange reading row"
    " south split union west work world"
)
NOWHERE: Final = frozenset(_NOWHERE.split())
"""Words in a city's property that mean no city."""
NOT_A_CITY: Final = NOWHERE | frozenset(_ALSO_CITIES.split())
"""Words that are cities somewhere, and mostly mean something else in a country's property."""


class NamedCity(NamedTuple):
    """A city a name may mean: GeoNames id, country, subdivision, population, and population times the name's weight."""

    city: int
    country: str
    subdivision: str | None
    people: int
    weight: int


@lru_cache(maxsize=1 << 13)
def cities_by_key(key: str) -> tuple[NamedCity, ...]:
    """The cities of a name, given by its text key, by falling weight."""
    spelled = cities.city_spellings()
    first, end = (spelled["key"].search_sorted(key, side) for side in ("left", "right"))
    own = spelled[int(first) : int(end)].select("city", "own").iter_rows()
    candidates = [
        NamedCity(city, *_location_by_city()[city], weight=_location_by_city()[city][2] * (SURER if is_own else 1))
        for city, is_own in own
    ]
    return tuple(sorted(candidates, key=lambda candidate: (-candidate.weight, candidate.city)))


def country_has_city(country: str, text: str) -> bool:
    """Whether a text names a city of the country, postcodes and district numbers aside."""
    return any(candidate.country == country for key in _keys_of_text(text) for candidate in cities_by_key(key))


def subdivision_has_city(subdivision: str, text: str) -> bool:
    """Whether a text names a city of an outermost subdivision."""
    return any(candidate.subdivision == subdivision for key in _keys_of_text(text) for candidate in cities_by_key(key))


def unambiguous_city(text: str) -> NamedCity | None:
    """The city a name means without a country: 50,000 people and ten times the next of that name; else None."""
    key = text_key(text)
    candidates = cities_by_key(key)
    if not candidates or candidates[0].people < CERTAIN or key in NOT_A_CITY:
        return None
    best = candidates[0]
    rivals = (candidate for candidate in candidates[1:] if candidate.subdivision != best.subdivision)
    return best if all(best.weight >= SURER * candidate.weight for candidate in rivals) else None


def means_subdivision(subdivision: str, key: str) -> bool:
    """Whether a name means a subdivision rather than a city of that name elsewhere (Ontario, not Portland)."""
    elsewhere = max(
        (candidate.people for candidate in cities_by_key(key) if candidate.country != subdivision[:2]), default=0
    )
    return elsewhere < CERTAIN or _population_by_subdivision().get(subdivision, 0) >= SURER * elsewhere


def strip_numbers(text: str) -> str:
    """The text without its postcodes and numbers."""
    return _DIGITS.sub(" ", text).strip(" -,")


def _keys_of_text(text: str) -> Iterator[str]:
    yield text_key(text)
    if (shorter := text_key(strip_numbers(text))) != text_key(text):
        yield shorter


@cache
def _population_by_subdivision() -> dict[str, int]:
    """Outermost subdivision → people of its cities."""
    return dict(cities.city_table().group_by("subdivision").agg(pl.col("population").sum()).drop_nulls().iter_rows())


@cache
def _location_by_city() -> dict[int, tuple[str, str | None, int]]:
    rows = cities.city_table().select("city", "country", "subdivision", "population").iter_rows()
    return {city: (country, subdivision, people) for city, country, subdivision, people in rows}
