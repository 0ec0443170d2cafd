"""Places in rules: every name leads somewhere, and is asked of a country, a city or a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from icp_sync.profile.findings import Finding, Path, brief
from icp_sync.profile.reads import GEOGRAPHY
from icp_sync.profile.semantic.draft import PartialProfile
from icp_sync.profile.semantic.vocabulary import vocabulary_of
from icp_sync.vocabulary.keys import key_of

_READS_TEXT_TOO: Final = GEOGRAPHY | {"known", "is", "in", "not_in", "contains_any"}
_LONGEST: Final = 100


def places_are_known(draft: PartialProfile) -> Iterator[Finding]:
    """Every place name is in the vocabulary."""
    if not any(leaf.match.operator in GEOGRAPHY for leaf in draft.leaves):
        return
    words = vocabulary_of(draft)
    for leaf in draft.leaves:
        for n, name in enumerate(leaf.match.region or ()):
            if words.region(name) is None and key_of(name) not in draft.own_regions:
                yield _unknown((*leaf.path, "region", n), "country or region", name, words.near_region(_short(name)))
        for n, name in enumerate(leaf.match.city or ()):
            if words.city(name) is None:
                yield _unknown((*leaf.path, "city", n), "city or metro", name, words.near_city(_short(name)))
        if (circle := leaf.match.within_km) and words.point(circle.of) is None:
            yield _unknown((*leaf.path, "within_km", "of"), "city", circle.of, words.near_city(_short(circle.of)))


def _unknown(path: Path, kind: str, name: str, near: Sequence[str]) -> Finding:
    examples = "a country, its two letters, or a region" if "region" in kind else "a city, best as City, Country"
    advice = f"did you mean {' or '.join(near[:3])}?" if near else f"write {examples}"
    return Finding(path, f"no {kind} is called {brief(name)!r}; {advice}")


def _short(name: str) -> str:
    """What is worth a search for near names."""
    return name if len(name) <= _LONGEST else ""


def geography_reads_a_country(draft: PartialProfile) -> Iterator[Finding]:
    """A criterion's `property` holds for its geography too; beside other questions that is rarely meant."""
    asked: dict[Path, set[str]] = {}
    for leaf in draft.leaves:
        if leaf.inherited and not leaf.match.reads:
            asked.setdefault(leaf.path[:2], set()).add(leaf.match.operator)
    for path, operators in asked.items():
        if (geography := operators & GEOGRAPHY) and operators - _READS_TEXT_TOO and path[0] != "lists":
            name = min(geography)
            message = f"its {name} reads the same property as its other questions; give the {name} its own"
            yield Finding(path, message, severity="warning")
