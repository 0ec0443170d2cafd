"""Who has to be on the static list: whom the profile wants, and whom people put there or took off."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Members:
    """What people did to the list since a run last looked (`added`, `removed`), and what stood (`inside`, `outside`).

    Whoever is moved and moved back before a run looks was not moved: nothing tells of it.

    `unsure`: what our runs did to it is not known as the runs know it, since one died, the disk is lost, a record was
    merged, or another host moved members; what the next run pins is then its own word.
    """

    added: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    inside: frozenset[int] = frozenset()
    outside: frozenset[int] = frozenset()
    unsure: bool = True

    def put_on(self, company: int) -> None:
        """Somebody put a company on the list."""
        (self.removed.discard if company in self.removed else self.added.add)(company)

    def take_off(self, company: int) -> None:
        """Somebody took a company off."""
        (self.added.discard if company in self.added else self.removed.add)(company)

    def trampled(self, before: Collection[int], after: Collection[int], present: Collection[int]) -> Iterator[str]:
        """Moves of people that a command undid."""
        for company in (self.inside - self.removed | self.added) & set(before) & set(present) - set(after):
            yield f"{company} was put on the list by somebody and taken off"
        for company in (self.outside - self.added | self.removed) & set(after) - set(before):
            yield f"{company} was taken off the list by somebody and put on again"

    def wrong(self, wanted: Collection[int], after: Collection[int], present: Collection[int]) -> Iterator[str]:
        """Whether a run left the right companies on the list; `wanted`: by the tier on the record."""
        inside = (self.inside - self.removed | (self.added - set(wanted))) & set(present)
        outside = (self.outside - self.added | (self.removed & set(wanted))) & set(present)
        if not self.unsure and set(after) != (set(wanted) - outside) | inside:
            yield f"on the list are {sorted(after)}, wanted {sorted(wanted)}, put on {inside}, taken off {outside}"

    def settled(self, inside: Collection[int], outside: Collection[int]) -> None:
        """A run came to its end with these pins."""
        self.added.clear()
        self.removed.clear()
        self.inside, self.outside, self.unsure = frozenset(inside), frozenset(outside), False
