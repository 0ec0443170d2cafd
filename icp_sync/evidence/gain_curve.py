"""The gain curve: how much of the wins, and of what they brought, lies with the best companies by fit score."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from icp_sync.evidence.document_types import GainPoint, TierRow

Floats = npt.NDArray[np.float64]

_SHARES: Final = tuple(step / 20 for step in range(1, 21))
# MadKudu's yardstick of a score that is worth using: few companies hold most of the wins.
_COMPANIES: Final = (0.15, 0.35)
_WINS: Final = 0.60
_BEST: Final = ("tier_1", "tier_2")


def gain_curve(scores: Floats, won: npt.NDArray[np.bool_], amounts: Floats) -> tuple[GainPoint, ...]:
    """Shares of wins and of won amounts (0 where unknown) in the best 5, 10 … 100 % of decided deals by score.

    Deals of one score share what they hold. Empty without wins.
    """
    if not won.any():
        return ()
    ends, wins = _cumulative_curve(scores, won.astype(float))
    brought = np.where(won, np.nan_to_num(amounts), 0.0)
    revenue = np.interp(_SHARES, *_cumulative_curve(scores, brought)) if brought.sum() else None
    won_up_to = np.interp(_SHARES, ends, wins)
    return tuple(
        GainPoint(
            companies=share,
            wins=_clamp_share(won_up_to[place]),
            revenue=None if revenue is None else _clamp_share(revenue[place]),
        )
        for place, share in enumerate(_SHARES)
    )


def is_concentrated(rows: tuple[TierRow, ...]) -> bool | None:
    """Whether tier 1 and 2 hold 15-35 % of the companies and at least 60 % of the wins; None without wins."""
    whole = rows[-1]
    if not whole.won or not whole.companies:
        return None
    best = [row for row in rows if row.tier in _BEST]
    companies, wins = sum(row.companies for row in best), sum(row.won for row in best)
    return _COMPANIES[0] <= companies / whole.companies <= _COMPANIES[1] and wins / whole.won >= _WINS


def _cumulative_curve(scores: Floats, values: Floats) -> tuple[Floats, Floats]:
    """The ends of groups of equal score, best first, as shares of all deals, and the share of the values up to each."""
    _, group, sizes = np.unique(-np.rint(scores * 10), return_inverse=True, return_counts=True)
    sums = np.bincount(group, weights=values)
    zero = np.zeros(1)
    return (
        np.concatenate([zero, np.cumsum(sizes) / scores.size]),
        np.concatenate([zero, np.cumsum(sums) / values.sum()]),
    )


def _clamp_share(value: float) -> float:
    return float(min(1.0, max(0.0, value)))
