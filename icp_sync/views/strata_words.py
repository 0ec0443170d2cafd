"""What deals say within the values of a property, as of each owner, and where that parts from the verdict."""

from __future__ import annotations

from typing import Final

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.difference_words import excludes_zero, points_range
from icp_sync.evidence.document_types import EMPTY, FEWEST_DEALS, BoundedDifference, Strata

_NAMES: Final = {"hubspot_owner_id": "owner", "hs_analytics_source": "source"}
"""Deal property → the word for it."""


def strata_sentence(strata: Strata) -> str:
    """Whether tier 1 wins more within the values of a property."""
    if [row.value for row in strata.rows] == [EMPTY]:
        return (
            f"None of these deals has a value of {strata.by}: this portal has no such deal property, or nobody fills "
            "it in; its name stands in HubSpot under Settings > Properties > Deal properties."
        )
    by = strata_name(strata)
    gap = strata.difference
    if gap is None or gap.low is None or gap.high is None:
        return (
            f"Too few deals to compare within {by}: it takes two values with deals of both tier 1 and the rest, and "
            f"{FEWEST_DEALS} deals of each in them."
        )
    rows = strata.rows
    both = sum(bool(row.tier_1_decided and row.rest_decided) for row in rows)
    compared = f"{both:,} of {len(rows):,} have deals of both tier 1 and the rest"
    return (
        f"Comparing only deals of the same {by} ({compared}), tier 1 {_outcome_phrase(gap)}."
        f"{_small_strata_note(strata, by)}"
    )


def conflict_sentence(document: BacktestDocument) -> str:
    """That tier 1 comes out otherwise within the values of a property than over all deals, and which counts."""
    strata = document.strata
    if strata is None or not strata_conflict(document) or strata.difference is None:
        return ""
    return (
        f"But among deals of the same {strata_name(strata)} tier 1 {_outcome_phrase(strata.difference)}: act on tier 1 "
        "only where both agree."
    )


def strata_conflict(document: BacktestDocument) -> bool:
    """Whether the comparison within the values of a property gives another answer than that over all deals."""
    within = document.strata and document.strata.difference
    if within is None or within.low is None:
        return False
    versus = document.tests.tier_1_vs_rest
    overall = 0 if document.verdict.code == "too_few" else _direction(versus.low, versus.high)
    return _direction(within.low, within.high) != overall


def strata_name(strata: Strata) -> str:
    """The property in a word."""
    return _NAMES.get(strata.by, strata.by)


def _outcome_phrase(gap: BoundedDifference) -> str:
    low, high = gap.low or 0, gap.high or 0
    if not excludes_zero(low, high):
        return f"shows no clear difference ({points_range(low, high)})"
    return f"wins clearly {'more' if low > 0 else 'less'} ({points_range(low, high)}, allowing for chance)"


def _direction(low: float | None, high: float | None) -> int:
    """1 where a difference is clearly above zero, -1 where below, 0 where neither is clear."""
    if low is None or high is None or not excludes_zero(low, high):
        return 0
    return 1 if low > 0 else -1


def _small_strata_note(strata: Strata, by: str) -> str:
    """Which rows are too few to be judged one by one."""
    few = [row.tier_1_decided < FEWEST_DEALS for row in strata.rows]
    if all(few):
        return (
            f" No {by} has {FEWEST_DEALS} decided deals of tier 1 yet: do not compare one row with another, and do not "
            "move leads, by this table."
        )
    return f" Rows with under {FEWEST_DEALS} deals of tier 1 are too few to judge by." if any(few) else ""
