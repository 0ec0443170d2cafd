"""Every spelling of a country by itself: codes, names in many languages, old and official forms, typos."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from icp_sync.vocabulary.aliases_and_groups import read_shipped_json
from icp_sync.vocabulary.country_name_rules import OTHER_CODES, PARTS, WRITTEN_OUT
from icp_sync.vocabulary.text_keys import text_key, text_keys

_ARTICLES: Final = frozenset({"the", "of", "and"})


@dataclass(frozen=True, slots=True)
class CountryNames:
    """The names of countries, each meaning one of them: `data/country_keys.json`, which `make spellings` writes."""

    by_key: dict[str, str]
    """Key → alpha-2."""
    accented: dict[str, str]
    """Names that differ from a code or an abbreviation by their marks alone, as `compose_lower` has them → alpha-2."""
    by_words: dict[frozenset[str], str]
    """The words of English names in any order and length: `Iran, Islamic Rep.` and `Gambia (the)` → alpha-2."""


@cache
def load_country_names() -> CountryNames:
    """The shipped document, read once."""
    shipped: dict[str, Any] = read_shipped_json("country_keys.json")
    by_words = {frozenset(words.split(" ")): code for words, code in shipped["by_words"].items()}
    return CountryNames(shipped["by_key"], shipped["accented"], by_words)


def country_of_spelling(text: str) -> str | None:
    """The alpha-2 code of the country, or of the part of one (`England`), that the whole text names; None otherwise."""
    if code := load_country_names().accented.get(compose_lower(text)):
        return code
    key = text_key(text)
    from_code = None if has_marks(text) else _iso_codes().get(key)
    names = load_country_names()
    by_key = names.by_key.get(key) or names.by_key.get(key.removeprefix("the "))
    return from_code or by_key or names.by_words.get(word_set_key(key))


def whole_country_code(text: str) -> str | None:
    """The country a match names: a code or a name, not a city, a state or a part of a country."""
    return None if is_part_of_country(text) else country_of_spelling(text)


def is_part_of_country(text: str) -> bool:
    """Whether a text names a part of a country that people type where a country belongs, such as England."""
    return text_key(text) in country_part_keys()


def english_names() -> tuple[str, ...]:
    """One English name for each country, the common one where there is one."""
    import pycountry

    return tuple(getattr(country, "common_name", country.name) for country in pycountry.countries)


def english_name(code: str) -> str:
    """The English name of a country, the common one where there is one; the code itself where it is none's."""
    import pycountry

    country = pycountry.countries.get(alpha_2=code)
    return code if country is None else str(getattr(country, "common_name", country.name))


def country_keys(code: str) -> tuple[str, ...]:
    """The keys of every name and code that means a country, sorted."""
    return tuple(sorted(key for key, meant in {**load_country_names().by_key, **_iso_codes()}.items() if meant == code))


def country_of_key(key: str) -> str | None:
    """The alpha-2 code of the whole country with a name of this key; a code is none, unless it is said as a name."""
    return None if key in country_part_keys() else load_country_names().by_key.get(key)


def compose_lower(text: str) -> str:
    """A text as the names that differ from a code by their marks alone are kept: composed, in small letters."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def has_marks(text: str) -> bool:
    """Whether a letter carries a mark, as in `Mỹ` and `Bỉ`, whose bare letters are other countries' codes."""
    return not text.isascii() and any(unicodedata.combining(char) for char in unicodedata.normalize("NFD", text))


@cache
def country_part_keys() -> frozenset[str]:
    """The keys of the parts of a country that people type where a country belongs."""
    return frozenset(text_keys(PARTS))


@cache
def _iso_codes() -> dict[str, str]:
    """Key of every assigned alpha-2 and alpha-3 code → alpha-2, with the codes of the Olympics among them."""
    import pycountry

    two = {country.alpha_2.lower(): country.alpha_2 for country in pycountry.countries}
    three = {country.alpha_3.lower(): country.alpha_2 for country in pycountry.countries}
    other = {code.lower(): alpha2 for alpha2, codes in OTHER_CODES.items() for code in codes.split()}
    return {**other, **three, **two}


def word_set_key(key: str) -> frozenset[str]:
    """The words of a name's key without articles, abbreviations written out, in no order."""
    return frozenset(
        WRITTEN_OUT.get(word, word) for word in key.replace("people s", "people").split(" ") if word not in _ARTICLES
    )
