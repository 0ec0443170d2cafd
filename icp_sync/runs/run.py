"""A run from start to end: plan, guardrails, apply, lists, report. Commands `run`, `backfill`, `apply`, `plan`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.plan import Plan, Population
from icp_sync.plan.run_report import ApplyResult, InterruptedRun, RunReport
from icp_sync.plan.validate_saved_plan import validate_saved_plan
from icp_sync.runs.apply.apply import apply, apply_plan_with_pins
from icp_sync.runs.apply.override_persistence import save_override_decisions
from icp_sync.runs.apply.pin_persistence import save_membership_dates, save_membership_pins
from icp_sync.runs.apply.recover import recover_interrupted_run
from icp_sync.runs.blocked_plan import save_if_blocked
from icp_sync.runs.plan import PlannedRun, plan
from icp_sync.runs.plan_prerequisites import portal_state_for_saved_plan
from icp_sync.runs.portal_session import PortalSession
from icp_sync.runs.profile_run import ProfileRun, open_profile_runs
from icp_sync.runs.report import SavedReport, save_report, save_report_of_saved_plan
from icp_sync.runs.run_outcome import (
    Confirm,
    apply_unless_refused,
    build_and_record_report,
    refusal_unless_confirmed,
    save_noting_errors,
    save_writes_noting_errors,
)
from icp_sync.state.store import lock_all


@dataclass(frozen=True, slots=True)
class RunResult:
    """A run's report, and the preview of its plan (None when the plan came from a file).

    `ui_domain`: the host of this portal's record pages. `run_id`: of this run, which is not the one that drew a plan
    that came from a file. `left`: the document the run left, None for a command that leaves none.
    """

    report: RunReport
    preview: PlanPreview | None
    ui_domain: str
    run_id: str
    left: SavedReport | None = None


def preview_run(session: PortalSession) -> tuple[RunResult, ...]:
    """What `run` would do now; writes nothing to the portal. Saves a plan that a guardrail blocks."""
    session.connect()
    return tuple(_preview_result(planned) for planned in plan(session, open_profile_runs(session)))


def read_population(session: PortalSession) -> Population:
    """The portal's population scored by the session's profile now; writes nothing to the portal."""
    session.connect()
    (planned,) = plan(session, open_profile_runs(session))
    return planned.preview.plan.population


def run(session: PortalSession, confirm: Confirm | None = None) -> tuple[RunResult, ...]:
    """Plan all profiles and apply their plans one after the other; `confirm` may decline each plan.

    Locks the state of every profile, and first recovers runs that were interrupted.
    """
    session.connect()
    profile_runs = open_profile_runs(session)
    # Locked before the portal is read: of two runs that planned side by side, the second would write what the first
    # has written already, or take the first one's writes for edits by people.
    with lock_profiles(profile_runs):
        interrupted = {profile_run.run_id: recover_interrupted_run(profile_run) for profile_run in profile_runs}
        results: list[RunResult] = []
        for planned in plan(session, profile_runs):
            # Every write bumps hs_lastmodifieddate, so those of the profiles before would count as edits by others.
            writes = [result.report.applied.writes for result in results]
            current = replace(planned, writer=planned.writer.with_writes(writes))
            results.append(_run_profile(current, interrupted[planned.profile_run.run_id], confirm))
        return tuple(results)


def apply_saved_plan(session: PortalSession, saved: Plan) -> RunResult:
    """Apply a plan read from a file; companies that drifted since are skipped and reported."""
    session.connect()
    loaded, account, allow = session.only_profile(), session.account, session.options.allow
    validate_saved_plan(
        saved, loaded.profile, loaded.file_digest, portal_id=account.portal_id, now=session.now, allow=allow
    )
    (profile_run,) = open_profile_runs(session)
    with lock_profiles([profile_run]):
        interrupted = recover_interrupted_run(profile_run)
        portal_state = portal_state_for_saved_plan(profile_run, saved)
        refused = save_if_blocked(saved, profile_run, allow, is_recorded=True)
        # The file stays as somebody looked at it; what is told of this run is what it allowed.
        allowed = saved.allowing(allow)
        outcome = apply_unless_refused(refused, lambda: apply_plan_with_pins(profile_run, allowed, portal_state))
        report = build_and_record_report(profile_run, allowed, outcome, interrupted)
        report = save_writes_noting_errors(profile_run, report)
        left = save_report_of_saved_plan(profile_run, report)
    return RunResult(report, None, account.ui_domain, profile_run.run_id, left)


@contextmanager
def lock_profiles(profile_runs: Sequence[ProfileRun]) -> Iterator[None]:
    """Lock the state of the profiles; no call that changes the portal is sent once a lease of theirs is lost."""
    stores = {profile_run.run_id: profile_run.store for profile_run in profile_runs}

    def require_leases() -> None:
        for store in stores.values():
            store.require_lease()

    with lock_all(stores):
        profile_runs[0].connection.before_write = require_leases
        for profile_run in profile_runs:
            # Under the lock, since no other run may be reading what is forgotten here.
            profile_run.store.prune_ledger(profile_run.current_time())
        yield


def _preview_result(planned: PlannedRun) -> RunResult:
    session, preview = planned.profile_run.session, planned.preview
    report = RunReport(
        preview.plan,
        ApplyResult(),
        dict(session.connection.calls.by_route),
        session.elapsed_seconds(),
        refused=save_if_blocked(preview.plan, planned.profile_run),
        quarantined=preview.quarantined,
        extract=planned.writer.extract.stats,
        held_inputs=planned.holding.figures,
        overrides=planned.overrides.counts,
        pins=planned.pin_counts,
        history_calls=planned.history_calls,
    )
    left = save_report(planned.profile_run, report, planned.figures, preview)
    return RunResult(report, preview, session.account.ui_domain, planned.profile_run.run_id, left)


def _run_profile(planned: PlannedRun, interrupted: InterruptedRun | None, confirm: Confirm | None) -> RunResult:
    profile_run, writer, plan = planned.profile_run, planned.writer, planned.preview.plan

    def write() -> ApplyResult:
        # HubSpot has no conditional write; a date that moved since the reading is how somebody's edit is noticed.
        dates = writer.modified_dates(plan.changes["id"])
        return apply(profile_run, plan, planned.portal_state, dates, planned.preview.released)

    refused = save_if_blocked(plan, profile_run, is_recorded=True) or refusal_unless_confirmed(planned.preview, confirm)
    report = build_and_record_report(profile_run, plan, apply_unless_refused(refused, write), interrupted, planned)
    report = _save_snapshot(planned, report)
    left = save_report(profile_run, report, planned.figures, planned.preview)
    return RunResult(report, planned.preview, profile_run.session.account.ui_domain, profile_run.run_id, left)


def _save_snapshot(planned: PlannedRun, report: RunReport) -> RunReport:
    """Save the snapshot with what was written; if that fails, the next run reads those companies again."""
    if report.refused is not None:
        return report
    applied = report.applied
    writer, lists = planned.with_remaining_differences(applied).writer, planned.portal_state.lists
    is_quiet = not (applied.has_written or applied.unchanged or applied.skipped or planned.lists_were_edited)
    # A canary leaves lists alone, and what was remembered of them.
    members = applied.members if report.plan.lists else writer.members

    def save() -> None:
        # Whoever overtook this run has looked since, and what it decided stands.
        planned.profile_run.store.require_lease()
        # First what people did: the snapshot counts as decided from then on, and its values and members as ours.
        save_override_decisions(planned.profile_run, planned.overrides)
        save_membership_pins(planned.profile_run, lists, planned.preview)
        planned.profile_run.store.ended_holds.add(planned.holding.ended_holds, writer.extract.watermark)
        if is_quiet:
            writer.save_differences()
        else:
            writer.save_with_writes(applied.writes, report.plan.to_make.properties, members)
        save_membership_dates(planned.profile_run, lists, applied.members)

    return save_noting_errors(planned.profile_run, report, save)
