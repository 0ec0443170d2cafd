"""Which questions are put to companies together: those that read the same properties, directly or through each other.

So every property is read in one group, and in each group companies that say the same are asked once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Self

import polars as pl

from icp_sync.companies.parse.parse import column
from icp_sync.companies.parse.unrecognised import parse_failed
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import capacity
from icp_sync.scoring import understood as canonical
from icp_sync.scoring.predicates import Predicate, distinct_predicates, list_predicates, profile_predicates
from icp_sync.scoring.requirements import Requirements


@dataclass(frozen=True, slots=True)
class PredicateBatch:
    """What is asked of some properties, and the columns made of them that are kept for each company."""

    needs: Requirements
    leaves: tuple[Predicate, ...] = ()
    kept: tuple[pl.Expr, ...] = ()

    def __or__(self, other: Self) -> Self:
        """Both as one."""
        return type(self)(self.needs | other.needs, self.leaves + other.leaves, self.kept + other.kept)


def batch_by_inputs(profile: Profile) -> list[PredicateBatch]:
    """The groups of a profile; no property is a source of two."""
    found: dict[frozenset[str], PredicateBatch] = {}
    for part in _parts(profile):
        sources = part.needs.source_properties(profile)
        linked = [others for others in found if not others.isdisjoint(sources)]
        found[sources.union(*linked)] = reduce(PredicateBatch.__or__, [*(found.pop(others) for others in linked), part])
    return [
        group
        for group in found.values()
        if group.leaves or group.kept or parse_failed(group.needs.source_reads(profile))
    ]


def _parts(profile: Profile) -> Iterator[PredicateBatch]:
    for leaf in distinct_predicates(profile_predicates(profile), profile.location):
        yield PredicateBatch(Requirements.of_leaf(leaf), leaves=(leaf,))
    for leaf in distinct_predicates(
        list_predicates(profile), profile.location
    ):  # answered by `listed`; here for what is unread
        yield PredicateBatch(Requirements.of_leaf(leaf))
    for need in dict.fromkeys(capacity.needs(profile)):
        yield PredicateBatch(Requirements(frozenset([need])), kept=(pl.col(column(*need)),))
    for needs, text in canonical.canonical_columns(profile):
        yield PredicateBatch(needs, kept=(text,))
