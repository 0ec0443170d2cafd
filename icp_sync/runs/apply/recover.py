"""Crash recovery: compares the companies of an interrupted run's open batches and journals the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from icp_sync.plan.changes import Change
from icp_sync.plan.drift import property_types
from icp_sync.plan.equality import values_equal
from icp_sync.plan.report import InterruptedRun
from icp_sync.portal.companies import read as companies
from icp_sync.runs.context import ProfileRun
from icp_sync.state.recovery import UnfinishedRun

# The most a run has in flight; checking more would cost calls for a journal line that is rarely read.
MOST_BATCHES: Final = 8
Outcome = Literal["after", "before", "otherwise", "gone"]


def recover_interrupted_run(profile_run: ProfileRun) -> InterruptedRun | None:
    """The previous run if it was interrupted while writing, else None; journals the result of its open batches once.

    Only the journal depends on it: the next plan is built from the portal's records anyway.
    """
    interrupted = profile_run.store.runs.unfinished()
    if interrupted is None:
        return None
    # HubSpot may have written a batch whose answer never arrived, so only the records tell what became of it.
    if interrupted.open_batches and not interrupted.recovered and len(interrupted.open_batches) <= MOST_BATCHES:
        profile_run.store.journal(interrupted.run_id).recovered(
            profile_run.run_id, interrupted.open_batches.keys(), _compare_records(profile_run, interrupted)
        )
    return InterruptedRun(interrupted.run_id, interrupted.batches)


def _compare_records(profile_run: ProfileRun, interrupted: UnfinishedRun) -> dict[str, list[int]]:
    """Outcome → ids, for the companies whose write was sent but not confirmed when the run was interrupted."""
    changes = {change.id: change for batch in interrupted.open_batches.values() for change in batch}
    names = sorted({name for change in changes.values() for name in change.after})
    frame = companies.read(profile_run.connection, changes.keys(), names).fill_null("")
    live: dict[int, dict[str, str]] = {row.pop("id"): row for row in frame.iter_rows(named=True)}
    types = property_types(profile_run.profile)
    ids_by_outcome: dict[str, list[int]] = {}
    for change in sorted(changes):
        ids_by_outcome.setdefault(_compare(changes[change], live.get(change), types), []).append(change)
    return ids_by_outcome


def _compare(change: Change, live: Mapping[str, str] | None, types: Mapping[str, str]) -> Outcome:
    if live is None:
        return "gone"
    if all(values_equal(live[name], value, types.get(name, "string")) for name, value in change.after.items()):
        return "after"
    if all(values_equal(live[name], value, types.get(name, "string")) for name, value in change.before.items()):
        return "before"
    return "otherwise"
