"""Doctor's checks of the state directory, the snapshot and the daily ceiling recorded in it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from icp_sync.errors import DailyLimitReached, StateUnusable
from icp_sync.portal.account import Account
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.quota_day import format_local, next_midnight
from icp_sync.runs.daily_ceiling import SETTING, DailyCeiling, install_daily_ceiling
from icp_sync.state.object_files import ObjectFiles
from icp_sync.state.snapshot import NoSnapshot
from icp_sync.state.store import StateStore

MIN_FREE_BYTES: Final = 100 * 1024**2
"""Free bytes below which the next run may fail to save its state."""
MAX_DAYS_SINCE_FULL: Final = 8
_MEGABYTE: Final = 1024**2


def check_state(store: StateStore) -> str:
    """One line with path, contents and free space. Raises StateUnusable below `MIN_FREE_BYTES`."""
    usage = store.disk_usage()
    contents = ", ".join(f"{name} {_size_text(size)}" for name, size in usage.files.items() if size)
    line = f"{store.path}: writable, {_size_text(usage.free)} free, holds {contents or 'nothing'}"
    if former := store.former_files():
        line += f"; {', '.join(former)} are of an older icp-sync and no longer read, remove them"
    if usage.free < MIN_FREE_BYTES:
        raise StateUnusable(f"{line}; make room, a run needs {_size_text(MIN_FREE_BYTES)} to remember what it did")
    return line


def check_ledger(store: StateStore) -> str:
    """One line on the ledger: where it is, its size, and since when it remembers runs. Raises StateUnusable."""
    size = store.ledger.size()
    since = f"{size.runs:,} runs since {size.oldest:%Y-%m-%d}" if size.oldest else "no run yet"
    return f"{store.ledger.name}: {_size_text(size.size)}, {since}; what runs wrote is kept {store.keep.days} days"


def probe_snapshot_store(store: StateStore) -> tuple[str, str]:
    """One line on the object store that snapshots are kept in, after writes to it; what to do beside it."""
    files = store.files
    if not isinstance(files, ObjectFiles):
        return "the state directory", ""
    second = (
        "is refused" if files.probe_conditional_writes() else "is seen only where it does not write in the same second"
    )
    line = f"{files.folder.address}: reached, may be written; of two runs at once the one that saves second {second}"
    local = "the ledger is on this machine alone; set ICP_SYNC_STATE_URL to a PostgreSQL that all workers reach"
    return line, local if store.ledger.path else ""


def check_snapshot(store: StateStore, now: dt.datetime) -> str:
    """One line on what the next run starts from, and how long ago the whole portal was read."""
    snapshot = store.snapshot.load()
    if isinstance(snapshot, NoSnapshot):
        return f"{snapshot.why}; the next run reads the whole portal"
    if snapshot.after is not None:
        partial = f"{snapshot.companies.height:,} companies of a reading begun {snapshot.read_from:%Y-%m-%d %H:%M} UTC"
        return f"{partial}, which was cut short; the next run goes on with it"
    # A delta goes by hs_lastmodifieddate, which a record restored from the recycle bin keeps as it was, and by counts,
    # which search caps at 10,000.
    days = (now - snapshot.full_at).days
    count, as_of = snapshot.companies.height, snapshot.read_from
    line = f"{count:,} companies as of {as_of:%Y-%m-%d %H:%M} UTC, all read {days} days ago"
    return line if days <= MAX_DAYS_SINCE_FULL else f"{line}; run with --full once a week, for what no search tells"


def check_quota(connection: Connection, quota: DailyCeiling, account: Account) -> str:
    """One line on our own ceiling and today's usage; counts doctor's calls from here on, without refusing any."""
    daily_quota = install_daily_ceiling(connection, quota, account, counts_only=True)
    resets = format_local(next_midnight(quota.now(), account.time_zone), account.time_zone)
    set_to = "" if quota.calls is not None else f" ({quota} of the account's day)"
    line = (
        f"{daily_quota.calls_used():,} of {daily_quota.ceiling:,} calls{set_to} used today by icp_sync, "
        f"{daily_quota.calls_left():,} left until {resets}"
    )
    if not daily_quota.calls_left():
        raise DailyLimitReached(f"{line}; runs go on then, or raise {SETTING}")
    return line


def _size_text(size: int) -> str:
    if size >= 1024 * _MEGABYTE:
        return f"{size / _MEGABYTE / 1024:,.1f} GB"
    return f"{size / _MEGABYTE:,.1f} MB" if size >= _MEGABYTE else f"{size / 1024:,.1f} KB"
