"""What deals say of a profile as far as the state knows it: for pages that show it beside something else."""

from __future__ import annotations

from icp_sync.errors import IcpSyncError
from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.profile.load import LoadedProfile
from icp_sync.runs.backtest import run_backtest
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.runs.snapshot_scoring import OfflineSource, open_offline, score_snapshot
from icp_sync.state.store import StateStore


def backtest_of_snapshot(store: StateStore, loaded: LoadedProfile) -> BacktestDocument | None:
    """The backtest of the last reading and the deals as last read, however old; without a call.

    None where no deals are known, the profile wants none, or the last reading cannot be scored: a page says more than
    deals do, and is drawn anyway. Needs numpy and scipy.
    """
    try:
        offline = open_offline(store, loaded)
        return backtest_of_scored(offline, score_snapshot(offline))
    except IcpSyncError:
        return None


def backtest_of_scored(offline: OfflineSource, scored: ScoredCompanies) -> BacktestDocument | None:
    """The same of companies that are scored already."""
    profile_run = offline.source.profile_run
    outcomes, deals = profile_run.profile.outcomes.deals, profile_run.store.deals.load()
    if outcomes is None or deals is None:
        return None
    try:
        return run_backtest(offline, scored, deals, outcomes)
    except IcpSyncError:
        return None
