"""Amounts, cycles and KPIs by tier: medians and quartiles, since one large deal would move a mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import mannwhitneyu

FEWEST_VALUES: Final = 10

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quartiles:
    """The quarter, the middle and the three quarters of `count` values, in their unit."""

    low: float
    median: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class MannWhitneyResult:
    """The chance that a value of the first group exceeds the second's (ties count half); `p`: two-sided, of 0.5."""

    share: float
    p: float


def quartiles(values: Floats) -> Quartiles | None:
    """The quartiles; None under ten values."""
    if values.size < FEWEST_VALUES:
        return None
    low, median, high = (float(value) for value in np.quantile(values, [0.25, 0.5, 0.75]))
    return Quartiles(low, median, high, int(values.size))


def mann_whitney(first: Floats, second: Floats) -> MannWhitneyResult | None:
    """Mann-Whitney's test of two groups; None where either has under ten values, or all values are the same."""
    if min(first.size, second.size) < FEWEST_VALUES or np.ptp(np.concatenate([first, second])) == 0:
        return None
    result = mannwhitneyu(first, second, alternative="two-sided", method="asymptotic")
    return MannWhitneyResult(float(result.statistic / (first.size * second.size)), float(result.pvalue))
