"""Place names in matches: each is in the vocabulary, and geography reads a country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.model.match import operators_of_groups
from icp_sync.profile.model.operator import Group
from icp_sync.profile.property_reads import GEOGRAPHY
from icp_sync.profile.semantic.partial_profile import PartialProfile
from icp_sync.profile.semantic.vocabulary import partial_profile_vocabulary
from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.text_keys import text_key

_READS_TEXT_TOO: Final = GEOGRAPHY | operators_of_groups(Group.PRESENCE, Group.NAME, Group.TEXT)
_MAX_LENGTH: Final = 100


def places_are_known(draft: PartialProfile) -> Iterator[Finding]:
    """Every place name is in the vocabulary."""
    if not any(leaf.match.operator in GEOGRAPHY for leaf in draft.leaves):
        return
    words = partial_profile_vocabulary(draft)
    for leaf in draft.leaves:
        for n, name in enumerate(leaf.match.region or ()):
            if words.find_region(name) is None and text_key(name) not in draft.own_regions:
                yield _unknown_place(
                    (*leaf.path, "region", n), "country or region", name, words.suggest_regions(_searchable(name))
                )
        for n, name in enumerate(leaf.match.city or ()):
            if words.find_cities(name) is None:
                yield _unknown_place(
                    (*leaf.path, "city", n), "city or metro", name, words.suggest_cities(_searchable(name))
                )
        if (circle := leaf.match.within_km) and words.find_coordinates(circle.of) is None:
            yield _unknown_place(
                (*leaf.path, "within_km", "of"), "city", circle.of, words.suggest_cities(_searchable(circle.of))
            )


def _unknown_place(path: Path, kind: str, name: str, near: Sequence[str]) -> Finding:
    examples = "a country, its two letters, or a region" if "region" in kind else "a city, best as City, Country"
    advice = f"did you mean {' or '.join(near[:3])}?" if near else f"write {examples}"
    return Finding(path, f"no {kind} is called {shorten(name)!r}; {advice}")


def _searchable(name: str) -> str:
    """The name, or "" where it is too long to search for similar ones."""
    return name if len(name) <= _MAX_LENGTH else ""


def geography_has_its_own_property(draft: PartialProfile) -> Iterator[Finding]:
    """Geography beside other operators has a property of its own; inheriting the criterion's is rarely meant."""
    operators_of: dict[Path, set[str]] = {}
    for leaf in draft.leaves:
        if leaf.inherited and not leaf.match.own_properties:
            operators_of.setdefault(leaf.path[:2], set()).add(leaf.match.operator)
    for path, operators in operators_of.items():
        if (
            (geography := operators & GEOGRAPHY)
            and operators - _READS_TEXT_TOO
            and path[0] not in {"lists", "outcomes"}
        ):
            name = min(geography)
            message = f"its {name} reads the same property as its other questions; give the {name} its own"
            yield Finding(path, message, severity="warning")
