"""Works out which spelling means which country or subdivision, from the standard, CLDR and the tables of ours.

`make spellings` writes the two documents the vocabulary reads; a test says when they are behind their sources. It
takes a second, which every command that reads a country would have to wait for.
"""

from __future__ import annotations

import gettext
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pycountry

from icp_sync.vocabulary import country_spellings
from icp_sync.vocabulary.aliases_and_groups import read_shipped_csv, split_members
from icp_sync.vocabulary.country_name_rules import LANGUAGES, UNCERTAIN
from icp_sync.vocabulary.country_spellings import (
    compose_lower,
    country_part_keys,
    has_marks,
    whole_country_code,
    word_set_key,
)
from icp_sync.vocabulary.subdivisions import SUFFIXES, ancestors, strip_kind
from icp_sync.vocabulary.text_keys import text_key, text_keys

Derivation = Callable[[], dict[str, dict[str, str]]]
DATA: Final = Path(__file__).parents[1] / "icp_sync" / "vocabulary" / "data"
_SHORT: Final = 3
"""A Latin key of so few letters is an abbreviation of something else before it is a name (`cad`, `man`, `y`)."""


def main() -> None:
    """Write both documents; the subdivisions second, since a name that is a country's means none of them."""
    _write("country_keys.json", country_keys())
    country_spellings.load_country_names.cache_clear()
    _write("subdivision_keys.json", subdivision_keys())


def _write(file: str, content: dict[str, Any]) -> None:
    (DATA / file).write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def country_keys() -> dict[str, dict[str, str]]:
    """What `country_spellings` looks names up in, each table sorted."""
    by_words = {" ".join(sorted(words)): code for words, code in _by_words().items()}
    tables = {"by_key": _by_name(), "accented": _accented_names(), "by_words": by_words}
    return {name: dict(sorted(table.items())) for name, table in tables.items()}


def subdivision_keys() -> dict[str, dict[str, str]]:
    """What `subdivisions` looks codes up in: `by_country` has keys such as `US ca`."""
    entries = list(pycountry.subdivisions)
    names = {part.code: part.name for part in entries}
    parents = {part.code: part.parent_code for part in entries if part.parent_code in names}
    within = {code: tuple(ancestors(code, parents)) for code in names}
    spelled = _without_own_names(_codes_by_spelling(names, within))
    by_code = {(code[:2], text_key(code[3:])): code for code in names}
    whole_codes = {(code[:2], text_key(code)): code for code in names}
    more = {**_read_spellings("subdivision_english.csv"), **_read_spellings("subdivision_spellings.csv")}
    by_country = {**_without_own_names(more), **spelled, **by_code, **whole_codes, **_shipped_subdivisions()}
    return {
        "names": names,
        "parents": parents,
        "by_country": {f"{country} {key}": code for (country, key), code in by_country.items()},
        "by_name": _unambiguous_names(spelled) | {text_key(code): code for code in names},
    }


def _codes_by_spelling(names: Mapping[str, str], within: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, str], str]:
    """(country, key) → code for every name; of two that share one, that which lies around the other, else neither."""
    codes_of: dict[tuple[str, str], set[str]] = {}
    for code, full, short in zip(
        names, text_keys(names.values()), text_keys(SUFFIXES.sub("", name) for name in names.values()), strict=True
    ):
        for key in sorted({full, short, strip_kind(short)} - {""}):
            codes_of.setdefault((code[:2], key), set()).add(code)
    outermost = {at: {code for code in sharing if not sharing & set(within[code])} for at, sharing in codes_of.items()}
    return {at: min(sharing) for at, sharing in outermost.items() if len(sharing) == 1} | _shipped_subdivisions()


def _without_own_names(spelled: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """A country's own name names the country, never the part of it that is called the same."""
    own = _unshared(_iso_names())
    return {(country, key): code for (country, key), code in spelled.items() if own.get(key) != country}


@cache
def _shipped_subdivisions() -> dict[tuple[str, str], str]:
    return _read_spellings("subdivision_names.csv")


def _read_spellings(file: str) -> dict[tuple[str, str], str]:
    """The names of a shipped table; of two subdivisions of a country that share one, neither has it."""
    pairs = [(row["code"], name) for row in read_shipped_csv(file) for name in split_members(row["names"])]
    codes_of: dict[tuple[str, str], set[str]] = {}
    # All names in one call of Polars: a call a row costs a second and more.
    for (code, _), key in zip(pairs, text_keys(name for _, name in pairs), strict=True):
        codes_of.setdefault((code[:2], key), set()).add(code)
    return {at: min(codes) for at, codes in codes_of.items() if len(codes) == 1}


def _unambiguous_names(spelled: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Names that mean one place without their country beside them: no country has the name, and no second place.

    A state of the United States is meant before its namesakes (Florida in Uruguay), a name we chose to list too.
    """
    codes_of: dict[str, set[str]] = {}
    for (_, key), code in spelled.items():
        if len(key) > 3 or key == "nrw":
            codes_of.setdefault(key, set()).add(code)
    ours = {key: code for (_, key), code in _shipped_subdivisions().items() if len(codes_of.get(key, ())) > 1}
    american = {key: min(us) for key, codes in codes_of.items() if len(us := {c for c in codes if c[:2] == "US"}) == 1}
    unshared = {key: min(codes) for key, codes in codes_of.items() if len(codes) == 1}
    return {key: code for key, code in {**unshared, **ours, **american}.items() if whole_country_code(key) is None}


@cache
def _accented_names() -> dict[str, str]:
    """Names that differ from a code or an abbreviation by their marks alone, as written → alpha-2."""
    pairs = [*_shipped_spellings(), *_translations(), *_cldr_names()]
    keys = text_keys(name for _, name in pairs)
    codes_of: dict[str, set[str]] = {}
    for (code, name), key in zip(pairs, keys, strict=True):
        if len(key) <= _SHORT and key.isascii() and has_marks(name):
            codes_of.setdefault(compose_lower(name), set()).add(code)
    return {name: min(codes) for name, codes in codes_of.items() if len(codes) == 1}


@cache
def _by_name() -> dict[str, str]:
    """Key of every name → alpha-2: ours, then English, then translations; a name of two countries is out."""
    ours = _unshared(
        (code, name) for code, name in _shipped_spellings() if not has_marks(name) or len(text_key(name)) > _SHORT
    )
    uncertain = frozenset(text_keys(UNCERTAIN))
    names = {**_safe(_cldr_names()), **_safe(_translations()), **_unshared(_iso_names()), **ours}
    return {key: code for key, code in names.items() if key not in uncertain}


def _safe(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {key: code for key, code in _unshared(pairs).items() if len(key) > _SHORT or not key.isascii()}


def _unshared(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    pairs = list(pairs)
    codes_of: dict[str, set[str]] = {}
    for (code, _), key in zip(pairs, text_keys(name for _, name in pairs), strict=True):
        codes_of.setdefault(key, set()).add(code)
    return {key: min(sharing) for key, sharing in codes_of.items() if key and len(sharing) == 1}


@cache
def _by_words() -> dict[frozenset[str], str]:
    """The words of English names in any order and length: `Iran, Islamic Rep.` and `Gambia (the)`."""
    pairs = [
        (code, name) for code, name in (*_iso_names(), *_shipped_spellings()) if name.isascii() or code in {"ST", "CI"}
    ]
    codes_of: dict[frozenset[str], set[str]] = {}
    for (code, _), key in zip(pairs, text_keys(name for _, name in pairs), strict=True):
        if len(key) > _SHORT and key not in country_part_keys():
            codes_of.setdefault(word_set_key(key), set()).add(code)
    return {words: min(codes) for words, codes in codes_of.items() if len(codes) == 1 and _is_distinctive(words)}


def _is_distinctive(words: frozenset[str]) -> bool:
    return any(len(word) > _SHORT for word in words) and words != frozenset({"china", "rep"})


@cache
def _shipped_spellings() -> tuple[tuple[str, str], ...]:
    return tuple(
        (row["code"], name) for row in read_shipped_csv("country_spellings.csv") for name in split_members(row["names"])
    )


@cache
def _iso_names() -> tuple[tuple[str, str], ...]:
    """(alpha-2, name) for every name the standard gives, also with its words in their natural order."""
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
    domain, folder = "iso3166-1", pycountry.LOCALES_DIR
    spoken = [gettext.translation(domain, folder, languages=[language]) for language in LANGUAGES]
    return frozenset((code, language.gettext(name)) for language in spoken for code, name in _iso_names())


@cache
def _cldr_names() -> tuple[tuple[str, str], ...]:
    """(alpha-2, name) in the fifty languages of Unicode's CLDR that are shipped."""
    return tuple(
        (row["code"], name) for row in read_shipped_csv("country_names.csv") for name in split_members(row["names"])
    )


if __name__ == "__main__":
    main()
