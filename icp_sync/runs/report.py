"""The document of a run: made of its plan and of what came of it, saved in the state, or worked out offline."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Final

from pydantic import ValidationError

from icp_sync.errors import GuardrailHeld, PartlyApplied, StateUnusable, UnknownRun
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.document.input_counts import find_lost_texts
from icp_sync.plan.document.movement import Review
from icp_sync.plan.document.movement_counts import count_list_changes
from icp_sync.plan.document.plan_figures import PlanFigures, count_plan, figures_from_file
from icp_sync.plan.document.report_document import MAX_LISTED, Command, ReportDocument, State, misfit_reason
from icp_sync.plan.document.run_document import run_document
from icp_sync.plan.document.run_sections import Account, Fault, Offline, ProfileFigures, Quota
from icp_sync.plan.document.score_drift import population_drift
from icp_sync.plan.run_report import ApplyResult, OverrideCounts, PinCounts, RunReport
from icp_sync.plan.tiers_set_by_others import TierSetByOthers
from icp_sync.runs.daily_ceiling import forecast_apply, quota_left_today
from icp_sync.runs.plan_inputs import count_pins
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.runs.snapshot_scoring import OfflineSource, plan_offline
from icp_sync.state.reports import ReportStore
from icp_sync.state.store import StateStore

COMMANDS: Final[Sequence[Command]] = ("plan", "run", "apply", "backfill", "report")
"""Commands whose runs leave a document."""


@dataclass(frozen=True, slots=True)
class SavedReport:
    """The document of a run, None where none could be made, and where those before it lie.

    `warnings`: why it was not made, not saved, or says less than others.
    """

    document: ReportDocument | None
    reports: ReportStore
    warnings: tuple[str, ...] = ()


def save_report(
    profile_run: ProfileRun, report: RunReport, figures: PlanFigures | str, preview: PlanPreview | None
) -> SavedReport | None:
    """Save the document of a run in the state; None for a command that leaves none.

    `figures`: or why there are none. Nothing that is wrong with a document, or with a state directory that cannot be
    written, costs more than a warning: what the run did to the portal is done.
    """
    if profile_run.session.options.command not in COMMANDS:
        return None
    reports, warnings = profile_run.store.reports, list[str]()
    if isinstance(figures, str):
        warnings.append(f"the report of this run says little, since its companies could not be counted: {figures}")
        figures = figures_from_file(report.plan, None, profile_run.loaded.profile)
    try:
        document = build_report_document(profile_run, report, figures, preview)
    except ValidationError as misfit:
        return SavedReport(None, reports, (*warnings, f"this run leaves no report: {misfit_reason(misfit)}"))
    try:
        reports.save(document)
    except StateUnusable as error:
        warnings.append(f"the report of this run was not saved: {error.message}")
    return SavedReport(document, reports, tuple(warnings))


def find_report(store: StateStore, run: str) -> ReportDocument:
    """The document of a run, by its id, the beginning of it, or `last`. Raises UnknownRun and ReportUnusable.

    Of a run that the ledger knows and that leaves no document, such as an undo, the error says what tells about it.
    """
    try:
        return store.reports.find(run)
    except UnknownRun as missing:
        try:
            record = store.runs.find(run)
        except UnknownRun:
            raise missing from None
        if record.command in COMMANDS:
            raise
        of_run, show = f"run {record.run_id} ({record.command})", f"icp-sync show {record.run_id}"
        raise UnknownRun(f"{of_run} leaves no report; {show} tells what it wrote") from None


def save_report_of_saved_plan(profile_run: ProfileRun, report: RunReport) -> SavedReport | None:
    """Save the document of a run that applied a plan from a file.

    Such a run reads no company: what the document says of them is what that of the run that drew the plan says.
    """
    drawn = profile_run.store.reports.find_exact(report.plan.origin.run_id)
    if drawn is not None:
        # The overrides it saw open are in the ledger only once a run has read their companies.
        report = replace(
            report,
            overrides=OverrideCounts(
                **drawn.overrides.model_dump(),
                tiers_set=tuple(TierSetByOthers(**moves.model_dump()) for moves in drawn.tiers_set),
            ),
            pins=PinCounts(drawn.pins["in"], drawn.pins["out"]),
        )
    return save_report(profile_run, report, figures_from_file(report.plan, drawn, profile_run.loaded.profile), None)


def build_report_document(
    profile_run: ProfileRun,
    report: RunReport,
    figures: PlanFigures,
    preview: PlanPreview | None = None,
    offline: Offline | None = None,
) -> ReportDocument:
    """The document of a run. `preview` None: the plan came from a file. `offline`: no run, the snapshot scored now."""
    # By the headers of the last response: a document costs no call, also after the day's calls are used up.
    session, plan, applied = profile_run.session, report.plan, report.applied
    day = quota_left_today(session.connection)
    forecast = forecast_apply(plan, session.connection, day, history=report.history_calls)
    content = run_document(report, forecast, preview, MAX_LISTED)
    counted = {field.name: getattr(figures, field.name) for field in fields(figures)}
    people = {"overrides": report.overrides.open, "held": report.held_inputs.companies,
              "pins": report.pins.inside + report.pins.outside}  # fmt: skip
    error, live_tiers = report.error, dict(plan.population.live_tiers)
    rest = {
        "command": session.options.command,
        "state": "planned" if offline else run_status(report, session.options.command),
        "at": session.now,
        "run_id": None if offline else profile_run.run_id,
        "account": Account(
            ui_domain=session.account.ui_domain,
            time_zone=session.account.time_zone,
            currency=session.account.currency,
        ),
        "profile": ProfileFigures.from_loaded(profile_run.loaded),
        "offline": offline,
        "next_command": _next_command(profile_run, report, offline),
        "live_tiers": live_tiers,
        "written_tiers": dict(report.tier_counts) if live_tiers else {},
        "review": _review_with_drift(profile_run, figures),
        "people": figures.people.model_copy(update=people),
        "lists": count_list_changes(plan.lists),
        "skipped_total": len(applied.skipped),
        "quota": Quota(**asdict(day)),
        "error": None if error is None else Fault.from_error(error),
    }
    return ReportDocument.model_validate(content | counted | rest)


def offline_report(offline: OfflineSource) -> tuple[ReportDocument, ScoredCompanies]:
    """The document of the snapshot scored now, and its scores: what a plan would show, as far as no call is needed."""
    profile_run = offline.source.profile_run
    scored, preview = plan_offline(offline)
    holding = scored.compared.holding
    lost = find_lost_texts(holding.open_holds, offline.snapshot.companies)
    figures = count_plan(preview, scored.scores, scored.source.program, lost, scored.overrides.tiers_set)
    report = RunReport(
        preview.plan,
        ApplyResult(),
        {},
        profile_run.session.elapsed_seconds(),
        quarantined=preview.quarantined,
        held_inputs=holding.figures,
        overrides=scored.overrides.counts,
        pins=count_pins(preview, offline.source.portal_state.lists.live),
    )
    read = Offline(read_at=offline.read_at, edited=offline.edited)
    return build_report_document(profile_run, report, figures, preview, read), scored


def _review_with_drift(profile_run: ProfileRun, figures: PlanFigures) -> Review:
    """The review with what has shifted since; a changed profile shifts scores too, so only the same rules compare."""
    review = figures.review
    if review.last is None or not figures.scores.fit:
        return review.model_copy(update={"drift": None})
    then = profile_run.store.reports.first_since(review.last, profile_run.loaded.digest)
    is_earlier = then is not None and then.run_id != profile_run.run_id
    return review.model_copy(update={"drift": population_drift(then, figures.scores) if then and is_earlier else None})


def run_status(report: RunReport, command: str) -> State:
    """What came of a plan, in a word."""
    error = report.error
    if error is None:
        return "planned" if command == "plan" else "written"
    if isinstance(error, GuardrailHeld):
        return "held"
    return "partly" if isinstance(error, PartlyApplied) else "failed"


def _next_command(profile_run: ProfileRun, report: RunReport, offline: Offline | None) -> str | None:
    """The command line to go on with; None where nothing is due, or where what failed must be mended first."""
    error = report.error
    # The error names the saved plan and what to allow, which the options of this command do not tell.
    if isinstance(error, GuardrailHeld):
        return error.command
    words: tuple[str, ...] = ()
    if offline:
        words = ("plan",) if report.plan.has_pending_writes or offline.edited is not False else ()
    elif report.applied.stopped or (error is None and _is_plan(profile_run) and report.plan.has_pending_writes):
        words = ("run",)
    elif report.applied.rejected or report.quarantine_error:
        words = ("retry-failed",)
    return shlex.join(["icp-sync", *words, *profile_run.repeat_options]) if words else None


def _is_plan(profile_run: ProfileRun) -> bool:
    return profile_run.session.options.command == "plan"
