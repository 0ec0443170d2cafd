"""A run from start to end: plan, guardrails, apply, lists, report. Commands `run`, `backfill`, `apply`, `plan`."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from icp_sync.errors import IcpSyncError, NotConfirmed, StateUnusable, WrongPortal
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.plan import Plan, Population
from icp_sync.plan.report import ApplyResult, Report
from icp_sync.plan.validate_saved_plan import validate
from icp_sync.portal.account import Account
from icp_sync.runs.apply.apply import apply
from icp_sync.runs.apply.recover import recover_interrupted_run
from icp_sync.runs.blocked_plan import save_if_blocked
from icp_sync.runs.context import ProfileRun
from icp_sync.runs.extract.definitions import definitions_for
from icp_sync.runs.extract.lists import ResolvedLists, resolve_lists
from icp_sync.runs.extract.preflight import connect_account, preflight
from icp_sync.runs.extract.snapshots import SnapshotWriter
from icp_sync.runs.plan import PlannedRun, PortalState, plan
from icp_sync.state.runs import RunRecord
from icp_sync.state.store import StateStore, lock_all

OTHER_PORTAL: Final = "other-portal"
Confirm = Callable[[PlanPreview], bool]


@dataclass(frozen=True, slots=True)
class RunResult:
    """A run's report, and the plan preview (`drawing`, None when the plan came from a file).

    `ui_domain`: the host of this portal's record pages.
    """

    report: Report
    drawing: PlanPreview | None
    ui_domain: str


def preview(jobs: Sequence[ProfileRun]) -> tuple[RunResult, ...]:
    """What `run` would do now; writes nothing to the portal. Saves a plan that a guardrail blocks."""
    started = time.monotonic()
    jobs, account, states = _connect(jobs)
    results = []
    for job, state, planned in zip(jobs, states, plan(jobs, account, states), strict=True):
        planned_plan = planned.preview.plan
        report = _report(job, planned_plan, ApplyResult(), started, save_if_blocked(planned_plan, state.plans))
        report = replace(report, quarantined=planned.preview.quarantined, intake=planned.writer.extract.stats)
        results.append(RunResult(report, planned.preview, account.ui_domain))
    return tuple(results)


def count_population(job: ProfileRun) -> Population:
    """The portal's population scored by the job's profile now; writes nothing to the portal."""
    jobs, account, states = _connect([job])
    (planned,) = plan(jobs, account, states)
    return planned.preview.plan.population


def run(jobs: Sequence[ProfileRun], confirm: Confirm | None = None) -> tuple[RunResult, ...]:
    """Plan all profiles and apply their plans one after the other; `confirm` may decline each plan.

    Holds the lock of every state directory, and first recovers runs that were interrupted.
    """
    started = time.monotonic()
    jobs, account, states = _connect(jobs)
    with lock_all(states):
        interrupted = [recover_interrupted_run(job, state) for job, state in zip(jobs, states, strict=True)]
        results: list[RunResult] = []
        for job, state, planned, interrupted_run in zip(
            jobs, states, plan(jobs, account, states), interrupted, strict=True
        ):
            # The writes of the profiles before this one must not count as edits by others.
            writes = [other.report.applied.writes for other in results]
            report = _run(job, state, replace(planned, writer=planned.writer.with_writes(writes)), confirm, started)
            results.append(RunResult(replace(report, died=interrupted_run), planned.preview, account.ui_domain))
        return tuple(results)


def _connect(jobs: Sequence[ProfileRun]) -> tuple[list[ProfileRun], Account, list[StateStore]]:
    """The jobs set to the portal's clock, its account, and their state directories. Raises WrongPortal."""
    account = connect_account(jobs[0])
    states = [_state_of(job, account) for job in jobs]
    return [job.by_portal_clock() for job in jobs], account, states


def _state_of(job: ProfileRun, account: Account) -> StateStore:
    """The job's state directory. Raises WrongPortal for one of another portal, unless allowed."""
    state = job.state_of(account.portal_id)
    portals = state.known_portals()
    if portals and account.portal_id not in portals and OTHER_PORTAL not in job.allow:
        raise WrongPortal(
            f"the state directory {state.path} belongs to portal {', '.join(map(str, sorted(portals)))}, the token to "
            f"portal {account.portal_id}; use that portal's token, name another --state, or --allow {OTHER_PORTAL}"
        )
    return state


def _run(job: ProfileRun, state: StateStore, planned: PlannedRun, confirm: Confirm | None, started: float) -> Report:
    planned_plan = planned.preview.plan
    refused = save_if_blocked(planned_plan, state.plans) or _not_confirmed(planned.preview, confirm)
    writer = planned.writer
    modified_at_plan = {} if refused else writer.modified_dates(planned_plan.changes["id"])
    report = _apply_and_record(
        job,
        planned_plan,
        planned.portal_state,
        state,
        started,
        refused,
        modified_at_plan=modified_at_plan,
        released=planned.preview.released,
    )
    return _save_snapshot(writer, replace(report, intake=writer.extract.stats))


def apply_saved(job: ProfileRun, saved: Plan) -> RunResult:
    """Apply a plan read from a file; companies that drifted since are skipped and reported."""
    started = time.monotonic()
    account = connect_account(job)
    job = job.by_portal_clock()
    validate(saved, job.profile, job.loaded.file_digest, portal_id=account.portal_id, now=job.now, allow=job.allow)
    state = _state_of(job, account)
    with state.lock():
        interrupted_run = recover_interrupted_run(job, state)
        checked = preflight(job.profile, account, definitions_for(job.connection, [job.profile]))
        portal_state = PortalState(checked, _lists_now(job, saved, state))
        report = _apply_and_record(
            job, saved, portal_state, state, started, save_if_blocked(saved, state.plans, job.allow)
        )
    return RunResult(replace(report, died=interrupted_run), None, account.ui_domain)


def _apply_and_record(  # noqa: PLR0913 (a plan, the portal as found, and what is known beside both)
    job: ProfileRun,
    plan: Plan,
    portal_state: PortalState,
    state: StateStore,
    started: float,
    refused: IcpSyncError | None,
    *,
    modified_at_plan: Mapping[int, str] | None = None,
    released: Collection[int] = (),
) -> Report:
    """Apply the plan unless `refused`, record the run in the state directory, and return its report.

    An error before the first write becomes the report's `refused`.
    """
    applied = ApplyResult()
    if refused is None:
        try:
            applied = apply(
                job,
                plan,
                portal_state.preflight,
                portal_state.lists,
                state,
                modified_at_plan=modified_at_plan,
                released=released,
            )
        except IcpSyncError as fault:
            refused = fault
    report = _report(job, plan, applied, started, refused)
    try:
        quarantine = state.quarantine.load()
        report = replace(report, quarantined=tuple(quarantine.values()))
        _record_run(job, report, state)
    except StateUnusable as unusable:
        # The run wrote to the portal, so its report must be shown even though it could not be recorded.
        return report.with_state_error(unusable)
    return report


def _save_snapshot(writer: SnapshotWriter, report: Report) -> Report:
    """Save the snapshot with what was written; if that fails, the next run reads those companies again."""
    applied = report.applied
    if not (applied.touched or applied.already or applied.skipped):
        return report
    try:
        writer.save_with_writes(applied.writes, report.plan.to_make.properties, applied.members)
    except StateUnusable as unusable:
        return report.with_state_error(unusable)
    return report


def _lists_now(job: ProfileRun, saved: Plan, state: StateStore) -> ResolvedLists:
    """The live lists, read only when the plan changes any; their members are taken from the plan."""
    if not saved.lists:
        return ResolvedLists(None, {})
    known = state.lists.known()
    return resolve_lists(job.connection, job.profile, known, job.allow | set(saved.allowed), None)


def _not_confirmed(preview: PlanPreview, confirm: Confirm | None) -> IcpSyncError | None:
    if confirm is None or not preview.plan.pending or confirm(preview):
        return None
    return NotConfirmed("not confirmed; nothing was written")


def _report(job: ProfileRun, plan: Plan, applied: ApplyResult, started: float, refused: IcpSyncError | None) -> Report:
    return Report(plan, applied, dict(job.connection.calls.by_route), time.monotonic() - started, refused)


def _record_run(job: ProfileRun, report: Report, state: StateStore) -> None:
    plan, applied = report.plan, report.applied
    state.runs.append(
        RunRecord(
            run_id=job.run_id,
            command=job.command,
            started_at=job.now.isoformat(),
            seconds=round(report.seconds, 1),
            complete=report.refused is None and applied.stopped is None,
            read=plan.population.read,
            written=applied.companies,
            skipped=len(applied.skipped),
            rejected=len(applied.rejected),
            allowed=tuple(sorted(job.allow | set(plan.allowed))),
            exit_code=report.exit_code,
            calls=sum(report.calls.values()),
        ),
    )
