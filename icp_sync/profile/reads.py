"""Which properties a profile reads, leaf by leaf (design: "Geography", "Match")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from icp_sync.profile.match import Match
from icp_sync.profile.model import Profile, Question

COUNTRY: Final = ("hs_country_code", "country")
NUMERIC: Final = frozenset({"at_least", "at_most", "between"})


@dataclass(frozen=True, slots=True)
class Read:
    """Properties of which the first that can be read answers; `path` is the place that asks for them.

    `optional`: the portal may lack all of them. `numeric`: a number is made of what they hold.
    """

    alternatives: tuple[str, ...]
    optional: bool
    numeric: bool
    path: str


def properties_of(question: Question | None, leaf: Match) -> tuple[str, ...]:
    """The properties a leaf reads: its own, else the question's, else the default country names for a region.

    Empty for a leaf that nobody gave a property; no loaded profile has one.
    """
    return named_properties(leaf, question.reads if question else ())


def named_properties(leaf: Match, inherited: tuple[str, ...]) -> tuple[str, ...]:
    """The same where only the names the question gives are known."""
    return leaf.reads or inherited or (COUNTRY if leaf.operator == "region" else ())


def reads(profile: Profile) -> tuple[Read, ...]:
    """Every group of properties the profile reads, each once, in the order it is first asked for.

    A group is optional only if everyone who asks for it can do without it.
    """
    merged: dict[tuple[str, ...], Read] = {}
    for read in _all_reads(profile):
        known = merged.setdefault(read.alternatives, read)
        stricter = read if known.optional and not read.optional else known
        merged[read.alternatives] = Read(
            read.alternatives, known.optional and read.optional, known.numeric or read.numeric, stricter.path
        )
    return tuple(merged.values())


def _all_reads(profile: Profile) -> Iterator[Read]:
    for path, question, match in matches(profile):
        for leaf_path, leaf in leaves(match, path):
            named = _named_at(leaf, leaf_path) or (_named_at(question, path.partition(".")[0]) if question else None)
            optional = named is None or (question is not None and question.optional)
            yield Read(properties_of(question, leaf), optional, leaf.operator in NUMERIC, named or leaf_path)


def _named_at(reader: Question | Match, path: str) -> str | None:
    """The place of the key that names what is read, if there is one."""
    if not reader.reads:
        return None
    return f"{path}.properties" if reader.properties else f"{path}.property"


def matches(profile: Profile) -> Iterator[tuple[str, Question | None, Match]]:
    """Every whole match of the profile with its path and the question it belongs to (none for `scope`)."""
    if profile.scope:
        yield "scope", None, profile.scope
    for n, criterion in enumerate(profile.criteria):
        yield f"criteria[{n}].match", criterion, criterion.match
        for m, partial in enumerate(criterion.partial):
            yield f"criteria[{n}].partial[{m}].match", criterion, partial.match
    for n, disqualifier in enumerate(profile.disqualifiers):
        yield f"disqualifiers[{n}].match", disqualifier, disqualifier.match


def leaves(match: Match, path: str) -> Iterator[tuple[str, Match]]:
    """Every leaf of a match with its path, in the order written."""
    if not match.parts:
        yield path, match
    for n, part in enumerate(match.parts):
        inner = f"{path}.not" if match.operator == "not" else f"{path}.{match.operator}[{n}]"
        yield from leaves(part, inner)
