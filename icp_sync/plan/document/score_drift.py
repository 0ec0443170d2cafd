"""How far the population of fit scores has shifted between two documents: the population stability index."""

from __future__ import annotations

from math import log
from typing import Final

from icp_sync.plan.document.movement import Drift
from icp_sync.plan.document.profile_figures import Scores
from icp_sync.plan.document.report_document import ReportDocument

_TENTHS: Final = 10
_POINTS: Final = 100 // _TENTHS
_EMPTY: Final = 0.5
"""Companies added to every tenth, so that one which was empty once is no infinite shift."""


def population_drift(before: ReportDocument, now: Scores) -> Drift | None:
    """The shift from the document made at the last review to the scores now; None where either has no company."""
    earlier, later = _companies_per_tenth(before.scores), _companies_per_tenth(now)
    if before.run_id is None or not sum(earlier) or not sum(later):
        return None
    return Drift(since=before.at, run_id=before.run_id, psi=stability_index(earlier, later), before=earlier, now=later)


def stability_index(before: tuple[int, ...], now: tuple[int, ...]) -> float:
    """Sum over the bins of (share now - share before) * ln(share now / share before); 0 where nothing shifted."""
    earlier, later = _bin_shares(before), _bin_shares(now)
    return sum((new - old) * log(new / old) for old, new in zip(earlier, later, strict=True))


def _bin_shares(counts: tuple[int, ...]) -> list[float]:
    total = sum(counts) + _EMPTY * len(counts)
    return [(count + _EMPTY) / total for count in counts]


def _companies_per_tenth(scores: Scores) -> tuple[int, ...]:
    """Companies in scope by tenth of the scale, whatever their outcome; a full 100 counts in the last."""
    counts = [0] * _TENTHS
    for lower, _, companies in scores.fit:
        counts[lower // _POINTS] += companies
    return tuple(counts)
