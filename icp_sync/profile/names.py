"""The names a profile asks for, and what each covers beside itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.profile.model.profile import Profile
from icp_sync.profile.reads import iter_all_matches, iter_leaves
from icp_sync.vocabulary.catalogue import Kind, entry
from icp_sync.vocabulary.vocabulary import Vocabulary

KIND_OF: Final[dict[str, Kind]] = {
    "is": "industries", "in": "industries", "not_in": "industries",
    "has_any": "technologies", "has_all": "technologies", "has_none": "technologies",
    "region": "regions",
}  # fmt: skip
"""Operator → the names it knows."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A name that stands for more than itself, where it is first asked for."""

    path: str
    kind: Kind
    name: str
    covers: tuple[str, ...]


def covered(profile: Profile) -> tuple[Covered, ...]:
    """Every such name once, in the order written: groups, regions, and vendors with their products."""
    known, found = vocabulary(profile), dict[tuple[Kind, str], Covered]()
    for path, _, match in iter_all_matches(profile):
        for leaf_path, leaf in iter_leaves(match, path):
            kind, names = KIND_OF.get(leaf.operator), leaf.argument
            for n, name in enumerate(names if kind and isinstance(names, tuple) else ()):
                if kind and isinstance(name, str) and (kind, name) not in found:
                    told = entry(kind, name, known)
                    covers = told.covers if told else ()
                    found[kind, name] = Covered(f"{leaf_path}.{leaf.operator}[{n}]", kind, name, covers)
    return tuple(one for one in found.values() if one.covers)


def vocabulary(profile: Profile) -> Vocabulary:
    """The shipped names and the profile's own. Raises ValueError as `Vocabulary.of` does."""
    own = profile.vocabulary
    return Vocabulary.of(own.regions, own.technologies, own.industries)
