"""Decided deals by the fit score of their companies, in two halves: what is left to judge where tier 1 has no deal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from icp_sync.evidence.difference_words import chance_clause, excludes_zero, is_coin_toss, points_range
from icp_sync.evidence.document_types import TIERS, Auc, BoundedDifference, Tests, Verdict
from icp_sync.evidence.score_ranking import Flags, Floats, to_tenths
from icp_sync.evidence.win_rate_tests import WORTH_SEEING
from icp_sync.evidence.win_rates import FEWEST, Tally, enough_deals, rate_difference

_CONVINCING: Final = 0.05
_BEST: Final = 0.1


@dataclass(frozen=True, slots=True)
class ScoreCut:
    """Deals of the companies with the higher fit scores, and those of the others."""

    higher: Tally
    lower: Tally

    def difference(self, design_effect: float) -> BoundedDifference:
        """How much more often the higher side was won; null where a side is too small."""
        sides = self.higher.divide_by_design_effect(design_effect), self.lower.divide_by_design_effect(design_effect)
        span = rate_difference(*sides) if enough_deals(*sides) else None
        return BoundedDifference(difference=span and span.value, low=span and span.low, high=span and span.high)


@dataclass(frozen=True, slots=True)
class ScoreFigures:
    """What deals show of the fit score: how it ranks them, both halves by it, and the best tenth against the rest."""

    auc: Auc
    halves: ScoreCut
    best: ScoreCut

    @classmethod
    def of(cls, auc: Auc, scores: Floats, won: Flags) -> ScoreFigures:
        """Of the fit scores of deals, and whether they were won."""
        return cls(auc, cut_by_score(scores, won, 0.5), cut_by_score(scores, won, _BEST))


def cut_by_score(scores: Floats, won: Flags, share: float) -> ScoreCut:
    """Cut the deals between two fit scores, as near to `share` above as ties allow; all are below where all tie."""
    tenths, whole = to_tenths(scores), Tally(float(won.sum()), float(won.size))
    levels, counts = np.unique(tenths, return_counts=True)
    if levels.size < 2:
        return ScoreCut(Tally(0, 0), whole)
    above = won.size - np.cumsum(counts)[:-1]
    is_higher = tenths > levels[np.abs(above - share * won.size).argmin()]
    higher = Tally(float(won[is_higher].sum()), float(is_higher.sum()))
    return ScoreCut(higher, whole - higher)


def verdict_by_score(
    verdict: Verdict, tallies: Mapping[str, Tally], tests: Tests, figures: ScoreFigures, design_effect: float
) -> Verdict:
    """The verdict; where only deals of tier 1 are lacking, and none is there, the fit score may answer instead.

    It does where it tells nothing, and enough deals say so: its ranking is a coin toss, both halves were won about as
    often, and neither the best tenth nor a lower tier differs. A tier 1 with a few deals is no such case: among many
    others they would not show.
    """
    whole = sum(tallies.values(), Tally(0, 0)).divide_by_design_effect(design_effect)
    if "tier_1" in tallies or min(whole.won, whole.lost) < FEWEST:
        return verdict
    gap, best = figures.halves.difference(design_effect), figures.best.difference(design_effect)
    if gap.low is None or gap.high is None or max(-gap.low, gap.high) >= WORTH_SEEING:
        return verdict
    if not is_coin_toss(figures.auc.low, figures.auc.high) or excludes_zero(best.low, best.high):
        return verdict
    if not _lower_tiers_alike(tallies, tests):
        return verdict
    between = chance_clause(figures.halves.higher.rate or 0, figures.halves.lower.rate or 0, gap.low, gap.high)
    sentence = f"{_BEGIN} {_halves_rates_phrase(figures.halves)}; {between}.{_lower_tiers_sentence(tests)}"
    return verdict.model_copy(update={"code": "no_difference", "sentence": sentence})


_BEGIN: Final = (
    "The fit score is no better than a coin toss in these deals, and tier 1 is untested: none of its companies has a "
    "won or lost deal."
)


def _lower_tiers_alike(tallies: Mapping[str, Tally], tests: Tests) -> bool:
    """Whether tiers 2 and 3 have no deal, or enough to be compared and no clear difference."""
    lower, p = tests.lower_vs_outside, tests.trend.p
    if any(tier in tallies for tier in TIERS) and lower.difference is None:
        return False
    return not excludes_zero(lower.low, lower.high) and (p is None or p >= _CONVINCING)


def _halves_rates_phrase(halves: ScoreCut) -> str:
    higher, lower = halves.higher, halves.lower
    return (
        f"Cut in two by fit score, {100 * (higher.rate or 0):.0f} % of the upper {higher.decided:,.0f} deals were won, "
        f"against {100 * (lower.rate or 0):.0f} % of the lower {lower.decided:,.0f}"
    )


def _lower_tiers_sentence(tests: Tests) -> str:
    lower = tests.lower_vs_outside
    if lower.low is None or lower.high is None:
        return ""
    between = points_range(lower.low, lower.high)
    return f" Nor do tiers 2 and 3 clearly differ from companies outside the tiers ({between})."
