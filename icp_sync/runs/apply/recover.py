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
How = Literal["after", "before", "otherwise", "gone"]


def recover_interrupted_run(job: ProfileRun, portal_id: int, state: StateDirectory) -> InterruptedRun | None:
    """The run before this one, if it died while writing; what became of its open batches is journalled once.

    Nothing hangs on it but the journal: a plan is drawn from what the portal says anyway.
    """
    dead = find_unfinished_run(state, portal_id, job.profile.name)
    if dead is None:
        return None
    if dead.open_batches and not dead.recovered and len(dead.open_batches) <= MOST_BATCHES:
        Journal(state, dead.run_id).recovered(job.run_id, dead.open_batches.keys(), _found(job, dead))
    return InterruptedRun(dead.run_id, dead.batches)


def _found(job: ProfileRun, dead: UnfinishedRun) -> dict[str, list[int]]:
    """How they stand → the ids that do, of the companies the dead run had sent and not heard of."""
    changes = {one.id: one for batch in dead.open_batches.values() for one in batch}
    names = sorted({name for one in changes.values() for name in one.after})
    frame = companies.read(job.connection, changes.keys(), names).fill_null("")
    live: dict[int, dict[str, str]] = {row.pop("id"): row for row in frame.iter_rows(named=True)}
    types = property_types(job.profile)
    found: dict[str, list[int]] = {}
    for one in sorted(changes):
        found.setdefault(_stands(changes[one], live.get(one), types), []).append(one)
    return found


def _stands(change: Change, live: Mapping[str, str] | None, types: Mapping[str, str]) -> How:
    if live is None:
        return "gone"
    if all(values_equal(live[name], value, types.get(name, "string")) for name, value in change.after.items()):
        return "after"
    if all(values_equal(live[name], value, types.get(name, "string")) for name, value in change.before.items()):
        return "before"
    return "otherwise"
