"""Overrides of an undo: opened on companies it was asked for by name, ended where it takes back another undo."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from icp_sync.plan.change_frame import Change
from icp_sync.plan.plan import Plan
from icp_sync.plan.undo import KEPT
from icp_sync.plan.undone_changes import undo_depths
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.state.ledger.overrides import Kind, Override

UNDO: Final[Kind] = "undo"


def save_undo_overrides(profile_run: ProfileRun, plan: Plan, unwritten: Collection[int]) -> None:
    """Open and end the overrides of a plan that undoes a run; nothing for any other plan. Raises StateUnusable.

    Ends only those that were opened as an undo by the run undone: what a person set stands, whichever run found it.
    `unwritten`: the companies whose change was not written.
    """
    if plan.origin.undoes is None:
        return
    written = [change for change in plan.iter_changes() if change.id not in unwritten]
    overrides, ids = profile_run.store.overrides, {change.id for change in written}
    # An undo of an undo gives back what the first one fixed; what people set meanwhile is theirs.
    lifted = {
        (override.company_id, override.property): override.since
        for override in overrides.list_open()
        if (override.found_by, override.kind) == (plan.origin.undoes, UNDO) and override.company_id in ids
    }
    overrides.end(lifted, profile_run.run_id)
    # Asked for by name, a value must outlast the next night, which would write what the profile says.
    if plan.origin.opens_overrides and not _is_undo_of_undo(profile_run, plan.origin.undoes):
        overrides.save_new(override for change in written for override in _build_undo_overrides(profile_run, change))


def _is_undo_of_undo(profile_run: ProfileRun, undone: str) -> bool:
    """Whether what is undone took something back itself, so that now the values of the profile return."""
    return undo_depths((run.run_id, run.undoes) for run in profile_run.store.runs.undo_runs()).get(undone, 0) % 2 == 1


def _build_undo_overrides(profile_run: ProfileRun, change: Change) -> Iterator[Override]:
    """The overrides that keep the tier and flag a change has written."""
    named = profile_run.profile.write.properties()
    for name in (named[output] for output in KEPT if output in named):
        if name in change.after:
            yield Override(
                company_id=change.id,
                property=name,
                value=change.after[name],
                ours=change.before[name],
                kind=UNDO,
                since=profile_run.current_time(),
                found_by=profile_run.run_id,
                note=profile_run.session.options.because,
            )
