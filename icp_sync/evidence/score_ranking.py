"""How well the fit score ranks won before lost deals: the area under the ROC curve, with DeLong's interval.

0.5 is a coin toss, 1 a perfect order. Scores are compared to a tenth of a point, as they are printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from icp_sync.evidence.design_effect import FEWEST_COMPANIES
from icp_sync.evidence.win_rates import Interval, normal_quantile

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Companies = npt.NDArray[np.int64]

REPEATS: Final = 2_000


@dataclass(frozen=True, slots=True)
class PairedRanking:
    """Two scores over the same deals: `difference` of their areas (second minus first), its interval, two-sided `p`."""

    difference: Interval
    p: float


def auc(scores: Floats, won: Flags) -> Interval | None:
    """The area under the curve; None without both won and lost deals.

    The interval is DeLong's on the logit scale, which keeps it within 0 and 1. Where the order is perfect, DeLong has
    no variance to tell, and the bounds are the whole range on the unproved side.
    """
    if won.all() or not won.any():
        return None
    wins, losses = _placements(scores, won)
    value = float(wins.mean())
    if value in {0.0, 1.0}:
        return Interval(value, 0.0, 1.0)
    return _logit_interval(value, sqrt(_variance_of_mean(wins) + _variance_of_mean(losses)))


def compare_aucs(first: Floats, second: Floats, won: Flags) -> PairedRanking | None:
    """Whether the second score ranks better than the first on the same deals (paired DeLong); None as in `auc`.

    Where every deal is placed higher by the same, as by a perfect order against one score for all, DeLong has no
    variance to tell: the bounds are the whole range.
    """
    if won.all() or not won.any():
        return None
    value = float(_placements(second, won)[0].mean() - _placements(first, won)[0].mean())
    error = difference_error(first, second, won)
    if value and not error:
        return PairedRanking(Interval(value, -1.0, 1.0), 1.0)
    half = normal_quantile() * error
    p = float(2 * norm.sf(abs(value) / error)) if error else 1.0
    return PairedRanking(Interval(value, max(-1.0, value - half), min(1.0, value + half)), p)


def difference_error(first: Floats, second: Floats, won: Flags) -> float:
    """The standard error of the difference of two areas on the same deals (paired DeLong)."""
    wins, losses = (
        after - before for after, before in zip(_placements(second, won), _placements(first, won), strict=True)
    )
    return sqrt(_variance_of_mean(wins) + _variance_of_mean(losses))


def clustered_auc(scores: Floats, won: Flags, companies: Companies, seed: int) -> Interval | None:
    """The area where one company has several deals: bounds by drawing whole companies again, `REPEATS` times.

    DeLong would take the fifth deal of a company for news. Draws without both outcomes are left out. None as in `auc`,
    and under 20 companies.
    """
    whole = auc(scores, won)
    drawn = _bootstrap_areas((scores,), won, companies, seed)
    if whole is None or drawn is None:
        return None
    low, high = np.quantile(drawn[0], [0.025, 0.975])
    return Interval(whole.value, float(low), float(high))


def compare_clustered_aucs(
    first: Floats, second: Floats, won: Flags, companies: Companies, seed: int
) -> PairedRanking | None:
    """As `compare_aucs`, where one company has several deals: both scores on the same draws of whole companies.

    `p`: twice the share of draws in which the other score ranks no worse. None as in `clustered_auc`.
    """
    ours, theirs = auc(first, won), auc(second, won)
    drawn = _bootstrap_areas((first, second), won, companies, seed)
    if ours is None or theirs is None or drawn is None:
        return None
    differences = drawn[1] - drawn[0]
    low, high = np.quantile(differences, [0.025, 0.975])
    fewer = min((differences <= 0).sum(), (differences >= 0).sum())
    # One is added above and below, so that no number of draws proves a chance of nothing.
    p = min(1.0, 2 * (fewer + 1) / (differences.size + 1))
    return PairedRanking(Interval(theirs.value - ours.value, float(low), float(high)), float(p))


def _bootstrap_areas(
    scores: tuple[Floats, ...], won: Flags, companies: Companies, seed: int
) -> tuple[Floats, ...] | None:
    """The areas of each score in every draw that has both outcomes; None without any, and under 20 companies."""
    _, company = np.unique(companies, return_inverse=True)
    count = int(company.max(initial=-1)) + 1
    if count < FEWEST_COMPANIES:
        return None
    chance = np.random.default_rng(seed)
    places = [np.unique(to_tenths(one), return_inverse=True)[1] for one in scores]
    draws = (np.bincount(chance.integers(count, size=count), minlength=count)[company] for _ in range(REPEATS))
    areas = [[_weighted_area(place, won, weights) for place in places] for weights in draws]
    kept = [[value for value in drawn if value is not None] for drawn in areas if None not in drawn]
    return tuple(np.array(kept).T) if kept else None


def _placements(scores: Floats, won: Flags) -> tuple[Floats, Floats]:
    """For each won deal the share of lost ones it outranks, for each lost one the share of won ones that outrank it."""
    tenths = to_tenths(scores)
    wins, losses = np.sort(tenths[won]), np.sort(tenths[~won])
    over_losses = (_count_below(losses, tenths[won]) + _count_up_to(losses, tenths[won])) / 2 / losses.size
    under_wins = 1 - (_count_below(wins, tenths[~won]) + _count_up_to(wins, tenths[~won])) / 2 / wins.size
    return over_losses, under_wins


def to_tenths(scores: Floats) -> Floats:
    """Fit scores as they are compared: whole numbers of tenths of a point."""
    return np.rint(scores * 10)


def _count_below(ordered: Floats, values: Floats) -> npt.NDArray[np.int64]:
    return np.searchsorted(ordered, values, side="left")


def _count_up_to(ordered: Floats, values: Floats) -> npt.NDArray[np.int64]:
    return np.searchsorted(ordered, values, side="right")


def _variance_of_mean(placements: Floats) -> float:
    """Of the mean; one deal tells no variance, and the widest a share can have is taken."""
    return float(placements.var(ddof=1) / placements.size) if placements.size > 1 else 0.25


def _logit_interval(value: float, error: float) -> Interval:
    half = normal_quantile() * error / (value * (1 - value))
    logit = log(value / (1 - value))
    low, high = (1 / (1 + exp(min(700.0, -bound))) for bound in (logit - half, logit + half))
    return Interval(value, low, high)


def _weighted_area(tenths: npt.NDArray[np.int64], won: Flags, weights: npt.NDArray[np.int64]) -> float | None:
    wins = np.bincount(tenths, weights=np.where(won, weights, 0))
    losses = np.bincount(tenths, weights=np.where(won, 0, weights))
    pairs = wins.sum() * losses.sum()
    if not pairs:
        return None
    outranked = np.cumsum(losses) - losses / 2
    return float((wins * outranked).sum() / pairs)
