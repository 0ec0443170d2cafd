"""What companies answer to candidate traits: yes, no or unknown, as one table of small integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from icp_sync.evidence.candidate_traits import CandidateTrait, parse_for_predicates
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.predicates import predicate_exprs

Verdicts = npt.NDArray[np.int8]
"""Companies × traits: 1 yes, 0 no, -1 unknown."""
KNOWN_FROM: Final = 0
MOST_CANDIDATES: Final = 2_000
_FEWEST_COMPANIES: Final = 10
_LEAST_SHARE: Final = 0.02


@dataclass(frozen=True, slots=True)
class TraitMatrix:
    """Traits, and what each company answers to them."""

    traits: tuple[CandidateTrait, ...]
    verdicts: Verdicts

    def select_traits(self, places: Sequence[int]) -> TraitMatrix:
        """The traits at these places alone."""
        return TraitMatrix(tuple(self.traits[place] for place in places), self.verdicts[:, list(places)])


def min_support(companies: int) -> int:
    """How many companies must have a trait, and how many must certainly not, for it to be looked at."""
    return max(_FEWEST_COMPANIES, -int(-_LEAST_SHARE * companies // 1))


def trait_matrix(
    traits: Sequence[CandidateTrait], companies: pl.DataFrame, profile: Profile, context: EvaluationContext
) -> TraitMatrix:
    """What these companies answer to each trait, in their order; every trait that enough of them have and lack.

    Of traits that all of them answer alike the first stands for all; beyond 2,000 those with the most support stay.
    """
    predicates = [trait.predicate for trait in traits]
    parsed = parse_for_predicates(predicates, companies, profile, context)
    answered = parsed.select(
        column.cast(pl.Int8).fill_null(-1).alias(str(place))
        for place, column in enumerate(predicate_exprs(predicates, context))
    )
    verdicts = answered.to_numpy() if traits else np.zeros((companies.height, 0), dtype=np.int8)
    matrix = TraitMatrix(tuple(traits), np.asfortranarray(verdicts, dtype=np.int8))
    return matrix.select_traits(_testable_traits(matrix.verdicts))


def _testable_traits(verdicts: Verdicts) -> list[int]:
    support = np.minimum((verdicts == 1).sum(axis=0), (verdicts == 0).sum(axis=0))
    enough = np.flatnonzero(support >= min_support(verdicts.shape[0]))
    distinct = {verdicts[:, place].tobytes(): int(place) for place in enough[::-1]}
    best = sorted(distinct.values(), key=lambda place: (-support[place], place))
    return sorted(best[:MOST_CANDIDATES])
