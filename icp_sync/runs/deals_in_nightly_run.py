"""Deals read beside a nightly run, for profiles that say `outcomes.nightly: true`."""

from __future__ import annotations

from icp_sync.errors import IcpSyncError
from icp_sync.evidence.deals import needed_properties
from icp_sync.runs.deals import refresh_deals
from icp_sync.runs.portal_session import PortalSession


def refresh_deals_after_run(session: PortalSession) -> str | None:
    """Read the deals that changed, once for all profiles that want it, after a run; return why that failed, else None.

    The night's writes are done by then, so that no fault here makes it a failed one.
    """
    wanting = [loaded.profile for loaded in session.profiles if loaded.profile.outcomes.nightly]
    properties = [name for profile in wanting for name in needed_properties(profile)]
    if not properties:
        return None
    try:
        store = session.state.open(session.account.portal_id, wanting[0].name)
        refresh_deals(session, store, list(dict.fromkeys(properties)))
    except IcpSyncError as error:
        return f"the deals were not read: {error.message}"
    return None
