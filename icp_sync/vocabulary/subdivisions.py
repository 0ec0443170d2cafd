"""States, provinces, Länder, cantons and nations by ISO 3166-2 code, as people type them beside a country."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from icp_sync.vocabulary.country_spellings import full_names, named_country
from icp_sync.vocabulary.glossary import rows, split_members
from icp_sync.vocabulary.keys import key_of, keys_of
from icp_sync.vocabulary.suggest import nearest_key

# `Stockholms län [SE-01]`, `Bruxelles-Capitale, Région de`: what the standard adds to the name itself.
_SUFFIXES: Final = re.compile(r"\s*[\[(].*$|,.*$")
# What a country's own language or English adds to say which kind of place it is.
_KINDS: Final = re.compile(
    r"^(?:state|canton|province|provincia|county|region|comunidad|prefecture|departamento|departement|kraj)"
    r"(?: of| de)? |s? lan$"
    r"|(?: kraj| state| province| county| region| prefecture| ken| fu| sheng| shi| do| canton| oblast| krai"
    r"| metropolitan city| special city| governorate| district| department| emirate| voivodeship)$"
)


@dataclass(frozen=True, slots=True)
class Subdivisions:
    """The standard's subdivisions, and every spelling that names just one of them."""

    codes: frozenset[str]
    within: Mapping[str, tuple[str, ...]]
    """Code → the codes it lies in, nearest first; England around London."""
    parts: Mapping[str, frozenset[str]]
    """Code → the codes that lie in it, its own among them."""
    by_country: Mapping[tuple[str, str], str]
    """(alpha-2, key of a spelling or of the code's end) → code."""
    by_name: Mapping[str, str]
    """Key of a whole name or whole code → code, where no other place of the world has it."""
    names: Mapping[str, str]
    """Code → the name the standard gives it."""
    spellings: tuple[str, ...]
    """English and other names beside the standard's, as people write them."""

    def top(self, code: str) -> str:
        """The outermost subdivision a code lies in; itself when none is around it."""
        around = self.within.get(code, ())
        return around[-1] if around else code

    def named(self, name: str) -> str | None:
        """The code of the subdivision a match names: `US-CA`, or a name no country and no other subdivision has."""
        code = name.strip().upper()
        return code if code in self.codes else self.by_name.get(key_of(name))


def bare(key: str) -> str:
    """A name's key without the word for its kind: `Stockholms län` → `stockholm`."""
    return _KINDS.sub("", key)


def suggest_subdivision(text: str, country: str | None) -> str | None:
    """The subdivision of a country (alpha-2) most similar to a text; without a country, of all unambiguous names."""
    known = subdivisions()
    here = {key: code for (at, key), code in known.by_country.items() if at == country}
    by_key = known.by_name if country is None else here
    names = {key: _SUFFIXES.sub("", known.names[code]) for key, code in by_key.items() if len(key) > 3}
    return nearest_key(text, names)


@cache
def subdivisions() -> Subdivisions:
    """The standard's table and ours, read once."""
    import pycountry

    entries = list(pycountry.subdivisions)
    names = {part.code: part.name for part in entries}
    parents = {part.code: part.parent_code for part in entries if part.parent_code in names}
    within = {code: tuple(_ancestors(code, parents)) for code in names}
    parts: dict[str, set[str]] = {code: {code} for code in names}
    for code, around in within.items():
        for outer in around:
            parts[outer].add(code)
    spelled = _without_own_names(_codes_by_spelling(names, within))
    by_code = {(code[:2], key_of(code[3:])): code for code in names}
    whole_codes = {(code[:2], key_of(code)): code for code in names}
    more = {**_read_spellings("subdivision_english.csv"), **_read_spellings("subdivision_spellings.csv")}
    return Subdivisions(
        codes=frozenset(names),
        within=within,
        parts={code: frozenset(codes) for code, codes in parts.items()},
        by_country={**_without_own_names(more), **spelled, **by_code, **whole_codes, **_shipped_spellings()},
        by_name=_unambiguous_names(spelled) | {key_of(code): code for code in names},
        names=names,
        spellings=tuple(
            name for row in rows("subdivision_names.csv") for name in split_members(row["names"]) if len(name) > 3
        ),
    )


def _ancestors(code: str, parents: Mapping[str, str]) -> Iterator[str]:
    while code in parents:
        code = parents[code]
        yield code


def _codes_by_spelling(names: Mapping[str, str], within: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, str], str]:
    """(country, key) → code for every name; of two that share one, that which lies around the other, else neither."""
    codes_of: dict[tuple[str, str], set[str]] = {}
    for code, full, short in zip(
        names, keys_of(names.values()), keys_of(_SUFFIXES.sub("", name) for name in names.values()), strict=True
    ):
        for key in {full, short, bare(short)} - {""}:
            codes_of.setdefault((code[:2], key), set()).add(code)
    outermost = {at: {code for code in sharing if not sharing & set(within[code])} for at, sharing in codes_of.items()}
    return {at: min(sharing) for at, sharing in outermost.items() if len(sharing) == 1} | _shipped_spellings()


def _without_own_names(spelled: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """A country's own name names the country, never the part of it that is called the same."""
    own = full_names()
    return {(country, key): code for (country, key), code in spelled.items() if own.get(key) != country}


@cache
def _shipped_spellings() -> dict[tuple[str, str], str]:
    return _read_spellings("subdivision_names.csv")


def _read_spellings(file: str) -> dict[tuple[str, str], str]:
    """The names of a shipped table; of two subdivisions of a country that share one, neither has it."""
    pairs = [(row["code"], name) for row in rows(file) for name in split_members(row["names"])]
    codes_of: dict[tuple[str, str], set[str]] = {}
    # All names in one call of Polars: a call a row costs a second and more.
    for (code, _), key in zip(pairs, keys_of(name for _, name in pairs), strict=True):
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
    ours = {key: code for (_, key), code in _shipped_spellings().items() if len(codes_of.get(key, ())) > 1}
    american = {key: min(us) for key, codes in codes_of.items() if len(us := {c for c in codes if c[:2] == "US"}) == 1}
    unshared = {key: min(codes) for key, codes in codes_of.items() if len(codes) == 1}
    return {key: code for key, code in {**unshared, **ours, **american}.items() if named_country(key) is None}
