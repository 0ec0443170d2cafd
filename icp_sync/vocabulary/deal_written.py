"""Company properties that HubSpot, or a rep, fills because a deal was opened, won or lost."""

from __future__ import annotations

from typing import Final

# Lifecycle stage and lead status move with deals (HubSpot sets the first by itself, when told to), `type` is changed
# from prospect to customer, and the rest are roll-ups of deals. Never `annualrevenue`: it is the company's own.
WRITTEN_BY_DEALS: Final = frozenset(
    {
        "closedate",
        "days_to_close",
        "first_deal_created_date",
        "hs_lead_status",
        "hs_num_open_deals",
        "hs_total_deal_value",
        "lifecyclestage",
        "num_associated_deals",
        "recent_deal_amount",
        "recent_deal_close_date",
        "total_revenue",
        "type",
    }
)


def is_written_by_deals(name: str) -> bool:
    """Whether a company property knows of its deals, by the list or by its name."""
    return name in WRITTEN_BY_DEALS or "_deal_" in f"_{name}_" or "_deals_" in f"_{name}_"
