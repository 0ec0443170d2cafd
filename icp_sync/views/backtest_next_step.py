"""What a person does with a backtest's verdict: one step; the terminal and the page show the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.difference_words import excludes_zero, is_coin_toss, points_range
from icp_sync.evidence.document_types import FEWEST_DEALS, TIERS, BoundedDifference, Tests
from icp_sync.evidence.uncounted_deals import LEFT_OUT
from icp_sync.views.backtest_words import join_with_and, percent
from icp_sync.views.strata_words import is_lead_unproven

_WORTH_ACTING_ON: Final = 0.10
_WORTH_SAYING: Final = 0.01
_SAMPLE: Final = "let colleagues judge companies without seeing the tiers: icp-sync sample --out sheet.csv."
_NO_STEERING: Final = "do not steer sales by the tiers"
_DISCOVER: Final = (
    "Tell sales to leave the tier shown in HubSpot out of account for now; the nightly run need not be switched off. "
    "Look for what winners share: icp-sync discover."
)
_LOWER_TIER_1: Final = (
    "Tier 1 is tested once its companies have won or lost deals; icp-sync tune shows who enters it if it begins lower "
    "(enter:)."
)
_WINS_LESS: Final = (
    f"{_NO_STEERING}, and do not turn the tiers round either. {_DISCOVER} Write what you decide under reviews: in the "
    "profile file; until then icp-sync check warns you."
)


def next_step(document: BacktestDocument) -> str:
    """What a person does with the verdict; criteria that know how deals ended go out of the profile before all else."""
    return f"What to do next: {_leak_removal_step(document)}{_verdict_step(document)}"


def _leak_removal_step(document: BacktestDocument) -> str:
    if not document.leaks:
        return ""
    leaky = join_with_and(dict.fromkeys(leak.criterion for leak in document.leaks))
    return (
        f"take {leaky} out of the profile file, but leave the data in HubSpot. The next run changes tiers: tell sales "
        "not to go back to the old ones. Then: "
    )


def _verdict_step(document: BacktestDocument) -> str:
    if is_lead_unproven(document):
        return f"do not change whom sales works first; {_SAMPLE}"
    if document.verdict.code == "wins_more":
        return " ".join(_tier_use_sentences(document))
    if document.verdict.code == "wins_less":
        return _WINS_LESS
    if document.verdict.code == "no_difference":
        return _no_difference_step(document)
    if document.judged == "written":
        return "icp-sync backtest --judged opened, the best test until then."
    return next(_crm_checks(document), _SAMPLE)


def _tier_use_sentences(document: BacktestDocument) -> Iterator[str]:
    """Which tiers to work first, and what the numbers do not say."""
    lower, above = document.tests.lower_vs_outside, document.tests.tier_1_vs_lower
    if lower.low is not None and lower.high is not None and lower.low > 0:
        yield "work tiers 1 to 3 before companies outside the tiers."
        yield (
            f"Tiers 2 and 3 together win more than those too ({points_range(lower.low, lower.high)})"
            f"{_tier_1_not_proven_clause(above)}."
        )
        yield f"Go on selling to those outside the tiers{_other_tiers_revenue(document, TIERS)}."
    else:
        yield f"work tier 1 first, but go on selling to all others{_other_tiers_revenue(document, TIERS[:1])}."
    yield "Run icp-sync backtest again in 3 months."


def _other_tiers_revenue(document: BacktestDocument, tiers: tuple[str, ...]) -> str:
    """What the others brought, as the reason not to drop them; silent where amounts are not known."""
    shares = {row.tier: row.revenue_share for row in document.tiers}
    others = 1 - sum(shares[tier] or 0 for tier in tiers)
    return f": {percent(others)} of the won revenue came from them" if shares["all"] and others >= _WORTH_SAYING else ""


def _tier_1_not_proven_clause(above: BoundedDifference) -> str:
    if above.low is None or above.high is None or excludes_zero(above.low, above.high):
        return ""
    return f"; whether tier 1 beats tiers 2 and 3 these deals cannot say ({points_range(above.low, above.high)})"


def _no_difference_step(document: BacktestDocument) -> str:
    """By how the fit score ranks all deals too, since the deals of tier 1 alone may be too few to show anything."""
    tests, auc = document.tests, document.auc
    profile = "the rest of the profile" if document.leaks else "the profile"
    low, high = tests.tier_1_vs_rest.low or 0, tests.tier_1_vs_rest.high or 0
    if low > 0:
        return (
            "work tier 1 first, if any, and tiers 2 and 3 like all others for now; who keeps the profile looks at "
            "their thresholds (icp-sync tune)."
        )
    if is_coin_toss(auc.low, auc.high):
        return _coin_toss_step(document)
    if high < 0 or max(-low, high) < _WORTH_ACTING_ON or (auc.high is not None and auc.high < 0.5):
        return f"{_NO_STEERING}. {_DISCOVER}"
    if auc.low is not None and auc.low > 0.5:
        return (
            f"leave {profile} as it is: over all deals its fit score ranks better than chance (below). "
            f"{_meanwhile_sentence(tests)} Run icp-sync backtest again in 3 months."
        )
    return f"leave {profile}, and how sales uses the tiers, as they are, since these deals cannot tell; {_SAMPLE}"


def _coin_toss_step(document: BacktestDocument) -> str:
    """Where tier 1 has no deal the verdict names the coin toss itself, and that is the first thing to ask about."""
    if document.tiers[0].decided:
        return f"{_NO_STEERING}, since the fit score ranks all deals like a coin toss (below). {_DISCOVER}"
    return f"{_NO_STEERING}. {_DISCOVER} Ask sales why no deal of tier 1 was won or lost yet."


def _meanwhile_sentence(tests: Tests) -> str:
    """Whether sales may go by the tiers until more deals say: not where what there is points the other way."""
    if (tests.trend.z or 0) > 0 and (tests.tier_1_vs_rest.difference or 0) > 0:
        return "Sales may work tier 1 first meanwhile, but should drop nobody for it."
    return "Do not steer sales by the tiers meanwhile."


_MEND: Final = {
    "not_asked_for": "look at outcomes.deals.where in the profile, which takes the internal names of options",
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


def _crm_checks(document: BacktestDocument) -> Iterator[str]:
    """What HubSpot may hold wrongly, the likeliest first."""
    whole = document.tiers[-1]
    if not document.deals and any(row.value is not None for row in document.kpis):
        yield (
            "compare the tiers by their KPIs (below); if there should be deals, check that this is the HubSpot account "
            "that has them (icp-sync doctor names it)."
        )
    if not document.deals:
        yield "check that this is the HubSpot account with your deals (icp-sync doctor names it)."
    reason = max(document.left_out, key=lambda name: document.left_out[name], default=None)
    if reason in _MEND and document.left_out[reason] > whole.decided:
        yield f"{document.left_out[reason]:,} deals are {LEFT_OUT[reason]}, so they do not count: {_MEND[reason]}."
    lost = whole.decided - whole.won
    if lost < FEWEST_DEALS <= whole.won:
        yield (
            f"check that lost deals are closed as lost in HubSpot, since only {lost:,} of {whole.decided:,} are. "
            f"Close those that are over. Do not close a live deal just to reach {FEWEST_DEALS}."
        )
    if whole.won < FEWEST_DEALS <= lost:
        yield "check that won deals stand in a stage that HubSpot counts as won."
    if min(whole.won, lost) >= FEWEST_DEALS and not document.tiers[0].decided:
        yield f"{_of_empty_tier_1(document)} {_LOWER_TIER_1}"


def _of_empty_tier_1(document: BacktestDocument) -> str:
    """What holds while no deal of tier 1 is decided: what the lower tiers and the fit score show."""
    lower, auc = document.tests.lower_vs_outside, document.auc
    if lower.low is not None and lower.high is not None and lower.low > 0:
        return (
            "work tiers 2 and 3 before companies outside the tiers: they win more "
            f"({points_range(lower.low, lower.high)})."
        )
    if auc.low is not None and auc.low > 0.5:
        return "leave the profile as it is: over all deals its fit score ranks better than chance (below)."
    return "change nothing for these deals: they cannot tell whether tier 1 wins more."
