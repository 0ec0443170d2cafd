"""Parses a subdivision as people type it beside its country: abbreviated, with its kind, code or country."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from icp_sync.vocabulary.country_spellings import country_of_spelling
from icp_sync.vocabulary.subdivisions import strip_kind, subdivisions
from icp_sync.vocabulary.text_keys import text_key

_SEPARATORS: Final = re.compile(r"[,;/|()\[\]\n]| - | – | — ")
_CODE_AND_NAME: Final = re.compile(r"^(\w{2,3})-(\w{4}.*)$|^(\w{4}.*)-(\w{2,3})$")
_APOSTROPHES: Final = re.compile(r"['’‘ʻʼ`´]")
_SHORT: Final = 3
_SHORT_WORDS: Final = {"n": "north", "no": "north", "s": "south", "so": "south", "e": "east", "w": "west"}
_KINDS_BEFORE: Final = re.compile(
    r"^(?:the |commonwealth of (?:the )?|(?:free )?state of |us state of |(?:autonomous )?province of |prov(?:incia)?"
    r"(?: di| de| del| da)? |county (?:of )?|co |region of |regione |region (?:de |del )?|comunidad (?:autonoma )?"
    r"(?:de |del )?|comunitat |estado (?:de |do |da |del )?|edo |est |departement (?:de |du |des )?|departamento (?:de"
    r" |del )?|dept |dpto |emirate of |nct of |ut of |union territory of |governorate of |prefecture of |district of"
    r" |city (?:and county )?of |city state of |kanton |canton (?:de |du |of )?|cantone |kt |land |bundesland "
    r"|freistaat |free state of |republic of |gouvernorat de |voivodeship of |wojewodztwo |woj "
    r"|oblast |respublika |territory of |territoire (?:de |du |des )?|principado de "
    r"|region of |kraj |propinsi |provinsi |tinh |negeri |wilayah )+"
)
_STATE_BEHIND: Final = re.compile(r"(?: states?| province| prov| territory| terr)+$")
_KINDS_BEHIND: Final = re.compile(
    r"(?: provincia| county| co| region| reg| prefecture| pref| emirate| governorate| district| department| canton"
    r"| metropolis| metro| metropolitan area| oblast| krai| raion| voivodeship| lan| ken| fu| do| to| si| sheng| shi"
    r"| city| republic| bundesland)+$"
)
_AMERICAN_KINDS: Final = re.compile(r"^(?:the |us |(?:great )?state of |commonwealth of |territory of )+")
"""A county or a city of the United States is called like another state more often than not."""
_CJK_KINDS: Final = re.compile(r"(?:府|県|縣|都|省|市|특별시|광역시|특별자치도|특별자치시|도)$")
_SIDES: Final = re.compile(
    r"^(?:(?:north|south|east|west|northern|southern|eastern|western|central|upper|lower|upstate|downstate|northeast"
    r"|northwest|southeast|southwest|northeastern|northwestern|southeastern|southwestern|greater|coastal|mid) )+"
)


@lru_cache(maxsize=1 << 15)
def parse_subdivision(country: str, text: str) -> str | None:
    """The ISO 3166-2 code of the subdivision of a country (alpha-2) that a text names; None where none is certain.

    `Texas (TX)`, `CA, USA`, `NY State`, `N. Y.`, `W.Va.`, `Southern California`, `大阪府`: parts that name the
    country are ignored, all others must name one subdivision.
    """
    if code := _state_of_text(country, text):
        return code
    parts = [part for part in _text_parts(text) if text_key(part)]
    others = [part for part in parts if country_of_spelling(part) != country or len(text_key(part)) < 3 <= len(parts)]
    if len(parts) < 2 or not others:
        return None
    codes = {_state_of_text(country, part) for part in others}
    return codes.pop() if len(codes) == 1 else None


@lru_cache(maxsize=1 << 15)
def parse_subdivision_with_country(text: str) -> str | None:
    """The subdivision of a text that names its country too, such as `Ontario, Canada`; None for all others."""
    parts = [part for part in _text_parts(text) if len(key := text_key(part)) > 2 or key in {"uk", "us"}]
    countries = {code for part in parts if (code := country_of_spelling(part))}
    return parse_subdivision(countries.pop(), text) if len(countries) == 1 and len(_text_parts(text)) > 1 else None


def strip_dots(key: str) -> str:
    """The key of an abbreviation without its dots: `d.c` and `n. y` are `dc` and `ny`."""
    return next(_undotted_keys(key), key)


def _text_parts(text: str) -> list[str]:
    coded = _CODE_AND_NAME.match(text.strip())
    return [part for part in coded.groups() if part] if coded else _SEPARATORS.split(text)


def _state_of_text(country: str, text: str) -> str | None:
    known = subdivisions()
    return next((code for key in _candidate_keys(text, country) if (code := known.code_in_country(country, key))), None)


def _candidate_keys(text: str, country: str) -> Iterator[str]:
    """The keys a text may mean, the most literal first."""
    key = text_key(text)
    yield key
    yield text_key(_APOSTROPHES.sub("", text))
    yield from _undotted_keys(key)
    first, _, rest = key.partition(" ")
    if rest and first in _SHORT_WORDS:
        yield f"{_SHORT_WORDS[first]} {rest}"
    plain = _STATE_BEHIND.sub("", (_AMERICAN_KINDS if country == "US" else _KINDS_BEFORE).sub("", key))
    yield plain
    yield from _undotted_keys(plain)
    yield _SIDES.sub("", plain)
    if country != "US":
        yield from _keys_without_kind(plain, key)


def _keys_without_kind(plain: str, key: str) -> Iterator[str]:
    yield _CJK_KINDS.sub("", key)
    for shorter in (_KINDS_BEHIND.sub("", plain), strip_kind(key), _SIDES.sub("", _KINDS_BEHIND.sub("", plain))):
        if len(shorter) > _SHORT:
            yield shorter


def _undotted_keys(key: str) -> Iterator[str]:
    """`n. y` and `u.p` are `ny` and `up`."""
    letters = key.replace(".", " ").split()
    if len(letters) > 1 and all(len(letter) == 1 for letter in letters):
        yield "".join(letters)
    if "." in key:
        yield key.replace(".", "")
        yield " ".join(letters)
