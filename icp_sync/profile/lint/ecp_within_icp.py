"""An early customer profile beside its ICP: the first customers are a part of all, not more than all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.lint.bands import interval
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.reads import GEOGRAPHY, iter_leaves, properties_of
from icp_sync.vocabulary.keys import key_of
from icp_sync.vocabulary.vocabulary import Vocabulary

_NAMING: Final = frozenset({"is", "in", "has_any"})
Asked = Mapping[tuple[str, ...], tuple[Path, Match]]


def exceeds_icp(ecp: Profile, icp: Profile) -> Iterator[Finding]:
    """Every range and every set of names of the ECP lies within the ICP's on the same property."""
    allowed = _asked(icp)
    for thing, (path, match) in _asked(ecp).items():
        if thing in allowed:
            yield from _wider(path, match, allowed[thing][1], (ecp, icp))


def _wider(path: Path, match: Match, within: Match, profiles: tuple[Profile, Profile]) -> Iterator[Finding]:
    ecp, icp = profiles
    inner, outer = interval(match), interval(within)
    if inner and outer and (inner[0] < outer[0] or inner[1] > outer[1]):
        yield Finding(
            path, f"asks for more than the ICP {icp.name}, which an ECP lies within; narrow it or widen the ICP"
        )
    if match.operator in _NAMES and match.operator == within.operator:
        name = _NAMES[match.operator]
        more = [one for one in _named(match) if not name(_words(ecp), one) <= _all(name, _words(icp), within)]
        if more:
            message = f"names {', '.join(more[:5])}, which the ICP {icp.name} does not; an ECP lies within its ICP"
            yield Finding(path, message)


def _asked(profile: Profile) -> Asked:
    """What single questions the criteria put to which properties; the first of each."""
    found: dict[tuple[str, ...], tuple[Path, Match]] = {}
    for n, criterion in enumerate(profile.criteria):
        for _, leaf in iter_leaves(criterion.match, "") if not criterion.match.parts else ():
            kind = leaf.operator if leaf.operator in GEOGRAPHY | _NAMING else "number"
            thing = ("is" if kind == "in" else kind, *properties_of(criterion, leaf, profile.location))
            found.setdefault(thing, (("criteria", n, "match"), leaf))
    return found


def _named(match: Match) -> tuple[str, ...]:
    argument = match.argument
    return tuple(one for one in argument if isinstance(one, str)) if isinstance(argument, tuple) else ()


def _all(name: Callable[[Vocabulary, str], frozenset[str]], words: Vocabulary, match: Match) -> frozenset[str]:
    return frozenset().union(*(name(words, one) for one in _named(match)))


def _words(profile: Profile) -> Vocabulary:
    own = profile.vocabulary
    return Vocabulary.of(own.regions, own.technologies, own.industries)


def _region(words: Vocabulary, name: str) -> frozenset[str]:
    place = words.region(name)
    return frozenset() if place is None else frozenset({*place.countries, *place.subdivisions})


_NAMES: Final[Mapping[str, Callable[[Vocabulary, str], frozenset[str]]]] = MappingProxyType(
    {
        "region": _region,
        "is": lambda words, name: frozenset({*words.industry(name), key_of(name)}),
        "in": lambda words, name: frozenset({*words.industry(name), key_of(name)}),
        "has_any": lambda words, name: frozenset({*words.technology(name), key_of(name)}),
    }
)
