"""The place a name in a match covers: whole countries, and subdivisions of others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from icp_sync.vocabulary import regions
from icp_sync.vocabulary.subdivisions import subdivisions
from icp_sync.vocabulary.text_keys import text_key

_NEW_ENGLAND: Final = "CT MA ME NH RI VT"
_MIDDLE_ATLANTIC: Final = "NJ NY PA"
_EAST_NORTH_CENTRAL: Final = "IL IN MI OH WI"
_WEST_NORTH_CENTRAL: Final = "IA KS MN MO ND NE SD"
_SOUTH_ATLANTIC: Final = "DC DE FL GA MD NC SC VA WV"
_EAST_SOUTH_CENTRAL: Final = "AL KY MS TN"
_WEST_SOUTH_CENTRAL: Final = "AR LA OK TX"
_MOUNTAIN: Final = "AZ CO ID MT NM NV UT WY"
_PACIFIC: Final = "AK CA HI OR WA"

_US_REGIONS: Final[dict[str, tuple[str, ...]]] = {
    f"{_EAST_NORTH_CENTRAL} {_WEST_NORTH_CENTRAL}": ("Midwest", "Midwestern", "Middle West"),
    f"{_NEW_ENGLAND} {_MIDDLE_ATLANTIC}": ("Northeast", "Northeastern", "North East"),
    f"{_SOUTH_ATLANTIC} {_EAST_SOUTH_CENTRAL} {_WEST_SOUTH_CENTRAL}": ("South", "Southern"),
    f"{_MOUNTAIN} {_PACIFIC}": ("West", "Western"),
    _NEW_ENGLAND: ("New England",),
    _MIDDLE_ATLANTIC: ("Middle Atlantic", "Mid-Atlantic", "Mid Atlantic"),
    _EAST_NORTH_CENTRAL: ("East North Central",),
    _WEST_NORTH_CENTRAL: ("West North Central",),
    _SOUTH_ATLANTIC: ("South Atlantic",),
    _EAST_SOUTH_CENTRAL: ("East South Central",),
    _WEST_SOUTH_CENTRAL: ("West South Central",),
    _MOUNTAIN: ("Mountain", "Mountain States", "Mountain West"),
    _PACIFIC: ("Pacific", "Pacific States"),
    "CA OR WA": ("West Coast",),
    "CT DC DE FL GA MA MD ME NC NH NJ NY PA RI SC VA": ("East Coast",),
    "ID OR WA": ("Pacific Northwest",),
}
"""States by region: the four regions and nine divisions of the Census Bureau, and three names that sales uses."""

_NEEDS_COUNTRY: Final = frozenset({"southern", "western", "mountain", "pacific"})
"""Words that mean the American region only with `US` beside them."""


@dataclass(frozen=True, slots=True)
class Place:
    """The alpha-2 countries and the ISO 3166-2 subdivisions that lie wholly in a place."""

    countries: frozenset[str] = frozenset()
    subdivisions: frozenset[str] = frozenset()

    @property
    def partly_covered_areas(self) -> frozenset[str]:
        """Countries and subdivisions of which only a part lies in the place: for a company there it is unknown."""
        around = {code[:2] for code in self.subdivisions} | {
            outer for code in self.subdivisions for outer in subdivisions().within.get(code, ())
        }
        return frozenset(around) - self.countries - self.subdivisions

    def __or__(self, other: Place) -> Place:
        countries = self.countries | other.countries
        parts = self.subdivisions | other.subdivisions
        return Place(countries, frozenset(code for code in parts if code[:2] not in countries))


def find_place(name: str) -> Place | None:
    """The place a shipped name covers; None for an unknown name.

    Two letters that ISO 3166-1 assigns are that country; `US-CA` is a subdivision; then come regions and countries,
    regions of the United States, and names of subdivisions.
    """
    if countries := regions.country_codes(name):
        return Place(countries)
    states = _states_by_us_region().get(text_key(name))
    if states:
        return Place(subdivisions=states)
    code = subdivisions().code_of_name(name)
    return Place(subdivisions=subdivisions().parts[code]) if code else None


def unite_places(places: Iterable[Place]) -> Place:
    """The union of several places."""
    union = Place()
    for part in places:
        union |= part
    return union


def place_names() -> tuple[str, ...]:
    """Every name a match may use for a place, one spelling each, for suggestions."""
    known = subdivisions()
    states = (*known.spellings, *(known.names[code] for code in sorted(set(known.by_name.values()))))
    american = (spelling for spellings in _US_REGIONS.values() for spelling in (spellings[0], f"US {spellings[0]}"))
    return (*regions.region_spellings(), *american, *states)


def american_region_keys() -> frozenset[str]:
    """The keys of every spelling of a region of the United States."""
    return frozenset(_states_by_us_region())


def american_regions() -> dict[frozenset[str], tuple[str, ...]]:
    """The regions of the United States: their states → their names, as a rule may write them."""
    return {
        frozenset(f"US-{state}" for state in states.split()): tuple(
            f"US {spelling}" if text_key(spelling) in _NEEDS_COUNTRY else spelling for spelling in spellings
        )
        for states, spellings in _US_REGIONS.items()
    }


@cache
def _states_by_us_region() -> dict[str, frozenset[str]]:
    return {
        key: frozenset(f"US-{state}" for state in states.split())
        for states, spellings in _US_REGIONS.items()
        for spelling in spellings
        for key in _region_key_variants(text_key(spelling))
    }


def _region_key_variants(key: str) -> Iterable[str]:
    """`Midwest` is also `US Midwest`, `Midwest USA`, `Midwest US` and `Midwestern United States`."""
    alone = set() if key in _NEEDS_COUNTRY else {key}
    spelled = {f"{us} {key}" for us in ("us", "u.s", "usa", "american")}
    return alone | spelled | {f"{key} {us}" for us in ("us", "u.s", "usa", "united states", "region us", "of the us")}
