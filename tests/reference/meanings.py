"""What a typed text means to the person who typed it: the values the reference scorer works on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum


class Nothing(Enum):
    """Why there is no value: nobody typed one, nobody can tell which was meant, or there is not even a word in it."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    WORDLESS = "wordless"

    @property
    def situation(self) -> str:
        """The two ways of having no value."""
        return "empty" if self is Nothing.EMPTY else "unreadable"


@dataclass(frozen=True, slots=True)
class Interval:
    """A number known to lie from low to high, both included; a point when they are the same."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Words:
    """A text: the concepts its `;`-separated members stand for, and the words it is made of, each by one spelling."""

    text: str
    members: frozenset[str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A bare year."""

    year: int


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO 3166-1 alpha-2 code."""

    code: str


@dataclass(frozen=True, slots=True)
class State:
    """A subdivision by its ISO 3166-2 code; `alone` = no other country has one that is written so."""

    code: str
    alone: bool


@dataclass(frozen=True, slots=True)
class City:
    """One real city; people in thousands, degrees north and east."""

    name: str
    country: str
    state: str
    people: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class CityName:
    """A name several cities may bear, the most populous first."""

    cities: tuple[City, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """What a region's name covers: whole countries, and subdivisions of others."""

    countries: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()


Meaning = Nothing | Interval | Words | dt.date | Year | bool | Country | State | CityName


@dataclass(frozen=True, slots=True)
class Cell:
    """A text as HubSpot hands it over, and what it means."""

    text: str | None
    meaning: Meaning
