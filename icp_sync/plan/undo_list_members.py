"""What an undo does to the members of a static list: those the run moved return, those people moved since stay."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from icp_sync.plan.list_diff import ListChange


@dataclass(frozen=True, slots=True)
class MemberMoves:
    """The companies a run put on a list and took off it."""

    added: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()

    @property
    def ids(self) -> frozenset[int]:
        """All of them."""
        return self.added | self.removed

    def limit_to_companies(self, ids: Collection[int] | None) -> MemberMoves:
        """The moves of these companies; None = of all."""
        if ids is None:
            return self
        return MemberMoves(self.added.intersection(ids), self.removed.intersection(ids))


@dataclass(frozen=True, slots=True)
class UnrestoredMembers:
    """Of one list, left as they are: `moved` again since, `pinned`, or `overridden`, their tier set by somebody."""

    name: str
    moved: tuple[int, ...] = ()
    pinned: tuple[int, ...] = ()
    overridden: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CurrentMembers:
    """Who is on a static list `now`, and who was after our last change of it (`last`, None = unknown)."""

    list_id: str
    now: frozenset[int]
    last: frozenset[int] | None = None

    @property
    def moved_by_people(self) -> frozenset[int]:
        """Who is not where our last change left them: moves that the next run has yet to find."""
        return frozenset() if self.last is None else self.now.symmetric_difference(self.last)


def restore_members(
    name: str, moves: MemberMoves, listed: CurrentMembers, pinned: Collection[int], overridden: Collection[int] = ()
) -> tuple[ListChange, UnrestoredMembers]:
    """Take back what a run did to a static list: members it added that are still on it go, those it removed return.

    Whom people moved since is left alone, however they stand now. `pinned`: companies with an open pin on it.
    `overridden`: those whose tier somebody else set.
    """
    now, by_pin, by_people = listed.now, frozenset(pinned), listed.moved_by_people
    by_tier, fixed = frozenset(overridden) - by_pin, by_pin.union(overridden)
    add, remove = moves.removed - now - by_people, (moves.added & now) - by_people
    moved = (moves.added - now) | (moves.removed & now) | (moves.ids & by_people)
    change = ListChange(
        name, "static", listed.list_id, len(now), tuple(sorted(add - fixed)), tuple(sorted(remove - fixed))
    )
    left = [tuple(sorted(ids)) for ids in (moved - fixed, moves.ids & by_pin, moves.ids & by_tier)]
    return change, UnrestoredMembers(name, *left)
