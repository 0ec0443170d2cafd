"""A country from whatever people type: codes, names in many languages, typos, towns; None if uncertain."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from icp_sync.vocabulary import us_places
from icp_sync.vocabulary.country_names import LANGUAGES, NAMES, PARTS, UNCERTAIN
from icp_sync.vocabulary.keys import key_of, keys_of

_FOOTNOTE: Final = re.compile(r"\[[^\]]*\]")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_LISTED: Final = re.compile(r"[/;|&\n]|\band\b")
_LONGEST: Final = 200  # a longer text is prose, and no country


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of the country a text names, or None when that is not certain.

    Two assigned letters are that country before anything else (`CA` is Canada). A town or state of the United
    States gives `US`; a text that names several countries gives None.
    """
    text = _FOOTNOTE.sub("", text).strip()
    if len(text) > _LONGEST:
        return None
    whole = _spelled(text)
    return whole or _without_brackets(text) or _the_one(_LISTED.split(text)) or _of_place(text)


def named_country(text: str) -> str | None:
    """The country a rule names: a code or a name, no town, no state, and no part of a country."""
    return None if key_of(text) in _parts() else _country_spelled(text)


def english_names() -> tuple[str, ...]:
    """One English name for each country, the common one where there is one."""
    import pycountry  # noqa: PLC0415 - only a profile that asks for geography pays for it

    return tuple(getattr(country, "common_name", country.name) for country in pycountry.countries)


def english_name(code: str) -> str:
    """The English name of a country, the common one where there is one; the code itself where it is none's."""
    import pycountry  # noqa: PLC0415 - only a profile that asks for geography pays for it

    country = pycountry.countries.get(alpha_2=code)
    return code if country is None else str(getattr(country, "common_name", country.name))


def spellings(code: str) -> tuple[str, ...]:
    """The keys of every name and code that means a country, sorted."""
    return tuple(sorted(key for key, meant in {**_by_name(), **_iso_codes()}.items() if meant == code))


def _spelled(text: str) -> str | None:
    return _country_spelled(text) or ("US" if key_of(text) in _us_keys() else None)


def _country_spelled(text: str) -> str | None:
    key = key_of(text)
    return _iso_codes().get(key) or _by_name().get(key) or _by_name().get(key.removeprefix("the "))


def _without_brackets(text: str) -> str | None:
    """`United States (USA)` is one country twice; `Korea (North)` without its brackets would be another."""
    inside, outside = _BRACKETS.findall(text), _BRACKETS.sub(" ", text)
    if not inside or outside == text:
        return None
    return _the_one([outside, *(part for part in inside if key_of(part))])


def _the_one(parts: list[str]) -> str | None:
    """The country that every one of several parts names."""
    if len(parts) < 2:
        return None
    found = {country_code(part) for part in parts if key_of(part)}
    return found.pop() if len(found) == 1 else None


def _of_place(text: str) -> str | None:
    """`Dublin, Ireland` and `NY. USA`: the last part decides, unless another part names another country."""
    *places, last = [part for part in text.split(",") if key_of(part)] or [""]
    if not places:
        return _after_a_place(last)
    if key_of(last) == "georgia":
        return _in_georgia(places[-1])
    if key_of(last) in _us_keys():
        return "US"
    # Two letters after a town are as often a state (`Palo Alto, CA`) as a country.
    code = _country_spelled(last) if len(key_of(last)) > 2 or key_of(last) == "uk" else None
    others = {_country_spelled(place) for place in places if len(key_of(place)) > 2} - {None, code}
    return None if others else code


def _after_a_place(text: str) -> str | None:
    *place, last = key_of(text).split(" ")
    return "US" if place and last in {"usa", "u.s.a"} and not _by_name().get(" ".join(place)) else None


def _in_georgia(town: str) -> str | None:
    key = key_of(town)
    if key in keys_of(us_places.GEORGIA_TOWNS):
        return "US"
    return "GE" if key in keys_of(us_places.CAUCASUS_TOWNS) else None


@cache
def _parts() -> frozenset[str]:
    return frozenset(keys_of(PARTS))


@cache
def _us_keys() -> frozenset[str]:
    return frozenset(keys_of((*us_places.STATES, *us_places.STATE_CODES)))


@cache
def _iso_codes() -> dict[str, str]:
    """Key of every assigned alpha-2 and alpha-3 code → alpha-2."""
    import pycountry  # noqa: PLC0415 - only a profile that asks for geography pays for it

    two = {country.alpha_2.lower(): country.alpha_2 for country in pycountry.countries}
    three = {country.alpha_3.lower(): country.alpha_2 for country in pycountry.countries}
    return {**three, **two}


@cache
def _by_name() -> dict[str, str]:
    """Key of every name → alpha-2: ours, then English, then translations; a name of two countries is out."""
    translated = _unshared(_translations())
    # A short Latin key is an abbreviation of something else before it is a name (`cad`, `man`, `y`).
    safe = {key: code for key, code in translated.items() if len(key) > 3 or not key.isascii()}
    ours = ((code, name) for code in NAMES for name in NAMES[code])
    uncertain = frozenset(keys_of(UNCERTAIN))
    found = {**safe, **_unshared(_english()), **_unshared(ours)}
    return {key: code for key, code in found.items() if key not in uncertain}


def _unshared(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    listed = list(pairs)
    found: dict[str, set[str]] = {}
    for (code, _), key in zip(listed, keys_of(name for _, name in listed), strict=True):
        found.setdefault(key, set()).add(code)
    return {key: min(sharing) for key, sharing in found.items() if key and len(sharing) == 1}


@cache
def _english() -> tuple[tuple[str, str], ...]:
    """(alpha-2, name) for every name the standard gives, also with its words in their natural order."""
    import pycountry  # noqa: PLC0415 - only a profile that asks for geography pays for it

    names = [
        (country.alpha_2, name)
        for country in pycountry.countries
        for field in ("name", "common_name", "official_name")
        if (name := getattr(country, field, None))
    ]
    return (*names, *((code, _straight(name)) for code, name in names))


def _straight(name: str) -> str:
    """`Iran, Islamic Republic of` → `Islamic Republic of Iran`."""
    head, comma, tail = name.partition(", ")
    return f"{tail} {head}" if comma and tail.endswith(("of", "of the")) else name


def _translations() -> set[tuple[str, str]]:
    import pycountry  # noqa: PLC0415 - only a profile that asks for geography pays for it

    domain, folder = "iso3166-1", pycountry.LOCALES_DIR
    spoken = [gettext.translation(domain, folder, languages=[language]) for language in LANGUAGES]
    return {(code, language.gettext(name)) for language in spoken for code, name in _english()}
