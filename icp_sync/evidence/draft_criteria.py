"""Found traits as criteria: weights by how much each counts, near misses of numbers, evidence in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from icp_sync.evidence.candidate_traits import CandidateTrait
from icp_sync.evidence.discover_document import FoundTrait
from icp_sync.evidence.permutation_test import Flags
from icp_sync.evidence.trait_matrix import TraitMatrix, min_support
from icp_sync.evidence.trait_tallies import tallies_with_and_without_trait
from icp_sync.evidence.win_rates import Tally, wilson_interval
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.operator import Group
from icp_sync.profile.model.profile import Profile

_STEP: Final = 5
_TOTAL: Final = 100
_CREDITS: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class EvidenceBasis:
    """What evidence is of, for people: `verb` is what befell the companies (won, listed), `period` which and when."""

    verb: str
    period: str


@dataclass(frozen=True, slots=True)
class DraftedCriterion:
    """A criterion as the file's data, and the place of its trait in the matrix."""

    place: int
    data: Mapping[str, Any]


def draft_criteria(
    matrix: TraitMatrix,
    coefficients: Mapping[int, float],
    traits: Mapping[int, FoundTrait],
    won: Flags,
    profile: Profile,
    basis: EvidenceBasis,
) -> tuple[DraftedCriterion, ...]:
    """A criterion for each trait that counts for winning, the weightiest first; `basis`: what the evidence is of."""
    counting = {place: value for place, value in coefficients.items() if value > 0 and traits[place].difference > 0}
    total, taken = sum(counting.values()), set[str]()
    drafted = []
    for place in sorted(counting, key=lambda place: -counting[place]):
        trait = matrix.traits[place]
        identifier = _unique_identifier(trait, taken)
        taken.add(identifier)
        weight = max(_STEP, _STEP * round(_TOTAL * counting[place] / total / _STEP))
        keys = {**_trait_field(trait, profile), **property_entry(trait, profile)}
        data = {"id": identifier, "label": trait.words, **keys, "weight": weight, "match": match_data(trait.match)}
        if partial := _partial_credits(matrix, place, won):
            data["partial"] = partial
        data["evidence"] = evidence_text(traits[place], basis)
        drafted.append(DraftedCriterion(place, data))
    return tuple(drafted)


def evidence_text(trait: FoundTrait, basis: EvidenceBasis) -> str:
    """`won 61 of 140 (44 % [36, 52]) with, 210 of 990 without; lift 2.1, p 0.004; first deals 2024-01 to 2026-11`."""
    rate = wilson_interval(Tally(trait.won_with, trait.decided_with))
    share = "" if rate is None else f" ({100 * rate.value:.0f} % [{100 * rate.low:.0f}, {100 * rate.high:.0f}])"
    lift = "" if trait.lift is None else f"lift {trait.lift:.1f}, "
    return (
        f"{basis.verb} {trait.won_with} of {trait.decided_with}{share} with, "
        f"{trait.won_without} of {trait.decided_without} without; {lift}p {_p_text(trait.p_adjusted)}; {basis.period}"
    )


def property_entry(trait: CandidateTrait, profile: Profile) -> dict[str, Any]:
    """The keys that name its properties; none for the place that the profile's `location` names."""
    if trait.properties == profile.location.country and not trait.asks_known:
        return {}
    names = trait.properties
    return {"property": names[0]} if len(names) == 1 else {"properties": list(names)}


def match_data(match: Match) -> dict[str, Any]:
    """A match as the file writes it."""
    return match.model_dump(mode="json", by_alias=True, exclude_none=True)


def _p_text(value: float) -> str:
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def _unique_identifier(trait: CandidateTrait, taken: Collection[str]) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", trait.words.lower().replace(" is ", " ").replace(" has ", " ")).strip("_")
    base = words[:40].strip("_") if words[:1].isalpha() else f"trait_{words[:34]}".strip("_")
    names = (base, *(f"{base}_{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _trait_field(trait: CandidateTrait, profile: Profile) -> dict[str, str]:
    """Which of the guides' seven traits it asks about: that of the profile's own criterion over the same values."""
    if trait.source.group is Group.AREA:
        return {"trait": "geography"}
    for criterion in profile.criteria:
        names = {
            *criterion.own_properties,
            *(name for leaf in criterion.match.leaves() for name in leaf.own_properties),
        }
        if criterion.trait and names.intersection(trait.properties):
            return {"trait": criterion.trait}
    return {}


def _partial_credits(matrix: TraitMatrix, place: int, won: Flags) -> list[dict[str, Any]]:
    """The bands beside the one that wins most, while they win more than companies far from it; the best first."""
    trait = matrix.traits[place]
    if trait.span is None or trait.match.within_days is not None:
        return []
    inside, outside = tallies_with_and_without_trait(matrix.verdicts[:, place], won)
    best, base = inside.rate or 0.0, outside.rate or 0.0
    partial = []
    for neighbour in _neighbours(matrix.traits, trait):
        tally, _ = tallies_with_and_without_trait(matrix.verdicts[:, neighbour], won)
        share = ((tally.rate or 0.0) - base) / (best - base) if best > base else 0.0
        credit = min(_CREDITS, key=lambda step: abs(step - share))
        if share >= _CREDITS[0] and tally.decided >= min_support(won.size):
            near = matrix.traits[neighbour]
            partial.append({"match": match_data(near.match), "credit": credit, "label": near.words})
    return sorted(partial, key=lambda near: -near["credit"])


def _neighbours(traits: Sequence[CandidateTrait], trait: CandidateTrait) -> list[int]:
    """The single bands right below and right above."""
    first, last = trait.span or (0, 0)
    beside = {(first - 1, first - 1), (last + 1, last + 1)}
    return [n for n, other in enumerate(traits) if other.source == trait.source and other.span in beside]
