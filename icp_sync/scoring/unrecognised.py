"""The values nobody could read, told by columns that stand beside the texts: true = this one was not understood."""

from __future__ import annotations

import polars as pl

from icp_sync.companies.parse import places
from icp_sync.companies.parse.unrecognised import Unrecognised, parse_failed, unparsed_by_property
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.names import vocabulary
from icp_sync.profile.reads import iter_all_matches
from icp_sync.scoring.operators.geography import needs_subdivision, place_column
from icp_sync.scoring.requirements import Requirements

_TOLD_BY = {"state": "subdivision", "city": "city"}
"""What a place names → the part of it that says which."""


def unrecognised_flags(needs: Requirements, normalised: pl.DataFrame, profile: Profile) -> list[pl.Expr]:
    """The columns for what a normalised frame was read for, states and cities included where they are asked for."""
    columns = parse_failed(needs.source_reads(profile))
    for part in _parts(needs, profile):
        names = [name for name in _location(needs, profile)[part] if name in normalised.columns]
        columns += places.unplaced_flags(part, names, place_column(min(needs.places), _TOLD_BY[part]))
    return columns


def count_unrecognised(companies: pl.DataFrame, profile: Profile) -> dict[str, Unrecognised]:
    """By property, the values of a company frame with these columns that say something and were not understood."""
    needs = Requirements.of(profile)
    found = unparsed_by_property(companies, needs.source_reads(profile))
    for part in _parts(needs, profile):
        found |= places.unrecognised_places(companies, part, _location(needs, profile))
    return dict(sorted(found.items()))


def _parts(needs: Requirements, profile: Profile) -> list[str]:
    """The parts of a place that are asked for beside the country."""
    states = bool(needs.places) and _asks_for_states(profile)
    return [*(["state"] if states else []), *(["city"] if needs.cities else [])]


def _asks_for_states(profile: Profile) -> bool:
    regions = (leaf for *_, match in iter_all_matches(profile) for leaf in match.leaves() if leaf.operator == "region")
    return "state" in profile.write.understood or any(needs_subdivision(leaf, vocabulary(profile)) for leaf in regions)


def _location(needs: Requirements, profile: Profile) -> places.Location:
    return {**profile.location.model_dump(), "country": min(needs.places)}
