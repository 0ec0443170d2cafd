"""Applying a plan: make what is missing, write the companies that still stand as planned, then keep the lists."""

from __future__ import annotations

from icp_sync.errors import PortalFault, Stopped
from icp_sync.plan.plan import Plan
from icp_sync.plan.report import Applied, Left
from icp_sync.runs.job import Job
from icp_sync.runs.keeping import Keeping
from icp_sync.runs.listing import FoundLists
from icp_sync.runs.making import make_missing
from icp_sync.runs.preflight import Preflight
from icp_sync.runs.writing import Tally, write_companies
from icp_sync.state.directory import StateDirectory


def apply(job: Job, plan: Plan, found: Preflight, lists: FoundLists, state: StateDirectory) -> Applied:
    """Write exactly `plan`, or less: what drifted or was refused is left and said.

    What stops it before anything was written is raised; afterwards the reason stands in `stopped`.
    """
    made: list[str] = []
    tally = Tally()
    keeping = Keeping(job, plan, lists, state)
    fault: PortalFault | Stopped | None = None
    try:
        job.watch.stage("make", None)
        made.extend(make_missing(job.connection, job.profile, plan.to_make, found))
        job.watch.stage("write", plan.changes.height)
        write_companies(job, plan, tally)
        if tally.fault is None:
            keeping.keep(tally.unwritten)
    except (PortalFault, Stopped) as stopped:
        fault = stopped
    fault = fault or tally.fault
    if fault is not None and not (made or tally.touched or keeping.kept):
        raise fault
    return Applied(
        companies=tally.written,
        lists=len(keeping.kept),
        skipped=tuple(sorted(tally.skipped, key=_by_number)),
        rejected=tuple(sorted(tally.rejected, key=_by_number)),
        lists_failed=tuple(keeping.failed),
        made=tuple(made),
        stopped=fault.message if fault else None,
    )


def _by_number(left: Left) -> int:
    return int(left.id)
