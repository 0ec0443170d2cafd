"""Deals for a command: which of them count, and as known of the last day, else read first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click
import polars as pl

from icp_sync.cli.options import CommonOptions
from icp_sync.cli.wiring import open_session
from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.snapshot import DEAL_COMPANY
from icp_sync.errors import UsageError
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.deal_sync import are_deals_fresh, connect_and_sync_deals
from icp_sync.runs.portal_session import RunOptions
from icp_sync.state.deals import KnownDeals

if TYPE_CHECKING:
    from icp_sync.state.store import StateStore


since_option: Final = click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", envvar="ICP_SYNC_SINCE",
    help="Deals closed on this day or later.  [default: as the profile says, else three years]",
)  # fmt: skip
fresh_option: Final = click.option(
    "--fresh", is_flag=True, envvar="ICP_SYNC_FRESH", help="Read what changed even if deals were read today."
)


def require_deal_outcome_settings(loaded: LoadedProfile, since: dt.datetime | None = None) -> DealOutcomes:
    """Which deals count: by the profile, from `since` on where that is given. Raises UsageError where it has none."""
    outcomes = loaded.profile.outcomes.deals
    if outcomes is None:
        raise UsageError(
            f"{loaded.file} says outcomes.deals: null, so no deals are read; leave it out to have them read, which "
            "takes the scope crm.objects.deals.read. Without deals icp-sync discover --customers FILE compares "
            "companies that you list, icp-sync sample asks colleagues, and icp-sync backtest holds KPIs of companies "
            "against the tiers (outcomes.kpis)"
        )
    return outcomes.model_copy(update={"since": since.date()}) if since else outcomes


def counts_kpis_alone(profile: Profile) -> bool:
    """Whether KPIs of companies are all there is to judge by: no deal is read for them, and no scope needed."""
    return profile.outcomes.deals is None and not all(kpi.deal for kpi in profile.outcomes.kpis)


def no_deals(properties: Sequence[str], read_at: dt.datetime) -> KnownDeals:
    """The deals where none are read."""
    return KnownDeals(with_missing_columns(pl.DataFrame(schema={ID: pl.Int64}), [DEAL_COMPANY, *properties]), read_at)


def load_or_read_deals(
    common: CommonOptions, store: StateStore, properties: Sequence[str], command: str, *, fresh: bool
) -> KnownDeals:
    """Deals with these properties, read from HubSpot where none are known of the last day, or `fresh` asks for it."""
    deals = store.deals.load()
    if deals is not None and not fresh and are_deals_fresh(deals, properties, dt.datetime.now(dt.UTC)):
        return deals
    with open_session(common, RunOptions(command), several=False, verdicts=False) as (session, _):
        return connect_and_sync_deals(session, store, properties)
