"""A country from whatever people type: with its town or state, its postcode or another name; None if uncertain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from icp_sync.vocabulary import regions, us_places
from icp_sync.vocabulary.city_names import certain, city_in, lies_in, outweighs, without_numbers
from icp_sync.vocabulary.country_spellings import english_names, is_part, named_country, spelled
from icp_sync.vocabulary.keys import key_of, keys_of
from icp_sync.vocabulary.subdivision_texts import state_in
from icp_sync.vocabulary.subdivisions import subdivisions

__all__ = ["Located", "country_code", "english_names", "locate", "named_country"]

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
_NOISE: Final = frozenset(
    {
        "hq", "headquarters", "headquarter", "head office", "main office", "hauptsitz", "zentrale", "siege", "sede",
        "the", "only", "remote", "all", "nationwide", "global hq", "global headquarters", "world headquarters",
        "head quarters", "office", "based", "country", "primary", "main",
    }
)  # fmt: skip
_UNCLEAR: Final = frozenset({"virgin islands", "columbia", "netherlands antilles"})
_SAID: Final = frozenset({"uk", "u.k", "us", "u.s"})
"""Two letters that are said like a name; others are as often a state's."""
_VEHICLES: Final = {
    "A": "AT", "AT": "AT", "B": "BE", "BE": "BE", "CH": "CH", "CZ": "CZ", "D": "DE", "DE": "DE", "DK": "DK", "E": "ES",
    "ES": "ES", "F": "FR", "FR": "FR", "FI": "FI", "FIN": "FI", "FL": "LI", "LI": "LI", "H": "HU", "HU": "HU",
    "HR": "HR", "I": "IT", "IT": "IT", "L": "LU", "LU": "LU", "LT": "LT", "LV": "LV", "N": "NO", "NO": "NO", "NL": "NL",
    "P": "PT", "PT": "PT", "PL": "PL", "RO": "RO", "S": "SE", "SE": "SE", "SI": "SI", "SLO": "SI", "SK": "SK",
}  # fmt: skip
"""What stands before a postcode → alpha-2."""
_OF: Final = {
    "US": "PR GU VI AS MP UM", "CN": "HK MO TW", "FR": "GP MQ GF RE YT NC PF PM WF MF BL TF", "DK": "GL FO", "FI": "AX",
    "NL": "AW CW SX BQ", "GB": "GI BM KY VG TC AI MS FK SH IO PN GS JE GG IM", "NO": "SJ BV", "AU": "CX CC NF HM",
    "NZ": "CK NU TK", "RS": "XK",
}  # fmt: skip
"""Countries of the standard that people name together with the one they belong to, or are said to belong to."""


class Located(NamedTuple):
    """The alpha-2 country a text names, and the ISO 3166-2 subdivision where it names one."""

    country: str
    part: str | None = None


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of the country a text names, or None when that is not certain.

    Two assigned letters are that country before anything else (`CA` is Canada). A town or state whose country is
    certain gives that; a text that names several countries gives None.
    """
    found = locate(text)
    return found.country if found else None


@lru_cache(maxsize=1 << 15)
def locate(text: str) -> Located | None:
    """The country a text in a country's field names, with the part of it that is named too (`England`, `Texas`)."""
    text = _FOOTNOTE.sub("", _INVISIBLE.sub("", text)).strip()
    key = key_of(text)
    if not key or len(text) > _LONGEST or _NEGATED.match(key) or key in _UNCLEAR:
        return None
    if regions.is_region(text):
        return None
    return _whole(text) or _bracketed(text) or _listed(text) or _parted(text) or _spaced(text) or _town(text)


def _whole(text: str) -> Located | None:
    key = key_of(text)
    if code := spelled(text):
        name = key.removesuffix(" uk").removeprefix("uk ")
        return Located(code, subdivisions().by_country.get((code, name)) if is_part(text) else None)
    if key in _us_keys():
        return Located("US", state_in("US", text))
    state = subdivisions().by_name.get(key)
    return Located(state[:2], state) if state and outweighs(state, key) else None


def _bracketed(text: str) -> Located | None:
    """`United States (USA)` is one country twice; `Germany (formerly Poland)` would be two."""
    inside, outside = _BRACKETS.findall(text), _BRACKETS.sub(" ", text)
    return _combined([outside, *inside], last_decides=False) if inside else None


def _listed(text: str) -> Located | None:
    """The country that every one of several parts names."""
    parts = [part for part in _LISTED.split(text) if key_of(part)]
    if len(parts) < 2:
        return None
    found = {locate(part) for part in parts}
    countries = {one.country if one else None for one in found}
    if len(countries) > 1 or None in countries:
        return _combined(parts, last_decides=False) if len({_strong(part) for part in parts} - {None}) == 1 else None
    return found.pop() if len(found) == 1 else Located(str(countries.pop()))


def _parted(text: str) -> Located | None:
    """`Dublin, Ireland` and `Germany - Berlin`."""
    parts = [part for part in _PARTED.split(text) if key_of(part)]
    return _combined(parts, last_decides=True) if len(parts) > 1 and not _BRACKETS.search(text) else None


def _combined(parts: list[str], *, last_decides: bool) -> Located | None:
    """The one country that parts of a text name, where all else in it lies there or says nothing."""
    saying = [_BEFORE.sub("", part.strip()) for part in parts if key_of(part) and key_of(part) not in _NOISE]
    if len(saying) < 2:
        return locate(saying[0]) if saying else None
    if key_of(saying[-1]) == "georgia":
        return _in_georgia(saying[-2])
    countries = {code for part in saying if (code := _strong(part))}
    if not countries or (last_decides and key_of(saying[-1]) in _us_keys()):
        return _behind(saying, last_decides=last_decides)
    if len(countries) == 1:
        return _of_one(saying, countries.pop(), last_decides=last_decides)
    return _of_two(saying, countries) if len(countries) == 2 else None


def _of_one(parts: list[str], country: str, *, last_decides: bool) -> Located | None:
    rest = [part for part in parts if _strong(part) != country or is_part(part)]
    sure = last_decides and _strong(parts[-1]) == country
    if not sure and not all(_within(country, part) for part in rest):
        return None
    return Located(country, next((state for part in rest if (state := state_in(country, part))), None))


def _strong(part: str) -> str | None:
    """A country by more than two letters, which may be a state's."""
    return spelled(part) if len(key_of(part)) > 2 or key_of(part) in _SAID else None


def _within(country: str, part: str) -> bool:
    around = regions.resolve(part)
    return bool(state_in(country, part) or city_in(country, part) or (around and country in around))


def _of_two(parts: list[str], countries: set[str]) -> Located | None:
    """`Puerto Rico, USA` is the first, and `Georgia, USA` the second; of all others nobody knows which is meant."""
    for outer, inner in (sorted(countries), sorted(countries, reverse=True)):
        if inner in _OF.get(outer, "").split():
            return Located(inner)
    known = subdivisions().by_country
    named = {known.get((country, key_of(part))) for part in parts for country in countries - {_strong(part)}} - {None}
    code = named.pop() if len(named) == 1 else None
    return Located(code[:2], code) if code else None


def _behind(parts: list[str], *, last_decides: bool) -> Located | None:
    """`NY. USA`, `Chesterfield, Missouri`, `Hamburg, DE`, `Wilmington, DE`: what the last part is, the town tells."""
    *places, last = parts
    key = key_of(last)
    if key in _us_keys():
        return Located("US", state_in("US", last))
    found = set(_around(places[0], last))
    if len({one.country for one in found}) == 1:
        return max(found, key=lambda one: one.part or "")
    if found or not last_decides:
        return None
    return _whole(last) if len(key) > 2 else _town(last)


def _around(place: str, last: str) -> Iterator[Located]:
    """What the last words of an address may be, given the town before them."""
    code = spelled(last)
    if code and (city_in(code, place) or state_in(code, place)):
        yield Located(code)
    for state in _states().get(key_of(last), ()):
        if lies_in(subdivisions().top(state), place):
            yield Located(state[:2], state)


def _spaced(text: str) -> Located | None:
    """`Austin USA`, `London UK`, `China Hong Kong`, `Sydney NSW`: a country or state at an end, and a place of it."""
    words = key_of(text).split(" ")
    if _LISTED.search(text) or _PARTED.search(text) or _BRACKETS.search(text):
        return None
    for size in range(min(4, len(words) - 1), 0, -1):
        for name, rest in ((words[-size:], words[:-size]), (words[:size], words[size:])):
            country = _strong(" ".join(name))
            if country:
                return _beside(country, " ".join(name), " ".join(rest))
    states = ((" ".join(words[:-size]), " ".join(words[-size:])) for size in range(min(3, len(words) - 1), 0, -1))
    found = ({*_around(place, state)} for place, state in states)
    return next((max(one, key=lambda at: at.part or "") for one in found if len({at.country for at in one}) == 1), None)


def _beside(country: str, name: str, rest: str) -> Located | None:
    if other := _strong(rest):
        return _of_two([name, rest], {country, other}) if other != country else Located(country)
    words = rest.split(" ")
    runs = (" ".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words)))
    if any(code != country for run in runs if (code := _strong(run))) or regions.resolve(rest):
        return None
    state = state_in(country, rest)
    anywhere = name in {"usa", "u.s.a"}
    return Located(country, state) if state or anywhere or city_in(country, rest) else None


def _town(text: str) -> Located | None:
    """`München`, `D-80331 München`: a town that can be in one country only."""
    coded = _POSTCODE.match(text)
    if coded and coded[1]:
        country = _VEHICLES.get(coded[1].upper())
        return Located(country) if country and city_in(country, text) else None
    place = without_numbers(text)
    town = certain(place)
    # A postcode makes it an address; any other word in a country's field is a town only where all the world knows it.
    sure = town and (place != text or town.people >= _KNOWN_ALONE)
    return Located(town.country) if town and sure and len(key_of(text)) > _SHORT else None


def _in_georgia(town: str) -> Located | None:
    key = key_of(town)
    if key in keys_of(us_places.GEORGIA_TOWNS):
        return Located("US", "US-GA")
    return Located("GE") if key in keys_of(us_places.CAUCASUS_TOWNS) else None


@cache
def _us_keys() -> frozenset[str]:
    return frozenset(keys_of((*us_places.STATES, *us_places.STATE_CODES)))


@cache
def _states() -> dict[str, tuple[str, ...]]:
    """Key → the subdivisions of the world that it names."""
    found: dict[str, tuple[str, ...]] = {}
    for (_, key), code in subdivisions().by_country.items():
        found[key] = (*found.get(key, ()), code)
    return found
