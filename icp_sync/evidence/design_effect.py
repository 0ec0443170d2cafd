"""What several deals of one company are worth: less than as many deals of as many companies."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

FEWEST_COMPANIES: Final = 20


def design_effect(won: npt.NDArray[np.bool_], companies: npt.NDArray[np.int64]) -> float | None:
    """By how much the variance of the win rate exceeds that of independent deals, at least 1.

    Cluster variance of the rate over pq/n, by company over all decided deals. None under 20 companies, where the
    variance between them is not known. 1 where all deals came out alike.
    """
    _, company, sizes = np.unique(companies, return_inverse=True, return_counts=True)
    count, deals = sizes.size, won.size
    if count < FEWEST_COMPANIES:
        return None
    rate = won.mean()
    independent = rate * (1 - rate) / deals
    if independent == 0:
        return 1.0
    surplus = np.bincount(company, weights=won - rate)
    clustered = count / (count - 1) * (surplus**2).sum() / deals**2
    return max(1.0, float(clustered / independent))


def cautious_design_effect(won: npt.NDArray[np.bool_], companies: npt.NDArray[np.int64]) -> float:
    """`design_effect`, 1 where every company has one deal.

    Under 20 companies, where it is not known, every company counts once: the most it can cost.
    """
    count = np.unique(companies).size
    if count == won.size:
        return 1.0
    effect = design_effect(won, companies)
    return won.size / count if effect is None else effect
