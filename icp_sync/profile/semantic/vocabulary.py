"""Vocabulary: the profile's own names against the shipped ones, and names similar to a known one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Final

from icp_sync.profile.findings import MAX_PER_RULE, Finding, Path
from icp_sync.profile.semantic.partial_profile import Leaf, PartialProfile
from icp_sync.profile.vocabulary_names import NAMING
from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.name_suggestions import nearest_names
from icp_sync.vocabulary.text_keys import text_key
from icp_sync.vocabulary.vocabulary import SHIPPED, Kind, Vocabulary

_KINDS: Final[tuple[Kind, ...]] = ("regions", "technologies", "industries")
_MAX_LENGTH: Final = 100
_MAX_DEPTH: Final = 20
_MAX_MEMBERS: Final = 20_000
_PROPERTIES: Final = {"web_technologies": "technology", "industry": "industry"}
Names = Mapping[str, tuple[str, ...]]


def partial_profile_vocabulary(draft: PartialProfile) -> Vocabulary:
    """The shipped vocabulary with the profile's own names; the shipped one alone where those have errors."""
    own = draft.own_vocabulary
    if any(no_cycles(draft)):
        return SHIPPED
    try:
        return Vocabulary.from_own_terms(own.regions, own.technologies, own.industries)
    except ValueError:
        return SHIPPED  # the rules below have findings about it


def own_names_are_new(draft: PartialProfile) -> Iterator[Finding]:
    """An own name has another text key than shipped names and other own ones."""
    for kind, names in _own_terms_by_kind(draft):
        first: dict[str, str] = {}
        for name, members in names.items():
            path, key = ("vocabulary", kind, name), text_key(name)
            if key in first:
                yield Finding(path, f"{shorten(name)!r} is the same as {shorten(first[key])!r}; keep one of them")
            elif Vocabulary.is_name_taken(kind, name, members):
                yield Finding(path, f"{shorten(name)!r} is a shipped name with another meaning; choose another name")
            first.setdefault(key, name)


def members_are_known(draft: PartialProfile) -> Iterator[Finding]:
    """Every member of an own region is a place; technologies and industries may be any text."""
    for name, members in draft.own_vocabulary.regions.items():
        for n, member in enumerate(members):
            if text_key(member) not in draft.own_regions and SHIPPED.find_region(member) is None:
                near = SHIPPED.suggest_regions(member) if len(member) <= _MAX_LENGTH else ()
                advice = f"did you mean {' or '.join(near[:3])}?" if near else "write a country or a region"
                message = f"no country or region is called {shorten(member)!r}; {advice}"
                yield Finding(("vocabulary", "regions", name, n), message)


def no_cycles(draft: PartialProfile) -> Iterator[Finding]:
    """Own names may contain own names, but not themselves, and only to a bounded depth and size."""
    for kind, names in _own_terms_by_kind(draft):
        written = {text_key(name): name for name in names}
        try:
            size, depth = _expanded_size(names)
        except CycleError as error:
            circle = [shorten(written[key], 30) for key in reversed(error.args[1])]
            message = f"is made of itself ({' → '.join(circle[:6])}); take it out of its members"
            yield Finding(("vocabulary", kind, written[error.args[1][-1]]), message)
            continue
        if depth > _MAX_DEPTH:
            message = f"names are made of names over {depth:,} steps, at most {_MAX_DEPTH}; write their members out"
            yield Finding(("vocabulary", kind), message)
        elif size > _MAX_MEMBERS:
            message = f"written out, the names have more than {_MAX_MEMBERS:,} members in all; make them smaller"
            yield Finding(("vocabulary", kind), message)


def _expanded_size(names: Names) -> tuple[int, int]:
    """The number of members when all names are expanded, and the depth. Raises CycleError."""
    members = {text_key(name): [text_key(one) for one in inner] for name, inner in names.items()}
    size_of: dict[str, int] = {}
    depth_of: dict[str, int] = {}
    for key in TopologicalSorter(
        {key: [one for one in inner if one in members] for key, inner in members.items()}
    ).static_order():
        size_of[key] = 1 + sum(size_of.get(one, 1) for one in members[key])
        depth_of[key] = 1 + max((depth_of.get(one, 0) for one in members[key]), default=0)
    return sum(size_of.values()), max(depth_of.values(), default=0)


def no_misspellings(draft: PartialProfile) -> Iterator[Finding]:
    """No unknown technology or industry, which is taken literally, is similar to a known one."""
    leaves = [leaf for leaf in draft.leaves if _name_kind(leaf)]
    if not leaves:
        return
    words = partial_profile_vocabulary(draft)
    known = {"technology": words.technologies, "industry": words.industries}
    for path, kind, name in islice(_leaf_names(leaves), MAX_PER_RULE):
        if not known[kind].knows(name) and (similar := nearest_names(name, known[kind].spellings)):
            message = (
                f"{shorten(name)!r} is no {kind} we know and is taken literally; did you mean {' or '.join(similar)}?"
            )
            yield Finding(path, message, severity="warning")


def _leaf_names(leaves: list[Leaf]) -> Iterator[tuple[Path, str, str]]:
    for leaf in leaves:
        argument = leaf.match.argument
        for n, name in enumerate(argument if isinstance(argument, tuple) else ()):
            if isinstance(name, str) and len(name) <= _MAX_LENGTH:
                yield (*leaf.path, leaf.match.operator, n), _name_kind(leaf), name


def _name_kind(leaf: Leaf) -> str:
    """The kind of the names in a leaf by the HubSpot property it reads; "" for any other property."""
    if leaf.match.operator not in NAMING:
        return ""
    return next((_PROPERTIES[name] for name in leaf.match.own_properties or leaf.inherited if name in _PROPERTIES), "")


def _own_terms_by_kind(draft: PartialProfile) -> Iterator[tuple[Kind, Names]]:
    for kind in _KINDS:
        names: Names = getattr(draft.own_vocabulary, kind)
        yield kind, names
