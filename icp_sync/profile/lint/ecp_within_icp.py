"""An early customer profile compared with its ICP: every condition of the ECP lies within the ICP's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.lint.bands import match_interval
from icp_sync.profile.model.match import OPERATORS, Match
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import GEOGRAPHY, iter_leaves, question_leaf_properties
from icp_sync.profile.vocabulary_names import vocabulary_with_own_terms
from icp_sync.vocabulary.text_keys import text_key
from icp_sync.vocabulary.vocabulary import Vocabulary

LeafByProperties = Mapping[tuple[str, ...], tuple[Path, Match]]
"""(kind of operator, properties read) → the leaf and its path."""


def exceeds_icp(ecp: Profile, icp: Profile) -> Iterator[Finding]:
    """Every range and set of names of the ECP lies within the ICP's on the same property."""
    allowed = _single_leaves(icp)
    for key, (path, match) in _single_leaves(ecp).items():
        if key in allowed:
            yield from _excess_findings(path, match, allowed[key][1], (ecp, icp))


def _excess_findings(path: Path, match: Match, within: Match, profiles: tuple[Profile, Profile]) -> Iterator[Finding]:
    ecp, icp = profiles
    inner, outer = match_interval(match), match_interval(within)
    if inner and outer and (inner[0] < outer[0] or inner[1] > outer[1]):
        yield Finding(
            path, f"asks for more than the ICP {icp.name}, which an ECP lies within; narrow it or widen the ICP"
        )
    if match.operator in _MEMBERS_OF and match.operator == within.operator:
        name = _MEMBERS_OF[match.operator]
        allowed = _union_of_codes(name, vocabulary_with_own_terms(icp), within)
        more = [one for one in _argument_names(match) if not name(vocabulary_with_own_terms(ecp), one) <= allowed]
        if more:
            message = f"names {', '.join(more[:5])}, which the ICP {icp.name} does not; an ECP lies within its ICP"
            yield Finding(path, message)


def _single_leaves(profile: Profile) -> LeafByProperties:
    """The criteria whose match is a single leaf, by what they read; the first of each."""
    leaves: dict[tuple[str, ...], tuple[Path, Match]] = {}
    for n, criterion in enumerate(profile.criteria):
        for _, leaf in iter_leaves(criterion.match, "") if not criterion.match.operands else ():
            kind = leaf.operator if leaf.operator in GEOGRAPHY | _MEMBERS_OF.keys() else "number"
            key = ("is" if kind == "in" else kind, *question_leaf_properties(criterion, leaf, profile.location))
            leaves.setdefault(key, (("criteria", n, "match"), leaf))
    return leaves


def _argument_names(match: Match) -> tuple[str, ...]:
    argument = match.argument
    return tuple(name for name in argument if isinstance(name, str)) if isinstance(argument, tuple) else ()


def _union_of_codes(
    name: Callable[[Vocabulary, str], frozenset[str]], words: Vocabulary, match: Match
) -> frozenset[str]:
    return frozenset().union(*(name(words, member) for member in _argument_names(match)))


def _region_codes(words: Vocabulary, name: str) -> frozenset[str]:
    place = words.find_region(name)
    return frozenset() if place is None else frozenset({*place.countries, *place.subdivisions})


_MEMBERS_OF_KIND: Final[Mapping[str | None, Callable[[Vocabulary, str], frozenset[str]]]] = MappingProxyType(
    {
        "regions": _region_codes,
        "industries": lambda words, name: frozenset({*words.covered_industry_keys(name), text_key(name)}),
        "technologies": lambda words, name: frozenset({*words.covered_technology_keys(name), text_key(name)}),
    }
)
_MEMBERS_OF: Final = {
    name: _MEMBERS_OF_KIND[operator.vocabulary]
    for name, operator in OPERATORS.items()
    if operator.vocabulary and operator.quantifier == "any"
}
