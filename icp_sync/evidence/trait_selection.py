"""Of traits that tell won from lost, those that say something of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from icp_sync.evidence.permutation_test import Flags, Floats, Strata, trait_score_statistics
from icp_sync.evidence.trait_matrix import TraitMatrix

_OWN: Final = 2.5
"""The statistic a trait must still have among companies without the better ones of its source."""


def select_traits(
    matrix: TraitMatrix, statistic: Floats, places: Sequence[int], won: Flags, strata: Strata
) -> list[int]:
    """Of the traits at these places, those that stay when weaker twins are left out; the strongest first.

    Germany, DACH and Europe are all found where Germany buys; Europe stays only if the rest of it buys more as well.
    Of a number one run of bands stays, and those apart from it. A trait that only asks whether there is a value stays
    only where nothing else of its source does: what the value is says more.
    """
    ordered = sorted(places, key=lambda place: (matrix.traits[place].asks_known, -abs(statistic[place]), place))
    kept: list[int] = []
    for place in ordered:
        better = [other for other in kept if _same_source(matrix, place, other)]
        if _adds_information(matrix, place, better, won, strata):
            kept.append(place)
    return sorted(kept, key=lambda place: -abs(statistic[place]))


def _same_source(matrix: TraitMatrix, place: int, other: int) -> bool:
    first, second = matrix.traits[place], matrix.traits[other]
    return first.properties == second.properties


def _adds_information(matrix: TraitMatrix, place: int, better: Sequence[int], won: Flags, strata: Strata) -> bool:
    if not better:
        return True
    trait = matrix.traits[place]
    if trait.asks_known or any(_spans_overlap(trait.span, matrix.traits[other].span) for other in better):
        return False
    without = ~(matrix.verdicts[:, list(better)] == 1).any(axis=1)
    rest = matrix.verdicts[without][:, [place]]
    return bool(np.abs(trait_score_statistics(rest, won[without], strata[without]))[0] >= _OWN)


def _spans_overlap(first: tuple[int, int] | None, second: tuple[int, int] | None) -> bool:
    return first is not None and second is not None and first[0] <= second[1] and second[0] <= first[1]
