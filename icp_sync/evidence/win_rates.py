"""Win rates and their differences, with 95 % intervals that hold for few deals as well as for many."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

from scipy.stats import norm

from icp_sync.evidence.document_types import FEWEST_DEALS

FEWEST: Final = FEWEST_DEALS
LEVEL: Final = 0.95


def normal_quantile(level: float = LEVEL) -> float:
    """The normal quantile of a two-sided interval: 1.96 for 0.95."""
    return float(norm.ppf(0.5 + level / 2))


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate between its bounds. Shares are from 0 to 1, differences from -1 to 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Decided deals and how many of them were won. Not whole numbers where a design effect was divided out."""

    won: float
    decided: float

    @property
    def lost(self) -> float:
        """Decided deals that were not won."""
        return self.decided - self.won

    @property
    def rate(self) -> float | None:
        """Share of won deals from 0 to 1; None without deals."""
        return self.won / self.decided if self.decided else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.won + other.won, self.decided + other.decided)

    def __sub__(self, other: Tally) -> Tally:
        return Tally(self.won - other.won, self.decided - other.decided)

    def divide_by_design_effect(self, design_effect: float) -> Tally:
        """The tally of independent deals that tells as much: deals of one company tell less than as many companies."""
        return Tally(self.won / design_effect, self.decided / design_effect)


def wilson_interval(tally: Tally, level: float = LEVEL) -> Interval | None:
    """The win rate with Wilson's score interval; None without deals.

    As `scipy.stats.binomtest(k, n).proportion_ci(method="wilson")`, which takes whole numbers only.
    """
    if not tally.decided:
        return None
    z, n, p = normal_quantile(level), tally.decided, tally.won / tally.decided
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # At none and all the bound is exact; floating point would leave it 1e-17 beside.
    return Interval(p, 0.0 if tally.won <= 0 else centre - half, 1.0 if tally.lost <= 0 else centre + half)


def rate_difference(first: Tally, second: Tally) -> Interval | None:
    """How much more often the first wins than the second, by Newcombe's method 10; None where either has no deals.

    The bounds join the two Wilson intervals, so they stay within -1 and 1 and hold where a rate is 0 or 1.
    """
    a, b = wilson_interval(first), wilson_interval(second)
    if a is None or b is None:
        return None
    value = a.value - b.value
    low = value - sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2)
    high = value + sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2)
    return Interval(value, low, high)


def enough_deals(*tallies: Tally) -> bool:
    """Whether each tally is large enough for a rate to be shown."""
    return all(tally.decided >= FEWEST for tally in tallies)
