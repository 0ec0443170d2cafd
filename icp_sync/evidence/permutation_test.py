"""Which of many traits tell won from lost: score statistics, held against chance by permuting who won.

All permutations keep the traits of a company together and move outcomes within a closing quarter only, so neither
correlated traits nor good and bad quarters look like findings. The largest statistic of each permutation sets the bar
(single-step max-T): the chance that any trait is named where none matters stays at 5 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from icp_sync.evidence.trait_matrix import KNOWN_FROM, Verdicts

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Strata = npt.NDArray[np.int64]

PERMUTATIONS: Final = 1_999
CONVINCING: Final = 0.05
_PER_BLOCK: Final = 250  # permutations at a time: what they take of memory


@dataclass(frozen=True, slots=True)
class MaxTResult:
    """By trait the score statistic (over 0 where companies with it win more) and its adjusted p.

    `critical`: what a statistic must pass to be named.
    """

    statistic: Floats
    p_adjusted: Floats
    critical: float


def trait_score_statistics(verdicts: Verdicts, won: Flags, strata: Strata) -> Floats:
    """The standardised score statistic of each trait among companies where it is known; 0 where nothing varies."""
    centred = _centre_within_strata(verdicts, strata)
    return np.asarray(_standardise(centred.T @ won.astype(np.float32), _permutation_deviation(centred, won, strata)))


def compare_traits(
    verdicts: Verdicts, won: Flags, strata: Strata, seed: int, permutations: int = PERMUTATIONS
) -> MaxTResult:
    """Score statistics with p values that hold for all traits at once. Same seed, same values."""
    centred = _centre_within_strata(verdicts, strata)
    spread = _permutation_deviation(centred, won, strata)
    statistic = _standardise(centred.T @ won.astype(np.float32), spread)
    chance, largest = np.random.default_rng(seed), []
    for start in range(0, permutations, _PER_BLOCK):
        shuffled = _permute_outcomes(won, strata, min(_PER_BLOCK, permutations - start), chance)
        sums = _standardise(centred.T @ shuffled, spread[:, None])
        largest.append(np.abs(sums).max(axis=0, initial=0.0))
    bars = np.sort(np.concatenate(largest))
    # A hair of room: the same sum in another order differs in its last bits, and a tie counts against the trait.
    reached = permutations - np.searchsorted(bars, np.abs(statistic) * (1 - 1e-5), side="left")
    allowed = int(CONVINCING * (permutations + 1))
    return MaxTResult(statistic, (1 + reached) / (permutations + 1), float(bars[-allowed]))


def _centre_within_strata(verdicts: Verdicts, strata: Strata) -> npt.NDArray[np.float32]:
    """Yes as 1 and no as 0, less the mean of its stratum where the trait is known; unknown is 0."""
    centred = np.zeros(verdicts.shape, dtype=np.float32)
    for stratum in np.unique(strata):
        rows = np.flatnonzero(strata == stratum)
        part = verdicts[rows]
        known = part >= KNOWN_FROM
        yes = np.where(known, part, 0).astype(np.float32)
        share = yes.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        centred[rows] = np.where(known, yes - share.astype(np.float32), 0)
    return centred


def _permutation_deviation(centred: npt.NDArray[np.float32], won: Flags, strata: Strata) -> Floats:
    """The standard deviation of each sum over the permutations within strata: exact, not estimated."""
    variance = np.zeros(centred.shape[1])
    for stratum in np.unique(strata):
        rows = strata == stratum
        count, wins = int(rows.sum()), int(won[rows].sum())
        if count > 1:
            squares = np.einsum("ij,ij->j", centred[rows], centred[rows], dtype=np.float64)
            variance += squares * wins * (count - wins) / count / (count - 1)
    return np.sqrt(variance)


def _standardise(sums: npt.NDArray[np.float32], spread: Floats) -> Floats:
    result: Floats = np.divide(sums, spread, out=np.zeros(sums.shape), where=spread > 1e-9)
    return result


def _permute_outcomes(won: Flags, strata: Strata, count: int, chance: np.random.Generator) -> npt.NDArray[np.float32]:
    """So many columns of outcomes, permuted within strata."""
    shuffled = np.empty((won.size, count), dtype=np.float32)
    for stratum in np.unique(strata):
        rows = np.flatnonzero(strata == stratum)
        outcomes = np.tile(won[rows].astype(np.float32), (count, 1))
        shuffled[rows] = chance.permuted(outcomes, axis=1).T
    return shuffled
