"""Applying a plan: make what is missing, write the companies that still stand as planned, then keep the lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from icp_sync.errors import DailyLimitReached, PortalError, ScopeMissing, StateUnusable, Stopped
from icp_sync.plan.plan import Plan
from icp_sync.plan.report import ApplyResult, Skipped
from icp_sync.portal import account
from icp_sync.portal.client.connection import Connection
from icp_sync.runs.apply.batch import Fault
from icp_sync.runs.apply.create_properties import create_missing
from icp_sync.runs.apply.quarantine import update_quarantine
from icp_sync.runs.apply.sync_lists import ListSync
from icp_sync.runs.apply.write_companies import WriteStats, write_companies
from icp_sync.runs.context import ProfileRun
from icp_sync.runs.extract.lists import ResolvedLists
from icp_sync.runs.extract.preflight import Preflight
from icp_sync.state.directory import StateDirectory
from icp_sync.state.journal import Journal
from icp_sync.state.quarantine import load_quarantine


def apply(  # noqa: PLR0913 (a plan, the portal as found, and what is known of companies beside both)
    job: ProfileRun,
    plan: Plan,
    found: Preflight,
    lists: ResolvedLists,
    state: StateDirectory,
    *,
    held: Mapping[int, str] | None = None,
    healed: Collection[int] = (),
) -> ApplyResult:
    """Write exactly `plan`, or less: what drifted or was refused is left and said.

    `held`: company id → its `hs_lastmodifieddate` when the plan was made, where that is known. `healed`: companies
    in quarantine that need nothing any more.

    What stops it before anything was written is raised; afterwards the reason stands in `stopped`.
    """
    made: list[str] = []
    tally = WriteStats()
    journal = Journal(state, job.run_id)
    keeping = ListSync(job, plan, lists, state, journal)
    fault: Fault | None = None
    try:
        # Should it be damaged, then before anything is written.
        load_quarantine(state, plan.origin.portal_id, plan.origin.profile_name)
        job.watch.stage("make", None)
        _may_write(job.connection, plan)
        if plan.pending:
            journal.run_started(plan.origin, job.command, job.now)
        made.extend(create_missing(job.connection, job.profile, plan.to_make, found))
        job.watch.stage("write", plan.changes.height)
        write_companies(job, plan, journal, held or {}, tally)
        update_quarantine(job, plan, state, tally, healed)
        if tally.fault is None:
            keeping.keep(tally.unwritten)
    except (PortalError, StateUnusable, Stopped) as stopped:
        fault = stopped
    fault = tally.fault or fault
    if fault is not None and not (made or tally.touched or keeping.kept or keeping.touched):
        raise fault
    return _applied(made, tally, keeping, fault)


def _applied(made: Sequence[str], tally: WriteStats, keeping: ListSync, fault: Fault | None) -> ApplyResult:
    return ApplyResult(
        companies=tally.written,
        already=tally.already,
        lists=len(keeping.kept),
        skipped=tuple(sorted(tally.skipped, key=_by_number)),
        rejected=tuple(sorted(tally.rejected, key=_by_number)),
        lists_failed=tuple(keeping.failed),
        made=tuple(made),
        stopped=fault.message if fault else None,
        limited=isinstance(fault, DailyLimitReached),
        landed=tally.landed.frame(),
        members=keeping.members,
    )


def _may_write(connection: Connection, plan: Plan) -> None:
    """Where HubSpot tells a token's scopes, a missing one ends the run before its first write, not in the middle."""
    wanted = [
        "crm.objects.companies.write" if plan.changes.height else None,
        "crm.lists.write" if any(one.pending for one in plan.lists) else None,
    ]
    granted = account.scopes(connection) if any(wanted) else None
    missing = [scope for scope in wanted if scope and granted is not None and scope not in granted]
    if missing:
        raise ScopeMissing(
            f"the access token lacks {' and '.join(missing)}; add the scope to the service key in HubSpot",
            details=missing,
        )


def _by_number(left: Skipped) -> int:
    return int(left.id)
