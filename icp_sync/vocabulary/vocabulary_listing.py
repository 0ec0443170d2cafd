"""The vocabulary as a catalogue for people: the names of each kind, and what a name covers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, get_args

from icp_sync.vocabulary import country_spellings, places, regions
from icp_sync.vocabulary.aliases_and_groups import CanonicalNames
from icp_sync.vocabulary.name_suggestions import nearest_names
from icp_sync.vocabulary.places import Place
from icp_sync.vocabulary.subdivisions import subdivisions
from icp_sync.vocabulary.text_keys import text_key
from icp_sync.vocabulary.vocabulary import SHIPPED, Vocabulary

Kind = Literal["technologies", "industries", "regions", "countries"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """A name of the vocabulary.

    `spellings`: other ways to write it, as keys where they come from a table. `covers`: what it stands for beside
    itself, the members of a group or region and the products of a vendor. `within`: the groups or regions it counts in.
    """

    kind: Kind
    name: str
    spellings: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


def shipped_names(kind: Kind) -> tuple[str, ...]:
    """The shipped names of a kind, sorted, one spelling each."""
    return tuple(sorted(_NAMES[kind](), key=str.casefold))


def find_entry(kind: Kind, word: str, known: Vocabulary = SHIPPED) -> VocabularyEntry | None:
    """The entry of a word as a name of that kind; None where it is none."""
    return _ENTRIES[kind](word, known)


def nearest_names_of_kind(kind: Kind, word: str) -> tuple[str, ...]:
    """Up to three names of that kind, the most similar to the word first."""
    return nearest_names(word, shipped_names(kind))


def _technology_entry(word: str, known: Vocabulary) -> VocabularyEntry | None:
    return _canonical_name_entry("technologies", word, known.technologies, known.covered_technology_keys(word))


def _industry_entry(word: str, known: Vocabulary) -> VocabularyEntry | None:
    return _canonical_name_entry("industries", word, known.industries, known.covered_industry_keys(word))


def _canonical_name_entry(
    kind: Kind, word: str, glossary: CanonicalNames, members: frozenset[str]
) -> VocabularyEntry | None:
    """A name of a glossary; `members`: the canonical keys it stands for."""
    if not glossary.knows(word):
        return None
    shown, own = _name_of_key(glossary), glossary.canonical_key(text_key(word))
    name = shown.get(own, word)
    spellings = (key for key, meant in glossary.aliases.items() if meant == own and key != text_key(name))
    around = (group for group, covered in glossary.groups.items() if own in covered and group != own)
    return VocabularyEntry(
        kind,
        name,
        tuple(sorted(spellings)),
        _sorted_names(members - {own}, shown),
        _sorted_names(frozenset(around), shown),
    )


def _name_of_key(glossary: CanonicalNames) -> Mapping[str, str]:
    """Canonical key → the name as people write it."""
    return {glossary.canonical_key(text_key(name)): name for name in reversed(glossary.spellings)}


def _sorted_names(keys: frozenset[str], shown: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted((shown.get(key, key) for key in keys), key=str.casefold))


def _region_entry(word: str, known: Vocabulary) -> VocabularyEntry | None:
    covered = known.find_region(word)
    if covered is None:
        return None
    code = subdivisions().code_of_name(word)
    if code and covered.subdivisions == subdivisions().parts[code]:
        parts = _member_names(Place(subdivisions=covered.subdivisions - {code}))
        return VocabularyEntry("regions", subdivisions().names[code], (code,), parts, _containing_regions(covered))
    spelled = _names_by_region().get(covered, ())
    name = next(
        (spelling for spelling in spelled if text_key(spelling) == text_key(word)), spelled[0] if spelled else word
    )
    others = tuple(spelling for spelling in spelled if spelling != name)
    return VocabularyEntry("regions", name, others, _member_names(covered), _containing_regions(covered))


def _member_names(place: Place) -> tuple[str, ...]:
    """The countries and subdivisions of a place; a country has none beside itself."""
    codes = () if _is_country(place) else (*sorted(place.countries), *sorted(place.subdivisions))
    return tuple(f"{code} {_code_name(code)}" for code in codes)


def _is_country(place: Place) -> bool:
    return len(place.countries) == 1 and not place.subdivisions


def _code_name(code: str) -> str:
    return subdivisions().names.get(code, code) if "-" in code else country_spellings.english_name(code)


def _containing_regions(place: Place) -> tuple[str, ...]:
    """The regions a place lies in."""
    return tuple(
        spelled[0] for other, spelled in _names_by_region().items() if other != place and _lies_in(place, other)
    )


def _lies_in(part: Place, whole: Place) -> bool:
    lands = {code[:2] for code in part.subdivisions - whole.subdivisions}
    return part.countries <= whole.countries and lands <= whole.countries


@cache
def _names_by_region() -> dict[Place, tuple[str, ...]]:
    american = {Place(subdivisions=states): spelled for states, spelled in places.american_regions().items()}
    return {Place(whole): spelled for whole, spelled in regions.shipped_regions().items()} | american


def _country_entry(word: str, _: Vocabulary) -> VocabularyEntry | None:
    code = country_spellings.whole_country_code(word)
    if code is None:
        return None
    name = country_spellings.english_name(code)
    others = tuple(key for key in country_spellings.country_keys(code) if key != text_key(name))
    return VocabularyEntry("countries", name, others, within=_containing_regions(Place(frozenset({code}))))


_NAMES: Final[dict[Kind, Callable[[], tuple[str, ...]]]] = {
    "technologies": lambda: tuple(_name_of_key(SHIPPED.technologies).values()),
    "industries": lambda: tuple(_name_of_key(SHIPPED.industries).values()),
    "regions": lambda: tuple(spelled[0] for spelled in _names_by_region().values()),
    "countries": country_spellings.english_names,
}
_ENTRIES: Final[dict[Kind, Callable[[str, Vocabulary], VocabularyEntry | None]]] = {
    "technologies": _technology_entry,
    "industries": _industry_entry,
    "regions": _region_entry,
    "countries": _country_entry,
}
