"""Why deals do not count, in words, and the answer where that is true of every deal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LEFT_OUT: Final = {
    "not_asked_for": "not among the deals outcomes.deals.where asks for",
    "open": "still open",
    "no_close_date": "closed without a date",
    "future_close": "closed in the future",
    "closed_before_created": "closed before they were created",
    "before_since": "closed before the first day that counts",
    "no_company": "without a primary company",
    "company_not_scored": "of companies that are archived or out of scope",
    "later_deal": "not the first of their company",
    "no_create_date": "without the date they were created",
    "out_of_scope_then": "of companies that were out of scope when the deal opened",
    "nothing_written_then": "opened before icp_sync had written a tier or score",
}
"""Reason → what the deals are."""


def no_counted_deals_sentence(deals: int, left_out: Mapping[str, int]) -> str:
    """The answer where no deal counts: that none was read, or why they do not."""
    if not deals:
        return "No deals to judge by: none was read from HubSpot."
    reasons = " and ".join(
        f"{count:,} {'is' if count == 1 else 'are'} {LEFT_OUT[why]}" for why, count in left_out.items()
    )
    return f"No deals to judge by: of the {deals:,} that were read none can be counted; {reasons}."
