"""Doctor's look at the state directory and at the ceiling kept in it."""

from __future__ import annotations

from typing import Final

from icp_sync.errors import DailyLimitReached, StateUnusable
from icp_sync.portal.account import Account
from icp_sync.portal.client.quota_day import format_local, next_midnight
from icp_sync.runs.context import ProfileRun
from icp_sync.runs.daily_quota import SETTING, Quota, enforce
from icp_sync.state import snapshot
from icp_sync.state.directory import StateDirectory, disk_usage
from icp_sync.state.journal import FILE as RUNS
from icp_sync.state.snapshot import NoSnapshot

ENOUGH: Final = 100 * 1024**2
"""Bytes free under which the next run may find no room for what it has to remember."""
WEEKLY: Final = 8
_MEGABYTE: Final = 1024**2


def check_state(state: StateDirectory) -> str:
    """Where it is, that it can be written, what it holds, what is free. Raises StateUnusable when it is short."""
    found = disk_usage(state)
    held = ", ".join(f"{name} {_size(size)}" for name, size in found.files.items() if size)
    runs = "" if RUNS in found.files else ", no run yet"
    line = f"{state.path}: writable, {_size(found.free)} free, holds {held or 'nothing'}{runs}"
    if found.free < ENOUGH:
        raise StateUnusable(f"{line}; make room, a run needs {_size(ENOUGH)} to remember what it did")
    return line


def check_snapshot(job: ProfileRun, found: Account) -> str:
    """What the next run can go on from, and how long ago the whole portal was read."""
    held = snapshot.load(job.state_of(found.portal_id), found.portal_id, job.profile.name)
    if isinstance(held, NoSnapshot):
        return f"{held.why}; the next run reads the whole portal"
    if held.after is not None:
        so_far = f"{held.companies.height:,} companies of a reading begun {held.read_from:%Y-%m-%d %H:%M} UTC"
        return f"{so_far}, which was cut short; the next run goes on with it"
    days = (job.now - held.full_at).days
    line = f"{held.companies.height:,} companies as of {held.read_from:%Y-%m-%d %H:%M} UTC, all read {days} days ago"
    return line if days <= WEEKLY else f"{line}; run with --full once a week, for what no search tells"


def check_quota(job: ProfileRun, quota: Quota, found: Account) -> str:
    """Our own ceiling and what of it is used today; from here on doctor's calls count, and none is refused."""
    allowance = enforce(job.connection, quota, found, counts_only=True)
    anew = format_local(next_midnight(quota.now(), found.time_zone), found.time_zone)
    set_to = "" if quota.calls is not None else f" ({quota} of the account's day)"
    line = (
        f"{allowance.used():,} of {allowance.ceiling:,} calls{set_to} used today by icp_sync, "
        f"{allowance.left():,} left until {anew}"
    )
    if not allowance.left():
        raise DailyLimitReached(f"{line}; runs go on then, or raise {SETTING}")
    return line


def _size(size: int) -> str:
    if size >= 1024 * _MEGABYTE:
        return f"{size / _MEGABYTE / 1024:,.1f} GB"
    return f"{size / _MEGABYTE:,.1f} MB" if size >= _MEGABYTE else f"{size / 1024:,.1f} KB"
