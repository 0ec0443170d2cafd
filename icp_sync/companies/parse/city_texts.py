"""Readings of a city's text that is no plain name: a city with its state, country, postcode or district."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from icp_sync.vocabulary.city_name_meanings import strip_numbers
from icp_sync.vocabulary.country_spellings import country_of_spelling
from icp_sync.vocabulary.subdivision_texts import strip_dots
from icp_sync.vocabulary.subdivisions import subdivision_keys, subdivisions
from icp_sync.vocabulary.text_keys import text_key

_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SEPARATORS: Final = re.compile(r"[,(/;|)\[\]\n、，]|\s[-–—:]\s?|[–—]")
_ABBREVIATIONS: Final = frozenset({"uk", "us", "usa", "uae"})
_SHORT: Final = 2
_MAX_TAIL_WORDS: Final = 3
"""So many words of a country or state are looked for behind a city without a comma."""
_MAX_LENGTH: Final = 200  # a longer text is prose, and no city
_BEFORE: Final = re.compile(
    r"^(?:the |greater |metro |metropolitan |downtown |central |inner |midtown |city of |town of |village of |ville de"
    r" |comune di |ciudad de |cidade de |municipio de |municipality of |stadt |landeshauptstadt |hansestadt |gemeente"
    r" |gmina |miasto |obec |mesto |kommune |grossraum |raum |region |near |district of |borough of |gr |gtr )+"
)
_BEHIND: Final = re.compile(
    r"(?: city| si| shi| to| fu| ku| cbd| downtown| centre| center| city centre| city center| central| metro| area"
    r"| metropolitan| metropolitan area| metro area| bay| region| municipality| kommune| stad| town| and surroundings"
    r"| and surrounding area| umgebung| und umgebung| d\.c| dc| d\.f| df| cedex| arrondissement| arr| district"
    r"| borough| bezirk| kerulet| cdx)+$"
)
_QUARTER: Final = re.compile(r"^(.{3,}) (?:k|o|n|s|v|nv|sv|c|e|w|nw|sw|se|ne)$")
"""`København K`: a letter for the quarter of the city behind it."""
_HYPHEN: Final = re.compile(r"^([^\W\d][\w .']{3,})-\w")
_CJK: Final = re.compile(r"^(?:日本|中国|中國)?(\w{1,4}?)(?:[都市府](?=\w)|(?:특별시|광역시|시)\s)")
_CITY_STATES: Final = frozenset(
    {
        "AE-DU", "AR-C", "AT-9", "BE-BRU", "CN-BJ", "CN-SH", "CN-TJ", "CO-DC", "CZ-10", "DE-BE", "DE-HH", "FR-75C",
        "GB-LND", "HU-BU", "IN-DL", "JP-13", "KR-11", "MX-CMX", "RU-MOW", "RU-SPE", "TH-10", "TR-34", "TW-TPE",
    }
)  # fmt: skip
_NEAR: Final = frozenset({"saclay", "hahn", "gatwick", "stansted", "luton", "heathrow", "airport", "flughafen"})


class CityReading(NamedTuple):
    """A city's text key, the alpha-2 country and the key of the state it must lie in, and whether it must be large."""

    key: str
    country: str | None = None
    state: str | None = None
    large: bool = False


def city_readings(text: str) -> list[CityReading]:
    """The readings of a text, the likeliest first; the first that is a city in the company's country counts."""
    text = _INVISIBLE.sub("", text)[:_MAX_LENGTH]
    parts = [part for part in _SEPARATORS.split(text) if text_key(strip_numbers(part))]
    if not parts:
        return []
    head, *tails = parts
    districts_of = [
        tail for tail in tails if not _is_country_or_state(tail) or text_key(tail) in _keys_of_city_states()
    ]
    readings = [
        CityReading(key, country, state, large or any(not _is_country_or_state(tail) for tail in tails))
        for country, state in _tail_readings([tail for tail in tails if _is_country_or_state(tail)])
        for key, large in _city_keys(head)
    ]
    readings += [CityReading(key, None, None, large=True) for part in districts_of for key, _ in _city_keys(part)]
    return list(
        dict.fromkeys(
            [*readings, *(reading for part in parts for reading in _split_at_blanks(part, large=bool(tails)))]
        )
    )


def _is_country_or_state(tail: str) -> bool:
    """Whether what stands behind a city is a country or a state somewhere."""
    key = text_key(strip_numbers(tail))
    return bool(country_of_spelling(key) or key in subdivision_keys() or strip_dots(key) in subdivision_keys())


def _tail_readings(tails: list[str]) -> list[tuple[str | None, str | None]]:
    """The countries and states that what stands behind a city may be; `CA` is a state before it is a country."""
    conditions: list[tuple[str | None, str | None]] = [(None, None)]
    for tail in tails:
        key = text_key(strip_numbers(tail))
        country = country_of_spelling(key)
        states = [state for state in dict.fromkeys((key, strip_dots(key))) if state in subdivision_keys()]
        if country and (len(key) > _SHORT or key in _ABBREVIATIONS) and key not in _country_and_state_names():
            conditions = [(country, before) for _, before in conditions]
        else:
            with_state = [
                (before, state) for state in states for before, state_before in conditions if state_before is None
            ]
            conditions = [
                *with_state,
                *((country, state_before) for _, state_before in conditions if country),
            ] or conditions
    return conditions


def _city_keys(text: str) -> Iterator[tuple[str, bool]]:
    """The keys a city's own words may have, and whether only a large city will do."""
    plain = strip_numbers(text)
    for key in dict.fromkeys((text_key(text), text_key(plain))):
        yield key, False
    key = text_key(plain)
    shorter = _BEHIND.sub("", _BEFORE.sub("", key))
    yield shorter, shorter != key
    if quarter := _QUARTER.match(key):
        yield quarter[1], True
    if (hyphen := _HYPHEN.match(plain)) and not _NEAR & set(key.split(" ")):
        yield text_key(hyphen[1]), True
    if city := _CJK.match(plain.strip()):
        yield city[1], True


def _split_at_blanks(text: str, *, large: bool) -> Iterator[CityReading]:
    """`Austin TX`, `London UK`: the last words are a state or a country."""
    words = strip_numbers(text).split()
    for size in range(min(_MAX_TAIL_WORDS, len(words) - 1), 0, -1):
        tail, head = " ".join(words[-size:]), " ".join(words[:-size])
        if _is_country_or_state(tail):
            for country, state in _tail_readings([tail]):
                yield from (CityReading(key, country, state, large or big) for key, big in _city_keys(head))


@cache
def _keys_of_city_states() -> frozenset[str]:
    """Keys of subdivisions that are one city: what stands before them is a district (`Kreuzberg, Berlin`)."""
    return frozenset(name[3:] for name, code in subdivisions().by_country.items() if code in _CITY_STATES)


@cache
def _country_and_state_names() -> frozenset[str]:
    """Names of a country and of a state of another one (Georgia)."""
    return frozenset(
        name[3:] for name in subdivisions().by_country if (country_of_spelling(name[3:]) or name[:2]) != name[:2]
    )
