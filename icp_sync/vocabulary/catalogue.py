"""The vocabulary to be looked through: the names of each kind, and what a name covers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, get_args

from icp_sync.vocabulary import country_spellings, places, regions
from icp_sync.vocabulary.glossary import Glossary
from icp_sync.vocabulary.keys import key_of
from icp_sync.vocabulary.places import Place
from icp_sync.vocabulary.subdivisions import subdivisions
from icp_sync.vocabulary.suggest import nearest
from icp_sync.vocabulary.vocabulary import SHIPPED, Vocabulary

Kind = Literal["technologies", "industries", "regions", "countries"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """A name of the vocabulary.

    `spellings`: other ways to write it, as keys where they come from a table. `covers`: what it stands for beside
    itself, the members of a group or region and the products of a vendor. `within`: the groups or regions it counts in.
    """

    kind: Kind
    name: str
    spellings: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


def names(kind: Kind) -> tuple[str, ...]:
    """The shipped names of a kind, sorted, one spelling each."""
    return tuple(sorted(_NAMES[kind](), key=str.casefold))


def entry(kind: Kind, word: str, known: Vocabulary = SHIPPED) -> Entry | None:
    """What a word means as a name of that kind; None where it is none."""
    return _ENTRIES[kind](word, known)


def near(kind: Kind, word: str) -> tuple[str, ...]:
    """Up to three names of that kind that look like the word, nearest first."""
    return nearest(word, names(kind))


def _technology(word: str, known: Vocabulary) -> Entry | None:
    return _listed("technologies", word, known.technologies, known.technology(word))


def _industry(word: str, known: Vocabulary) -> Entry | None:
    return _listed("industries", word, known.industries, known.industry(word))


def _listed(kind: Kind, word: str, glossary: Glossary, members: frozenset[str]) -> Entry | None:
    """A name of a glossary; `members`: the canonical keys it stands for."""
    if not glossary.knows(word):
        return None
    shown, own = _shown(glossary), glossary.canonical(key_of(word))
    name = shown.get(own, word)
    spellings = (key for key, meant in glossary.aliases.items() if meant == own and key != key_of(name))
    around = (group for group, covered in glossary.groups.items() if own in covered and group != own)
    return Entry(
        kind, name, tuple(sorted(spellings)), _sorted(members - {own}, shown), _sorted(frozenset(around), shown)
    )


def _shown(glossary: Glossary) -> Mapping[str, str]:
    """Canonical key → the name as people write it."""
    return {glossary.canonical(key_of(name)): name for name in reversed(glossary.spellings)}


def _sorted(keys: frozenset[str], shown: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted((shown.get(key, key) for key in keys), key=str.casefold))


def _region(word: str, known: Vocabulary) -> Entry | None:
    found = known.region(word)
    if found is None:
        return None
    code = subdivisions().named(word)
    if code and found.subdivisions == subdivisions().parts[code]:
        parts = _members(Place(subdivisions=found.subdivisions - {code}))
        return Entry("regions", subdivisions().names[code], (code,), parts, _around(found))
    spelled = _regions().get(found, ())
    name = next((one for one in spelled if key_of(one) == key_of(word)), spelled[0] if spelled else word)
    others = tuple(one for one in spelled if one != name)
    return Entry("regions", name, others, _members(found), _around(found))


def _members(found: Place) -> tuple[str, ...]:
    """The countries and subdivisions of a place; a country has none beside itself."""
    codes = () if _is_a_country(found) else (*sorted(found.countries), *sorted(found.subdivisions))
    return tuple(f"{code} {_name_of(code)}" for code in codes)


def _is_a_country(found: Place) -> bool:
    return len(found.countries) == 1 and not found.subdivisions


def _name_of(code: str) -> str:
    return subdivisions().names.get(code, code) if "-" in code else country_spellings.english_name(code)


def _around(found: Place) -> tuple[str, ...]:
    """The regions a place lies in."""
    return tuple(spelled[0] for other, spelled in _regions().items() if other != found and _lies_in(found, other))


def _lies_in(part: Place, whole: Place) -> bool:
    lands = {code[:2] for code in part.subdivisions - whole.subdivisions}
    return part.countries <= whole.countries and lands <= whole.countries


@cache
def _regions() -> dict[Place, tuple[str, ...]]:
    american = {Place(subdivisions=states): spelled for states, spelled in places.american_regions().items()}
    return {Place(whole): spelled for whole, spelled in regions.known().items()} | american


def _country(word: str, _: Vocabulary) -> Entry | None:
    code = country_spellings.named_country(word)
    if code is None:
        return None
    name = country_spellings.english_name(code)
    others = tuple(key for key in country_spellings.spellings(code) if key != key_of(name))
    return Entry("countries", name, others, within=_around(Place(frozenset({code}))))


_NAMES: Final[dict[Kind, Callable[[], tuple[str, ...]]]] = {
    "technologies": lambda: tuple(_shown(SHIPPED.technologies).values()),
    "industries": lambda: tuple(_shown(SHIPPED.industries).values()),
    "regions": lambda: tuple(spelled[0] for spelled in _regions().values()),
    "countries": country_spellings.english_names,
}
_ENTRIES: Final[dict[Kind, Callable[[str, Vocabulary], Entry | None]]] = {
    "technologies": _technology,
    "industries": _industry,
    "regions": _region,
    "countries": _country,
}
