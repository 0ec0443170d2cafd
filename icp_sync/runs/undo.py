"""Undo: takes back what an earlier run wrote, as a plan of its own that is shown, judged, saved or applied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from icp_sync.plan.builder import PlanPreview, plan_from_diff
from icp_sync.plan.change_frame import frame_from_changes
from icp_sync.plan.diff import diff, live_frame
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.plan import MissingObjects
from icp_sync.plan.plan_inputs import PlanInputs
from icp_sync.plan.run_record import RunRecord
from icp_sync.plan.run_report import ApplyResult, InterruptedRun, RunReport
from icp_sync.plan.undo import CAUSE, UndoSummary, plan_restoration
from icp_sync.plan.undo_list_members import CurrentMembers, UnrestoredMembers, restore_members
from icp_sync.runs.apply.apply import apply
from icp_sync.runs.apply.recover import recover_interrupted_run
from icp_sync.runs.apply.undo_override_persistence import UNDO
from icp_sync.runs.blocked_plan import save_if_blocked
from icp_sync.runs.extract.portal_state import PortalState
from icp_sync.runs.portal_session import PortalSession
from icp_sync.runs.profile_run import ProfileRun, open_profile_runs
from icp_sync.runs.run import RunResult, lock_profiles
from icp_sync.runs.run_outcome import (
    apply_unless_refused,
    build_and_record_report,
    refusal_unless_confirmed,
    save_writes_noting_errors,
)
from icp_sync.runs.undo_source import UndoRequest, UndoSource, find_later_authors, read_undo_source


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """The plan that takes a run back, with what it leaves alone; `modified`: see `UndoSource`."""

    preview: PlanPreview
    summary: UndoSummary
    portal_state: PortalState
    modified: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class UndoResult:
    """An undo that was carried out, or only drawn up, and how it ended."""

    drawn: UndoPlan
    result: RunResult


def preview_undo(session: PortalSession, request: UndoRequest) -> UndoResult:
    """What an undo would change now; writes nothing to the portal. Saves a plan that a guardrail blocks.

    Raises UnknownRun, and NothingToUndo where the run wrote nothing, or is still open.
    """
    with _locked_undo_plan(session, request) as (profile_run, drawn, _):
        plan = drawn.preview.plan
        refused = save_if_blocked(plan, profile_run)
        # Only the companies the run wrote were read, so there is no extract to report, and no hold or pin is looked at.
        report = RunReport(
            plan,
            ApplyResult(),
            dict(session.connection.calls.by_route),
            session.elapsed_seconds(),
            refused,
        )
        return UndoResult(drawn, RunResult(report, drawn.preview, session.account.ui_domain, profile_run.run_id))


def undo(session: PortalSession, request: UndoRequest, confirm: Callable[[UndoPlan], bool] | None = None) -> UndoResult:
    """Take a run back; `confirm` may decline. What has moved since is left alone, also what moves until the write.

    Raises UnknownRun, and NothingToUndo where the run wrote nothing, or is still open.
    """
    with _locked_undo_plan(session, request) as (profile_run, drawn, interrupted):
        plan = drawn.preview.plan

        def write() -> ApplyResult:
            return apply(profile_run, plan, drawn.portal_state, drawn.modified)

        refused = save_if_blocked(plan, profile_run, is_recorded=True) or refusal_unless_confirmed(
            drawn.preview, (lambda _: confirm(drawn)) if confirm else None
        )
        report = build_and_record_report(profile_run, plan, apply_unless_refused(refused, write), interrupted)
        report = save_writes_noting_errors(profile_run, report)
        return UndoResult(drawn, RunResult(report, drawn.preview, session.account.ui_domain, profile_run.run_id))


@contextmanager
def _locked_undo_plan(
    session: PortalSession, request: UndoRequest
) -> Iterator[tuple[ProfileRun, UndoPlan, InterruptedRun | None]]:
    """The plan of an undo, while the state is locked."""
    session.connect()
    (profile_run,) = open_profile_runs(session)
    with lock_profiles([profile_run]):
        record = request.find_run(profile_run.store)
        # Whether a dead run's last batch arrived only HubSpot knows, and it may be what is to be undone.
        interrupted = recover_interrupted_run(profile_run)
        session.progress.stage("pull", None)
        yield profile_run, _build_undo_plan(profile_run, record, request), interrupted


def _build_undo_plan(profile_run: ProfileRun, record: RunRecord, request: UndoRequest) -> UndoPlan:
    source = read_undo_source(profile_run, record, request)
    texts, overridden = live_frame(source.companies, profile_run.profile), _overridden_keys(profile_run)
    restoration = plan_restoration(
        frame_from_changes(source.changes), texts, profile_run.profile, source.later, overridden
    )
    lists, left_members = _plan_list_changes(profile_run, source, overridden)
    inputs = PlanInputs(
        origin=replace(
            profile_run.new_plan_origin(), undoes=record.run_id, opens_overrides=request.companies is not None
        ),
        to_make=MissingObjects(),
        lists=None,
        last_read=None,
        allow=profile_run.allowed_names,
        cause=CAUSE,
        list_changes=lists,
    )
    # No base: what stood there before the run returns, whoever owns the record by the profile's rules.
    rows = diff(None, texts, restoration.desired, profile_run.profile, adopt=False)
    preview = plan_from_diff(rows, source.companies, profile_run.profile, inputs)
    left = find_later_authors(profile_run, source.later, restoration.left)
    left_lists = tuple(sorted(source.moves.keys() - {change.name for change in lists}))
    summary = UndoSummary(record, left, left_members, left_lists, restoration.done)
    return UndoPlan(preview, summary, source.portal_state, source.modified)


def _plan_list_changes(
    profile_run: ProfileRun, source: UndoSource, overridden: Collection[tuple[int, str]]
) -> tuple[tuple[ListChange, ...], tuple[UnrestoredMembers, ...]]:
    """The changes of the lists the profile still keeps, and the members left as they are."""
    # Whom a person pinned stays where they put them, also against an undo.
    pins = profile_run.store.membership_pins.list_open() if source.moves else ()
    tier = profile_run.profile.write.tier
    restored = [
        restore_members(
            name,
            moves,
            CurrentMembers(live.id, frozenset(live.members), None if live.last is None else frozenset(live.last)),
            [pin.company_id for pin in pins if pin.list_id == live.id],
            [company_id for company_id, name in overridden if name == tier],
        )
        for name, moves in sorted(source.moves.items())
        for live in (source.portal_state.lists.live.get(name),)
        if live is not None and live.id is not None
    ]
    return tuple(change for change, _ in restored), tuple(left for _, left in restored)


def _overridden_keys(profile_run: ProfileRun) -> frozenset[tuple[int, str]]:
    """(company id, property) of what stands as somebody else set it, but for what an undo itself set."""
    standing = profile_run.store.overrides.list_open()
    return frozenset((one.company_id, one.property) for one in standing if one.kind != UNDO)
