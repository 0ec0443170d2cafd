"""The cities that a name may mean, one name at a time: for texts that are left over when whole columns are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

import polars as pl

from icp_sync.vocabulary import cities
from icp_sync.vocabulary.keys import key_of

SURER: Final = 10
"""An own name counts so many times an alternate one, and the city that is meant leads the next by as much."""
CERTAIN: Final = 50_000
"""People of a city that its name alone may mean, without a country beside it."""
_DIGITS: Final = re.compile(r"\b\d{4}\s?[A-Z]{2}\b|\b(?:[A-Za-z]{1,3}-)?\d\S*|\b[A-Za-z]{1,2}\d\S*|〒")
"""Postcodes, with the country before or the letters behind, and the numbers of districts."""
_NOWHERE: Final = (
    "all anywhere branch cloud company corporate country distributed domestic everywhere foreign global globally"
    " headquarters hq hybrid international internet many multiple national nationwide none online other others overseas"
    " region remote remotely same several test unknown various virtual virtually worldwide"
)
_TOWNS_TOO: Final = (
    "bath central earth east enterprise home independence main man mobile most nice north of office orange reading row"
    " south split union west work world"
)
NOWHERE: Final = frozenset(_NOWHERE.split())
"""Words that stand where a city is asked for and say that there is none."""
NO_TOWNS: Final = NOWHERE | frozenset(_TOWNS_TOO.split())
"""Words that are towns somewhere, and mostly mean something else where a country is asked for."""


class Town(NamedTuple):
    """A city that has a name: its GeoNames id, where it lies, its people, and the weight of the name for it."""

    city: int
    country: str
    subdivision: str | None
    people: int
    weight: int


@lru_cache(maxsize=1 << 13)
def called(key: str) -> tuple[Town, ...]:
    """The cities of a name, given by its text key, the likeliest first."""
    spelled = cities.spellings()
    first, end = (spelled["key"].search_sorted(key, side) for side in ("left", "right"))
    own = spelled[int(first) : int(end)].select("city", "own").iter_rows()
    found = [Town(city, *_where()[city], weight=_where()[city][2] * (SURER if is_own else 1)) for city, is_own in own]
    return tuple(sorted(found, key=lambda town: (-town.weight, town.city)))


def city_in(country: str, text: str) -> bool:
    """Whether a text names a city of the country, postcodes and district numbers aside."""
    return any(town.country == country for key in _readings(text) for town in called(key))


def lies_in(subdivision: str, text: str) -> bool:
    """Whether a text names a city of an outermost subdivision."""
    return any(town.subdivision == subdivision for key in _readings(text) for town in called(key))


def certain(text: str) -> Town | None:
    """The city that a name means alone: 50,000 people, and ten times the next of that name."""
    key = key_of(text)
    towns = called(key)
    if not towns or towns[0].people < CERTAIN or key in NO_TOWNS:
        return None
    best = towns[0]
    rivals = (town for town in towns[1:] if town.subdivision != best.subdivision)
    return best if all(best.weight >= SURER * town.weight for town in rivals) else None


def outweighs(subdivision: str, key: str) -> bool:
    """Whether a subdivision is meant by its name rather than a city of that name elsewhere (Ontario, not Portland)."""
    elsewhere = max((town.people for town in called(key) if town.country != subdivision[:2]), default=0)
    return elsewhere < CERTAIN or _people().get(subdivision, 0) >= SURER * elsewhere


def without_numbers(text: str) -> str:
    """The text without its postcodes and numbers."""
    return _DIGITS.sub(" ", text).strip(" -,")


def _readings(text: str) -> Iterator[str]:
    yield key_of(text)
    if (shorter := key_of(without_numbers(text))) != key_of(text):
        yield shorter


@cache
def _people() -> dict[str, int]:
    """Outermost subdivision → people of its cities."""
    return dict(cities.table().group_by("subdivision").agg(pl.col("population").sum()).drop_nulls().iter_rows())


@cache
def _where() -> dict[int, tuple[str, str | None, int]]:
    rows = cities.table().select("city", "country", "subdivision", "population").iter_rows()
    return {city: (country, subdivision, people) for city, country, subdivision, people in rows}
