"""How often companies with a trait win, and those certainly without it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from icp_sync.evidence.candidate_traits import CandidateTrait
from icp_sync.evidence.discover_document import FoundTrait
from icp_sync.evidence.permutation_test import Flags
from icp_sync.evidence.win_rates import Tally, rate_difference


def tallies_with_and_without_trait(verdicts: npt.NDArray[np.int8], won: Flags) -> tuple[Tally, Tally]:
    """Companies with the trait and without it, of one column of verdicts; unknown counts for neither."""
    inside, outside = ((verdicts == side) for side in (1, 0))
    with_it, without = (Tally(float(won[side].sum()), float(side.sum())) for side in (inside, outside))
    return with_it, without


def build_found_trait(
    trait: CandidateTrait, verdicts: npt.NDArray[np.int8], won: Flags, p_adjusted: float, *, distinct: bool
) -> FoundTrait:
    """A trait with its numbers. Both sides have companies, as candidates do."""
    with_it, without = tallies_with_and_without_trait(verdicts, won)
    difference = rate_difference(with_it, without)
    if difference is None:
        raise ValueError(f"nobody to compare by {trait.words}")
    rate, base = with_it.rate or 0.0, without.rate
    return FoundTrait(
        trait=trait.words,
        property=" or ".join(trait.properties),
        n=int(won.size),
        known=int(with_it.decided + without.decided),
        won_with=int(with_it.won),
        decided_with=int(with_it.decided),
        won_without=int(without.won),
        decided_without=int(without.decided),
        lift=rate / base if base else None,
        difference=difference.value,
        low=difference.low,
        high=difference.high,
        p_adjusted=p_adjusted,
        distinct=distinct,
    )
