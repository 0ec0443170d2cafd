"""States, provinces, Länder, cantons and nations by ISO 3166-2 code, as people type them beside a country."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from icp_sync.vocabulary.aliases_and_groups import read_shipped_csv, read_shipped_json, split_members
from icp_sync.vocabulary.name_suggestions import nearest_key
from icp_sync.vocabulary.text_keys import text_key

SUFFIXES: Final = re.compile(r"\s*[\[(].*$|,.*$")
"""`Stockholms län [SE-01]`, `Bruxelles-Capitale, Région de`: what the standard adds to the name itself."""
# What a country's own language or English adds to say which kind of place it is.
_KINDS: Final = re.compile(
    r"^(?:state|canton|province|provincia|county|region|comunidad|prefecture|departamento|departement|kraj)"
    r"(?: of| de)? |s? lan$"
    r"|(?: kraj| state| province| county| region| prefecture| ken| fu| sheng| shi| do| canton| oblast| krai"
    r"| metropolitan city| special city| governorate| district| department| emirate| voivodeship)$"
)
_TERRITORIES: Final = (
    "north south east west northern southern eastern western norte sul sur este leste oeste nord sud est ouest ost"
    " central centre center centro capital coast delta gulf highlands lake lakes lower midlands mountain plateau"
    " river rivers upper area district province region"
)
_TERRITORY_WORDS: Final = frozenset(_TERRITORIES.split())
"""A name of these words alone is a territory of some company far more often than the province of that name."""


@dataclass(frozen=True, slots=True)
class Subdivisions:
    """The standard's subdivisions, and every spelling that names just one of them."""

    codes: frozenset[str]
    within: Mapping[str, tuple[str, ...]]
    """Code → the codes it lies in, nearest first; England around London."""
    parts: Mapping[str, frozenset[str]]
    """Code → the codes that lie in it, its own among them."""
    by_country: Mapping[str, str]
    """Alpha-2, a blank, and the key of a spelling or of the code's end, as in `US ca` → code."""
    by_name: Mapping[str, str]
    """Key of a whole name or whole code → code, where no other place of the world has it."""
    by_distinct_name: Mapping[str, str]
    """The same without names as sales teams give their territories: West, Northern Region, Coast, Ouest."""
    names: Mapping[str, str]
    """Code → the name the standard gives it."""
    spellings: tuple[str, ...]
    """English and other names beside the standard's, as people write them."""

    def outermost_code(self, code: str) -> str:
        """The outermost subdivision a code lies in; itself when none is around it."""
        around = self.within.get(code, ())
        return around[-1] if around else code

    def code_in_country(self, country: str, key: str) -> str | None:
        """The code of the subdivision of a country (alpha-2) whose spelling has this key."""
        return self.by_country.get(f"{country} {key}")

    def code_of_name(self, name: str) -> str | None:
        """The code of the subdivision a match names: `US-CA`, or a name no country and no other subdivision has."""
        code = name.strip().upper()
        return code if code in self.codes else self.by_name.get(text_key(name))


def strip_kind(key: str) -> str:
    """A name's key without the word for its kind: `Stockholms län` → `stockholm`."""
    return _KINDS.sub("", key)


def suggest_subdivision(text: str, country: str | None) -> str | None:
    """The subdivision of a country (alpha-2) most similar to a text; without a country, of all unambiguous names."""
    known = subdivisions()
    here = {name[3:]: code for name, code in known.by_country.items() if name[:2] == country}
    by_key = known.by_name if country is None else here
    names = {key: SUFFIXES.sub("", known.names[code]) for key, code in by_key.items() if len(key) > 3}
    return nearest_key(text, names)


@cache
def subdivisions() -> Subdivisions:
    """The standard's table and ours, from `data/subdivision_keys.json`, which `make spellings` writes."""
    shipped: dict[str, dict[str, str]] = read_shipped_json("subdivision_keys.json")
    names, parents = shipped["names"], shipped["parents"]
    within = {code: tuple(ancestors(code, parents)) for code in names}
    parts: dict[str, set[str]] = {code: {code} for code in names}
    for code, around in within.items():
        for outer in around:
            parts[outer].add(code)
    return Subdivisions(
        codes=frozenset(names),
        within=within,
        parts={code: frozenset(codes) for code, codes in parts.items()},
        by_country=shipped["by_country"],
        by_name=shipped["by_name"],
        by_distinct_name={
            key: code for key, code in shipped["by_name"].items() if not _TERRITORY_WORDS.issuperset(key.split())
        },
        names=names,
        spellings=tuple(
            name
            for row in read_shipped_csv("subdivision_names.csv")
            for name in split_members(row["names"])
            if len(name) > 3
        ),
    )


@cache
def subdivision_keys() -> frozenset[str]:
    """Every key that names a subdivision in some country."""
    return frozenset(name[3:] for name in subdivisions().by_country)


def ancestors(code: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Yields the codes a subdivision lies in, nearest first."""
    while code in parents:
        code = parents[code]
        yield code
