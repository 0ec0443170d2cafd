"""The vocabulary a profile sees: the shipped names, and the names the profile adds to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar

from icp_sync.vocabulary import cities, industries, places
from icp_sync.vocabulary.cities import Cities
from icp_sync.vocabulary.glossary import Glossary
from icp_sync.vocabulary.industries import industries as shipped_industries
from icp_sync.vocabulary.keys import key_of
from icp_sync.vocabulary.own_terms import Own, resolve_own_terms
from icp_sync.vocabulary.places import Place, joined, place
from icp_sync.vocabulary.suggest import nearest
from icp_sync.vocabulary.technologies import technologies as shipped_technologies

Kind = Literal["regions", "technologies", "industries"]
_Meaning = TypeVar("_Meaning")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names → canonical values. Nothing is read from the package before the first name of its kind is asked for."""

    own_regions: Mapping[str, Place] = field(default_factory=dict)
    """Text key of an own region → what it covers."""
    own_region_names: tuple[str, ...] = ()
    extended_technologies: Glossary | None = None
    """The shipped technologies with the profile's own; None where it adds none."""
    extended_industries: Glossary | None = None

    @classmethod
    def of(cls, regions: Own, technologies: Own, industries: Own) -> Vocabulary:
        """The shipped vocabulary and a profile's own names, which may refer to shipped names and to each other.

        Raises ValueError for a name that is shipped (with another meaning), for one that contains itself, and for
        a region whose member no vocabulary knows.
        """
        for kind, own in _by_kind(regions, technologies, industries):
            for name, members in own.items():
                _refuse_shipped(kind, name, members)
        return cls(
            resolve_own_terms(regions, _member, joined),
            tuple(regions),
            shipped_technologies().with_own(technologies) if technologies else None,
            shipped_industries().with_own(industries) if industries else None,
        )

    @staticmethod
    def ships(kind: Kind, name: str, members: Sequence[str] | None = None) -> bool:
        """Whether the shipped vocabulary has the name; with `members`, whether it means anything else by it.

        So a profile may write a shipped name down with the very members it ships with.
        """
        if kind == "regions":
            return _ships(place, lambda names: joined(part for name in names if (part := place(name))), name, members)
        glossary = shipped_technologies() if kind == "technologies" else shipped_industries()
        # Names written down stand for all they cover, and so do those that ship.
        known = _union(glossary, glossary.members(name)) if glossary.knows(name) else None
        own_key = glossary.canonical(key_of(name))
        return _ships(lambda _: known, lambda names: _union(glossary, names) | {own_key}, name, members)

    def region(self, name: str) -> Place | None:
        """What a place name covers, or None when no vocabulary knows it; shipped names go before own ones."""
        return place(name) or self.own_regions.get(key_of(name))

    def near_region(self, name: str) -> tuple[str, ...]:
        """Up to three names of places that look like `name`, nearest first."""
        return nearest(name, (*self.own_region_names, *places.names()))

    def city(self, name: str) -> Cities | None:
        """The cities a name covers: a metro such as "Silicon Valley", or a city, best with its country or state."""
        return cities.named(name)

    def near_city(self, name: str) -> tuple[str, ...]:
        """Up to three names of metros and large cities that look like `name`, nearest first."""
        return nearest(name, cities.names())

    def point(self, name: str) -> tuple[float, float] | None:
        """Latitude and longitude, in degrees, of a city or of a metro's centre."""
        return cities.point(name)

    @property
    def technologies(self) -> Glossary:
        """The shipped technologies and the profile's own."""
        return self.extended_technologies or shipped_technologies()

    @property
    def technology_aliases(self) -> Mapping[str, str]:
        """Key of every spelling → canonical key, for a company's own values."""
        return shipped_technologies().aliases

    def technology(self, name: str) -> frozenset[str]:
        """The canonical keys of the technologies a name or group stands for; an unknown name is taken literally."""
        return self.technologies.members(name)

    def technology_member(self, key: str) -> str:
        """The canonical key of a company's value, given its text key."""
        return shipped_technologies().canonical(key)

    def knows_technology(self, name: str) -> bool:
        """Whether the name is a technology, an alias or a group."""
        return self.technologies.knows(name)

    def near_technology(self, name: str) -> tuple[str, ...]:
        """Up to three technologies and groups that look like `name`, nearest first."""
        return nearest(name, self.technologies.spellings)

    @property
    def industries(self) -> Glossary:
        """The shipped industries and the profile's own."""
        return self.extended_industries or shipped_industries()

    @property
    def industry_aliases(self) -> Mapping[str, str]:
        """Key of every spelling → canonical key, for a company's own values."""
        return industries.company_aliases()

    def industry(self, name: str) -> frozenset[str]:
        """The canonical keys of the industries a name or group stands for; an unknown name is taken literally.

        Written as HubSpot stores it (`FINANCIAL_SERVICES`), a name is that one value and never a group.
        """
        return industries.members(name, self.industries)

    def industry_member(self, key: str) -> str:
        """The canonical key of a company's value, given its text key."""
        return industries.company_aliases().get(key, key)

    def knows_industry(self, name: str) -> bool:
        """Whether the name is an industry, an alias or a group."""
        return self.industries.knows(name)

    def near_industry(self, name: str) -> tuple[str, ...]:
        """Up to three industries and groups that look like `name`, nearest first."""
        return nearest(name, self.industries.spellings)


def _by_kind(regions: Own, technologies: Own, industries: Own) -> tuple[tuple[Kind, Own], ...]:
    return ("regions", regions), ("technologies", technologies), ("industries", industries)


def _refuse_shipped(kind: Kind, name: str, members: Sequence[str]) -> None:
    if Vocabulary.ships(kind, name, members):
        raise ValueError(f"{name} is a shipped name of {kind} with another meaning; choose a name of your own")


def _ships(
    shipped: Callable[[str], _Meaning | None],
    meant: Callable[[Iterable[str]], _Meaning],
    name: str,
    members: Sequence[str] | None,
) -> bool:
    known = shipped(name)
    return known is not None and (members is None or meant(members) != known)


def _union(glossary: Glossary, names: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(glossary.members(name) for name in names))


def _member(name: str, own: str) -> Place:
    if covered := place(name):
        return covered
    raise ValueError(f"{name} in {own} is no country, region or subdivision; name one, such as DE, DACH or US-CA")


SHIPPED: Final = Vocabulary()
"""The vocabulary of a profile that adds nothing."""
