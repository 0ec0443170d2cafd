"""What must be read of HubSpot before companies can be compared, by deals or by a list."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from icp_sync.companies.frame import ID, with_absent
from icp_sync.errors import TooFewDeals, UsageError
from icp_sync.evidence.contrast import Sides, lacking, sides_of_deals, sides_of_list
from icp_sync.evidence.deals import DealHistory, deal_history, deal_properties
from icp_sync.evidence.discover import SEED
from icp_sync.evidence.document import Moment
from icp_sync.profile.model.outcomes import DealOutcomes
from icp_sync.runs.compared_companies import ComparisonRequest
from icp_sync.runs.offline import OfflineSource, score_offline
from icp_sync.runs.past_companies import deal_texts, past_deals, past_request, written_outputs
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.state.deals import KnownDeals


def deals_request(
    offline: OfflineSource, deals: KnownDeals, outcomes: DealOutcomes, moment: Moment, *, all_properties: bool
) -> ComparisonRequest | None:
    """What must be read to compare by deals, None for nothing. Raises TooFewDeals before anything is."""
    first = outcomes.model_copy(update={"unit": "first"})
    if moment == "now":
        sides = sides_of_deals(first_deals(score_offline(offline), deals, first).decided)
        require_enough(sides)
        return ComparisonRequest(tuple(sides.companies), all_properties) if all_properties else None
    # Before anything is read: of too few deals the history would be asked for nothing.
    require_enough(sides_of_deals(past_deals(offline, deal_texts(offline, deals, first), first).decided))
    if moment == "written" and "score" not in written_outputs(offline.source.profile):
        raise UsageError("the profile writes no score (write.score), so there is none to rank companies by")
    opened = past_request(offline, deals, first, "opened")
    written = past_request(offline, deals, first, "written").properties if moment == "written" else ()
    past = replace(opened, moment=moment, properties=tuple(dict.fromkeys([*opened.properties, *written])))
    return ComparisonRequest(past.companies, all_properties, past)


def list_request(offline: OfflineSource, listed: pl.Series) -> ComparisonRequest:
    """What must be read to compare listed companies with all others by every property. Raises TooFewDeals."""
    sides = sides_of_list(listed, score_offline(offline).scores.frame[ID], SEED)
    require_enough(sides)
    return ComparisonRequest(tuple(sides.companies), all_properties=True)


def first_deals(scored: ScoredCompanies, deals: KnownDeals, first: DealOutcomes) -> DealHistory:
    """The decided deals of the companies in scope as they are; `first`: outcomes that count each one's first deal."""
    companies = scored.companies.join(scored.scores.frame, on=ID, how="semi")
    return deal_history(with_absent(deals.frame, deal_properties(first)), companies, first, scored.source.program)


def require_enough(sides: Sides) -> None:
    """Raise TooFewDeals where a side is too small to say anything."""
    if why := lacking(sides):
        raise TooFewDeals(why)
