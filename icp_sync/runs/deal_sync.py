"""Reads the portal's deals into the state: all of them once, and what changed since afterwards, or after each run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.snapshot import DEAL_COMPANY, drop_merged, upsert_rows
from icp_sync.errors import IcpSyncError, ScopeMissing
from icp_sync.evidence.deal_history import backtest_deal_properties
from icp_sync.portal import deals as deals_api
from icp_sync.portal.client.connection import Connection
from icp_sync.runs.extract.portal_sync import CLOCK_SKEW, SEARCH_OVERLAP
from icp_sync.runs.interfaces import Progress
from icp_sync.runs.portal_session import PortalSession
from icp_sync.state.deals import KnownDeals
from icp_sync.state.store import StateStore

FRESH_FOR: Final = dt.timedelta(days=1)


def connect_and_sync_deals(session: PortalSession, store: StateStore, properties: Sequence[str]) -> KnownDeals:
    """Read the deals with `properties` as far as the portal has them, and save them.

    An unchanged night costs three calls. Everything is read again where a property is new, and where HubSpot counts
    other deals than are known: an archived or merged one leaves no trace in search. Raises WrongPortal where the token
    is not of the store's portal, ScopeMissing without `crm.objects.deals.read`.
    """
    session.connect()
    session.require_portal(store.portal_id)
    return sync_deals(session, store, properties)


def sync_deals(session: PortalSession, store: StateStore, properties: Sequence[str]) -> KnownDeals:
    """As `connect_and_sync_deals`, in a session that is connected to the store's portal."""
    read_at = session.connection.portal_time or session.now - CLOCK_SKEW
    session.progress.stage("deals", None)
    known = store.deals.load()
    with _name_profile_key():
        changed = _read_changes(session.connection, session.progress, known, properties) if known else None
        # What another question read stays, or each would read everything anew after the other.
        before = [name for name in known.frame.columns if name not in (ID, DEAL_COMPANY)] if known else []
        wanted = list(dict.fromkeys([*properties, *before]))
        deals = KnownDeals(changed.frame, read_at) if changed else _read_all(session, wanted, read_at)
    store.deals.save(deals)
    return deals


@contextmanager
def _name_profile_key() -> Iterator[None]:
    """A missing scope says which key of the profile needs it."""
    try:
        yield
    except ScopeMissing as error:
        raise ScopeMissing(
            f"{error.message}; outcomes.deals of the profile needs it; say outcomes: {{deals: null}} to do without",
            status=error.status,
            correlation_id=error.correlation_id,
            details=error.details,
        ) from error


def check_deals_readable(connection: Connection) -> str:
    """Say that deals can be read. Raises ScopeMissing, naming the key that needs them."""
    with _name_profile_key():
        return f"outcomes: deals can be read, with {len(deals_api.fetch_deal_property_names(connection))} properties"


def are_deals_fresh(deals: KnownDeals | None, properties: Sequence[str], now: dt.datetime) -> bool:
    """Whether known deals are of the last day and were read with these properties, as far as the portal has them."""
    return deals is not None and abs(now - deals.read_at) < FRESH_FOR and _have_properties(deals, properties)


def _read_changes(
    connection: Connection, progress: Progress, known: KnownDeals, properties: Sequence[str]
) -> KnownDeals | None:
    """The known deals with what changed since; None where they must be read anew."""
    if not _have_properties(known, properties):
        return None
    since = round((known.read_at - SEARCH_OVERLAP).timestamp() * 1000)
    newer = deals_api.read_changed_deals(connection, since, known.frame, progress.advance)
    frame = drop_merged(upsert_rows(known.frame, newer))
    return KnownDeals(frame, known.read_at) if deals_api.are_as_many(connection, frame[ID]) else None


def _read_all(session: PortalSession, properties: Sequence[str], read_at: dt.datetime) -> KnownDeals:
    defined = deals_api.fetch_deal_property_names(session.connection)
    names = deals_api.deal_properties_to_read([name for name in properties if name in defined], defined)
    frame = deals_api.read_all_deals(session.connection, names, session.progress.advance)
    # What the portal does not have stands in the frame as nothing, so that it is known to have been asked for.
    absent = [name for name in properties if name not in frame.columns]
    return KnownDeals(with_missing_columns(frame, absent).sort(ID), read_at)


def _have_properties(deals: KnownDeals, properties: Sequence[str]) -> bool:
    return set(properties) <= set(deals.frame.columns)


def sync_deals_after_run(session: PortalSession) -> str | None:
    """Read the deals that changed, once for all profiles that want it, after a run; return why that failed, else None.

    The night's writes are done by then, so that no fault here makes it a failed one.
    """
    wanting = [loaded.profile for loaded in session.profiles if loaded.profile.outcomes.nightly]
    properties = [name for profile in wanting for name in backtest_deal_properties(profile)]
    if not properties:
        return None
    try:
        store = session.state.open(session.account.portal_id, wanting[0].name)
        sync_deals(session, store, list(dict.fromkeys(properties)))
    except IcpSyncError as error:
        return f"the deals were not read: {error.message}"
    return None
