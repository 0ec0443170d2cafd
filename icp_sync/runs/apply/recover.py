"""Crash recovery: compares the companies of an interrupted run's open batches and journals the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from icp_sync.plan.change_frame import Change
from icp_sync.plan.run_report import InterruptedRun
from icp_sync.plan.value_equality import values_equal
from icp_sync.plan.write_precondition import property_types
from icp_sync.portal.companies import read as companies
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.state.ledger.journal import WriteResult, WriteStatus
from icp_sync.state.ledger.written_changes import UnfinishedRun

# The most a run has in flight; checking more would cost calls for a journal line that is rarely read.
MOST_BATCHES: Final = 8
Outcome = Literal["after", "before", "otherwise", "gone", "unread"]
_RESULTS: Final[Mapping[Outcome, tuple[WriteStatus, str]]] = {
    "after": ("written", "the record holds what was sent"),
    "before": ("unknown", "the record holds what it held before"),
    "otherwise": ("unknown", "the record holds other values"),
    "gone": ("unknown", "the record is no longer in the portal"),
    "unread": ("unknown", "HubSpot could not show the record"),
}


def recover_interrupted_run(profile_run: ProfileRun) -> InterruptedRun | None:
    """The previous run if it was interrupted while writing, else None; journals the result of its open batches once.

    Only the journal depends on it: the next plan is built from the portal's records anyway.
    """
    store = profile_run.store
    interrupted = store.interrupted_run()
    if interrupted is None:
        return None
    # HubSpot may have written a batch whose answer never arrived, so only the records tell what became of it.
    if len(interrupted.open_batches) <= MOST_BATCHES:
        _settle_batches(profile_run, interrupted)
    store.runs.close_interrupted(interrupted.row_id, profile_run.current_time())
    return InterruptedRun(interrupted.run_id, interrupted.batches)


def _settle_batches(profile_run: ProfileRun, interrupted: UnfinishedRun) -> None:
    """Answer the open batches in the name of the run that announced them."""
    if not interrupted.open_batches:
        return
    tier = profile_run.profile.write.properties().get("tier")
    journal = profile_run.store.journal(interrupted.row_id, tier, profile_run.current_time)
    outcomes = _compare_records(profile_run, interrupted)
    for number, changes in interrupted.open_batches.items():
        results = [
            WriteResult(change.id, status, f"settled by run {profile_run.run_id}: {reason}")
            for change in changes
            for status, reason in (_RESULTS[outcomes[change.id]],)
        ]
        journal.answer_batch(number, results, {change.id: change for change in changes})


def _compare_records(profile_run: ProfileRun, interrupted: UnfinishedRun) -> dict[int, Outcome]:
    """Id → outcome, for the companies whose write was sent but not confirmed when the run was interrupted."""
    changes = {change.id: change for batch in interrupted.open_batches.values() for change in batch}
    names = sorted({name for change in changes.values() for name in change.after})
    # HubSpot answers null for an empty property, and a plan says "" (hubspot-api.md, section 2.1).
    unread: dict[int, str] = {}
    frame = companies.read_by_ids(profile_run.connection, changes.keys(), names, on_unread=unread.update).fill_null("")
    live: dict[int, dict[str, str]] = {row.pop("id"): row for row in frame.iter_rows(named=True)}
    types = property_types(profile_run.profile)
    return {
        change.id: "unread" if change.id in unread else _classify_record(change, live.get(change.id), types)
        for change in changes.values()
    }


def _classify_record(change: Change, live: Mapping[str, str] | None, types: Mapping[str, str]) -> Outcome:
    if live is None:
        return "gone"
    # `after` first: where a property was only written again, both would fit, and nothing is left to be done.
    if all(values_equal(live[name], value, types.get(name, "string")) for name, value in change.after.items()):
        return "after"
    if all(values_equal(live[name], value, types.get(name, "string")) for name, value in change.before.items()):
        return "before"
    return "otherwise"
