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
from icp_sync.companies.parse.unrecognised import failed
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import capacity
from icp_sync.scoring import understood as canonical
from icp_sync.scoring.predicates import Leaf, asked, asked_of_lists, leaves
from icp_sync.scoring.requirements import Needs


@dataclass(frozen=True, slots=True)
class Group:
    """What is asked of some properties, and the columns made of them that are kept for each company."""

    needs: Needs
    leaves: tuple[Leaf, ...] = ()
    kept: tuple[pl.Expr, ...] = ()

    def __or__(self, other: Self) -> Self:
        """Both as one."""
        return type(self)(self.needs | other.needs, self.leaves + other.leaves, self.kept + other.kept)


def groups(profile: Profile) -> list[Group]:
    """The groups of a profile; no property is a source of two."""
    found: dict[frozenset[str], Group] = {}
    for part in _parts(profile):
        sources = part.needs.sources(profile)
        linked = [others for others in found if not others.isdisjoint(sources)]
        found[sources.union(*linked)] = reduce(Group.__or__, [*(found.pop(others) for others in linked), part])
    return [group for group in found.values() if group.leaves or group.kept or failed(group.needs.own(profile))]


def _parts(profile: Profile) -> Iterator[Group]:
    for leaf in leaves(asked(profile), profile.location):
        yield Group(Needs.of_leaf(leaf), leaves=(leaf,))
    for leaf in leaves(asked_of_lists(profile), profile.location):  # answered by `listed`; here for what is unread
        yield Group(Needs.of_leaf(leaf))
    for need in dict.fromkeys(capacity.needs(profile)):
        yield Group(Needs(frozenset([need])), kept=(pl.col(column(*need)),))
    for needs, text in canonical.understood(profile):
        yield Group(needs, kept=(text,))
