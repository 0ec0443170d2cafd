"""A run from start to end: plan, guardrails, apply, lists, report. `run`, `backfill` and `apply` are all this."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Final

from icp_sync.errors import GuardrailHeld, IcpSyncError, NotConfirmed, StateUnusable, WrongPortal
from icp_sync.plan import planfile
from icp_sync.plan.admission import validate
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.guardrails import GuardrailCheck
from icp_sync.plan.plan import Plan, Population
from icp_sync.plan.report import ApplyResult, Report
from icp_sync.portal.account import Account
from icp_sync.runs.apply.apply import apply
from icp_sync.runs.apply.recover import recover_interrupted_run
from icp_sync.runs.context import ProfileRun
from icp_sync.runs.extract.definitions import definitions_for
from icp_sync.runs.extract.lists import ResolvedLists, resolve_lists
from icp_sync.runs.extract.preflight import connect_account, preflight
from icp_sync.runs.extract.snapshots import SnapshotWriter
from icp_sync.runs.plan import PlannedRun, PortalState, plan
from icp_sync.state import plans
from icp_sync.state.directory import StateDirectory
from icp_sync.state.lists import known_lists
from icp_sync.state.quarantine import load_quarantine
from icp_sync.state.runs import RunRecord, append_run, known_portals

OTHER_PORTAL: Final = "other-portal"
Confirm = Callable[[PlanPreview], bool]


@dataclass(frozen=True, slots=True)
class RunResult:
    """A run's report, and the drawing previews are made from (None when the plan came from a file).

    `ui_domain` is where people open this portal's records.
    """

    report: Report
    drawing: PlanPreview | None
    ui_domain: str


def preview(jobs: Sequence[ProfileRun]) -> tuple[RunResult, ...]:
    """What `run` would do now; writes nothing to the portal. A plan a guardrail holds is saved all the same."""
    started = time.monotonic()
    jobs, account, states = _greeted(jobs)
    finished = []
    for job, state, planned in zip(jobs, states, plan(jobs, account, states), strict=True):
        drawn = planned.drawing.plan
        report = _report(job, drawn, ApplyResult(), started, _save_if_blocked(drawn, state))
        report = replace(report, quarantined=planned.drawing.held_back, intake=planned.memory.reading.intake)
        finished.append(RunResult(report, planned.drawing, account.ui_domain))
    return tuple(finished)


def count_population(job: ProfileRun) -> Population:
    """How the portal stands under the job's profile now; writes nothing to it."""
    jobs, account, states = _greeted([job])
    (planned,) = plan(jobs, account, states)
    return planned.drawing.plan.population


def run(jobs: Sequence[ProfileRun], agree: Confirm | None = None) -> tuple[RunResult, ...]:
    """Plan and apply in one, one profile after the other. `agree` is asked about each plan, when given."""
    started = time.monotonic()
    jobs, account, states = _greeted(jobs)
    with ExitStack() as locks:
        for state in dict.fromkeys(states):
            locks.enter_context(state.locked())
        died = [recover_interrupted_run(job, account.portal_id, state) for job, state in zip(jobs, states, strict=True)]
        finished: list[RunResult] = []
        for job, state, one, before in zip(jobs, states, plan(jobs, account, states), died, strict=True):
            # What the profiles before have written is known, and nobody's edit.
            landed = [other.report.applied.landed for other in finished]
            report = _run(job, state, replace(one, memory=one.memory.after(landed)), agree, started)
            finished.append(RunResult(replace(report, died=before), one.drawing, account.ui_domain))
        return tuple(finished)


def _greeted(jobs: Sequence[ProfileRun]) -> tuple[list[ProfileRun], Account, list[StateDirectory]]:
    """The jobs by the portal's clock, its account, and their state directories. Raises WrongPortal."""
    account = connect_account(jobs[0])
    states = [_state_of(job, account) for job in jobs]
    return [job.by_portal_clock() for job in jobs], account, states


def _state_of(job: ProfileRun, account: Account) -> StateDirectory:
    """The job's state directory; one that belongs to another portal is refused unless that is allowed."""
    state = job.state_of(account.portal_id)
    portals = known_portals(state)
    if portals and account.portal_id not in portals and OTHER_PORTAL not in job.allow:
        raise WrongPortal(
            f"the state directory {state.path} belongs to portal {', '.join(map(str, sorted(portals)))}, the token to "
            f"portal {account.portal_id}; use that portal's token, name another --state, or --allow {OTHER_PORTAL}"
        )
    return state


def _run(job: ProfileRun, state: StateDirectory, planned: PlannedRun, agree: Confirm | None, started: float) -> Report:
    drawn = planned.drawing.plan
    refused = _save_if_blocked(drawn, state) or _not_confirmed(planned.drawing, agree)
    memory = planned.memory
    held = {} if refused else memory.dates(drawn.changes["id"])
    report = _applied(job, drawn, planned.found, state, started, refused, held=held, healed=planned.drawing.healed)
    return _save_snapshot(memory, replace(report, intake=memory.reading.intake))


def apply_saved(job: ProfileRun, saved: Plan) -> RunResult:
    """Apply exactly a plan read from a file; what drifted since is skipped and said."""
    started = time.monotonic()
    account = connect_account(job)
    job = job.by_portal_clock()
    validate(saved, job.profile, job.loaded.file_digest, portal_id=account.portal_id, now=job.now, allow=job.allow)
    state = _state_of(job, account)
    with state.locked():
        died = recover_interrupted_run(job, account.portal_id, state)
        checked = preflight(job.profile, account, definitions_for(job.connection, [job.profile]))
        found = PortalState(checked, _lists_now(job, saved, state))
        report = _applied(job, saved, found, state, started, _save_if_blocked(saved, state, job.allow))
    return RunResult(replace(report, died=died), None, account.ui_domain)


def _applied(  # noqa: PLR0913 (a plan, the portal as found, and what is known beside both)
    job: ProfileRun,
    drawn: Plan,
    found: PortalState,
    state: StateDirectory,
    started: float,
    refused: IcpSyncError | None,
    *,
    held: Mapping[int, str] | None = None,
    healed: Collection[int] = (),
) -> Report:
    """Apply a plan nobody refuses; what kept it from its first write is a refusal too, and stands in the report."""
    applied = ApplyResult()
    if refused is None:
        try:
            applied = apply(job, drawn, found.preflight, found.lists, state, held=held, healed=healed)
        except IcpSyncError as fault:
            refused = fault
    report = _report(job, drawn, applied, started, refused)
    try:
        left_alone = load_quarantine(state, drawn.origin.portal_id, drawn.origin.profile_name)
        report = replace(report, quarantined=tuple(left_alone.values()))
        _record_run(job, report, state)
    except StateUnusable as unusable:
        # What was written has to be said all the same.
        return report.with_state_error(unusable)
    return report


def _save_snapshot(memory: SnapshotWriter, report: Report) -> Report:
    """The snapshot brought up to what was written; where it cannot be kept, the next run reads that again."""
    applied = report.applied
    if not (applied.touched or applied.already or applied.skipped):
        return report
    try:
        memory.keep_written(applied.landed, report.plan.to_make.properties, applied.members)
    except StateUnusable as unusable:
        return report.with_state_error(unusable)
    return report


def _lists_now(job: ProfileRun, saved: Plan, state: StateDirectory) -> ResolvedLists:
    """The lists as they are now, when the plan changes any; who is on them the plan knows."""
    if not saved.lists:
        return ResolvedLists(None, {})
    known = known_lists(state, saved.origin.portal_id)
    return resolve_lists(job.connection, job.profile, known, job.allow | set(saved.allowed), None)


def _save_if_blocked(drawn: Plan, state: StateDirectory, allow: frozenset[str] = frozenset()) -> GuardrailHeld | None:
    """The refusal of a plan that guardrails hold; the plan is saved for a person to look at."""
    held = [guardrail for guardrail in drawn.held if guardrail.name not in allow]
    if not held:
        return None
    path = plans.save(state, drawn.origin.run_id, planfile.lines(drawn))
    names = " ".join(f"--allow {name}" for name in dict.fromkeys(one.name for one in held))
    return GuardrailHeld(
        f"held by a guardrail, nothing was written: {'; '.join(map(_guardrail_text, held))}. Look at the plan, then: "
        f"icp-sync apply {path} {names}",
        plan=path,
        details=[_guardrail_text(one) for one in held],
    )


def _guardrail_text(one: GuardrailCheck) -> str:
    where = f" of list {one.list_name}" if one.list_name else ""
    bound = "at least" if one.name == "read_at_least" else "at most"
    return f"{one.name}{where}: {one.part:,} of {one.whole:,} is {one.actual:.1%}, {bound} {one.limit:.1%} is allowed"


def _not_confirmed(drawing: PlanPreview, agree: Confirm | None) -> IcpSyncError | None:
    if agree is None or not drawing.plan.pending or agree(drawing):
        return None
    return NotConfirmed("not confirmed; nothing was written")


def _report(job: ProfileRun, drawn: Plan, applied: ApplyResult, started: float, refused: IcpSyncError | None) -> Report:
    return Report(drawn, applied, dict(job.connection.calls.by_route), time.monotonic() - started, refused)


def _record_run(job: ProfileRun, report: Report, state: StateDirectory) -> None:
    drawn, applied = report.plan, report.applied
    append_run(
        state,
        RunRecord(
            run_id=job.run_id,
            portal_id=drawn.origin.portal_id,
            profile=drawn.origin.profile_name,
            command=job.command,
            started_at=job.now.isoformat(),
            seconds=round(report.seconds, 1),
            complete=report.refused is None and applied.stopped is None,
            read=drawn.population.read,
            written=applied.companies,
            skipped=len(applied.skipped),
            rejected=len(applied.rejected),
            allowed=tuple(sorted(job.allow | set(drawn.allowed))),
            exit_code=report.exit_code,
            calls=sum(report.calls.values()),
        ),
    )
