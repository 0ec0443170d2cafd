"""Property groups: the properties that one purchase of data fills, and the criteria these answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import property_names_read
from icp_sync.scoring.inputs_to_parse import Requirements
from icp_sync.scoring.predicates import question_matches


@dataclass(frozen=True, slots=True)
class PropertyGroup:
    """Properties that answer the same criteria; no property is in two groups.

    `criteria`: ids of those an empty value leaves unknown. `answers`: those, and the ones that count an empty value as
    a miss (`missing: miss`): a value that is bought answers them all.
    """

    properties: tuple[str, ...]
    criteria: tuple[str, ...]
    answers: tuple[str, ...]


def property_groups(profile: Profile) -> tuple[PropertyGroup, ...]:
    """The groups of a profile, by their first criterion; one whose criteria never are unknown is left out.

    Alternatives of one criterion are in one group, and so are criteria that share a property: revenue that is bought
    answers whatever is asked of it. The state and city belong to every criterion about a place.
    """
    order = property_names_read(profile)
    groups = (_property_group(members, profile, order) for members in _linked_criteria(profile))
    return tuple(group for group in groups if group.criteria)


def _property_group(members: list[Criterion], profile: Profile, order: Sequence[str]) -> PropertyGroup:
    names = frozenset[str]().union(*(_answering_properties(member, profile) for member in members))
    return PropertyGroup(
        tuple(name for name in order if name in names),
        tuple(member.id for member in members if member.missing == "unknown"),
        tuple(member.id for member in members),
    )


def _linked_criteria(profile: Profile) -> Iterator[list[Criterion]]:
    """The criteria of each group, in the order of the profile."""
    groups: dict[frozenset[str], set[str]] = {}
    for criterion in profile.criteria:
        names = _answering_properties(criterion, profile)
        shared = [others for others in groups if not others.isdisjoint(names)]
        ids = {criterion.id}.union(*(groups.pop(others) for others in shared))
        groups[names.union(*shared)] = ids
    yield from sorted(
        ([criterion for criterion in profile.criteria if criterion.id in ids] for ids in groups.values()),
        key=lambda members: profile.criteria.index(members[0]),
    )


def _answering_properties(criterion: Criterion, profile: Profile) -> frozenset[str]:
    asked = [(criterion, match) for match in question_matches(criterion)]
    return Requirements.for_questions(asked, profile).answering_properties(profile)
