"""The vocabulary names a profile uses, and what each covers beside itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.profile.model.match import OPERATORS, operators_of_groups
from icp_sync.profile.model.operator import Group
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import iter_all_matches, iter_leaves
from icp_sync.vocabulary.vocabulary import Vocabulary
from icp_sync.vocabulary.vocabulary_listing import Kind, find_entry

NAME_KIND_OF: Final[dict[str, Kind]] = {
    name: operator.vocabulary for name, operator in OPERATORS.items() if operator.vocabulary
}
"""Operator → the kind of vocabulary name it takes."""
NAMING: Final = operators_of_groups(Group.NAME, Group.NAMES)


@dataclass(frozen=True, slots=True)
class CoveringName:
    """A name that covers more than itself, and the path of its first use."""

    path: str
    kind: Kind
    name: str
    covers: tuple[str, ...]


def covering_names(profile: Profile) -> tuple[CoveringName, ...]:
    """Every covering name once, in the order written: groups, regions, and vendors with their products."""
    known, names_of = vocabulary_with_own_terms(profile), dict[tuple[Kind, str], CoveringName]()
    for path, _, match in iter_all_matches(profile):
        for leaf_path, leaf in iter_leaves(match, path):
            kind, names = NAME_KIND_OF.get(leaf.operator), leaf.argument
            for n, name in enumerate(names if kind and isinstance(names, tuple) else ()):
                if kind and isinstance(name, str) and (kind, name) not in names_of:
                    described = find_entry(kind, name, known)
                    covers = described.covers if described else ()
                    names_of[kind, name] = CoveringName(f"{leaf_path}.{leaf.operator}[{n}]", kind, name, covers)
    return tuple(name for name in names_of.values() if name.covers)


def vocabulary_with_own_terms(profile: Profile) -> Vocabulary:
    """The shipped names and the profile's own. Raises ValueError as `Vocabulary.from_own_terms` does."""
    own = profile.vocabulary
    return Vocabulary.from_own_terms(own.regions, own.technologies, own.industries)
