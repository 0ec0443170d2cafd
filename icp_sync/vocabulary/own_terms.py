"""A profile's own names: what each comes to, when names may be made of names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from icp_sync.vocabulary.keys import key_of

Own = Mapping[str, Sequence[str]]
"""Name → members: shipped names, literals where the kind has them, and other own names."""
Meaning = TypeVar("Meaning")


def resolve_own_terms(
    own: Own, shipped: Callable[[str, str], Meaning], together: Callable[[Iterable[Meaning]], Meaning]
) -> dict[str, Meaning]:
    """Text key of each own name → all its members' meanings together, each name worked out once.

    `shipped` gives the meaning of a member that is no own name, or the name it is a member of; its second argument is
    that name's key. Raises ValueError for names that contain each other.
    """
    members_of = {key_of(name): members for name, members in own.items()}
    found: dict[str, Meaning] = {}

    def meaning(key: str, above: tuple[str, ...]) -> Meaning:
        if key in above:
            raise ValueError(f"{key} contains itself, by way of {' and '.join(above)}; leave it out of one of them")
        if key not in found:
            keyed = {key_of(name): name for name in members_of[key]}
            found[key] = together(
                meaning(member, (*above, key)) if member in members_of and member != key else shipped(name, key)
                for member, name in keyed.items()
            )
        return found[key]

    return {key: meaning(key, ()) for key in members_of}
