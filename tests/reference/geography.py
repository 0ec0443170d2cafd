"""Where a company is, from all of its location block, and the questions put to that place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.reference.asked import Company, Leaf
from tests.reference.meanings import Area, City, CityName, Country, Meaning, State
from tests.reference.operators import Kleene, anyone
from tests.reference.places import CITY_STATES

EARTH_KM: Final = 6371.0


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of where a company is; codes by ISO 3166."""

    country: str | None
    state: str | None
    city: City | None


def place_of(company: Company, location: Mapping[str, tuple[str, ...]]) -> Place:
    """Country, state and city, each helping to know the others; where they leave a doubt, it is not known."""
    readable = company.first_readable(location["country"])
    country = readable.code if isinstance(readable, Country) else None
    name = company.first_readable(location["city"])
    cities = name.cities if isinstance(name, CityName) else ()
    state = _state(company, location["state"], country, {city.state for city in cities})
    country = state[:2] if state and not country else country
    city = city_meant(cities, country, state)
    if city is None:
        return Place(country, state, None)
    return Place(city.country, state or city.state, city)


def _state(company: Company, names: tuple[str, ...], country: str | None, of_cities: set[str]) -> str | None:
    """The first that is a state of the country; where that is unknown, of a single one or with such a city in it."""
    states = [state for state in (company.meanings[name] for name in names) if isinstance(state, State)]
    if country:
        return next((state.code for state in states if state.code.startswith(country)), None)
    return next((state.code for state in states if state.alone or state.code in of_cities), None)


def city_meant(cities: tuple[City, ...], country: str | None, state: str | None) -> City | None:
    """The most populous city of the known state or country; none when it cannot be told which was meant."""
    if country is None:
        people = [*(city.people for city in cities), 0, 0]
        return cities[0] if people[0] >= 50 and people[0] >= 10 * people[1] else None
    at_home = [city for city in cities if city.country == country]
    in_state = [city for city in at_home if city.state == state]
    return next(iter(in_state or at_home), None)


def asked_where(leaf: Leaf, company: Company, location: Mapping[str, tuple[str, ...]]) -> tuple[Kleene, Meaning]:
    """The answer to a question of geography, and the value it was read from, or why there is none.

    A property named beside it stands for the location's country, and for nothing else.
    """
    location = {**location, "country": leaf.properties} if leaf.properties else location
    place = place_of(company, location)
    if leaf.operator == "region":
        if place.country is None:
            return None, company.first_readable(location["country"])
        return anyone([_in_area(place, area) for area in leaf.argument]), Country(place.country)
    return _in_city(leaf, place), company.first_readable(location["city"])


def _in_area(place: Place, area: Area) -> Kleene:
    """A country's part is only known to be inside or outside when the company's state is known."""
    if place.country in area.countries:
        return True
    parts = {code for code in area.states if code.startswith(f"{place.country}-")}
    if not parts:
        return False
    return None if place.state is None else place.state in parts


def _in_city(leaf: Leaf, place: Place) -> Kleene:
    """A city-state is one of its cities, so that who is known to be in the country is in the city."""
    if leaf.operator == "city":
        if place.city is None:
            return True if CITY_STATES.get(place.country or "") in leaf.argument else None
        return place.city in frozenset[City](leaf.argument)
    centre, km = leaf.argument
    return None if place.city is None else distance_km(place.city, centre) <= float(km)


def distance_km(here: City, there: City) -> float:
    """Great-circle distance by the haversine formula."""
    lat, other = math.radians(here.lat), math.radians(there.lat)
    half = math.sin((other - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other) * math.sin(math.radians(there.lon - here.lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))
