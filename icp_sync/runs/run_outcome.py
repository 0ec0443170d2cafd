"""How a plan ended, as every command that writes reports it: applied, refused or declined, and what was not saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from icp_sync.errors import IcpSyncError, PlanDeclined, StateUnusable
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.change_frame import inputs_behind
from icp_sync.plan.plan import Plan
from icp_sync.plan.run_report import (
    NOTHING_STANDS,
    ApplyResult,
    HeldInputs,
    InterruptedRun,
    OverrideCounts,
    PinCounts,
    RunReport,
)
from icp_sync.runs.exemptions import count_exemptions
from icp_sync.runs.extract.snapshot_merge import save_writes_to_snapshot
from icp_sync.runs.ledger_records import run_end_record
from icp_sync.runs.plan import PlannedRun
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.state.store import StateStore

Confirm = Callable[[PlanPreview], bool]


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """What came of a plan: what was applied, or why nothing was (`refused`)."""

    applied: ApplyResult
    refused: IcpSyncError | None = None


def refusal_unless_confirmed(preview: PlanPreview, confirm: Confirm | None) -> IcpSyncError | None:
    """The error of a plan that `confirm` declines; None where it agrees, is not asked, or there is nothing to write."""
    if confirm is None or not preview.plan.has_pending_writes or confirm(preview):
        return None
    return PlanDeclined("not confirmed; nothing was written")


def apply_unless_refused(refused: IcpSyncError | None, write: Callable[[], ApplyResult]) -> PlanOutcome:
    """What `write` did, unless the plan is `refused`; an error before its first write is a refusal too."""
    if refused is not None:
        return PlanOutcome(ApplyResult(), refused)
    try:
        return PlanOutcome(write())
    except IcpSyncError as fault:
        return PlanOutcome(ApplyResult(), fault)


def build_and_record_report(
    profile_run: ProfileRun,
    plan: Plan,
    outcome: PlanOutcome,
    interrupted: InterruptedRun | None,
    planned: PlannedRun | None = None,
) -> RunReport:
    """The report of a run, recorded in the state. `planned` None: the plan came from a file, and nothing was read."""
    session, store = profile_run.session, profile_run.store
    unusable: StateUnusable | None = None
    quarantined = {}
    standing = NOTHING_STANDS
    # What was written must be told even where the quarantine cannot be read: the error stands beside it.
    try:
        quarantined = store.quarantine.load()
        standing = _what_stands(store, planned, outcome)
    except StateUnusable as error:
        unusable = error
    report = RunReport(
        plan,
        outcome.applied,
        dict(session.connection.calls.by_route),
        session.elapsed_seconds(),
        outcome.refused,
        tuple(quarantined.values()),
        interrupted,
        planned.writer.extract.stats if planned else None,
        *standing,
        history_calls=planned.history_calls if planned else 0,
    )
    if unusable is not None:
        return report.with_state_error(unusable)
    return _record_end(profile_run, report)


def _what_stands(
    store: StateStore, planned: PlannedRun | None, outcome: PlanOutcome
) -> tuple[HeldInputs, OverrideCounts, PinCounts]:
    """What others set and what was lost, and stands after the run. Raises StateUnusable."""
    if planned is None:
        return count_exemptions(store)
    inputs, overrides, pins = planned.exemption_counts
    if outcome.refused is not None:
        # A refused plan opens and ends none: the next run finds the same once more.
        overrides = OverrideCounts(len(store.overrides.list_open()), tiers_set=overrides.tiers_set)
    return inputs, overrides, pins


def save_noting_errors(profile_run: ProfileRun, report: RunReport, save: Callable[[], object]) -> RunReport:
    """The report once `save` is done, or with why it failed, which the ledger is told too.

    A state that is full may have room for a row where it has none for a snapshot.
    """
    noted = _noting_errors(report, save)
    return noted if noted is report else _record_end(profile_run, noted)


def save_writes_noting_errors(profile_run: ProfileRun, report: RunReport) -> RunReport:
    """The report once what the run wrote is in the snapshot, for a run that read no companies."""
    applied = report.applied
    if not (applied.has_written or applied.skipped or applied.unchanged):
        return report

    def save() -> None:
        # Whoever overtook this run has looked since, and its snapshot stands.
        profile_run.store.require_lease()
        # Every write bumps hs_lastmodifieddate: a delta that knew nothing of ours would take them for edits.
        written = report.plan.changes.filter(~pl.col("id").is_in(list(applied.unwritten)))
        save_writes_to_snapshot(profile_run, applied.writes, inputs_behind(written))

    return save_noting_errors(profile_run, report, save)


def _record_end(profile_run: ProfileRun, report: RunReport) -> RunReport:
    """Save how the run ended."""
    return _noting_errors(report, lambda: profile_run.store.runs.save(run_end_record(profile_run, report)))


def _noting_errors(report: RunReport, save: Callable[[], object]) -> RunReport:
    """The report, or with why `save` failed: what was written to the portal must be shown anyway."""
    try:
        save()
    except StateUnusable as unusable:
        return report.with_state_error(unusable)
    return report
