"""The values nobody could read: Boolean columns beside the texts, true = not understood, and their counts."""

from __future__ import annotations

import polars as pl

from icp_sync.companies.parse import places
from icp_sync.companies.parse.unrecognised import (
    UnrecognisedTexts,
    failed_column,
    parse_failed_flags,
    unparsed_by_property,
)
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import iter_all_matches
from icp_sync.profile.vocabulary_names import vocabulary_with_own_terms
from icp_sync.scoring.inputs_to_parse import Requirements
from icp_sync.scoring.operators.geography import needs_subdivision, place_column
from icp_sync.scoring.program import Program

_PART_OF = {"state": "subdivision", "city": "city"}
"""What a place names → the part of it that says which."""


def unrecognised_flags(requirements: Requirements, normalised: pl.DataFrame, profile: Profile) -> list[pl.Expr]:
    """The columns for what a normalised frame was read for, states and cities included where they are asked for."""
    # As columns of the evaluated frame they are worked out once a distinct text, and counted for every company.
    columns = parse_failed_flags(requirements.source_inputs(profile))
    for part in _required_place_parts(requirements, profile):
        names = [name for name in _location_properties(requirements, profile)[part] if name in normalised.columns]
        columns += places.unplaced_flags(part, names, place_column(min(requirements.places), _PART_OF[part]))
    return columns


def flags_of_property(name: str, evaluated: pl.DataFrame) -> list[str]:
    """The columns of an evaluated frame that say of a property whether its text failed, as a value or as a place."""
    columns = (failed_column(name), *(places.unplaced_column(part, name) for part in _PART_OF))
    return [column for column in columns if column in evaluated.columns]


def count_unrecognised(evaluated: pl.DataFrame, program: Program) -> dict[str, UnrecognisedTexts]:
    """By property, the values of an evaluated frame that say something and were not understood."""
    profile, requirements = program.profile, program.requirements
    counts = unparsed_by_property(evaluated, requirements.source_inputs(profile))
    for part in _required_place_parts(requirements, profile):
        counts |= places.unrecognised_places(evaluated, part, _location_properties(requirements, profile))
    return dict(sorted(counts.items()))


def _required_place_parts(requirements: Requirements, profile: Profile) -> list[str]:
    """The parts of a place that are asked for beside the country."""
    # A state nobody asks for may be any text: to count it as not understood would send people to mend what is unused.
    states = bool(requirements.places) and _asks_for_states(profile)
    return [*(["state"] if states else []), *(["city"] if requirements.cities else [])]


def _asks_for_states(profile: Profile) -> bool:
    leaves = (leaf for *_, match in iter_all_matches(profile) for leaf in match.leaves())
    return "state" in profile.write.understood or any(
        needs_subdivision(leaf, vocabulary_with_own_terms(profile)) for leaf in leaves
    )


def _location_properties(requirements: Requirements, profile: Profile) -> places.Location:
    return {**profile.location.model_dump(), "country": min(requirements.places)}
