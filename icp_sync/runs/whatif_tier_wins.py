"""Decided deals beside tiers that are tried out: how many of each tier were won, by the deals as last read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.evidence.deal_history import DealHistory, backtest_deal_properties, deal_history
from icp_sync.evidence.tier_tables import GROUP, add_tier_group, tallies_by_group
from icp_sync.evidence.win_rates import Tally
from icp_sync.runs.snapshot_scoring import OfflineSource


@dataclass(frozen=True, slots=True)
class TierWins:
    """The decided deals of a snapshot's companies."""

    history: DealHistory

    @classmethod
    def from_state(cls, offline: OfflineSource) -> TierWins | None:
        """From the state, without a call; None where no deals are known, or the profile wants none."""
        source = offline.source
        profile = source.profile_run.profile
        outcomes, deals = profile.outcomes.deals, source.profile_run.store.deals.load()
        if outcomes is None or deals is None:
            return None
        # Deals may have been read by an older profile; what this one names besides is unknown of them.
        frame = with_missing_columns(deals.frame, backtest_deal_properties(profile))
        return cls(deal_history(frame, offline.snapshot.companies, outcomes, source.program))

    def count_by_tier(self, companies: pl.DataFrame) -> Mapping[str, Tally]:
        """Won and decided deals by tier or outcome of `companies` (id, tier, outcome; both null outside the scope).

        All criteria count, those too that a backtest would leave out.
        """
        groups = add_tier_group(companies).select(pl.col(ID).alias("company"), GROUP).drop_nulls(GROUP)
        return tallies_by_group(self.history.decided.join(groups, on="company"))
