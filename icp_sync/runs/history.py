"""What the ledger remembers: the runs, one run with all it wrote, and one company over all runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from icp_sync.errors import CompanyNotFound, PlanUnusable
from icp_sync.plan.change_sentence import remembered_sentence
from icp_sync.plan.plan_file import parse_plan_file
from icp_sync.plan.run_record import ChangeDetails, CompanyResult, RunDetails, RunRecord, TimelineEntry, TimelineRow
from icp_sync.state.ledger import written_changes
from icp_sync.state.store import StateStore

WRITTEN: Final = "written"
HELD: Final = "held"
UNANSWERED: Final = "unknown"


def list_runs(store: StateStore, limit: int | None) -> tuple[RunRecord, ...]:
    """The runs, the newest first; `limit` None is all of them. Raises StateUnusable."""
    return store.runs.newest(limit)


def company_timeline(store: StateStore, company_id: int, limit: int | None) -> tuple[TimelineRow, ...]:
    """What runs did to a company, the newest first. Raises CompanyNotFound where no run ever touched it."""
    entries = written_changes.read_company_timeline(store.ledger, store.portal_id, store.profile, company_id)
    if not entries:
        raise CompanyNotFound(
            f"no run of profile {store.profile} on portal {store.portal_id} wrote company {company_id}, as far as the "
            "ledger remembers"
        )
    return tuple(_timeline_row(entry) for entry in entries[:limit])


def show_run(store: StateStore, run_id: str, company_id: int | None = None) -> RunDetails:
    """One run, or what it did to one company. Raises UnknownRun and CompanyNotFound."""
    record = store.runs.find(run_id)
    results = {result.id: result for result in written_changes.read_results(store.ledger, record.row_id or 0)}
    changes = tuple(
        _with_result(ChangeDetails(change, UNANSWERED, None, batch.why.get(change.id, {})), results.get(change.id))
        for batch in written_changes.read_batches(store.ledger, record.row_id or 0)
        for change in batch.changes
        if company_id in (None, change.id)
    )
    plan_file = _plan_file(store, record)
    # A held plan sent nothing, so the ledger has no batch of it; its file tells what it would have written.
    if plan_file is not None and not changes:
        changes = _read_blocked_changes(Path(plan_file), company_id)
    announced = {shown.change.id for shown in changes}
    # Companies edited since the plan have a result though no batch with them was announced.
    left = tuple(
        result
        for result in results.values()
        if result.result != WRITTEN and company_id in (None, result.id) and result.id not in announced
    )
    if company_id is not None and not (changes or left):
        raise CompanyNotFound(f"run {record.run_id} did nothing to company {company_id}")
    lists = written_changes.read_list_changes(store.ledger, record.row_id or 0) if company_id is None else ()
    return RunDetails(record, changes, left, lists, plan_file)


def _read_blocked_changes(plan_file: Path, company_id: int | None) -> tuple[ChangeDetails, ...]:
    """What a held plan would write, by its file; nothing where that cannot be read, as `apply` then says."""
    try:
        with plan_file.open("rb") as lines:
            plan = parse_plan_file(lines)
    except (OSError, PlanUnusable):
        return ()
    return tuple(
        ChangeDetails(change, HELD, None, change.why_document())
        for change in plan.iter_changes()
        if company_id in (None, change.id)
    )


def _with_result(shown: ChangeDetails, result: CompanyResult | None) -> ChangeDetails:
    return shown if result is None else replace(shown, result=result.result, reason=result.reason)


def _plan_file(store: StateStore, record: RunRecord) -> str | None:
    """The plan a run saved when a guardrail held it, unless it is forgotten."""
    path = store.plans.plan_path(record.run_id)
    return str(path) if path.exists() else None


def _timeline_row(entry: TimelineEntry) -> TimelineRow:
    change = entry.change
    return TimelineRow(
        entry.at,
        entry.run_id,
        change.id,
        change.tier_before,
        change.tier_after,
        change.cause,
        change.result,
        change.reason or remembered_sentence(entry.why or {}, change.cause, change.tier_before, change.tier_after),
    )
