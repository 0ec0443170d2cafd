"""What a person does with a backtest's verdict, in a sentence; the terminal and the page show the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.document_types import FEWEST_DEALS
from icp_sync.views.backtest_words import LEFT_OUT

_NEXT: Final = {
    "wins_more": "use the tiers: send sales to tier 1 first, and look again in a quarter.",
    "wins_less": "let sales not go by the tiers yet; see whether it holds within each owner (icp-sync backtest --by "
    "owner), mend the profile (icp-sync tune), and sign there under Review and save what was decided. The nightly run "
    "may go on: it writes tiers, nobody has to follow them.",
    "no_difference": "look for what winners share (icp-sync discover), then change the profile (icp-sync tune): there "
    "were deals enough to see a difference of 10 percentage points.",
    "too_few": "ask your people meanwhile: icp-sync sample --out sheet.csv.",
}
"""Verdict → what a person does with it."""


def next_step(document: BacktestDocument) -> str:
    """What a person does with the verdict; criteria that know how deals ended go out of the profile first."""
    leaky = " and ".join(dict.fromkeys(leak.criterion for leak in document.leaks))
    first = f"take {leaky} out of the profile first, and plan again; then " if leaky else ""
    return f"What to do next: {first}{_after_verdict(document)}"


def _after_verdict(document: BacktestDocument) -> str:
    verdict = document.verdict
    if verdict.code == "too_few":
        return f"{''.join(_to_check(document))}{_NEXT['too_few']}"
    if verdict.code == "no_difference" and verdict.more_deals:
        return (
            "keep the profile, this is no proof against it: ask your people (icp-sync sample --out sheet.csv), and "
            f"look again after {verdict.more_deals:,} more deals."
        )
    return _NEXT[verdict.code]


_MEND: Final = {
    "not_asked_for": "look at outcomes.deals.where in the profile",
    "open": "close in HubSpot what is won or lost",
    "no_close_date": "give them a close date in HubSpot",
    "future_close": "mend their close dates in HubSpot",
    "closed_before_created": "mend their dates in HubSpot",
    "before_since": "look further back (--since)",
    "no_company": "link them to their companies in HubSpot",
    "company_not_scored": "look at scope in the profile",
    "no_create_date": "give them a create date in HubSpot",
}
"""Why deals do not count → what makes them count, where somebody can."""


def _to_check(document: BacktestDocument) -> Iterator[str]:
    """What HubSpot may hold wrongly. Not of deals since tiers were written: those are few for a while anyway."""
    whole = document.tiers[-1]
    if document.judged == "written":
        return
    reason = max(document.left_out, key=lambda name: document.left_out[name], default=None)
    if reason in _MEND and document.left_out[reason] > whole.decided:
        yield f"{document.left_out[reason]:,} deals are {LEFT_OUT[reason]}, so they do not count: {_MEND[reason]}; "
        return
    if not document.deals:
        yield "see that this portal is the one with your deals: none was read; "
        return
    if whole.decided - whole.won < FEWEST_DEALS:
        yield "check that lost deals are closed as lost in HubSpot; "
    if whole.won < FEWEST_DEALS:
        yield "check that won deals stand in a stage HubSpot counts as won; "
