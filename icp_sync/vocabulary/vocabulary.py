"""The vocabulary of a profile: the shipped names and the profile's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar

from icp_sync.vocabulary import cities, industries, places
from icp_sync.vocabulary.aliases_and_groups import CanonicalNames
from icp_sync.vocabulary.cities import CityCoverage
from icp_sync.vocabulary.industries import industries as shipped_industries
from icp_sync.vocabulary.name_suggestions import nearest_names
from icp_sync.vocabulary.own_terms import OwnTerms, resolve_own_terms
from icp_sync.vocabulary.places import Place, find_place, unite_places
from icp_sync.vocabulary.technologies import technologies as shipped_technologies
from icp_sync.vocabulary.text_keys import text_key

Kind = Literal["regions", "technologies", "industries"]
_Meaning = TypeVar("_Meaning")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names → canonical values. A shipped table is read when the first name of its kind is looked up."""

    own_regions: Mapping[str, Place] = field(default_factory=dict)
    """Text key of an own region → its place."""
    own_region_names: tuple[str, ...] = ()
    extended_technologies: CanonicalNames | None = None
    """The shipped technologies with the profile's own; None where it adds none."""
    extended_industries: CanonicalNames | None = None

    @classmethod
    def from_own_terms(cls, regions: OwnTerms, technologies: OwnTerms, industries: OwnTerms) -> Vocabulary:
        """The shipped vocabulary with a profile's own names, which may contain shipped names and each other.

        Raises ValueError for a name that is shipped (with another meaning), for one that contains itself, and for
        a region whose member no vocabulary knows.
        """
        for kind, own in _terms_by_kind(regions, technologies, industries):
            for name, members in own.items():
                _check_not_shipped(kind, name, members)
        return cls(
            resolve_own_terms(regions, _find_member_place, unite_places),
            tuple(regions),
            shipped_technologies().with_own_terms(technologies) if technologies else None,
            shipped_industries().with_own_terms(industries) if industries else None,
        )

    @staticmethod
    def is_name_taken(kind: Kind, name: str, members: Sequence[str] | None = None) -> bool:
        """Whether the shipped vocabulary has the name; with `members`, whether with another meaning.

        A profile may repeat a shipped name with the members it ships with.
        """
        if kind == "regions":
            return _is_name_taken(
                find_place,
                lambda names: unite_places(part for name in names if (part := find_place(name))),
                name,
                members,
            )
        glossary = shipped_technologies() if kind == "technologies" else shipped_industries()
        # Both sides are expanded: written members cover what they stand for, and so do shipped names.
        known = _union_of_members(glossary, glossary.members(name)) if glossary.knows(name) else None
        own_key = glossary.canonical_key(text_key(name))
        return _is_name_taken(
            lambda _: known, lambda names: _union_of_members(glossary, names) | {own_key}, name, members
        )

    def find_region(self, name: str) -> Place | None:
        """The place a name covers, shipped names before own ones; None for an unknown name."""
        return find_place(name) or self.own_regions.get(text_key(name))

    def suggest_regions(self, name: str) -> tuple[str, ...]:
        """Up to three names of places that look like `name`, nearest first."""
        return nearest_names(name, (*self.own_region_names, *places.place_names()))

    def find_cities(self, name: str) -> CityCoverage | None:
        """The cities a name covers: a metro such as "Silicon Valley", or a city, best with its country or state."""
        return cities.find_covered_cities(name)

    def suggest_cities(self, name: str) -> tuple[str, ...]:
        """Up to three names of metros and large cities that look like `name`, nearest first."""
        return nearest_names(name, cities.cities_to_suggest())

    def find_coordinates(self, name: str) -> tuple[float, float] | None:
        """Latitude and longitude, in degrees, of a city or of a metro's centre."""
        return cities.city_coordinates(name)

    @property
    def technologies(self) -> CanonicalNames:
        """The shipped technologies and the profile's own."""
        return self.extended_technologies or shipped_technologies()

    def covered_technology_keys(self, name: str) -> frozenset[str]:
        """The canonical keys of the technologies a name or group stands for; an unknown name is taken literally."""
        return self.technologies.members(name)

    def canonical_technology(self, key: str) -> str:
        """The canonical key of a company's value, given its text key."""
        return shipped_technologies().canonical_key(key)

    def knows_technology(self, name: str) -> bool:
        """Whether the name is a technology, an alias or a group."""
        return self.technologies.knows(name)

    @property
    def industries(self) -> CanonicalNames:
        """The shipped industries and the profile's own."""
        return self.extended_industries or shipped_industries()

    def covered_industry_keys(self, name: str) -> frozenset[str]:
        """The canonical keys of the industries a name or group stands for; an unknown name is taken literally.

        Written as HubSpot stores it (`FINANCIAL_SERVICES`), a name is that one value and never a group.
        """
        return industries.covered_industry_keys(name, self.industries)

    def canonical_industry(self, key: str) -> str:
        """The canonical key of a company's value, given its text key."""
        return industries.company_aliases().get(key, key)


def _terms_by_kind(
    regions: OwnTerms, technologies: OwnTerms, industries: OwnTerms
) -> tuple[tuple[Kind, OwnTerms], ...]:
    return ("regions", regions), ("technologies", technologies), ("industries", industries)


def _check_not_shipped(kind: Kind, name: str, members: Sequence[str]) -> None:
    if Vocabulary.is_name_taken(kind, name, members):
        raise ValueError(f"{name} is a shipped name of {kind} with another meaning; choose a name of your own")


def _is_name_taken(
    shipped: Callable[[str], _Meaning | None],
    meaning_of: Callable[[Iterable[str]], _Meaning],
    name: str,
    members: Sequence[str] | None,
) -> bool:
    meaning = shipped(name)
    return meaning is not None and (members is None or meaning_of(members) != meaning)


def _union_of_members(glossary: CanonicalNames, names: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(glossary.members(name) for name in names))


def _find_member_place(name: str, own: str) -> Place:
    if covered := find_place(name):
        return covered
    raise ValueError(f"{name} in {own} is no country, region or subdivision; name one, such as DE, DACH or US-CA")


SHIPPED: Final = Vocabulary()
"""The vocabulary of a profile that adds nothing."""
