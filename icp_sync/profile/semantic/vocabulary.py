"""The words of a profile: its own names beside the shipped ones, and names that are nearly a known one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Final

from icp_sync.profile.findings import MOST_OF_A_KIND, Finding, Path, brief
from icp_sync.profile.semantic.draft import Leaf, PartialProfile
from icp_sync.vocabulary.keys import key_of
from icp_sync.vocabulary.suggest import nearest
from icp_sync.vocabulary.vocabulary import SHIPPED, Kind, Vocabulary

_KINDS: Final[tuple[Kind, ...]] = ("regions", "technologies", "industries")
_LONGEST: Final = 100
_MOST_STEPS: Final = 20
_MOST_NAMES: Final = 20_000
_NAMING: Final = frozenset({"is", "in", "not_in", "has_any", "has_all", "has_none"})
_PROPERTIES: Final = {"web_technologies": "technology", "industry": "industry"}
Names = Mapping[str, tuple[str, ...]]


def vocabulary_of(draft: PartialProfile) -> Vocabulary:
    """The shipped words and the draft's own; the shipped ones alone while the own ones are not in order."""
    own = draft.vocabulary
    if any(own_names_come_to_an_end(draft)):
        return SHIPPED
    try:
        return Vocabulary.of(own.regions, own.technologies, own.industries)
    except ValueError:
        return SHIPPED  # the rules below say why


def names_are_new(draft: PartialProfile) -> Iterator[Finding]:
    """An own name takes no shipped one's place, and no other own one's."""
    for kind, names in _own(draft):
        first: dict[str, str] = {}
        for name, members in names.items():
            place, key = ("vocabulary", kind, name), key_of(name)
            if key in first:
                yield Finding(place, f"{brief(name)!r} is the same as {brief(first[key])!r}; keep one of them")
            elif Vocabulary.ships(kind, name, members):
                yield Finding(place, f"{brief(name)!r} is a shipped name with another meaning; choose another name")
            first.setdefault(key, name)


def members_are_known(draft: PartialProfile) -> Iterator[Finding]:
    """An own region is made of places; technologies and industries may be any text."""
    for name, members in draft.vocabulary.regions.items():
        for n, member in enumerate(members):
            if key_of(member) not in draft.own_regions and SHIPPED.region(member) is None:
                near = SHIPPED.near_region(member) if len(member) <= _LONGEST else ()
                advice = f"did you mean {' or '.join(near[:3])}?" if near else "write a country or a region"
                message = f"no country or region is called {brief(member)!r}; {advice}"
                yield Finding(("vocabulary", "regions", name, n), message)


def own_names_come_to_an_end(draft: PartialProfile) -> Iterator[Finding]:
    """Own names may be made of own names, but not of themselves, and not over many steps."""
    for kind, names in _own(draft):
        written = {key_of(name): name for name in names}
        try:
            met, steps = _unfolded(names)
        except CycleError as error:
            circle = [brief(written[key], 30) for key in reversed(error.args[1])]
            message = f"is made of itself ({' → '.join(circle[:6])}); take it out of its members"
            yield Finding(("vocabulary", kind, written[error.args[1][-1]]), message)
            continue
        if steps > _MOST_STEPS:
            message = f"names are made of names over {steps:,} steps, at most {_MOST_STEPS}; write their members out"
            yield Finding(("vocabulary", kind), message)
        elif met > _MOST_NAMES:
            message = f"written out, the names have more than {_MOST_NAMES:,} members in all; make them smaller"
            yield Finding(("vocabulary", kind), message)


def _unfolded(names: Names) -> tuple[int, int]:
    """How many names are met when all are written out, and over how many steps. Raises CycleError."""
    members = {key_of(name): [key_of(one) for one in inner] for name, inner in names.items()}
    met: dict[str, int] = {}
    steps: dict[str, int] = {}
    for key in TopologicalSorter(
        {key: [one for one in inner if one in members] for key, inner in members.items()}
    ).static_order():
        met[key] = 1 + sum(met.get(one, 1) for one in members[key])
        steps[key] = 1 + max((steps.get(one, 0) for one in members[key]), default=0)
    return sum(met.values()), max(steps.values(), default=0)


def names_are_spelt_as_known(draft: PartialProfile) -> Iterator[Finding]:
    """An unknown technology or industry is taken literally; one nearly known is rather a slip."""
    leaves = [leaf for leaf in draft.leaves if _kind(leaf)]
    if not leaves:
        return
    words = vocabulary_of(draft)
    known = {"technology": words.technologies, "industry": words.industries}
    for path, kind, name in islice(_names(leaves), MOST_OF_A_KIND):
        if not known[kind].knows(name) and (meant := nearest(name, known[kind].spellings)):
            message = f"{brief(name)!r} is no {kind} we know and is taken literally; did you mean {' or '.join(meant)}?"
            yield Finding(path, message, severity="warning")


def _names(leaves: list[Leaf]) -> Iterator[tuple[Path, str, str]]:
    for leaf in leaves:
        argument = leaf.match.argument
        for n, name in enumerate(argument if isinstance(argument, tuple) else ()):
            if isinstance(name, str) and len(name) <= _LONGEST:
                yield (*leaf.path, leaf.match.operator, n), _kind(leaf), name


def _kind(leaf: Leaf) -> str:
    """What the names of a leaf are names of, going by HubSpot's property for it."""
    if leaf.match.operator not in _NAMING:
        return ""
    return next((_PROPERTIES[name] for name in leaf.match.reads or leaf.inherited if name in _PROPERTIES), "")


def _own(draft: PartialProfile) -> Iterator[tuple[Kind, Names]]:
    for kind in _KINDS:
        names: Names = getattr(draft.vocabulary, kind)
        yield kind, names
