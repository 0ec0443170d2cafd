"""A run that died while writing: look how the companies of its last batches stand, and write that down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from icp_sync.plan.changes import Change
from icp_sync.plan.drift import property_types, values_equal
from icp_sync.plan.report import InterruptedRun
from icp_sync.portal.companies import read as companies
from icp_sync.runs.context import ProfileRun
from icp_sync.state.directory import StateDirectory
from icp_sync.state.journal import Journal
from icp_sync.state.recovery import UnfinishedRun, find_unfinished_run

# As many as a run ever has in flight; more would cost calls for a line nobody may ever read.
MOST_BATCHES: Final = 8
Outcome = Literal["after", "before", "otherwise", "gone"]


def recover_interrupted_run(job: ProfileRun, portal_id: int, state: StateDirectory) -> InterruptedRun | None:
    """The run before this one, if it died while writing; what became of its open batches is journalled once.

    Nothing hangs on it but the journal: a plan is drawn from what the portal says anyway.
    """
    interrupted = find_unfinished_run(state, portal_id, job.profile.name)
    if interrupted is None:
        return None
    if interrupted.open and not interrupted.settled and len(interrupted.open) <= MOST_BATCHES:
        Journal(state, interrupted.run_id).settled(
            job.run_id, interrupted.open.keys(), _compare_records(job, interrupted)
        )
    return InterruptedRun(interrupted.run_id, interrupted.batches)


def _compare_records(job: ProfileRun, interrupted: UnfinishedRun) -> dict[str, list[int]]:
    """How they stand → the ids that do, of the companies the dead run had sent and not heard of."""
    changes = {change.id: change for batch in interrupted.open.values() for change in batch}
    names = sorted({name for change in changes.values() for name in change.after})
    frame = companies.read(job.connection, changes.keys(), names).fill_null("")
    live: dict[int, dict[str, str]] = {row.pop("id"): row for row in frame.iter_rows(named=True)}
    types = property_types(job.profile)
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
