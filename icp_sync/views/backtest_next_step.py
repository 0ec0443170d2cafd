"""What a person does with a backtest's verdict: one step; the terminal and the page show the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.difference_words import is_clear, points_between
from icp_sync.evidence.document_types import FEWEST_DEALS, TIERS, Auc, BoundedDifference
from icp_sync.evidence.left_out import LEFT_OUT
from icp_sync.views.backtest_words import all_of, percent

_COIN: Final = (0.45, 0.55)
"""A likely range of the fit score's ranking within these, around 50, tells of nothing worth acting on."""
_WORTH_ACTING_ON: Final = 0.10
_MOST: Final = 0.5
_SAMPLE: Final = "let colleagues judge companies without seeing the tiers: icp-sync sample --out sheet.csv."
_DISCOVER: Final = "do not steer sales by the tiers; look for what winners share: icp-sync discover."
_WINS_LESS: Final = (
    f"{_DISCOVER} The nightly run may go on: it writes tiers, nobody has to follow them. Note what was decided under "
    "reviews in the profile; icp-sync check asks for it."
)


def next_step(document: BacktestDocument) -> str:
    """What a person does with the verdict; criteria that know how deals ended go out of the profile before all else."""
    return f"What to do next: {_before_all_else(document) or _after_verdict(document)}"


def _before_all_else(document: BacktestDocument) -> str | None:
    if not document.leaks:
        return None
    leaky = all_of(dict.fromkeys(leak.criterion for leak in document.leaks))
    return f"take {leaky} out of the profile, then icp-sync backtest again."


def _after_verdict(document: BacktestDocument) -> str:
    if document.verdict.code == "wins_more":
        return " ".join(_use_tiers(document))
    if document.verdict.code == "wins_less":
        return _WINS_LESS
    if document.verdict.code == "no_difference":
        return _of_no_difference(document)
    if document.judged == "written":
        return "icp-sync backtest --judged opened, the best test until then."
    return next(_to_check(document), _SAMPLE)


def _use_tiers(document: BacktestDocument) -> Iterator[str]:
    """Which tiers to work first, and what the numbers do not say."""
    lower, above = document.tests.lower_vs_outside, document.tests.tier_1_vs_lower
    if lower.low is not None and lower.high is not None and lower.low > 0:
        yield "work tiers 1 to 3 before the rest."
        yield (
            "Tiers 2 and 3 win more than companies outside the tiers too "
            f"({points_between(lower.low, lower.high)}){_beats(above)}."
        )
    else:
        yield "work tier 1 first."
    shares = {row.tier: row.revenue_share for row in document.tiers}
    outside = 1 - sum(shares[tier] or 0 for tier in TIERS)
    if shares["all"] and outside >= _MOST:
        yield f"Do not stop selling to the others: {percent(outside)} of the won revenue came from outside the tiers."
    yield "Run icp-sync backtest again in 3 months."


def _beats(above: BoundedDifference) -> str:
    if above.low is None or above.high is None or is_clear(above.low, above.high):
        return ""
    return f"; whether tier 1 beats them these deals cannot say ({points_between(above.low, above.high)})"


def _of_no_difference(document: BacktestDocument) -> str:
    """By how the fit score ranks all deals too, since the deals of tier 1 alone may be too few to show anything."""
    tests, auc = document.tests, document.auc
    low, high = tests.tier_1_vs_rest.low or 0, tests.tier_1_vs_rest.high or 0
    if low > 0:
        return "look at the rows of tiers 2 and 3 below, and move their thresholds (icp-sync tune)."
    if _is_a_coin(auc):
        return f"the fit score ranks all deals no better than a coin toss (below), so {_DISCOVER}"
    if high < 0 or max(-low, high) < _WORTH_ACTING_ON or (auc.high is not None and auc.high < 0.5):
        return _DISCOVER
    if auc.low is not None and auc.low > 0.5:
        return (
            "keep the profile for now: its fit score ranks won deals above lost ones by more than chance (below). Run "
            "icp-sync backtest again in 3 months."
        )
    return f"leave the profile as it is, and {_SAMPLE}"


def _is_a_coin(auc: Auc) -> bool:
    """Whether the fit score ranks like chance, and enough deals say so."""
    return auc.low is not None and auc.high is not None and _COIN[0] < auc.low <= 0.5 <= auc.high < _COIN[1]


_MEND: Final = {
    "not_asked_for": "look at outcomes.deals.where in the profile",
    "open": "mark as won or lost in HubSpot those that are over, and leave the others open",
    "no_close_date": "give them a close date in HubSpot",
    "future_close": "correct their close dates in HubSpot",
    "closed_before_created": "correct their dates in HubSpot",
    "before_since": "look further back (--since)",
    "no_company": "link them to their companies in HubSpot",
    "company_not_scored": "look at scope in the profile",
    "no_create_date": "give them a create date in HubSpot",
}
"""Why deals do not count → what makes them count, where somebody can."""


def _to_check(document: BacktestDocument) -> Iterator[str]:
    """What HubSpot may hold wrongly, the likeliest first."""
    whole = document.tiers[-1]
    if not document.deals:
        yield "check that this is the HubSpot account with your deals (icp-sync doctor names it)."
    reason = max(document.left_out, key=lambda name: document.left_out[name], default=None)
    if reason in _MEND and document.left_out[reason] > whole.decided:
        yield f"{document.left_out[reason]:,} deals are {LEFT_OUT[reason]}, so they do not count: {_MEND[reason]}."
    lost = whole.decided - whole.won
    if lost < FEWEST_DEALS <= whole.won:
        yield "check that lost deals are closed as lost in HubSpot."
    if whole.won < FEWEST_DEALS <= lost:
        yield "check that won deals stand in a stage that HubSpot counts as won."
