"""Resolves a profile's own names, which may contain each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from icp_sync.vocabulary.text_keys import text_key

OwnTerms = Mapping[str, Sequence[str]]
"""Name → members: shipped names, literals where the kind has them, and other own names."""
Meaning = TypeVar("Meaning")


def resolve_own_terms(
    own: OwnTerms, shipped: Callable[[str, str], Meaning], combine: Callable[[Iterable[Meaning]], Meaning]
) -> dict[str, Meaning]:
    """Text key of each own name → the combined meanings of its members; each name is resolved once.

    `shipped` resolves a member that is no own name, given the member and the key of the name that contains it.
    Raises ValueError for a name that contains itself, directly or through others.
    """
    members_of = {text_key(name): members for name, members in own.items()}
    meanings: dict[str, Meaning] = {}

    def meaning(key: str, ancestors: tuple[str, ...]) -> Meaning:
        if key in ancestors:
            raise ValueError(f"{key} contains itself, by way of {' and '.join(ancestors)}; leave it out of one of them")
        if key not in meanings:
            keyed = {text_key(name): name for name in members_of[key]}
            meanings[key] = combine(
                meaning(member, (*ancestors, key)) if member in members_of and member != key else shipped(name, key)
                for member, name in keyed.items()
            )
        return meanings[key]

    return {key: meaning(key, ()) for key in members_of}
