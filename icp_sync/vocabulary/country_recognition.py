"""A country from whatever people type: with its town or state, its postcode or another name; None if uncertain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from icp_sync.vocabulary import regions, us_places
from icp_sync.vocabulary.city_name_meanings import (
    country_has_city,
    means_subdivision,
    strip_numbers,
    subdivision_has_city,
    unambiguous_city,
)
from icp_sync.vocabulary.country_name_rules import OFFICE_WORDS, TERRITORIES, VEHICLE_CODES
from icp_sync.vocabulary.country_spellings import country_of_spelling, is_part_of_country
from icp_sync.vocabulary.subdivision_texts import parse_subdivision
from icp_sync.vocabulary.subdivisions import subdivisions
from icp_sync.vocabulary.text_keys import text_key, text_keys

_FOOTNOTE: Final = re.compile(r"\[[^\]]*\]")
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_LISTED: Final = re.compile(r"[/;|&\n]|\band\b")
_PARTED: Final = re.compile(r",|\s[-–—:]\s|[–—]")
_NEGATED: Final = re.compile(r"^(?:not|non|no|never|nor|outside|except|excluding|excl|rest of|anti|other than|ex) ")
_BEFORE: Final = re.compile(r"(?i)^(?:formerly|former|previously|ex|aka|a\.k\.a|also known as|officially)\b[ -]*")
_POSTCODE: Final = re.compile(r"^(?:([A-Za-z]{1,3})[- ]?)?\d{3,6}\s+\D{3,}$")
_SHORT: Final = 3
_KNOWN_ALONE: Final = 500_000
_LONGEST: Final = 200  # a longer text is prose, and no country
_UNCLEAR: Final = frozenset({"virgin islands", "columbia", "netherlands antilles"})
_SAID: Final = frozenset({"uk", "u.k", "us", "u.s"})
"""Two letters that are said like a name; others are as often a state's."""


class LocatedCountry(NamedTuple):
    """The alpha-2 country a text names, and the ISO 3166-2 subdivision where it names one."""

    country: str
    part: str | None = None


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of the country a text names, or None when that is not certain.

    Two assigned letters are that country before anything else (`CA` is Canada). A town or state whose country is
    certain gives that; a text that names several countries gives None.
    """
    location = locate_country(text)
    return location.country if location else None


@lru_cache(maxsize=1 << 15)
def locate_country(text: str) -> LocatedCountry | None:
    """The country a text in a country's property names, with the part of it named too (`England`, `Texas`).

    None where the text is empty, a region, or not certain.
    """
    text = _FOOTNOTE.sub("", _INVISIBLE.sub("", text)).strip()
    key = text_key(text)
    if not key or len(text) > _LONGEST or _NEGATED.match(key) or key in _UNCLEAR:
        return None
    if regions.is_region(text):
        return None
    return (
        _locate_whole(text)
        or _locate_bracketed(text)
        or _locate_list(text)
        or _locate_parts(text)
        or _locate_at_blanks(text)
        or _locate_city(text)
    )


def _locate_whole(text: str) -> LocatedCountry | None:
    key = text_key(text)
    if code := country_of_spelling(text):
        name = key.removesuffix(" uk").removeprefix("uk ")
        return LocatedCountry(code, subdivisions().code_in_country(code, name) if is_part_of_country(text) else None)
    if key in _us_state_keys():
        return LocatedCountry("US", parse_subdivision("US", text))
    state = subdivisions().by_distinct_name.get(key)
    return LocatedCountry(state[:2], state) if state and means_subdivision(state, key) else None


def _locate_bracketed(text: str) -> LocatedCountry | None:
    """`United States (USA)` is one country twice; `Germany (formerly Poland)` would be two."""
    inside, outside = _BRACKETS.findall(text), _BRACKETS.sub(" ", text)
    return _combine_parts([outside, *inside], last_decides=False) if inside else None


def _locate_list(text: str) -> LocatedCountry | None:
    """The country that each of several parts names."""
    parts = [part for part in _LISTED.split(text) if text_key(part)]
    if len(parts) < 2:
        return None
    locations = {locate_country(part) for part in parts}
    countries = {location.country if location else None for location in locations}
    if len(countries) > 1 or None in countries:
        return (
            _combine_parts(parts, last_decides=False)
            if len({_unambiguous_country(part) for part in parts} - {None}) == 1
            else None
        )
    return locations.pop() if len(locations) == 1 else LocatedCountry(str(countries.pop()))


def _locate_parts(text: str) -> LocatedCountry | None:
    """`Dublin, Ireland` and `Germany - Berlin`."""
    parts = [part for part in _PARTED.split(text) if text_key(part)]
    return _combine_parts(parts, last_decides=True) if len(parts) > 1 and not _BRACKETS.search(text) else None


def _combine_parts(parts: list[str], *, last_decides: bool) -> LocatedCountry | None:
    """The one country that parts of a text name, where every other part lies in it or names nothing."""
    named_parts = [_BEFORE.sub("", part.strip()) for part in parts if text_key(part) not in {"", *OFFICE_WORDS}]
    if len(named_parts) < 2:
        return locate_country(named_parts[0]) if named_parts else None
    if text_key(named_parts[-1]) == "georgia":
        return _resolve_georgia(named_parts[-2])
    countries = {code for part in named_parts if (code := _unambiguous_country(part))}
    if not countries or (last_decides and text_key(named_parts[-1]) in _us_state_keys()):
        return _locate_by_last_part(named_parts, last_decides=last_decides)
    if len(countries) == 1:
        return _locate_by_named_country(named_parts, countries.pop(), last_decides=last_decides)
    return _resolve_two_countries(named_parts, countries) if len(countries) == 2 else None


def _locate_by_named_country(parts: list[str], country: str, *, last_decides: bool) -> LocatedCountry | None:
    rest = [part for part in parts if _unambiguous_country(part) != country or is_part_of_country(part)]
    sure = last_decides and _unambiguous_country(parts[-1]) == country
    if not sure and not all(_lies_within(country, part) for part in rest):
        return None
    return LocatedCountry(country, next((state for part in rest if (state := parse_subdivision(country, part))), None))


def _unambiguous_country(part: str) -> str | None:
    """The country of a name of more than two letters; two letters may be a state's."""
    return country_of_spelling(part) if len(text_key(part)) > 2 or text_key(part) in _SAID else None


def _lies_within(country: str, part: str) -> bool:
    around = regions.country_codes(part)
    return bool(parse_subdivision(country, part) or country_has_city(country, part) or (around and country in around))


def _resolve_two_countries(parts: list[str], countries: set[str]) -> LocatedCountry | None:
    """`Puerto Rico, USA` is the first, `Georgia, USA` the second; None for all other pairs, which are ambiguous."""
    for outer, inner in (sorted(countries), sorted(countries, reverse=True)):
        if inner in TERRITORIES.get(outer, "").split():
            return LocatedCountry(inner)
    known = subdivisions()
    named = {
        known.code_in_country(country, text_key(part))
        for part in parts
        for country in countries - {_unambiguous_country(part)}
    } - {None}
    code = named.pop() if len(named) == 1 else None
    return LocatedCountry(code[:2], code) if code else None


def _locate_by_last_part(parts: list[str], *, last_decides: bool) -> LocatedCountry | None:
    """`Chesterfield, Missouri`, `Hamburg, DE`, `Wilmington, DE`: the city decides what the last part means."""
    *places, last = parts
    key = text_key(last)
    if key in _us_state_keys():
        return LocatedCountry("US", parse_subdivision("US", last))
    candidates = set(_last_part_readings(places[0], last))
    if len({candidate.country for candidate in candidates}) == 1:
        return max(candidates, key=lambda candidate: candidate.part or "")
    if candidates or not last_decides:
        return None
    return _locate_whole(last) if len(key) > 2 else _locate_city(last)


def _last_part_readings(place: str, last: str) -> Iterator[LocatedCountry]:
    """Yields the countries and states the last words of an address may mean, given the city before them."""
    code = country_of_spelling(last)
    if code and (country_has_city(code, place) or parse_subdivision(code, place)):
        yield LocatedCountry(code)
    for state in _subdivision_codes_by_key().get(text_key(last), ()):
        if subdivision_has_city(subdivisions().outermost_code(state), place):
            yield LocatedCountry(state[:2], state)


def _locate_at_blanks(text: str) -> LocatedCountry | None:
    """`Austin USA`, `London UK`, `China Hong Kong`, `Sydney NSW`: a country or state at an end, and a place of it."""
    words = text_key(text).split(" ")
    if _LISTED.search(text) or _PARTED.search(text) or _BRACKETS.search(text):
        return None
    for size in range(min(4, len(words) - 1), 0, -1):
        for name, rest in ((words[-size:], words[:-size]), (words[:size], words[size:])):
            country = _unambiguous_country(" ".join(name))
            if country:
                return _locate_within_country(country, " ".join(name), " ".join(rest))
    states = ((" ".join(words[:-size]), " ".join(words[-size:])) for size in range(min(3, len(words) - 1), 0, -1))
    candidates = ({*_last_part_readings(place, state)} for place, state in states)
    return next(
        (max(one, key=lambda at: at.part or "") for one in candidates if len({at.country for at in one}) == 1), None
    )


def _locate_within_country(country: str, name: str, rest: str) -> LocatedCountry | None:
    if other := _unambiguous_country(rest):
        return _resolve_two_countries([name, rest], {country, other}) if other != country else LocatedCountry(country)
    words = rest.split(" ")
    runs = (" ".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words)))
    if any(code != country for run in runs if (code := _unambiguous_country(run))) or regions.country_codes(rest):
        return None
    state = parse_subdivision(country, rest)
    anywhere = name in {"usa", "u.s.a"}
    return LocatedCountry(country, state) if state or anywhere or country_has_city(country, rest) else None


def _locate_city(text: str) -> LocatedCountry | None:
    """`München`, `D-80331 München`: a city that can be in one country only."""
    coded = _POSTCODE.match(text)
    if coded and coded[1]:
        country = VEHICLE_CODES.get(coded[1].upper())
        return LocatedCountry(country) if country and country_has_city(country, text) else None
    place = strip_numbers(text)
    city = unambiguous_city(place)
    # A postcode makes it an address; any other word in a country's property is a city only if it is a very large one.
    sure = city and (place != text or city.people >= _KNOWN_ALONE)
    return LocatedCountry(city.country) if city and sure and len(text_key(text)) > _SHORT else None


def _resolve_georgia(city: str) -> LocatedCountry | None:
    key = text_key(city)
    if key in text_keys(us_places.GEORGIA_TOWNS):
        return LocatedCountry("US", "US-GA")
    return LocatedCountry("GE") if key in text_keys(us_places.CAUCASUS_TOWNS) else None


@cache
def _us_state_keys() -> frozenset[str]:
    return frozenset(text_keys((*us_places.STATES, *us_places.STATE_CODES)))


@cache
def _subdivision_codes_by_key() -> dict[str, tuple[str, ...]]:
    """Key → the subdivisions of the world that it names."""
    codes_of: dict[str, tuple[str, ...]] = {}
    for name, code in subdivisions().by_country.items():
        codes_of[name[3:]] = (*codes_of.get(name[3:], ()), code)
    return codes_of
