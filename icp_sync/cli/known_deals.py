"""The portal's deals for a command: as known of the last day, else read first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from icp_sync.cli.options import Common
from icp_sync.cli.wiring import open_session
from icp_sync.runs.deals import are_fresh, read_deals
from icp_sync.runs.portal_session import RunOptions

if TYPE_CHECKING:
    from icp_sync.state.deals import KnownDeals
    from icp_sync.state.store import StateStore


def known_deals(
    common: Common, store: StateStore, properties: Sequence[str], command: str, *, fresh: bool
) -> KnownDeals:
    """Deals with these properties, read from HubSpot where none are known of the last day, or `fresh` asks for it."""
    deals = store.deals.load()
    if deals is not None and not fresh and are_fresh(deals, properties, dt.datetime.now(dt.UTC)):
        return deals
    with open_session(common, RunOptions(command), several=False, verdicts=False) as (session, _):
        return read_deals(session, store, properties)
