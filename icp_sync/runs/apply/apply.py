"""Applies a plan, stage by stage: creates missing properties, writes companies that have not drifted, updates lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from icp_sync.errors import DailyLimitReached, PortalError, RunStopped, ScopeMissing, StateUnusable
from icp_sync.plan.apply_stages import AnyOf, CreateProperties, WriteCompanies, apply_stages
from icp_sync.plan.plan import Plan
from icp_sync.plan.run_report import ApplyResult, SkippedItem
from icp_sync.portal import account
from icp_sync.portal.client.connection import Connection
from icp_sync.runs.apply.batch import Fault
from icp_sync.runs.apply.create_properties import create_missing_objects
from icp_sync.runs.apply.pin_persistence import save_removal_pins
from icp_sync.runs.apply.quarantine import update_quarantine
from icp_sync.runs.apply.sync_lists import ListSync
from icp_sync.runs.apply.undo_override_persistence import save_undo_overrides
from icp_sync.runs.apply.write_companies import WriteStats, write_companies
from icp_sync.runs.extract.portal_state import PortalState
from icp_sync.runs.ledger_records import run_begin_record
from icp_sync.runs.profile_run import ProfileRun, bind_log_context
from icp_sync.state.ledger.journal import Journal
from icp_sync.state.ledger.profile_texts import ProfileText


def apply(
    profile_run: ProfileRun,
    plan: Plan,
    portal_state: PortalState,
    modified_at_plan: Mapping[int, str] | None = None,
    released: Collection[int] = (),
) -> ApplyResult:
    """Write exactly `plan`, or less: drifted companies are skipped, rejected ones reported.

    `modified_at_plan`: company id → its `hs_lastmodifieddate` at planning, where known. `released`: ids in quarantine
    that need no change any more. Updates journal, list records and quarantine.

    An error before the first write is raised; after it, the message is stored in `stopped`.
    """
    stages = apply_stages(plan)
    created: list[str] = []
    stats = WriteStats()
    bind_log_context(profile_run.session, [profile_run])
    store, session = profile_run.store, profile_run.session
    journal = _begin_journal(profile_run, plan)
    list_sync = ListSync(profile_run, plan, portal_state.lists, journal)
    fault: Fault | None = None
    try:
        # Read now, so that a damaged quarantine file fails the run before its first write.
        store.quarantine.load()
        session.progress.stage("make", None)
        # HubSpot checks a scope at the call that needs it, which for lists comes last, after thousands of companies.
        _require_scopes(profile_run.connection, stages.scopes)
        for stage in stages.companies:
            match stage:
                case CreateProperties(missing=missing):
                    connection, profile = profile_run.connection, profile_run.profile
                    created.extend(create_missing_objects(connection, profile, missing, portal_state.preflight))
                case WriteCompanies(changes=changes):
                    session.progress.stage("write", changes.height)
                    write_companies(profile_run, plan, journal, modified_at_plan or {}, stats)
        update_quarantine(profile_run, plan, stats, released)
        save_undo_overrides(profile_run, plan, stats.unwritten)
        # Lists follow the records: with companies missing, a list would name tiers that no record shows.
        if stats.fault is None:
            list_sync.sync(stages.lists, stats.unwritten)
    except (PortalError, StateUnusable, RunStopped) as stopped:
        fault = stopped
    fault = stats.fault or fault
    # Nothing of ours reached the portal: the run failed (exit 1) and can be repeated; it was not done in part (5).
    if fault is not None and not (created or stats.has_writes or list_sync.changed or list_sync.dirty):
        raise fault
    return _apply_result(created, stats, list_sync, fault)


def apply_plan_with_pins(profile_run: ProfileRun, plan: Plan, portal_state: PortalState) -> ApplyResult:
    """Apply a plan from a file, and remember first whom people took off its lists: a state that fails stops all."""
    save_removal_pins(profile_run, plan.lists)
    return apply(profile_run, plan, portal_state)


def _begin_journal(profile_run: ProfileRun, plan: Plan) -> Journal:
    """Save that the run begins to write, and under which profile; returns its journal. Raises StateUnusable."""
    store, loaded = profile_run.store, profile_run.loaded
    # Before the first write: the causes of the next run, and whoever looks into this one, need the text it wrote by.
    store.profile_texts.save(ProfileText(loaded.file_digest, loaded.digest, loaded.profile.name, loaded.text))
    row_id = store.runs.save(run_begin_record(profile_run, plan))
    return store.journal(row_id, plan.population.tier_property, profile_run.current_time)


def _apply_result(created: Sequence[str], stats: WriteStats, list_sync: ListSync, fault: Fault | None) -> ApplyResult:
    return ApplyResult(
        companies=stats.written,
        unchanged=stats.unchanged,
        lists=len(list_sync.changed),
        skipped=tuple(sorted(stats.skipped, key=_numeric_id)),
        rejected=tuple(sorted(stats.rejected, key=_numeric_id)),
        lists_failed=tuple(list_sync.failed),
        created=tuple(created),
        stopped=fault.message if fault else None,
        quota_exhausted=isinstance(fault, DailyLimitReached),
        writes=stats.writes.frame(),
        members=list_sync.members,
        unwritten=frozenset(stats.unwritten),
    )


def _require_scopes(connection: Connection, needed: Sequence[AnyOf]) -> None:
    """Raise ScopeMissing before the first write; where HubSpot does not tell the scopes, the writes find out."""
    missing = account.fetch_missing_scopes(connection, needed) if needed else None
    if missing:
        raise ScopeMissing(
            f"the access token lacks {' and '.join(missing)}; add the scope to the service key in HubSpot",
            details=missing,
        )


def _numeric_id(skipped: SkippedItem) -> int:
    return int(skipped.id)
