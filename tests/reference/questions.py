"""Random questions to a company: every operator of the language, its argument beside what the argument means."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.reference.asked import Composition, Kind, Leaf, Question, Written
from tests.reference.geography import distance_km
from tests.reference.meanings import City
from tests.reference.places import CITIES, METROS, OTHER_SPELLINGS, REGIONS
from tests.reference.texts import (
    DERIVED_BORDERS,
    EMPLOYEE_BORDERS,
    INDUSTRIES,
    INDUSTRY_GROUPS,
    MONEY_BORDERS,
    NAMES,
    PATTERNS,
    TECHNOLOGIES,
    TECHNOLOGY_GROUPS,
    WORDS,
)

ABSENT: Final = "unheard_of"
"""A property that the portal lacks."""
PROPERTIES: Final[Mapping[str, tuple[str, ...]]] = {
    "employees": ("numberofemployees", "hs_employee_range"),
    "money": ("annualrevenue", "total_money_raised"),
    "derived": ("per_head", "budget", "gap", "share", "vast"),
    "names": ("partner_level", "account_kind", ABSENT),
    "prose": ("description", "about"),
    "technologies": ("web_technologies", "tools_used"),
    "industry": ("industry", "main_sector"),
    "truth": ("is_public", "does_export"),
    "day": ("last_contact", "contract_signed"),
    "age": ("founded_year", "opened_on"),
    "country": ("billing_country",),
}
KINDS: Final = (*PROPERTIES, "place", "place", "place", "place", "day", "age", "technologies", "names")
COMPOSITIONS: Final[tuple[Kind, ...]] = ("all", "any", "not")
Asked = tuple[str, Any, Written]  # operator, what its argument means, how it is written


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about: a kind of value and the properties it is read from (none = the location block)."""

    kind: str
    properties: tuple[str, ...]

    @property
    def written(self) -> Written:
        """How a criterion or leaf names it."""
        if len(self.properties) == 1:
            return {"property": self.properties[0]}
        return {"properties": list(self.properties)} if self.properties else {}


def subject(rng: random.Random, kinds: Sequence[str] = KINDS) -> Subject:
    """A kind, and one or several properties of it."""
    kind = rng.choice(kinds)
    named = PROPERTIES.get(kind, ())
    several = len(named) > 1 and kind != "derived" and rng.random() < 0.3
    return Subject(kind, tuple(rng.sample(named, 2)) if several else tuple(rng.sample(named, min(1, len(named)))))


def leaf(rng: random.Random, about: Subject, *, named: bool) -> Leaf:
    """One operator fit for the subject; `named` = it says itself which property it reads."""
    operator, argument, written = rng.choice(LEAVES[about.kind])(rng)
    return Leaf(operator, argument, about.properties, (about.written if named else {}) | written)


def question(rng: random.Random, about: Subject | None, depth: int = 3) -> Question:
    """A match of at most `depth` levels; its leaves ask the subject around them or one of their own.

    Where a property stands around it, geography would be read from that: there it is no leaf's own subject.
    """
    if depth == 0 or rng.random() < 0.6:
        own = about is None or rng.random() < 0.2 * (3 - depth)
        kinds = tuple(PROPERTIES) if about and about.properties else KINDS
        return leaf(rng, subject(rng, kinds) if own or about is None else about, named=own)
    kind: Kind = rng.choice(COMPOSITIONS)
    count = 1 if kind == "not" else rng.randint(1, 3)
    return Composition(kind, tuple(question(rng, about, depth - 1) for _ in range(count)))


def _number(rng: random.Random, borders: Sequence[float]) -> Asked:
    operator = rng.choice(("at_least", "at_most", "between"))
    low, high = sorted(rng.sample(borders, 2))
    bounds: list[float | None] = [low, high]
    if rng.random() < 0.3:
        bounds[rng.randrange(2)] = None
    argument = tuple(bounds) if operator == "between" else low
    return operator, argument, {operator: bounds if operator == "between" else low}


def _named(rng: random.Random, spellings: Mapping[str, Sequence[str]], groups: Mapping[str, frozenset[str]]) -> Asked:
    operator = rng.choice(("is", "in", "not_in"))
    single = operator == "is" and rng.random() < 0.6
    names = rng.sample([*spellings, *groups], 1 if single else rng.randint(1, 4))
    meant = frozenset().union(*(groups.get(name, {name}) for name in names))
    written = [rng.choice(spellings[name]) if name in spellings else name for name in names]
    return operator, meant, {operator: written[0] if single else written}


def _set(rng: random.Random, spellings: Mapping[str, Sequence[str]], groups: Mapping[str, frozenset[str]]) -> Asked:
    operator = rng.choice(("has_any", "has_any", "has_all", "has_none"))
    names = rng.sample([*spellings, *groups], rng.randint(1, 2 if operator == "has_all" else 4))
    written: Written = {operator: [rng.choice(spellings[name]) if name in spellings else name for name in names]}
    meant: Any = [groups.get(name, frozenset({name})) for name in names]
    if operator == "has_any":
        least = rng.randint(1, len(names))
        meant = (meant, least)
        if least > 1:
            written["at_least"] = least
    return operator, meant, written


def _phrases(rng: random.Random, spellings: Mapping[str, Sequence[str]]) -> Asked:
    phrases = [rng.sample(list(spellings), rng.choice((1, 1, 1, 2))) for _ in range(rng.randint(1, 3))]
    texts = [rng.choice((" ", "-")).join(rng.choice(spellings[word]) for word in phrase) for phrase in phrases]
    meant = [tuple(word for name in phrase for word in name.split(" ")) for phrase in phrases]
    return "contains_any", meant, {"contains_any": texts}


def _prefixes(rng: random.Random, spellings: Mapping[str, Sequence[str]]) -> Asked:
    """Whole spellings, and names cut off after a letter, however they are written."""
    names = rng.sample(list(spellings), rng.randint(1, 3))
    meant, written = [], []
    for name in names:
        cut = name[: rng.randint(1, len(name))].rstrip(". ")
        whole = rng.random() < 0.5
        meant.append(name if whole else cut)
        written.append(rng.choice(spellings[name]) if whole else rng.choice((cut, cut.upper(), f" {cut.title()} ")))
    return "starts_with", meant, {"starts_with": written}


def _pattern(rng: random.Random) -> Asked:
    pattern = rng.choice(PATTERNS)
    return "matches", pattern, {"matches": pattern}


def _region(rng: random.Random, *, countries_only: bool = False) -> Asked:
    fit = [name for name, area in REGIONS.items() if not (countries_only and area.states)]
    wide = [name for name in fit if len(REGIONS[name].countries) > 1 or REGIONS[name].states]
    names = [rng.choice(rng.choice((fit, wide, wide))) for _ in range(rng.choice((1, 1, 2, 3)))]
    return "region", [REGIONS[name] for name in names], {"region": names[0] if len(names) == 1 else names}


def _city_written(rng: random.Random, city: City) -> str:
    name = rng.choice((city.name, *OTHER_SPELLINGS.get(city.name, ())))
    namesakes = [other for other in CITIES if other.name == city.name and other is not city]
    if any(other.country == city.country for other in namesakes):
        return f"{name}, {city.state}"
    return f"{name}, {city.country}" if namesakes or rng.random() < 0.5 else name


def _city(rng: random.Random) -> Asked:
    if rng.random() < 0.1:
        metro, members = rng.choice(sorted(METROS.items(), key=lambda item: item[0]))
        return "city", frozenset(city for city in CITIES if (city.name, city.state) in members), {"city": metro}
    cities = rng.sample(CITIES, rng.choice((1, 3, 6)))
    written = [_city_written(rng, city) for city in cities]
    return "city", frozenset(cities), {"city": written[0] if len(written) == 1 else written}


def _within_km(rng: random.Random) -> Asked:
    """Distances at which a few kilometres more or less, or another Earth radius, change no answer."""
    while True:
        centre, km = rng.choice(CITIES), rng.choice((50, 100, 250, 600, 1000, 1500.5, 4000, 9000))
        if all(abs(distance_km(centre, city) - km) > 25 + 0.02 * km for city in CITIES):
            return "within_km", (centre, km), {"within_km": {"of": _city_written(rng, centre), "km": km}}


def _days(rng: random.Random) -> Asked:
    operator, days = rng.choice(("within_days", "older_than_days")), rng.choice((0, 1, 7, 30, 90, 365))
    return operator, days, {operator: days}


def _age(rng: random.Random) -> Asked:
    low, high = sorted(rng.sample((0, 1, 2, 3, 5, 10, 25, 40), 2))
    bounds = [low, rng.choice((high, None))] if rng.random() < 0.8 else [None, high]
    return "age_years", tuple(bounds), {"age_years": bounds}


def _known(rng: random.Random) -> Asked:
    wanted = rng.random() < 0.5
    return "known", wanted, {"known": wanted}


def _truth(rng: random.Random) -> Asked:
    operator = rng.choice(("is_true", "is_false"))
    return operator, True, {operator: True}


LEAVES: Final[Mapping[str, Sequence[Callable[[random.Random], Asked]]]] = {
    "employees": (*(lambda rng: _number(rng, EMPLOYEE_BORDERS),) * 5, _known),
    "money": (*(lambda rng: _number(rng, MONEY_BORDERS),) * 5, _known),
    "derived": (lambda rng: _number(rng, DERIVED_BORDERS), _known),
    "names": (
        lambda rng: _named(rng, NAMES, {}),
        lambda rng: _named(rng, NAMES, {}),
        lambda rng: _set(rng, NAMES, {}),
        lambda rng: _phrases(rng, NAMES),
        lambda rng: _prefixes(rng, NAMES),
        _known,
    ),
    "prose": (lambda rng: _phrases(rng, WORDS), lambda rng: _prefixes(rng, WORDS), _pattern, _known),
    "technologies": (lambda rng: _set(rng, TECHNOLOGIES, TECHNOLOGY_GROUPS),),
    "industry": (lambda rng: _named(rng, INDUSTRIES, INDUSTRY_GROUPS),),
    "truth": (_truth,),
    "day": (_days,),
    "age": (_age,),
    "country": (lambda rng: _region(rng, countries_only=True),),
    "place": (_region, _region, _city, _within_km),
}
