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
            f"Too few deals to compare within {by}: it takes two values with deals of both tier 1 and others, and "
            f"{FEWEST_DEALS} deals of each in them."
        )
    rows = strata.rows
    both = sum(bool(row.tier_1_decided and row.rest_decided) for row in rows)
    compared = f"{both:,} of {len(rows):,} have deals of both tier 1 and others"
    return (
        f"Comparing only deals of the same {by} ({compared}), tier 1 {_outcome_phrase(gap)}."
        f" {_no_ranking_note(strata, by)}"
    )


def verdict_within_strata(document: BacktestDocument) -> str:
    """The verdict; where tier 1 comes out otherwise within the values of a property than over all deals, both."""
    strata, sentence = document.strata, document.verdict.sentence
    if strata is None or strata.difference is None or not _strata_conflict(document):
        return sentence
    by, outcome = strata_name(strata), _outcome_phrase(strata.difference)
    if is_lead_unproven(document):
        first, whole = document.tiers[0], document.tiers[-1]
        rest = (whole.won - first.won) / max(1, whole.decided - first.decided)
        return (
            f"Tier 1 wins more ({100 * (first.rate or 0):.0f} % against {100 * rest:.0f} %), but that may be the {by}, "
            f"not the fit: among deals of the same {by} it {outcome}."
        )
    return f"{sentence} But among deals of the same {by} tier 1 {outcome}: the two disagree, so act on neither yet."


def is_lead_unproven(document: BacktestDocument) -> bool:
    """Whether tier 1 wins more over all deals, and does not among those of one owner, say."""
    leads = document.verdict.code != "too_few" and (document.tests.tier_1_vs_rest.low or 0) > 0
    return leads and _strata_conflict(document)


def _strata_conflict(document: BacktestDocument) -> bool:
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


def _no_ranking_note(strata: Strata, by: str) -> str:
    """That rows are not compared with each other, and which are too few to be judged one by one."""
    few = [row.tier_1_decided < FEWEST_DEALS for row in strata.rows]
    whose = "none has" if all(few) else "some have under"
    too_few = f", and {whose} {FEWEST_DEALS} deals of tier 1" if any(few) else ""
    return f"This is no ranking by {by}, and no reason to move leads: the rows have different companies{too_few}."
