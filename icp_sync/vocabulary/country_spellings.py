"""Every spelling of a country by itself: codes, names in many languages, old and official forms, typos."""

from __future__ import annotations

import gettext
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

from icp_sync.vocabulary.country_names import LANGUAGES, OTHER_CODES, PARTS, UNCERTAIN, WRITTEN_OUT
from icp_sync.vocabulary.glossary import rows, split_members
from icp_sync.vocabulary.keys import key_of, keys_of

_SHORT: Final = 3
"""A Latin key of so few letters is an abbreviation of something else before it is a name (`cad`, `man`, `y`)."""
_ARTICLES: Final = frozenset({"the", "of", "and"})


def country_of_spelling(text: str) -> str | None:
    """The alpha-2 code of the country, or of the part of one (`England`), that the whole text names; None otherwise."""
    if code := _accented_names().get(_normalised(text)):
        return code
    key = key_of(text)
    from_code = None if _has_marks(text) else _iso_codes().get(key)
    return from_code or _by_name().get(key) or _by_name().get(key.removeprefix("the ")) or _by_words().get(_words(key))


def named_country(text: str) -> str | None:
    """The country a match names: a code or a name, not a city, a state or a part of a country."""
    return None if is_part(text) else country_of_spelling(text)


def is_part(text: str) -> bool:
    """Whether a text names a part of a country that people type where a country belongs, such as England."""
    return key_of(text) in _parts()


def english_names() -> tuple[str, ...]:
    """One English name for each country, the common one where there is one."""
    import pycountry

    return tuple(getattr(country, "common_name", country.name) for country in pycountry.countries)


def english_name(code: str) -> str:
    """The English name of a country, the common one where there is one; the code itself where it is none's."""
    import pycountry

    country = pycountry.countries.get(alpha_2=code)
    return code if country is None else str(getattr(country, "common_name", country.name))


def spellings(code: str) -> tuple[str, ...]:
    """The keys of every name and code that means a country, sorted."""
    return tuple(sorted(key for key, meant in {**_by_name(), **_iso_codes()}.items() if meant == code))


def name_keys() -> dict[str, str]:
    """Key → alpha-2 for every name of a whole country; no codes but those that are said as names."""
    return {key: code for key, code in _by_name().items() if key not in _parts() and len(key) > 1}


@cache
def full_names() -> dict[str, str]:
    """Key → alpha-2 for the names that the standard itself gives a country."""
    return _unshared(_iso_names())


def _normalised(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()


def _has_marks(text: str) -> bool:
    """Whether a letter carries a mark, as in `Mỹ` and `Bỉ`, whose bare letters are other countries' codes."""
    return not text.isascii() and any(unicodedata.combining(char) for char in unicodedata.normalize("NFD", text))


@cache
def _parts() -> frozenset[str]:
    return frozenset(keys_of(PARTS))


@cache
def _iso_codes() -> dict[str, str]:
    """Key of every assigned alpha-2 and alpha-3 code → alpha-2, with the codes of the Olympics among them."""
    import pycountry

    two = {country.alpha_2.lower(): country.alpha_2 for country in pycountry.countries}
    three = {country.alpha_3.lower(): country.alpha_2 for country in pycountry.countries}
    other = {code.lower(): alpha2 for alpha2, codes in OTHER_CODES.items() for code in codes.split()}
    return {**other, **three, **two}


@cache
def _accented_names() -> dict[str, str]:
    """Names that differ from a code or an abbreviation by their marks alone, as written → alpha-2."""
    pairs = [*_shipped_spellings(), *_translations(), *_cldr_names()]
    keys = keys_of(name for _, name in pairs)
    codes_of: dict[str, set[str]] = {}
    for (code, name), key in zip(pairs, keys, strict=True):
        if len(key) <= _SHORT and key.isascii() and _has_marks(name):
            codes_of.setdefault(_normalised(name), set()).add(code)
    return {name: min(codes) for name, codes in codes_of.items() if len(codes) == 1}


@cache
def _by_name() -> dict[str, str]:
    """Key of every name → alpha-2: ours, then English, then translations; a name of two countries is out."""
    ours = _unshared(
        (code, name) for code, name in _shipped_spellings() if not _has_marks(name) or len(key_of(name)) > _SHORT
    )
    uncertain = frozenset(keys_of(UNCERTAIN))
    names = {**_safe(_cldr_names()), **_safe(_translations()), **_unshared(_iso_names()), **ours}
    return {key: code for key, code in names.items() if key not in uncertain}


def _safe(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {key: code for key, code in _unshared(pairs).items() if len(key) > _SHORT or not key.isascii()}


def _unshared(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    pairs = list(pairs)
    codes_of: dict[str, set[str]] = {}
    for (code, _), key in zip(pairs, keys_of(name for _, name in pairs), strict=True):
        codes_of.setdefault(key, set()).add(code)
    return {key: min(sharing) for key, sharing in codes_of.items() if key and len(sharing) == 1}


@cache
def _by_words() -> dict[frozenset[str], str]:
    """The words of English names in any order and length: `Iran, Islamic Rep.` and `Gambia (the)`."""
    pairs = [
        (code, name) for code, name in (*_iso_names(), *_shipped_spellings()) if name.isascii() or code in {"ST", "CI"}
    ]
    codes_of: dict[frozenset[str], set[str]] = {}
    for (code, _), key in zip(pairs, keys_of(name for _, name in pairs), strict=True):
        if len(key) > _SHORT and key not in _parts():
            codes_of.setdefault(_words(key), set()).add(code)
    return {words: min(codes) for words, codes in codes_of.items() if len(codes) == 1 and _is_distinctive(words)}


def _is_distinctive(words: frozenset[str]) -> bool:
    return any(len(word) > _SHORT for word in words) and words != frozenset({"china", "rep"})


def _words(key: str) -> frozenset[str]:
    return frozenset(
        WRITTEN_OUT.get(word, word) for word in key.replace("people s", "people").split(" ") if word not in _ARTICLES
    )


@cache
def _shipped_spellings() -> tuple[tuple[str, str], ...]:
    return tuple((row["code"], name) for row in rows("country_spellings.csv") for name in split_members(row["names"]))


@cache
def _iso_names() -> tuple[tuple[str, str], ...]:
    """(alpha-2, name) for every name the standard gives, also with its words in their natural order."""
    import pycountry

    names = [
        (country.alpha_2, name)
        for country in pycountry.countries
        for field in ("name", "common_name", "official_name")
        if (name := getattr(country, field, None))
    ]
    return (*names, *((code, _natural_order(name)) for code, name in names))


def _natural_order(name: str) -> str:
    """`Iran, Islamic Republic of` → `Islamic Republic of Iran`."""
    head, comma, tail = name.partition(", ")
    return f"{tail} {head}" if comma and tail.endswith(("of", "of the")) else name


@cache
def _translations() -> frozenset[tuple[str, str]]:
    import pycountry

    domain, folder = "iso3166-1", pycountry.LOCALES_DIR
    spoken = [gettext.translation(domain, folder, languages=[language]) for language in LANGUAGES]
    return frozenset((code, language.gettext(name)) for language in spoken for code, name in _iso_names())


@cache
def _cldr_names() -> tuple[tuple[str, str], ...]:
    """(alpha-2, name) in the fifty languages of Unicode's CLDR that are shipped."""
    return tuple((row["code"], name) for row in rows("country_names.csv") for name in split_members(row["names"]))
