"""Tier 1 against the rest within strata: whether it wins more because of fit, or because Anna gets the good ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final

import numpy as np

from icp_sync.evidence.win_rates import Interval, Tally, enough_deals, normal_quantile

FEWEST_STRATA: Final = 2


@dataclass(frozen=True, slots=True)
class OddsRatio:
    """The odds ratio of winning over all strata (Mantel-Haenszel); `used` and `left_out` count strata."""

    odds: Interval
    used: int
    left_out: int


def common_odds_ratio(strata: Sequence[tuple[Tally, Tally]]) -> OddsRatio | None:
    """Odds of winning in tier 1 over those in the rest, within strata (tier 1, rest), Robins-Breslow-Greenland bounds.

    A stratum where a side has no deals, or all came out alike, compares nothing: counted and left out. None with fewer
    than two strata left, or where the ratio is 0 or infinite.
    """
    used = [stratum for stratum in strata if _is_comparable(*stratum)]
    if len(used) < FEWEST_STRATA:
        return None
    cells = np.array([[first.won, first.lost, second.won, second.lost] for first, second in used], dtype=float)
    a, b, c, d = cells.T
    total = cells.sum(axis=1)
    agree, differ = (a + d) / total, (b + c) / total
    for_first, for_second = a * d / total, b * c / total
    r, s = for_first.sum(), for_second.sum()
    if not r or not s:
        return None
    variance = (
        (agree * for_first).sum() / (2 * r * r)
        + (agree * for_second + differ * for_first).sum() / (2 * r * s)
        + (differ * for_second).sum() / (2 * s * s)
    )
    half, logarithm = normal_quantile() * sqrt(variance), log(r / s)
    odds = Interval(float(r / s), exp(logarithm - half), exp(logarithm + half))
    return OddsRatio(odds, len(used), len(strata) - len(used))


def common_difference(strata: Sequence[tuple[Tally, Tally]]) -> Interval | None:
    """How much more often tier 1 wins than the rest within strata (tier 1, rest): Mantel-Haenszel, Sato's bounds.

    Those hold for a few large strata and for many small ones. Every stratum with deals on both sides counts, where all
    came out alike too. None with fewer than two, and with too few deals of either side in them: of two against two, all
    won against all lost, the bounds would leave no doubt.
    """
    used = [(first, second) for first, second in strata if first.decided and second.decided]
    sides = (sum(side, Tally(0, 0)) for side in zip(*used, strict=True))
    if len(used) < FEWEST_STRATA or not enough_deals(*sides):
        return None
    cells = np.array([[first.won, first.decided, second.won, second.decided] for first, second in used], dtype=float)
    a, n, b, m = cells.T
    total = n + m
    weight = (n * m / total).sum()
    value = float(((a * m - b * n) / total).sum() / weight)
    slope = ((n * n * b - m * m * a + n * m * (m - n) / 2) / (total * total)).sum()
    spread = ((a * (m - b) + b * (n - a)) / (2 * total)).sum()
    half = normal_quantile() * sqrt(max(0.0, float(value * slope + spread))) / float(weight)
    return Interval(value, max(-1.0, value - half), min(1.0, value + half))


def _is_comparable(first: Tally, second: Tally) -> bool:
    both = first + second
    return bool(first.decided and second.decided and both.won > 0 and both.lost > 0)
